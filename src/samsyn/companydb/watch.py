"""Waiting for another program's commit: SQLite's data_version, PostgreSQL's NOTIFY."""

from __future__ import annotations

import time
from typing import Any

import apsw
import psycopg

from samsyn.companydb.opening import opened
from samsyn.companydb.rows import Watch
from samsyn.companydb.urls import CompanyUrl, PostgresUrl, SqliteUrl

ACTIVE_POLL_S = 0.004
IDLE_POLL_S = 0.05
ACTIVE_FOR_S = 2.0
"""How long after a commit the next one is looked for often."""
CHANNEL = "samsyn"


def watch(url: CompanyUrl) -> Watch:
    """A watch with a connection of its own, for a thread of its own."""
    if isinstance(url, SqliteUrl):
        return SqliteWatch(url)
    return PostgresWatch(url)


class SqliteWatch:
    """Polls the file's version: often just after a commit, seldom when idle."""

    def __init__(self, url: SqliteUrl) -> None:
        self._opening = opened(url, writing=False)
        session = self._opening.__enter__()
        assert isinstance(session.connection, apsw.Connection)
        self._connection = session.connection
        self._version = -1
        self._active_until = 0.0

    def wait(self, timeout_s: float) -> bool:
        until = time.monotonic() + timeout_s
        while True:
            try:
                version = self._connection.data_version()
            except (apsw.BusyError, apsw.LockedError):
                version = self._version
            now = time.monotonic()
            if version != self._version:
                self._version = version
                self._active_until = now + ACTIVE_FOR_S
                return True
            if now >= until:
                return False
            pause = ACTIVE_POLL_S if now < self._active_until else IDLE_POLL_S
            time.sleep(min(pause, until - now))

    def close(self) -> None:
        self._opening.__exit__(None, None, None)


class PostgresWatch:
    """Listens to what the triggers tell at commit."""

    def __init__(self, url: PostgresUrl) -> None:
        self._connection: psycopg.Connection[Any] = psycopg.connect(  # Any: no rows are read
            url.conninfo, autocommit=True, application_name="samsyn watches", connect_timeout=10
        )
        self._connection.execute(f"LISTEN {CHANNEL}")

    def wait(self, timeout_s: float) -> bool:
        return any(True for _ in self._connection.notifies(timeout=timeout_s, stop_after=1))

    def close(self) -> None:
        self._connection.close()
