"""How rules are tried on generated input."""

import os

from hypothesis import HealthCheck, settings

# A machine with other work to do is slow for a moment, and no rule is at fault.
settings.register_profile("rules", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Changed rules are tried on the same input every time, and leave nothing behind: on little of it
# first, and those that live on as much as the rules themselves.
settings.register_profile(
    "mutants-again", settings.get_profile("rules"), database=None, derandomize=True
)
settings.register_profile("mutants", settings.get_profile("mutants-again"), max_examples=15)
settings.load_profile(os.environ.get("RULES_PROFILE", "rules"))
