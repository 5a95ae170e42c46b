"""Answers that are made while they are sent: each part in a page thread, never all at once in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import cast

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

from samsyn.webkit.page_threads import in_page_thread

PART_BYTES = 64 * 1024


def sent_in_parts(answer: HttpResponseBase) -> HttpResponseBase:
    """The answer; where it has a plain iterator, one that asks a page thread for the next part.

    Django would take the whole of it into memory, in a thread that knows no database of ours.
    """
    if isinstance(answer, StreamingHttpResponse) and not answer.is_async:
        # what is not async is a plain iterator
        answer.streaming_content = _parts(cast(Iterator[bytes], answer.streaming_content))
    return answer


async def _parts(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while part := await in_page_thread(_part, pieces):
        yield part


def _part(pieces: Iterator[bytes]) -> bytes:
    """The next pieces together, so many that a way into the thread is worth it; empty at the end."""
    taken, size = [], 0
    while size < PART_BYTES and (piece := next(pieces, None)) is not None:
        taken.append(piece)
        size += len(piece)
    return b"".join(taken)
