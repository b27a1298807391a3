"""The settings of the tests: the same as everywhere, made fast and kept apart."""

from config import postgres
from config.settings import *  # noqa: F403 - all of them
from config.settings import DATABASES, STATE_DIR

# A server of their own, which does not wait for the disk.
if "CLUSTER" in DATABASES["default"]:
    _cluster = postgres.Cluster(
        DATABASES["default"]["CLUSTER"].data.with_name("pg-tests"), durable=False
    )
    DATABASES["default"] |= {"CLUSTER": _cluster, "HOST": _cluster.host}
DATABASES["default"]["CONN_MAX_AGE"] = 0

# The stored form of a password costs half a second by design; these protect nobody.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = STATE_DIR / "test-files"
WHITENOISE_AUTOREFRESH = True
