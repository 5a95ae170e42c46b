"""Opens the service's home and database for a process: `serve`, or a command beside it."""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured

from samsyn.online.databases import database
from samsyn.online.errors import BadDatabaseUrl
from samsyn.online.home import DATABASE_VARIABLE, HOME_VARIABLE, home
from samsyn.webkit.errors import HomeUnusable
from samsyn.webkit.home import prepare
from samsyn.webkit.languages import compile_languages
from samsyn.webkit.migrating import bring_up_to_date


def open_service(folder: Path | None, url: str | None) -> None:
    """Set Django up for a home and a database, and bring the tables up to date.

    None leaves what the environment says. Errors: HomeUnusable,
    BadDatabaseUrl, DatabaseUnusable.
    """
    if folder is not None:
        os.environ[HOME_VARIABLE] = str(folder)
    if url is not None:
        os.environ[DATABASE_VARIABLE] = url
    try:
        prepare(home())
        compile_languages(home())
        store = database(os.environ.get(DATABASE_VARIABLE, ""), home())
        if "sqlite" in store["ENGINE"]:
            Path(store["NAME"]).touch(mode=0o600)
    except ImproperlyConfigured as error:
        raise BadDatabaseUrl() from error
    except OSError as error:
        raise HomeUnusable(folder=str(home()), reason=error.strerror or str(error)) from error
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
    django.setup()
    bring_up_to_date(home())
