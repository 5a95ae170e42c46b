"""The office program's Django settings, all of them from the environment (see `home.py`).

Importing this module makes no file: `home.prepare` does, at each entrance.
"""

from __future__ import annotations

import os

from samsyn.office.home import SYSTEM_FILE, at_most, home
from samsyn.webkit.home import secret_key
from samsyn.webkit.languages import locale_folder
from samsyn.webkit.mail_server import smtp_settings
from samsyn.webkit.sqlite_database import sqlite_database
from samsyn.webkit.static_files import PREFIX

HOME = home()
SECRET_KEY = secret_key(HOME)
DEBUG = False
ALLOWED_HOSTS = ["*"]
"""Nothing of ours is made from the Host header; forms check where they come from."""

SAMSYN_SERVICE: str = os.environ.get("SAMSYN_OFFICE_ONLINE", "")
"""The address of Samsyn Online, until a superuser writes another one."""
SAMSYN_CONNECTED_AT_MOST = at_most(os.environ.get("SAMSYN_OFFICE_CONNECTED_AT_MOST", ""))
"""How many company databases may be connected; None for any number."""

DATABASES = {"default": sqlite_database(HOME / SYSTEM_FILE)}
"""The system database. Company databases are no matter of Django's: see `registers/book.py`."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "samsyn.office.people",
    "samsyn.office.companies",
    "samsyn.office.backup",
    "samsyn.office.connection",
    "samsyn.office.synchronising",
    "samsyn.webkit",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
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
    "samsyn.office.registers.closing.CompanyDatabases",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "samsyn.webkit.shell.frame",
                "samsyn.office.frame.whose",
            ],
        },
    }
]
FORM_RENDERER = "samsyn.webkit.forms.Renderer"
WEBKIT_SHELL = "samsyn.office.frame.shell"
WEBKIT_REFUSAL = "samsyn.office.refusals.refusal"
WEBKIT_DESK = "samsyn.office.desktop.desk.desk"
WEBKIT_HELP = "samsyn.office.help.HELP"
WEBKIT_BOOK = "samsyn.office.registers.of_request.book"
ROOT_URLCONF = "samsyn.office.urls"
APPEND_SLASH = False

STATIC_URL = PREFIX
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "samsyn.webkit.static_files.MarkedStatic"},
}

USE_TZ = True
TIME_ZONE = "UTC"
WEBKIT_TIME_ZONE = os.environ.get("SAMSYN_OFFICE_TIME_ZONE", "Europe/Stockholm")
"""Times are shown in it until a user chooses another."""
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [str(locale_folder(HOME))]
FORMAT_MODULE_PATH = ["samsyn.webkit.formats"]
USE_THOUSAND_SEPARATOR = True

AUTH_USER_MODEL = "office_people.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
"""Argon2id."""
DJANGOS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name, "OPTIONS": options}
    for name, options in (
        (f"{DJANGOS}.MinimumLengthValidator", {"min_length": 12}),
        (
            f"{DJANGOS}.UserAttributeSimilarityValidator",
            {"user_attributes": ("username", "name", "email")},
        ),
        (f"{DJANGOS}.CommonPasswordValidator", {}),
        ("samsyn.webkit.passwords.Guessable", {}),
    )
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "start"
CSRF_COOKIE_NAME = "samsyn_office_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "samsyn.office.refusals.forged"
SESSION_COOKIE_NAME = "samsyn_office_session"
"""Other names than the service's: on one machine both programs share a host, and so its cookies."""
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
"""`serve` sets both where the way there is protected by TLS."""
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SAMSYN_SMTP = os.environ.get("SAMSYN_OFFICE_SMTP", "")
"""The mail server; without it, alarms stand in the pages' header alone."""
DEFAULT_FROM_EMAIL = os.environ.get("SAMSYN_OFFICE_MAIL_FROM", "samsyn@localhost")
EMAIL_TIMEOUT = 20
EMAIL_HOST = ""
globals().update(smtp_settings(SAMSYN_SMTP))

DATA_UPLOAD_MAX_MEMORY_SIZE = 65 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
"""The plan of a database of a thousand tables has a few for each."""
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
        "samsyn": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
