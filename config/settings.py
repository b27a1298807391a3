"""The settings of every installation: development, demonstration, production.

What differs between them comes from the environment. The defaults suit a newcomer's own
machine and are safe there: no debug pages, an address that only this machine can reach.

=====================  ====================================================================
DATABASE_URL           a PostgreSQL server, 15 or later; absent: the embedded one
VECHE_POSTGRES         where the embedded server keeps its data
PG_BIN                 the directory of the embedded server's programs
VECHE_ADDRESS          what people type, e.g. https://veche.example
VECHE_DEBUG            1 for Django's debug pages
SECRET_KEY             the signing key; absent: made once and kept in .data
RECORD_KEY             what the key of the log is made from; absent: made once and kept in .data
VECHE_FILES            where uploaded documents are kept
VECHE_STATIC           where `collectstatic` puts style sheets and fonts, if it is used
VECHE_MAIL             smtp://user:password@host:port (smtps:// for TLS); absent: files
VECHE_MAIL_FROM        the sender's address
VECHE_PASSKEYS         1 lets people sign in with passkeys and one-time codes
VECHE_AUTHORITIES      a PEM file: whose certificates are believed under signed papers
VECHE_REVOKED          a PEM file: the lists of revoked certificates of those authorities
VECHE_LIVE_PAGES       how many open pages each web process keeps up to date by itself
VECHE_OIDC             a JSON list of OpenID Connect providers, as django-allauth reads them
=====================  ====================================================================
"""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from config import postgres
from config.secret import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = BASE_DIR / ".data"

DEBUG = os.environ.get("VECHE_DEBUG") == "1"
SECRET_KEY = os.environ.get("SECRET_KEY") or secret_key(STATE_DIR / "secret_key")
# Read by whoever signs the log alone: the pages never ask for it.
RECORD_KEY = SimpleLazyObject(
    lambda: os.environ.get("RECORD_KEY") or secret_key(STATE_DIR / "record_key")
)

# --- The address -------------------------------------------------------------------------

ADDRESS = os.environ.get("VECHE_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
_address = urlsplit(ADDRESS)
_HTTPS = _address.scheme == "https"
_LOCAL = ["127.0.0.1", "localhost", "[::1]"]

ALLOWED_HOSTS = _LOCAL if _address.hostname in _LOCAL else [_address.hostname or ""]
CSRF_TRUSTED_ORIGINS = [ADDRESS]

# Behind https everything is https; without it a secure cookie would never come back. The
# proxy that ends TLS has to set the header itself, whatever the visitor sent.
SECURE_SSL_REDIRECT = _HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS
SECURE_HSTS_PRELOAD = _HTTPS
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "web.views.errors.form_expired"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# No inline script or style anywhere, nothing from elsewhere, no frame around us.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Applications ------------------------------------------------------------------------

INSTALLED_APPS = [
    # First, so that our templates stand before those of the packages.
    "config",
    "web",
    "demonstration",
    "workflows",
    "licensing",
    "negotiation",
    "governance",
    "accounts",
    "notifications",
    "documents",
    "calendars",
    "audit",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    # allauth's list of passkeys uses its filters.
    "django.contrib.humanize",
    # FORM_RENDERER looks for Django's own form templates here.
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "guardian",
    "simple_history",
    "viewflow",
    "viewflow.workflow",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Sets the process a task's page belongs to; see VIEWFLOW below.
    "viewflow.middleware.SiteMiddleware",
    # Last: it calls the view itself, so that a repeated request does nothing twice.
    "web.middleware.OneRequestOneAct",
]

# viewflow would otherwise edit MIDDLEWARE at start-up.
VIEWFLOW = {"AUTOREGISTER": False}

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- The database ------------------------------------------------------------------------

_CONNECTION = {
    # Acts run as this role, which owns nothing; see config/database/base.py.
    "assume_role": "veche_app",
    # A lock that is not given soon is refused rather than awaited for ever, and a
    # connection that forgot its transaction does not keep others waiting.
    "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
}

if _url := os.environ.get("DATABASE_URL"):
    _parts = conninfo_to_dict(_url)
    _database: dict[str, Any] = {
        "NAME": _parts.pop("dbname", ""),
        "USER": _parts.pop("user", ""),
        "PASSWORD": _parts.pop("password", ""),
        "HOST": _parts.pop("host", ""),
        "PORT": _parts.pop("port", ""),
        "OPTIONS": {**_parts, **_CONNECTION},
    }
else:
    _cluster = postgres.Cluster(
        Path(os.environ.get("VECHE_POSTGRES") or postgres.default_directory(BASE_DIR)).resolve()
    )
    _database = {
        "NAME": postgres.DATABASE,
        "USER": postgres.LOGIN,
        "HOST": _cluster.host,
        "PORT": str(postgres.PORT),
        "OPTIONS": _CONNECTION,
        # The connection starts this server when it does not run.
        "CLUSTER": _cluster,
    }

DATABASES = {
    "default": {
        "ENGINE": "config.database",
        # Every act is a transaction of its own, in its service.
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        **_database,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in limits have to hold across processes, so the cache is shared: a table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "config_cache",
    }
}

# --- People and sign-in ------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Nobody is anonymous in a grant.
ANONYMOUS_USER_NAME = None

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# People are invited by mail, which is what proves the address.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 3600
USERSESSIONS_TRACK_ACTIVITY = False

_PASSKEYS = os.environ.get("VECHE_PASSKEYS") == "1"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"] if _PASSKEYS else []
MFA_PASSKEY_LOGIN_ENABLED = _PASSKEYS
# Browsers allow passkeys without https on the machine itself.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _address.hostname == "localhost"

SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": json.loads(os.environ.get("VECHE_OIDC", "[]")),
    }
}

