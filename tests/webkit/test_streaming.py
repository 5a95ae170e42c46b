"""A long answer is made part by part in the page threads while it is sent."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any, cast

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    import django

    django.setup()
    yield
    from samsyn.webkit.page_threads import close_page_threads

    close_page_threads()


async def whole(content: Any) -> list[bytes]:  # Any: as Django types it
    return [part async for part in cast(AsyncIterator[bytes], content)]


def test_lines_are_made_in_page_threads_and_sent_in_large_parts() -> None:
    from django.http import StreamingHttpResponse

    from samsyn.webkit.streaming import PART_BYTES, sent_in_parts

    makers: set[str] = set()
    made = 0

    def lines() -> Iterator[str]:
        nonlocal made
        for number in range(20_000):
            makers.add(threading.current_thread().name)
            made = number + 1
            yield f"{number};åäö\r\n"

    async def run() -> list[bytes]:
        answer = sent_in_parts(StreamingHttpResponse(lines()))
        assert made == 0
        return await whole(cast(StreamingHttpResponse, answer).streaming_content)

    parts = asyncio.run(run())
    text = b"".join(parts)
    assert text.count(b"\r\n") == made == 20_000
    assert 2 <= len(parts) <= len(text) // PART_BYTES + 1
    assert threading.current_thread().name not in makers


def test_other_answers_are_left_as_they_are() -> None:
    from django.http import HttpResponse, StreamingHttpResponse

    from samsyn.webkit.streaming import sent_in_parts

    async def parts() -> AsyncIterator[bytes]:
        yield b"x"

    plain, streamed = HttpResponse("x"), StreamingHttpResponse(parts())
    content = streamed.streaming_content
    assert sent_in_parts(plain) is plain
    assert sent_in_parts(streamed) is streamed
    assert type(streamed.streaming_content) is type(content)
