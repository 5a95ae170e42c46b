"""How the service stands with a company's office (FM10): is it heard, and does it take what waits for it?

Times pace what is told to people, and settle nothing. An office that has
nothing to do holds one request, so being heard is noted in the store from time
to time only; whoever asks in the service's own process sees the request itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import msgspec

from samsyn.core.stall import STALL_S
from samsyn.protocol import wire
from samsyn.protocol.messages import PAUSED, OfficeAlarm
from samsyn.records.connections import Caller
from samsyn.records.pull import waiting_down
from samsyn.records.tenant import Row, Tenant, snapshot, writing
from samsyn.records.wakeup import hub

HEARD_EVERY_S = 120
"""So often it is noted that an office was heard that only waits."""
SILENT_S = HEARD_EVERY_S + wire.HOLD_S + 25
"""An office that was noted longer ago is not heard any more."""
LONGEST_AGE_MS = 10**12
BACKLOG_MS, BACKLOG_OVER_S = 5_000, 30
"""A batch of such old changes is of a backlog; where no other came for so long, all of it has come."""
NOT_HEARD = "OFFICE_NOT_HEARD"
TAKES_NOTHING = "OFFICE_TAKES_NOTHING"
STALLED = "OFFICE_STALLED"
"""The office itself says that something does not get on there."""


class Alarm(msgspec.Struct, frozen=True):
    """Something that has waited for over a minute, as a code: since when, for how many seconds.

    `office` is what the office itself says, where it is that.
    """

    code: str
    since: str
    age_s: int
    office: OfficeAlarm | None = None


class Contact(msgspec.Struct, frozen=True):
    """How an office stands to the service.

    `waiting` records have online changes that the office has not taken, the
    oldest for `oldest_s` seconds; it is None where nothing waits.
    """

    connected: bool
    heard: bool
    computer: str | None
    last_heard: str | None
    waiting: int
    oldest_s: int | None
    alarms: tuple[Alarm, ...]
    behind_ms: int | None = None
    """How old the oldest change of the office's last batch was when it came, where the office knew."""
    paused: str | None = None
    """Since when the office says that a person has paused the sync there: then nothing is an alarm."""


def contact(tenant: Tenant, now: str) -> Contact:
    """How the company's office stands at the moment `now`; of several connections, the last heard."""
    with snapshot():
        found = tenant.row(
            "SELECT computer, last_seen, cursor, alarms, age_ms, age_at FROM records_connection"
            " WHERE company_id = %(company)s AND revoked IS NULL"
            " ORDER BY coalesce(last_seen, created) DESC, id LIMIT 1"
        )
        if found is None:
            return Contact(False, False, None, None, 0, None, ())
        cursor = int(found[2])
        oldest = _oldest(tenant, cursor)
        waiting = 0 if oldest is None else waiting_down(tenant, cursor)
    return _contact(tenant, found, oldest, waiting, now)


def _contact(tenant: Tenant, found: Row, oldest: str | None, waiting: int, now: str) -> Contact:
    computer, last_seen, _, said, age_ms, age_at = found
    held_open = hub.holds(tenant.company)
    last_heard = now if held_open else last_seen
    heard = held_open or (last_seen is not None and _age_s(last_seen, now) < SILENT_S)
    told = msgspec.json.decode(said, type=list[OfficeAlarm])
    paused = next((one.since for one in told if heard and one.code == PAUSED), None)
    alarms: list[Alarm] = []
    age_s = None if oldest is None else _age_s(oldest, now)
    if oldest is not None and age_s is not None and age_s > STALL_S and paused is None:
        alarms.append(Alarm(TAKES_NOTHING if heard else NOT_HEARD, oldest, age_s))
    if heard:  # what an office said that is gone may no longer be so
        alarms += [
            Alarm(STALLED, one.since, _age_s(one.since, now), one)
            for one in told
            if one.code != PAUSED
        ]
    behind_ms = _behind_ms(age_ms, age_at, now) if heard else None
    return Contact(
        True, heard, computer, last_heard, waiting, age_s, tuple(alarms), behind_ms, paused
    )


def _behind_ms(age_ms: int | None, age_at: str | None, now: str) -> int | None:
    """What the last batch said; long ago it tells how long a change takes, but not of a backlog that has come since."""
    if age_ms is None or age_at is None:
        return None
    return age_ms if age_ms < BACKLOG_MS or _age_s(age_at, now) < BACKLOG_OVER_S else None


def _oldest(tenant: Tenant, cursor: int) -> str | None:
    """When the first online change was made that the office has not taken."""
    found = tenant.row(
        "SELECT at FROM records_change WHERE company_id = %(company)s"
        " AND NOT (source = 'office') AND seq > %(cursor)s ORDER BY seq LIMIT 1",
        cursor=cursor,
    )
    return None if found is None else str(found[0])


def _age_s(then: str, now: str) -> int:
    """Seconds between two moments, never less than none: an office's clock may be ahead."""
    apart = datetime.fromisoformat(now) - datetime.fromisoformat(then)
    return max(0, int(apart.total_seconds()))


class Hearing:
    """Which offices were heard in this process, so that it is noted seldom.

    `said` is called with the company when its office says what does not get on there.
    """

    def __init__(self) -> None:
        self.said: Callable[[str], None] = lambda company: None
        self._noted: dict[tuple[str, str], float] = {}

    def is_due(self, caller: Caller) -> bool:
        """Whether it is time to note that the office was heard; then it counts as noted."""
        name, now = (caller.tenant.company, caller.connection), time.monotonic()
        if now - self._noted.get(name, -HEARD_EVERY_S) < HEARD_EVERY_S:
            return False
        self._noted[name] = now
        return True


def note_heard(caller: Caller, at: str) -> None:
    """Note that the office was heard."""
    with writing():
        caller.tenant.execute(
            "UPDATE records_connection SET last_seen = %(at)s"
            " WHERE company_id = %(company)s AND id = %(id)s",
            id=caller.connection,
            at=at,
        )


hearing = Hearing()
"""The offices that this process has heard."""
