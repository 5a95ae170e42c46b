"""The service's database as Django wants it described: SQLite in the home or PostgreSQL by URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from samsyn.online.home import STORE_FILE
from samsyn.records import prepared
from samsyn.webkit.sqlite_database import sqlite_database

ATTEMPTS = "attempts"
"""The table; see `people.models`."""
MOST_ATTEMPTS = 100_000


def database(url: str, folder: Path) -> dict[str, Any]:
    """The entry of DATABASES for a URL; empty means the SQLite file in the folder.

    ImproperlyConfigured for a URL that is neither SQLite nor PostgreSQL.
    """
    if not url:
        return sqlite_database(folder / STORE_FILE)
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        return sqlite_database(Path(unquote(url.removeprefix("sqlite:///"))))
    if scheme in ("postgresql", "postgres"):
        return _postgresql(url)
    raise ImproperlyConfigured("the database is a postgresql:// URL, or empty for SQLite")


def caches(url: str) -> dict[str, dict[str, Any]]:
    """The entry of CACHES: on PostgreSQL a table, for several processes of one service count as one.

    A service on SQLite is one process that people sign in to.
    """
    if urlsplit(url).scheme not in ("postgresql", "postgres"):
        return {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    return {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": ATTEMPTS,
            "OPTIONS": {"MAX_ENTRIES": MOST_ATTEMPTS},
        }
    }


def _postgresql(url: str) -> dict[str, Any]:
    try:
        parts = dict(conninfo_to_dict(url))
    except ProgrammingError as error:
        raise ImproperlyConfigured(f"not a PostgreSQL URL: {error}") from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", None) or "postgres",
        "USER": parts.pop("user", None) or "",
        "PASSWORD": parts.pop("password", None) or "",
        "HOST": parts.pop("host", None) or "",
        "PORT": str(parts.pop("port", None) or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"prepare_threshold": prepared.AFTER, **parts},
    }
