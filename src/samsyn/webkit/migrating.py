"""Brings a program's own database up to date when a process starts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from samsyn.webkit.errors import DatabaseUnusable

LOCK_KEY = 7_270_211_905
"""PostgreSQL's advisory lock while the tables are brought up to date."""
LOCK_FILE = "migrate.lock.sqlite"
LOCK_WAIT_S = 120


def bring_up_to_date(home: Path) -> None:
    """Apply the migrations that are missing; several processes may start at once. Raises DatabaseUnusable."""
    from django.db import DatabaseError  # django.setup() must have run

    try:
        if _is_behind():
            with _alone(home):
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
def _alone(home: Path) -> Iterator[None]:
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

    lock = dbapi2.connect(str(home / LOCK_FILE), timeout=LOCK_WAIT_S, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        lock.close()
