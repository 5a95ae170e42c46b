"""The threads in which pages are made, a few beside each other, each with its database connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import connections

from samsyn.lanes.pool import Pool

P = ParamSpec("P")
T = TypeVar("T")
PAGE_THREADS = 4
"""A page may read, write and hash a password: that must not hold up anything else."""

_pool: Pool | None = None


async def in_page_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run the work of a whole page in a thread that is kept for pages.

    Where the reader has gone meanwhile, work that has not begun is left; what has begun is waited for,
    because it may still read the request, whose file is closed after this.
    """
    global _pool
    if _pool is None:
        _pool = Pool(PAGE_THREADS, "pages", PAGE_THREADS - 1, farewell=connections.close_all)
    begun = _pool.submit(lambda: _done(work, *args, **kwargs))
    told = asyncio.wrap_future(begun)
    try:
        return await asyncio.shield(told)
    except asyncio.CancelledError:
        if not begun.cancel():
            await asyncio.wait([told])
            told.exception()  # so that nobody asks why it was never looked at
        raise


def close_page_threads() -> None:
    """Wait for the pages in hand and close the threads' connections; the next page starts new ones."""
    global _pool
    if _pool is not None:
        _pool.close()
        _pool = None


def _done(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return work(*args, **kwargs)
    finally:
        for connection in connections.all(initialized_only=True):
            connection.close_if_unusable_or_obsolete()
