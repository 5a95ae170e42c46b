"""The service's Django settings, all of them from the environment (see `home.py`).

Importing this module makes no file: `home.prepare` does, at each entrance.
"""

from __future__ import annotations

import os

from samsyn.online.databases import database
from samsyn.online.home import DATABASE_VARIABLE, home, secret_key

HOME = home()
SECRET_KEY = secret_key(HOME)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("SAMSYN_ONLINE_HOSTS", "*").split(",")
"""Nothing of ours is made from the Host header, so any name does unless the operator says."""

DATABASES = {"default": database(os.environ.get(DATABASE_VARIABLE, ""), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "samsyn.records",
    "samsyn.online.companies",
]
MIDDLEWARE = ["samsyn.online.headers.SecureHeaders"]
ROOT_URLCONF = "samsyn.online.urls"
ASGI_APPLICATION = "samsyn.online.asgi.application"
APPEND_SLASH = False

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("sv", "Svenska")]

DATA_UPLOAD_MAX_MEMORY_SIZE = 65 * 1024 * 1024
"""Django's own stop; each interface has its own, lower limit and its own words."""
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "samsyn": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
