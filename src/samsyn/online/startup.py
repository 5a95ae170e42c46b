"""Opens the service's home and database for a process: `serve`, or a command beside it."""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured

from samsyn.online.configuration import Configuration, read
from samsyn.online.databases import database
from samsyn.online.errors import BadDatabaseUrl
from samsyn.online.home import DATABASE_VARIABLE, HOME_VARIABLE, home
from samsyn.webkit.errors import HomeUnusable
from samsyn.webkit.home import prepare
from samsyn.webkit.languages import compile_languages
from samsyn.webkit.migrating import bring_up_to_date


def open_service(folder: Path | None, url: str | None) -> None:
    """Set Django up for a home and a database, and bring the tables up to date.

    None leaves what the configuration says. Errors: HomeUnusable,
    BadDatabaseUrl, DatabaseUnusable, and what `configuration.read` raises.
    """
    chosen = configure(folder, url)
    try:
        prepare(home())
        compile_languages(home())
        store = database(chosen.database, home())
        if "sqlite" in store["ENGINE"]:
            Path(store["NAME"]).touch(mode=0o600)
    except OSError as error:
        raise HomeUnusable(folder=str(home()), reason=error.strerror or str(error)) from error
    os.environ["DJANGO_SETTINGS_MODULE"] = "samsyn.online.settings"  # whatever the shell has
    django.setup()
    bring_up_to_date(home())


def configure(folder: Path | None, url: str | None) -> Configuration:
    """The configuration, with home and database as the command line says where it does."""
    if folder is not None:
        os.environ[HOME_VARIABLE] = str(folder)
    if url is not None:
        os.environ[DATABASE_VARIABLE] = url
        try:
            database(url, home())
        except ImproperlyConfigured as error:
            raise BadDatabaseUrl() from error
    return read(home())
