"""Puts Django's default connection on a store of the test's own."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connections

from samsyn.online.databases import database
from samsyn.online.home import STORE_FILE
from samsyn.records.worker import close_workers


@contextmanager
def opened(url: str, folder: Path) -> Iterator[None]:
    """The store at a PostgreSQL URL, or the one in the folder, made where it is not there."""
    file = folder / STORE_FILE
    if not url and not file.exists():
        file.write_bytes(_empty_store())
    with _used(url, folder):
        yield


@functools.cache
def _empty_store() -> bytes:
    """The file of an SQLite store with its tables and nothing in them, made once for each process."""
    with tempfile.TemporaryDirectory() as made:
        with _used("", Path(made)):
            call_command("migrate", verbosity=0, interactive=False)
            with connections["default"].cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return (Path(made) / STORE_FILE).read_bytes()


@contextmanager
def _used(url: str, folder: Path) -> Iterator[None]:
    before = connections.settings["default"]
    _use(connections.configure_settings({"default": database(url, folder)})["default"])
    try:
        yield
    finally:
        _use(before)


def _use(settings: dict[str, object]) -> None:
    close_workers()
    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = settings