# --- Languages and time ------------------------------------------------------------------

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Krasnoyarsk"

# --- Files -------------------------------------------------------------------------------

STATIC_URL = "static/"
# Files are served from where they lie; `collectstatic` is for whoever lets another server do it.
STATIC_ROOT = os.environ.get("VECHE_STATIC")
STATICFILES_FINDERS = ["config.finders.AppFiles", "config.finders.VendorFiles"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

MEDIA_ROOT = Path(os.environ.get("VECHE_FILES") or STATE_DIR / "files")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# Who vouches for the names in signatures under papers; without it the names are only shown.
_authorities = os.environ.get("VECHE_AUTHORITIES")
SIGNATURE_AUTHORITIES = Path(_authorities) if _authorities else None
# Their lists of revoked certificates; none is fetched, and without one the page says so.
_revoked = os.environ.get("VECHE_REVOKED")
SIGNATURE_REVOCATION_LISTS = Path(_revoked) if _revoked else None

# Ten megabytes of Russian text are thirty in a form's encoding. So much is read, and refused
# by the field with what was typed still in it; more is refused unread.
DATA_UPLOAD_MAX_MEMORY_SIZE = 40 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- Open pages --------------------------------------------------------------------------

# Each takes a thread of its process and, now and then, a connection; see `audit.live`. A page
# that finds no place looks by itself every few seconds.
LIVE_PAGES = int(os.environ.get("VECHE_LIVE_PAGES", "32"))

# --- Mail --------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = os.environ.get("VECHE_MAIL_FROM", "veche@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if _mail := os.environ.get("VECHE_MAIL"):
    _server = urlsplit(_mail)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _server.hostname or ""
    EMAIL_PORT = _server.port or (465 if _server.scheme == "smtps" else 587)
    EMAIL_HOST_USER = unquote(_server.username or "")
    EMAIL_HOST_PASSWORD = unquote(_server.password or "")
    EMAIL_USE_SSL = _server.scheme == "smtps"
    EMAIL_USE_TLS = _server.scheme == "smtp" and bool(_server.username)
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = STATE_DIR / "mail"

# --- Logging -----------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
    },
    # Neither SQL nor the bodies of requests are logged: both hold what people wrote.
    # pyhanko would log whose certificate it doubts; the refusal says it to whom it concerns.
    "loggers": {
        "django.db.backends": {"level": "WARNING"},
        "pyhanko": {"level": "CRITICAL"},
        "pyhanko_certvalidator": {"level": "CRITICAL"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
}
