"""Tells those who wait that a company has online changes: in this process, and in others by NOTIFY."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from django.db import connection, transaction

from samsyn.records.notifications import CHANNEL, listen_for_ever, telling
from samsyn.records.tenant import is_postgresql

Listener = Callable[[str, int], None]

_listeners: list[Listener] = []
_of_writes: list[Callable[[str], None]] = []


def listen(listener: Listener) -> None:
    """Have a function called, from any thread, with each company id and its new online head."""
    _listeners.append(listener)


def forget(listener: Listener) -> None:
    """Call it no longer."""
    _listeners.remove(listener)


def listen_to_writes(writer: Callable[[str], None]) -> None:
    """Have a function called after each commit of this process that changed a company's log, from any thread."""
    _of_writes.append(writer)


def forget_writes(writer: Callable[[str], None]) -> None:
    """Call it no longer."""
    _of_writes.remove(writer)


def told_of_write(company: str) -> None:
    """Pass on that a company's log has grown."""
    for writer in list(_of_writes):
        writer(company)


def telling_others(number: str) -> str:
    """What makes an UPDATE of the company's row tell the other processes too: `number` is a parameter of it."""
    if not is_postgresql():
        return ""
    return f" RETURNING pg_notify('{CHANNEL}', company_id || ':' || %({number})s)"


def tell_of(name: str, number: int) -> None:
    """The same of anything that is waited for by a name; names of companies have no dash."""
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, telling(name, number)])
    transaction.on_commit(lambda: told(name, number))


def told(company: str, online_head: int) -> None:
    """Pass the news on to this process's listeners."""
    for listener in list(_listeners):
        listener(company, online_head)


class Hub:
    """The held requests of one event loop: each waits for its company's online head to pass a number."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[str, set[tuple[int, asyncio.Future[int | None]]]] = {}
        self._others: asyncio.Task[None] | None = None

    def expect(self, company: str, since: int) -> asyncio.Future[int | None]:
        """A future of the online head once it is above `since`, or None when the hub is released.

        Register first and read the database after, so that nothing is missed between.
        """
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            if self._loop is None:
                listen(self._from_any_thread)
            self._loop, self._waiting = loop, {}
            self._others = None
        if is_postgresql() and (self._others is None or self._others.done()):
            self._others = loop.create_task(listen_for_ever(self._wake, self._answer_all))
        future: asyncio.Future[int | None] = loop.create_future()
        entry = (since, future)
        self._waiting.setdefault(company, set()).add(entry)
        future.add_done_callback(lambda _: self._drop(company, entry))
        return future

    def release(self) -> None:
        """Answer everybody who waits, as when nothing came, and listen no more: the service stops."""
        if self._others is not None:
            self._others.cancel()
        self._answer_all()

    @property
    def held(self) -> int:
        """How many requests wait now."""
        return sum(len(entries) for entries in self._waiting.values())

    def holds(self, company: str) -> bool:
        """Whether a request of the company waits now."""
        return company in self._waiting

    def _from_any_thread(self, company: str, online_head: int) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._wake, company, online_head)

    def _answer_all(self) -> None:
        for entries in list(self._waiting.values()):
            for _, future in list(entries):
                if not future.done():
                    future.set_result(None)

    def _wake(self, company: str, online_head: int) -> None:
        for since, future in list(self._waiting.get(company, ())):
            if online_head > since and not future.done():
                future.set_result(online_head)

    def _drop(self, company: str, entry: tuple[int, asyncio.Future[int | None]]) -> None:
        entries = self._waiting.get(company)
        if entries is not None:
            entries.discard(entry)
            if not entries:
                del self._waiting[company]


hub = Hub()
"""The held requests of this process."""
