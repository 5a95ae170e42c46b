"""A proxy between agent and service that loses, cuts, delays, holds and repeats requests."""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

FATES = (
    "lost",
    "unanswered",
    "repeated",
    "cut in the middle",
    "answer cut",
    "late",
    "held",
    "cut while held",
)
"""What becomes of a request that is not simply delivered."""
TROUBLE = (OSError, EOFError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError)


class Proxy:
    """Listens on a free port in a thread of its own; `to` is the service's port."""

    def __init__(self, to: int, seed: int) -> None:
        self._to, self._rng = to, random.Random(seed)
        self.trouble = 0.0
        """The share of requests that are not simply delivered."""
        self.fates: Counter[str] = Counter()
        self._awaited, self._came = "", threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._asked(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]

    def begun(self, request: str, timeout_s: float) -> bool:
        """Waits for a request of that name to come; whether one did."""
        self._came.clear()
        self._awaited = f"/{request}"
        return self._came.wait(timeout_s)

    def close(self) -> None:
        """Ends the proxy."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.run_until_complete(self._end())
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        await asyncio.sleep(0.1)  # what was accepted before becomes tasks
        while serving := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in serving:
                task.cancel()
            await asyncio.gather(*serving, return_exceptions=True)

    def _asked(self, work: Coroutine[Any, Any, asyncio.Server]) -> asyncio.Server:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with suppress(*TROUBLE, asyncio.CancelledError):
            while request := await _message(near):
                self._notice(request)
                fate = "delivered"
                if self._rng.random() < self.trouble:
                    fate = self._rng.choice(FATES)
                self.fates[fate] += 1
                answer = await self._fated(fate, request)
                if answer is None:
                    break
                back.write(answer)
                await back.drain()
                if fate == "answer cut":
                    break
        back.close()

    def _notice(self, request: bytes) -> None:
        path = request.split(b" ", 2)[1].partition(b"?")[0].decode()
        if self._awaited and path.endswith(self._awaited):
            self._awaited = ""
            self._came.set()

    async def _fated(self, fate: str, request: bytes) -> bytes | None:
        """The answer to give; None where the connection is to be cut."""
        if fate == "lost":
            return None
        if fate == "cut in the middle":
            await self._begun(request[: self._rng.randrange(1, len(request))])
            return None
        if fate in ("late", "held"):
            await asyncio.sleep(self._rng.uniform(0.05, 0.8))
        answer = await self._answered(request)
        if fate == "repeated":
            answer = await self._answered(request)
        if fate in ("unanswered", "cut while held"):
            return None
        if fate == "answer cut" and answer:
            return answer[: self._rng.randrange(len(answer))]
        return answer

    async def _answered(self, request: bytes) -> bytes | None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._to)
        try:
            writer.write(request)
            await writer.drain()
            return await _message(reader) or None
        finally:
            writer.close()

    async def _begun(self, part: bytes) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", self._to)
        writer.write(part)
        with suppress(*TROUBLE):
            await writer.drain()
        writer.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    """One HTTP message with its body; nothing where the connection ended."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            length = int(value)
    return head + await reader.readexactly(length)
