"""The service's record store in memory: emptied, copied and put back within a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, connections
from pysqlite3 import dbapi2

from samsyn.online.databases import database
from samsyn.records.worker import close_workers

Raw = Any  # the driver's connection; pysqlite3 has no types


class ServiceDied(BaseException):
    """The service was killed; like the real thing, no handler of its own sees it."""


@contextmanager
def store_in_memory() -> Iterator[None]:
    """Django's default connection on an empty store in memory, brought up to date."""
    before = connections.settings["default"]
    settings = database("", Path())
    settings["NAME"] = ":memory:"
    _use(connections.configure_settings({"default": settings})["default"])
    try:
        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        _use(before)


def backup() -> Raw:
    """A copy of the whole store as it is committed."""
    copy = dbapi2.connect(":memory:")
    _raw().backup(copy)
    return copy


def put_back(copy: Raw) -> None:
    """The store becomes what it was when the copy was made."""
    copy.backup(_raw())


@contextmanager
def dying_at(statement: int) -> Iterator[None]:
    """The service is killed just after its nth statement from now on, if it gets that far."""
    left = statement

    def run(execute: Callable[..., Any], *arguments: Any) -> Any:  # Any: as Django has it
        nonlocal left
        answer = execute(*arguments)
        left -= 1
        if left == 0:
            raise ServiceDied
        return answer

    try:
        with connection.execute_wrapper(run):
            yield
    except ServiceDied:
        raw = _raw()
        if raw.in_transaction:
            raw.execute("ROLLBACK")  # what nobody could do any more
        raise


def _raw() -> Raw:
    connection.ensure_connection()
    return connection.connection


def _use(settings: dict[str, object]) -> None:
    close_workers()
    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = settings
