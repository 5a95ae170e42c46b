"""Puts Django's default connection on a store of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connections

from samsyn.online.databases import database
from samsyn.records.worker import close_workers


@contextmanager
def opened(url: str, folder: Path) -> Iterator[None]:
    """A new store at a PostgreSQL URL, or in the folder where the URL is empty."""
    before = connections.settings["default"]
    _use(connections.configure_settings({"default": database(url, folder)})["default"])
    try:
        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        _use(before)


def _use(settings: dict[str, object]) -> None:
    close_workers()
    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = settings
