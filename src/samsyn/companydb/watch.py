"""Waiting for another program's commit: SQLite's data_version, PostgreSQL's NOTIFY."""

from __future__ import annotations

import contextlib
import os
import select
import time
from collections.abc import Callable
from typing import Any

import apsw
import psycopg

from samsyn.companydb.file_events import COMPANIONS, FileEvents, file_events
from samsyn.companydb.opening import DatabaseUnavailable, opened
from samsyn.companydb.rows import Watch
from samsyn.companydb.urls import CompanyUrl, PostgresUrl, SqliteUrl

SHORTEST_PAUSE_S = 0.001
PATIENCE = 0.1
LONGEST_PAUSE_S = 0.05
"""Where nobody tells of writes: 20 glances a second cost three thousandths of a core."""
LONGEST_PAUSE_WITH_EVENTS_S = 1.0
QUIET_S = 0.02
"""A rollback journal that stays after a write for so long is one that is kept."""
LOOK_S = 5.0
"""How often the file itself is read without a sign: a lock that another program may meet."""
CHANNEL = "samsyn"


def watch(url: CompanyUrl) -> Watch:
    """A watch with a connection of its own, for a thread of its own."""
    if isinstance(url, SqliteUrl):
        return SqliteWatch(url)
    return PostgresWatch(url)


class SqliteWatch:
    """Waits for signs of a write, which cost nobody a lock, and tells when it is committed.

    With a WAL the version is read after a sign. How long the disk takes from
    the write to the commit is unknown, so the pauses between grow with the
    time: a commit is seen at most a tenth of that late. Without a WAL reading
    takes a lock that a program without patience would stumble over; there the
    commit is the moment at which the rollback journal goes.
    """

    def __init__(
        self, url: SqliteUrl, listen: Callable[[str], FileEvents | None] = file_events
    ) -> None:
        self._opening = opened(url, writing=False)
        session = self._opening.__enter__()
        assert isinstance(session.connection, apsw.Connection)
        self._connection = session.connection
        self._path = url.path
        self._events = listen(url.path)
        self._longest = LONGEST_PAUSE_S if self._events is None else LONGEST_PAUSE_WITH_EVENTS_S
        self._stamps = self._glance()
        self._version = -1
        self._look_at = self._sign_at = 0.0
        self._signed = False

    def wait(self, timeout_s: float) -> bool:
        until = time.monotonic() + timeout_s
        while True:
            now = time.monotonic()
            if self._committed(now):
                return True
            if now >= until:
                return False
            if self._heard(min(self._pause(now), until - now)):
                self._sign_at = time.monotonic()
                self._signed = True

    def close(self) -> None:
        if self._events is not None:
            self._events.close()
        self._opening.__exit__(None, None, None)

    def _committed(self, now: float) -> bool:
        if now >= self._look_at or self._has_wal():
            self._look_at = now + LOOK_S
            return self._version_moved()
        if self._signed and (now - self._sign_at >= QUIET_S or not self._writing()):
            self._signed = False
            return True
        return False

    def _pause(self, now: float) -> float:
        if self._events is not None and not self._has_wal():
            return QUIET_S if self._signed else self._longest
        return min(max(SHORTEST_PAUSE_S, PATIENCE * (now - self._sign_at)), self._longest)

    def _heard(self, pause_s: float) -> bool:
        """Whether there was a sign of a write within the pause."""
        if self._events is not None:
            return self._events.wait(pause_s)
        time.sleep(pause_s)
        before, self._stamps = self._stamps, self._glance()
        return before != self._stamps

    def _version_moved(self) -> bool:
        before = self._version
        # apsw's data_version() tells what was last read; the pragma reads.
        with contextlib.suppress(apsw.BusyError, apsw.LockedError):
            self._version = int(self._connection.execute("PRAGMA data_version").get)
        return self._version != before

    def _has_wal(self) -> bool:
        """Our own connection keeps the file there for as long as the database has one."""
        return os.path.exists(self._path + "-wal")

    def _writing(self) -> bool:
        journal = _stamp(self._path + "-journal")
        return journal is not None and journal[1] > 0

    def _glance(self) -> list[tuple[int, int] | None]:
        return [_stamp(self._path + end) for end in COMPANIONS]


def _stamp(path: str) -> tuple[int, int] | None:
    """When a file was written, and its size. Only its name is used: to open and close it would drop locks."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size


class PostgresWatch:
    """Listens to what the triggers tell at commit."""

    def __init__(self, url: PostgresUrl) -> None:
        self._url = url
        self._new = True
        try:
            self._connection: psycopg.Connection[Any] = psycopg.connect(  # Any: no rows are read
                url.conninfo, autocommit=True, application_name="samsyn watches", connect_timeout=10
            )
            self._connection.execute(f"LISTEN {CHANNEL}")
        except psycopg.OperationalError as cause:
            raise DatabaseUnavailable(url=url.text, reason=str(cause).strip()) from cause

    def wait(self, timeout_s: float) -> bool:
        if self._new:
            self._new = False
            return True  # what was committed before we listened
        # The socket itself: psycopg's notifies() wakes ten times a second.
        if select.select([self._connection], [], [], timeout_s)[0]:
            try:
                self._connection.pgconn.consume_input()
            except psycopg.OperationalError as cause:
                raise DatabaseUnavailable(url=self._url.text, reason=str(cause).strip()) from cause
        heard = False
        while self._connection.pgconn.notifies() is not None:
            heard = True
        return heard

    def close(self) -> None:
        self._connection.close()
