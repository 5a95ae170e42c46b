"""The service's log of stalls (FM10): one JSON line when an alarm of a company begins, one when it ends.

Only companies of which something has come up in this process are looked at, so
the cost follows the work and not the number of companies.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

import msgspec

from samsyn.core.errors import SamsynError
from samsyn.core.stall import STALL_S
from samsyn.records import clock
from samsyn.records.contact import Alarm, Contact, contact, hearing
from samsyn.records.tenant import Tenant
from samsyn.records.wakeup import forget, listen
from samsyn.records.worker import in_reader

FILE = "alarms.log"
LOOK_S = 15.0
MAX_BYTES = 2_000_000
KEPT_FILES = 3
Name = tuple[str, str | None, str | None]
"""An alarm by its code, and by what and which type the office says it is of."""


class AlarmLog:
    """Looks at a company as long as something waits for its office or an alarm is on."""

    def __init__(
        self,
        write: Callable[[str], None],
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], str] = clock.now,
    ) -> None:
        self._write = write
        self._monotonic = monotonic
        self._now = now
        self._since: dict[str, float] = {}
        self._on: dict[str, dict[Name, Alarm]] = {}

    def news(self, company: str, online_head: int = 0) -> None:
        """Something has come up: there is a change for the office, or the office has said something."""
        self._since.setdefault(company, self._monotonic())

    async def run(self) -> None:
        """Looks until cancelled."""
        listen(self.news)
        hearing.said = self.news
        try:
            while True:
                await asyncio.sleep(LOOK_S)
                for company in self.due():
                    with suppress(SamsynError):
                        self.take(company, await in_reader(contact, Tenant(company), self._now()))
        finally:
            forget(self.news)

    def due(self) -> list[str]:
        """The companies to look at: something came up there more than a minute ago."""
        before = self._monotonic() - STALL_S
        return [company for company, since in list(self._since.items()) if since <= before]

    def take(self, company: str, found: Contact) -> None:
        """Log what is news, and look no more where nothing waits and no alarm is on."""
        on = {_name(alarm): alarm for alarm in found.alarms}
        before = self._on.get(company, {})
        for name in on.keys() - before.keys():
            self._tell("alarm", company, on[name], found)
        for name in before.keys() - on.keys():
            self._tell("alarm_over", company, before[name], found)
        if on:
            self._on[company] = on
        else:
            self._on.pop(company, None)
        if not on and not found.waiting:
            self._since.pop(company, None)

    def _tell(self, event: str, company: str, alarm: Alarm, found: Contact) -> None:
        office = alarm.office
        facts: dict[str, object] = {
            "at": self._now(),
            "event": event,
            "company": company,
            "code": alarm.code,
            "since": alarm.since,
            "waiting": found.waiting,
            "last_heard": found.last_heard,
            "office": None if office is None else msgspec.to_builtins(office),
        }
        self._write(msgspec.json.encode(facts).decode())


def in_file(folder: Path) -> Callable[[str], None]:
    """Writes lines into the service's file of alarms, which is kept small."""
    log = logging.getLogger("samsyn.alarms")
    log.propagate = False
    log.setLevel(logging.INFO)
    if not log.handlers:
        log.addHandler(
            RotatingFileHandler(
                folder / FILE,
                maxBytes=MAX_BYTES,
                backupCount=KEPT_FILES,
                encoding="utf-8",
                delay=True,
            )
        )
    return log.info


def _name(alarm: Alarm) -> Name:
    office = alarm.office
    return alarm.code, office.what if office else None, office.type if office else None
