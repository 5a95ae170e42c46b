"""The hard limit on what any client may send, kept before anything is stored or parsed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from samsyn.webkit.problems import PROBLEM_TYPE, document

Message = MutableMapping[str, Any]  # Any: as ASGI has it
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 65 * 1024 * 1024
"""A little above what the sync protocol and a record with blobs may carry."""
READ_AWAY_BYTES = 4 * MAX_BODY_BYTES
MAX_HEADER_BYTES = 64 * 1024
MAX_TARGET_BYTES = 16 * 1024


class Limits:
    """An ASGI application that answers 413, 414 or 431 instead of reading on."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Hand the request on, or refuse it."""
        refusal = _refusal(scope)
        if refusal is not None:
            await _read_away(receive)
            await _refuse(send, *refusal)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            if read > MAX_BODY_BYTES:
                return {"type": "http.disconnect"}
            message = await receive()
            read += len(message.get("body", b""))
            return message if read <= MAX_BODY_BYTES else {"type": "http.disconnect"}

        await self.app(scope, counted, send)
        if read > MAX_BODY_BYTES:
            await _read_away(receive)
            await _refuse(send, 413, "BODY_TOO_LARGE", MAX_BODY_BYTES)


def _refusal(scope: Message) -> tuple[int, str, int] | None:
    target = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    if target > MAX_TARGET_BYTES:
        return 414, "ADDRESS_TOO_LONG", MAX_TARGET_BYTES
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADER_BYTES:
        return 431, "HEADERS_TOO_LARGE", MAX_HEADER_BYTES
    for name, value in scope["headers"]:
        if name == b"content-length" and _number(value) > MAX_BODY_BYTES:
            return 413, "BODY_TOO_LARGE", MAX_BODY_BYTES
    return None


def _number(value: bytes) -> int:
    return int(value) if value.isdigit() and len(value) < 20 else 0


async def _read_away(receive: Receive) -> None:
    """Let the client finish sending, so that it reads the answer; up to a point."""
    read = 0
    while read <= READ_AWAY_BYTES:
        message = await receive()
        read += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return


async def _refuse(send: Send, status: int, code: str, limit: int) -> None:
    headers = [(b"content-type", PROBLEM_TYPE.encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    problem = document(HTTPStatus(status), code, limit=limit)
    await send({"type": "http.response.body", "body": problem})
