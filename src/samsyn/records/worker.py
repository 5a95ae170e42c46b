"""The threads that use the database: writers in a queue on SQLite, a few beside each other on PostgreSQL.

Async views wait for them without holding a thread of their own; each thread
keeps its database connection.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import connection

from samsyn.records.tenant import is_postgresql

P = ParamSpec("P")
T = TypeVar("T")
SQLITE_READERS = 2


class Workers:
    """Pools: for work that may write, and for work that only reads."""

    def __init__(self) -> None:
        if is_postgresql():
            self._writers = self._readers = _Pool(settings.RECORDS_THREADS, "records")
        else:
            self._writers = _Pool(1, "records-writer")
            self._readers = _Pool(SQLITE_READERS, "records-reader")

    async def write(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of work that may write."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writers, lambda: _done(work, *args, **kwargs))

    async def read(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of work that only reads; it does not wait for writers."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: _done(work, *args, **kwargs))

    def close(self) -> None:
        """Wait for the work in hand and close the threads' connections."""
        for pool in {self._writers, self._readers}:
            pool.close()


class _Pool(ThreadPoolExecutor):
    """Threads that keep a database connection each until the pool is closed."""

    def __init__(self, threads: int, name: str) -> None:
        super().__init__(threads, name)
        self.all_met = threading.Barrier(threads)

    def close(self) -> None:
        for _ in range(self.all_met.parties):
            self.submit(self._leave)
        self.shutdown()

    def _leave(self) -> None:
        """Each thread takes one of these and waits for the others, so none is left out."""
        self.all_met.wait()
        connection.close()


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
