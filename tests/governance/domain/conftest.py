"""How rules are tried on generated input."""

from hypothesis import HealthCheck, settings

# A machine with other work to do is slow for a moment, and no rule is at fault.
settings.register_profile("rules", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rules")
