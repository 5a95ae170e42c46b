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
    """A new store at a PostgreSQL URL, or in the folder where the URL is empty."""
    if not url:
        _copy_of_empty_store(folder)
    before = connections.settings["default"]
    _use(connections.configure_settings({"default": database(url, folder)})["default"])
    try:
        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        _use(before)


@functools.cache
def _empty_store() -> bytes:
    """The file of an SQLite store that has been brought up to date, made once."""
    with tempfile.TemporaryDirectory() as made:
        before = connections.settings["default"]
        _use(connections.configure_settings({"default": database("", Path(made))})["default"])
        try:
            call_command("migrate", verbosity=0, interactive=False)
            with connections["default"].cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            _use(before)
        return (Path(made) / STORE_FILE).read_bytes()


def _copy_of_empty_store(folder: Path) -> None:
    file = folder / STORE_FILE
    if not file.exists():
        file.write_bytes(_empty_store())


def _use(settings: dict[str, object]) -> None:
    close_workers()
    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = settings
