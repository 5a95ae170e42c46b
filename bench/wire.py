"""Many connections to one service from one process: just enough HTTP for answers with a length."""

from __future__ import annotations

import asyncio
import time


class Wire:
    """A connection that stays open; one request at a time."""

    def __init__(self, url: str, bearer: str) -> None:
        self._host, _, port = url.removeprefix("http://").partition(":")
        self._port = int(port)
        self._bearer = bearer
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Status and body of the answer."""
        await self.send(method, path, body)
        return await self.answer()

    async def send(self, method: str, path: str, body: bytes = b"") -> None:
        """A request, whose answer is not waited for yet."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\nAuthorization: Bearer {self._bearer}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        await self._writer.drain()

    async def answer(self) -> tuple[int, bytes]:
        """Status and body of the answer to what was sent."""
        assert self._reader is not None
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return int(head.split(b" ", 2)[1]), await self._reader.readexactly(length)

    def close(self) -> None:
        """Ends the connection."""
        if self._writer is not None:
            self._writer.close()


async def timed(wire: Wire, method: str, path: str, body: bytes = b"") -> float:
    """Milliseconds until a good answer."""
    before = time.perf_counter()
    status, _ = await wire.ask(method, path, body)
    if status not in (200, 201):
        raise RuntimeError(f"{method} {path}: {status}")
    return 1000 * (time.perf_counter() - before)
