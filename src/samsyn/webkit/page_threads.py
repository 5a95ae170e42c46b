"""The threads in which pages are made, a few beside each other, each with its database connection."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import connections

P = ParamSpec("P")
T = TypeVar("T")
PAGE_THREADS = 4
"""A page may read, write and hash a password: that must not hold up anything else."""

_pool: ThreadPoolExecutor | None = None


async def in_page_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run the work of a whole page in a thread that is kept for pages."""
    global _pool
    if _pool is None:
        _pool = ThreadPoolExecutor(PAGE_THREADS, "pages")
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pool, lambda: _done(work, *args, **kwargs))


def close_page_threads() -> None:
    """Wait for the pages in hand and close the threads' connections; the next page starts new ones."""
    global _pool
    if _pool is None:
        return
    all_met = threading.Barrier(PAGE_THREADS)

    def leave() -> None:
        """Each thread takes one of these and waits for the others, so none is left out."""
        all_met.wait()
        connections.close_all()

    for _ in range(PAGE_THREADS):
        _pool.submit(leave)
    _pool.shutdown()
    _pool = None


def _done(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return work(*args, **kwargs)
    finally:
        for connection in connections.all(initialized_only=True):
            connection.close_if_unusable_or_obsolete()
