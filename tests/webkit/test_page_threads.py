"""A page whose reader has gone: what has begun is waited for, what has not is left."""

from __future__ import annotations

import asyncio
import threading

from samsyn.webkit.page_threads import PAGE_THREADS, close_page_threads, in_page_thread

DEADLINE_S = 30.0


def test_work_that_has_begun_is_waited_for_when_the_reader_is_gone() -> None:
    begun, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        assert go_on.wait(DEADLINE_S)
        done.set()
        raise ValueError("nobody hears it")

    async def gone() -> bool:
        page = asyncio.create_task(in_page_thread(work))
        await asyncio.to_thread(begun.wait, DEADLINE_S)
        page.cancel()
        await asyncio.wait([page], timeout=0.05)
        waited = not page.done()
        go_on.set()
        await asyncio.wait([page])
        return waited and page.cancelled() and done.is_set()

    try:
        assert asyncio.run(gone())
    finally:
        close_page_threads()


def test_work_that_has_not_begun_is_left_when_the_reader_is_gone() -> None:
    go_on, ran = threading.Event(), threading.Event()

    async def gone() -> None:
        held = [
            asyncio.create_task(in_page_thread(go_on.wait, DEADLINE_S)) for _ in range(PAGE_THREADS)
        ]
        page = asyncio.create_task(in_page_thread(ran.set))
        await asyncio.sleep(0)
        page.cancel()
        await asyncio.wait([page])
        go_on.set()
        await asyncio.gather(*held)

    try:
        asyncio.run(gone())
        assert not ran.is_set()
    finally:
        close_page_threads()
