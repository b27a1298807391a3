"""The settings of a machine with a movable clock: the same as everywhere, but for one alarm.

While a session of PostgreSQL waits for its client, libfaketime shows it the real time. An alarm
that rings meanwhile is compared with a moment of the story, and would end sound sessions.
"""

from config.settings import *  # noqa: F403 -- all of them
from config.settings import DATABASES

DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"]["OPTIONS"],
    "options": "-c lock_timeout=10s",
}

# The template of the tests has no table for it, and one process serves the pages.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Style sheets come once: to a browser in the present they are months old, and would be asked again.
WHITENOISE_MAX_AGE = 10 * 365 * 24 * 60 * 60
