"""Continuity: each transaction of the agent finds the database as the one before left it.

A backup put back under a running agent (another file at the path, other bytes
in the same file, tables restored in place) is noticed before anything is
exchanged; a new session then begins with hello, which tells what it is (G7).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from samsyn.agent import lease
from samsyn.agent.lease import DatabaseReplaced, Lease
from samsyn.agent.service import ServiceRefused
from samsyn.companydb import books
from samsyn.companydb.place import file_mark
from samsyn.companydb.rows import CompanyDb
from samsyn.protocol.messages import Chunks, Cursor


class Position(msgspec.Struct, frozen=True):
    """How far the exchange had come when the agent last committed."""

    cursor: int
    mark: str = ""
    chunks: Chunks = Chunks()
    link: str | None = None
    taken: books.Taken | None = None
    claimed: books.Taken | None = None


class _Linked(msgspec.Struct, frozen=True):
    """What of a connection changes with each hello."""

    link: str | None = None


_FACTS = {
    "lease": Lease,
    "connection": _Linked,
    "taken": books.Taken,
    "claimed": books.Taken,
    books.CURSOR: Cursor,
    books.CHUNKS: Chunks,
}


class Continuity:
    """The agent's transactions under the lease `fence`, each upon the one before."""

    def __init__(self, db: CompanyDb, fence: int) -> None:
        self._db = db
        self._fence = fence
        self._file = file_mark(db.url)
        self._left = _read(db).position

    @property
    def fence(self) -> int:
        """The fencing number of the lease."""
        return self._fence

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction that is the holder's. Raises LeaseLost, DatabaseReplaced."""
        self._check_file()
        with self._db.transaction():
            self._check_position()
            yield
            left = _read(self._db).position
        self._left = left

    @contextmanager
    def as_holder(self) -> Iterator[None]:
        """Where another agent has gone further meanwhile, that is what a refusal of the service is told as: LeaseLost."""
        try:
            yield
        except ServiceRefused:
            with self.transaction():
                raise

    def check(self) -> None:
        """Whether the next transaction would be upon the last one. Raises LeaseLost, DatabaseReplaced."""
        self._check_file()
        self._check_position()

    def _check_file(self) -> None:
        """Another file may lie at the path than the one that is open."""
        if file_mark(self._db.url) != self._file:
            raise DatabaseReplaced(url=self._db.url.text)

    def _check_position(self) -> None:
        found = _read(self._db)
        lease.check_found(self._db, found.lease, self._fence)
        if found.position != self._left:
            raise DatabaseReplaced(url=self._db.url.text)


class _Found(msgspec.Struct, frozen=True):
    """Who may write, and how far the exchange has come."""

    lease: Lease
    position: Position


def _read(db: CompanyDb) -> _Found:
    """Both in one query: every transaction asks twice."""
    known, cursor = books.some_facts_and_cursor(db, _FACTS)
    return _Found(
        known.get("lease", lease.NOBODY),
        Position(
            cursor,
            known.get(books.CURSOR, Cursor()).mark,
            known.get(books.CHUNKS, Chunks()),
            known.get("connection", _Linked()).link,
            known.get("taken"),
            known.get("claimed"),
        ),
    )
