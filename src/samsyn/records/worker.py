"""The threads that use the database: writers in a queue on SQLite, a few beside each other on PostgreSQL.

Async views wait for them without holding a thread of their own; each thread
keeps its database connection. Companies take turns (`samsyn.lanes`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import connection

from samsyn.lanes.pool import Pool
from samsyn.records.tenant import is_postgresql

P = ParamSpec("P")
T = TypeVar("T")
SQLITE_READERS = 3


class Workers:
    """Pools: for work that may write, and for work that only reads."""

    def __init__(self) -> None:
        if is_postgresql():
            threads: int = settings.RECORDS_THREADS
            # Writers of one company wait for each other in the database.
            self._writers = self._readers = _pool(threads, "records", max(1, threads // 2))
        else:
            self._writers = _pool(1, "records-writer", 1)
            self._readers = _pool(SQLITE_READERS, "records-reader", SQLITE_READERS - 1)

    async def write(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of work that may write."""
        return await _done_by(self._writers, work, *args, **kwargs)

    async def read(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of work that only reads; it does not wait for writers."""
        return await _done_by(self._readers, work, *args, **kwargs)

    def close(self) -> None:
        """Wait for the work in hand and close the threads' connections."""
        for pool in {self._writers, self._readers}:
            pool.close()


def _pool(threads: int, name: str, of_one: int) -> Pool:
    return Pool(threads, name, of_one, farewell=lambda: connection.close())


async def _done_by(pool: Pool, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return await asyncio.wrap_future(pool.submit(lambda: _done(work, *args, **kwargs)))


_workers: Workers | None = None


async def in_worker(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run database work that may write in a worker thread."""
    return await _of_this_process().write(work, *args, **kwargs)


async def in_reader(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run database work that only reads in a worker thread."""
    return await _of_this_process().read(work, *args, **kwargs)


def close_workers() -> None:
    """Stop this process's threads; the next work starts new ones."""
    global _workers
    if _workers is not None:
        _workers.close()
        _workers = None


def _of_this_process() -> Workers:
    global _workers
    if _workers is None:
        _workers = Workers()
    return _workers


def _done(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return work(*args, **kwargs)
    finally:
        connection.close_if_unusable_or_obsolete()
