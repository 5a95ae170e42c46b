"""Around every request: the ids it is found by in the log, and how long it took."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from samsyn.online.figures import requests
from samsyn.protocol import PATH
from samsyn.protocol.wire import SESSION_HEADER
from samsyn.webkit.limits import App, Message, Receive, Send
from samsyn.webkit.request_ids import (
    REQUEST_HEADER,
    checked,
    new_id,
    request_id,
    sync_id,
)

SYNC_HEADER = SESSION_HEADER.lower()
log = logging.getLogger("samsyn.request")
ROOMS = (
    (f"{PATH}/wait", "held"),
    (f"{PATH}/approval/wait", "held"),
    (PATH, "sync"),
    ("/api/", "rest"),
    ("/health/", "health"),
    ("/metrics", "health"),
    ("/static/", "static"),
)
"""The beginning of an address, and by which name its requests are counted."""


class Observed:
    """An ASGI application that every request goes through first."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Hand the request on; tell its id in the answer."""
        headers = {name: value for name, value in scope["headers"] if name in _NAMES}
        request_id.set(_told(headers, REQUEST_HEADER) or new_id())
        sync_id.set(_told(headers, SYNC_HEADER))
        room, status = room_of(scope.get("path", "")), 0

        async def answered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                told = (REQUEST_HEADER.encode(), request_id.get().encode())
                message = {**message, "headers": [*message.get("headers", ()), told]}
            await send(message)

        with _timed() as took:
            await self.app(scope, receive, answered)
        requests.count(room, status, took[0])
        if log.isEnabledFor(logging.DEBUG):
            facts = {"method": scope["method"], "path": scope.get("path", ""), "status": status}
            log.debug("answered", extra={"facts": {**facts, "ms": round(took[0] * 1000, 1)}})


def room_of(path: str) -> str:
    """By which name a request of an address is counted: one of a few, whatever is asked for."""
    return next((room for start, room in ROOMS if path.startswith(start)), "pages")


_NAMES = frozenset({REQUEST_HEADER.encode(), SYNC_HEADER.encode()})


def _told(headers: dict[bytes, bytes], name: str) -> str:
    return checked(headers.get(name.encode(), b"").decode("latin-1"))


@contextmanager
def _timed() -> Iterator[list[float]]:
    """A place for the seconds that it takes."""
    took, begun = [0.0], time.perf_counter()
    try:
        yield took
    finally:
        took[0] = time.perf_counter() - begun
