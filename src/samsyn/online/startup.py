"""Opens the service's home and database for a process: `serve`, or a command beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured

from samsyn.online.databases import database
from samsyn.online.errors import BadDatabaseUrl, DatabaseUnusable, HomeUnusable
from samsyn.online.home import DATABASE_VARIABLE, HOME_VARIABLE, home, prepare
from samsyn.webkit.languages import compile_languages

LOCK_KEY = 7_270_211_905
"""PostgreSQL's advisory lock while the tables are brought up to date."""
LOCK_FILE = "migrate.lock.sqlite"
LOCK_WAIT_S = 120


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
    bring_up_to_date()


def bring_up_to_date() -> None:
    """Apply the migrations that are missing; several processes may start at once."""
    from django.db import DatabaseError  # django.setup() must have run

    try:
        if _is_behind():
            with _alone():
                _migrate()
    except DatabaseError as error:
        raise DatabaseUnusable(reason=str(error).strip()) from error


def _is_behind() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: an advisory lock on PostgreSQL, a locked file beside SQLite's."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_KEY])
        return
    from pysqlite3 import dbapi2

    lock = dbapi2.connect(str(home() / LOCK_FILE), timeout=LOCK_WAIT_S, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        lock.close()
