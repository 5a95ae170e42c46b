"""Listens for what other processes of the service tell through PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import psycopg
from django.db import connection

CHANNEL = "samsyn_online"
AGAIN_S = 1.0
_OURS = ("cursor_factory", "context", "server_side_binding")
"""What Django adds for its own connections."""


def telling(company: str, online_head: int) -> str:
    """The payload of a notification."""
    return f"{company}:{online_head}"


async def listen_for_ever(heard: Callable[[str, int], None], missed: Callable[[], None]) -> None:
    """Call `heard` for each notification; `missed` when some may have been, after a broken line."""
    first = True
    while True:
        try:
            line = await psycopg.AsyncConnection.connect(autocommit=True, **_parameters())
            try:
                await line.execute(f"LISTEN {CHANNEL}")
                if not first:
                    missed()
                first = False
                async for payload in _payloads(line):
                    company, _, head = payload.partition(":")
                    heard(company, int(head))
            finally:
                # `async with` would roll back first, and a second cancelling, as at the
                # end of a loop, would leave the line open.
                await line.close()
        except psycopg.OperationalError:
            first = False
        await asyncio.sleep(AGAIN_S)


async def _payloads(line: psycopg.AsyncConnection[Any]) -> AsyncIterator[str]:  # Any: no rows
    """What is told, from the socket itself: psycopg's notifies() wakes ten times a second."""
    loop, readable, socket = asyncio.get_running_loop(), asyncio.Event(), line.fileno()
    loop.add_reader(socket, readable.set)
    try:
        while True:
            while (notification := line.pgconn.notifies()) is not None:
                yield notification.extra.decode()
            await readable.wait()
            readable.clear()
            line.pgconn.consume_input()
    finally:
        loop.remove_reader(socket)


def _parameters() -> dict[str, Any]:  # Any: as psycopg takes them
    told = connection.get_connection_params()
    return {name: value for name, value in told.items() if name not in _OURS}
