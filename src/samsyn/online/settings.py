"""The service's Django settings; what an operator may choose comes from `configuration.py`.

Importing this module makes no file: `home.prepare` does, at each entrance.
"""

from __future__ import annotations

from samsyn.online import configuration
from samsyn.online.databases import caches, database
from samsyn.online.home import home
from samsyn.webkit.cookies import named
from samsyn.webkit.home import secret_key
from samsyn.webkit.languages import locale_folder
from samsyn.webkit.mail_server import smtp_settings
from samsyn.webkit.static_files import PREFIX

HOME = home()
SAMSYN = configuration.read(HOME)
SECRET_KEY = secret_key(HOME)
DEBUG = False
ALLOWED_HOSTS = list(SAMSYN.hosts)

DATABASES = {"default": database(SAMSYN.database, HOME)}
CACHES = caches(SAMSYN.database)
"""Counts of attempts; nothing else is kept there."""
RECORDS_THREADS = SAMSYN.database_threads
RECORDS_END_IF_LEFT = "samsyn.online.operating.ending.end_if_left"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "samsyn.records",
    "samsyn.online.companies",
    "samsyn.online.api",
    "samsyn.online.webhooks",
    "samsyn.online.developers",
    "samsyn.online.people",
    "samsyn.online.connecting",
    "samsyn.online.conflicts",
    "samsyn.online.quarantine",
    "samsyn.online.operating",
    "samsyn.online.notices",
    "samsyn.online.mail",
    "samsyn.webkit",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "samsyn.webkit.headers.SecureHeaders",
    "samsyn.webkit.headers.PrivatePages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "samsyn.webkit.security_log.Asking",
    "samsyn.webkit.session_ends.SessionEnds",
    "samsyn.webkit.preferences.Preferences",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]
"""Of the pages alone; the interfaces for programs have their own (see `asgi.py`)."""
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "samsyn.webkit.shell.frame",
                "samsyn.online.frame.whose",
                "samsyn.online.mail.pages.found_at",
            ],
        },
    }
]
FORM_RENDERER = "samsyn.webkit.forms.Renderer"
WEBKIT_SHELL = "samsyn.online.frame.shell"
WEBKIT_REFUSAL = "samsyn.online.refusals.refusal"
WEBKIT_HELP = "samsyn.online.help.HELP"
WEBKIT_BOOK = "samsyn.online.registers.book.book"
WEBKIT_DESK = "samsyn.online.desktop.desk.desk"
ROOT_URLCONF = "samsyn.online.urls"
ASGI_APPLICATION = "samsyn.online.asgi.application"
APPEND_SLASH = False

STATIC_URL = PREFIX
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "samsyn.webkit.static_files.MarkedStatic"},
}
"""Pages keep no files outside the database."""

USE_TZ = True
TIME_ZONE = "UTC"
WEBKIT_TIME_ZONE = SAMSYN.time_zone
"""Times are shown in it until a person chooses another."""
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [str(locale_folder(HOME))]
FORMAT_MODULE_PATH = ["samsyn.webkit.formats"]
USE_THOUSAND_SEPARATOR = True

# People: passwords, sessions, Samsyn IDs.

AUTH_USER_MODEL = "companies.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
"""Argon2id."""
DJANGOS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, object]] = [
    {"NAME": name, "OPTIONS": options}
    for name, options in (
        (f"{DJANGOS}.MinimumLengthValidator", {"min_length": 12}),
        (f"{DJANGOS}.UserAttributeSimilarityValidator", {"user_attributes": ("email", "name")}),
        (f"{DJANGOS}.CommonPasswordValidator", {}),
        ("samsyn.webkit.passwords.Guessable", {}),
    )
]
if SAMSYN.leaked_passwords:
    known = {"file": SAMSYN.leaked_passwords}
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "samsyn.webkit.leaked.Leaked", "OPTIONS": known})
PASSWORD_RESET_TIMEOUT = 3 * 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "start"
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "samsyn.online.refusals.forged"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SAMSYN_URL = SAMSYN.url
"""The address that links in letters begin with; `serve` takes its own where none is set."""
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SAMSYN_URL.startswith("https:")
SESSION_COOKIE_NAME = named("samsyn_session", secure=SESSION_COOKIE_SECURE)
CSRF_COOKIE_NAME = named("samsyn_csrf", secure=CSRF_COOKIE_SECURE)
"""`serve` settles them anew where it speaks TLS itself or a proxy does for it."""
SAMSYN_BEHIND_PROXY = SAMSYN.behind_proxy
"""`serve` sets it where its option says so."""
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

ACCOUNT_ADAPTER = "samsyn.online.people.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_FORMS = {
    name: f"samsyn.online.people.forms.{form}"
    for name, form in (
        ("login", "SignIn"),
        ("signup", "SignUp"),
        ("reset_password", "Forgotten"),
        ("reset_password_from_key", "NewPassword"),
        ("change_password", "ChangePassword"),
        ("add_email", "ChangeEmail"),
        ("reauthenticate", "Reauthenticate"),
    )
}
MFA_ADAPTER = "samsyn.online.people.adapter.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
"""Browsers themselves give passkeys to TLS and to localhost alone; this lets localhost in."""
MFA_TOTP_TOLERANCE = 1
"""A telephone's clock may be half a minute off."""
MFA_FORMS = {
    name: f"samsyn.online.people.forms.{form}"
    for name, form in (
        ("authenticate", "Code"),
        ("reauthenticate", "CodeAgain"),
        ("activate_totp", "ActivateTotp"),
        ("add_webauthn", "AddPasskey"),
        ("edit_webauthn", "RenamePasskey"),
    )
}
USERSESSIONS_TRACK_ACTIVITY = True

# The REST API.

SAMSYN_API_RATE = SAMSYN.api_rate
"""Requests a minute of one token; 0: as many as it likes."""

SAMSYN_WEBHOOKS_PRIVATE = SAMSYN.webhooks_private
"""Whether webhooks may go to private addresses."""

# E-mail.

SAMSYN_SMTP = SAMSYN.smtp
SAMSYN_SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
SAMSYN_OUTBOX_PAGE = False
"""`serve` shows the outbox where this machine alone can reach it."""
EMAIL_BACKEND = "samsyn.online.mail.outbox.Outbox"
DEFAULT_FROM_EMAIL = SAMSYN.mail_from
EMAIL_TIMEOUT = 20
globals().update(smtp_settings(SAMSYN_SMTP))

DATA_UPLOAD_MAX_MEMORY_SIZE = 65 * 1024 * 1024
"""Django's own stop; each interface has its own, lower limit and its own words."""
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
        "security": {"class": "samsyn.webkit.security_log.Monthly", "folder": str(HOME)},
    },
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "samsyn.security": {"handlers": ["security"], "level": "INFO", "propagate": False},
        "samsyn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # `serve` says more (logs.py)
    },
}
