"""The stall alarm of the office (FM10): what waits for over a minute is told, with the reason.

A thread of its own looks, because the agent may be held up itself: by a
service that does not answer, or by another program that locks the database.
The alarms lie in the company database for whoever asks; a line in the trace and
one in the log of syncs tell when each begins and when it ends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from datetime import datetime

import msgspec

from samsyn.agent import lease, runlog
from samsyn.agent.clock import now_text
from samsyn.agent.lines import Line, What, lines, waiting_up
from samsyn.agent.runlog import Noted
from samsyn.agent.service import Service
from samsyn.agent.trace import Trace
from samsyn.companydb import books, held
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.trouble import driver_errors
from samsyn.companydb.urls import CompanyUrl
from samsyn.core.errors import SamsynError
from samsyn.core.stall import STALL_S, Waiting, stalled, watched
from samsyn.protocol.messages import PAUSED, HeldReport, OfficeAlarm

LOOK_S = 5.0
"""Between two looks while something waits."""
SELDOM_S = 60.0
"""Between two looks while the agent says that nothing does."""
ALARMS = "alarms"
"""The fact of which alarms are on."""
LIMIT = "stall_s"
"""The fact that says another number of seconds than STALL_S for one database."""
HEARD = "heard"
"""The fact of when a watch last spoke for an agent that is held up and cannot beat itself."""
NO_PROGRESS = "STALL_NO_PROGRESS"
SERVICE_SILENT = "STALL_SERVICE_SILENT"
STALL, STALL_OVER = "STALL", "STALL_OVER"
"""What the log of syncs calls the beginning and the end of an alarm."""


class Alarm(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line that does not move: its mark, since when, and why, as a code with facts.

    `waiting` is the number of the office's changes that wait, where it is of those.
    """

    what: What
    mark: str
    since: str
    code: str
    facts: dict[str, object] = {}
    waiting: int = 0
    type: str = ""


Alarms = Mapping[str, Alarm]
"""By the name of the line."""


class Known(msgspec.Struct):
    """What the agent knows of itself; its own thread keeps it up to date."""

    fence: int = 0
    service: Service | None = None
    online_head: int = 0
    rests: bool = False
    trouble: SamsynError | None = None
    """What the last exchange ended with, until one goes well."""

    def heard_of(self, online_head: int) -> None:
        """There are online changes up to this number."""
        self.online_head = online_head

    @property
    def asking(self) -> str:
        """The request that the service has not answered yet, where one is under way."""
        return str(getattr(self.service, "asking", ""))


class StallWatch:
    """Looks at one company database beside its agent: once by `look`, until stopped from `start` on."""

    def __init__(
        self,
        url: CompanyUrl,
        computer: str,
        trace: Trace,
        telling: Callable[[Alarm], None] = lambda alarm: None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], str] = now_text,
    ) -> None:
        self.known = Known()
        self._url = url
        self._computer = computer
        self._trace = trace
        self._telling = telling
        self._monotonic = monotonic
        self._now = now
        self._limit_s = STALL_S
        self._looked = monotonic()
        self._lines: dict[str, Line] = {}
        self._waiting: dict[str, Waiting] = {}
        self._since: dict[str, str] = {}
        """When each line's first was seen first, by the clock on the wall: it is only shown."""
        self._waiting_up = 0
        self._traced: Alarms = {}
        self._kept: Alarms | None = None
        self._told_online: tuple[OfficeAlarm, ...] | None = None
        self._paused_since = ""
        self._stopping = threading.Event()

    def start(self) -> None:
        """Looks from now on, in a thread of its own."""
        threading.Thread(target=self._run, daemon=True, name="samsyn stall watch").start()

    def stop(self) -> None:
        """Looks no more."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_S):
            idle = self.known.rests and not self._waiting and not self._paused_since
            if self.known.fence and not (idle and self._monotonic() - self._looked < SELDOM_S):
                self.look()

    def look(self) -> None:
        """One look. What cannot be seen now is taken to be as it was."""
        self._looked = self._monotonic()
        try:
            with driver_errors(self._url), closing(open_company_db(self._url)) as db:
                self._see(db)
                now = self._alarms(self.known.trouble)
                self._keep(db, now)
                self._trace_news(now)
                self._tell_online(db, now)
        except lease.LeaseLost:
            return  # another agent looks now
        except SamsynError as error:
            self._trace_news(self._alarms(error))

    # --- what waits, and why ---

    def _see(self, db: CompanyDb) -> None:
        if self._kept is None:
            self._go_on(db)
        self._limit_s = limit_s(db)
        paused = books.fact(db, "paused", bool, False)
        self._lines = {} if paused else lines(db, self.known.online_head)
        self._waiting_up = waiting_up(db) if "up" in self._lines else 0
        before, now = self._waiting, self._now()
        self._paused_since = (self._paused_since or now) if paused else ""
        marks = {name: line.mark for name, line in self._lines.items()}
        self._waiting = watched(before, marks, self._monotonic())
        self._since = {
            name: self._since[name] if before.get(name) is first else now
            for name, first in self._waiting.items()
        }

    def _go_on(self, db: CompanyDb) -> None:
        """The alarms of an agent that has ended go on where the same still waits."""
        self._kept = self._traced = alarms(db)
        long_ago = self._monotonic() - limit_s(db) - 1.0
        self._waiting = {name: Waiting(a.mark, long_ago) for name, a in self._kept.items()}
        self._since = {name: a.since for name, a in self._kept.items()}

    def _alarms(self, trouble: SamsynError | None) -> Alarms:
        found: dict[str, Alarm] = {}
        for name in stalled(self._waiting, self._monotonic(), self._limit_s):
            line = self._lines[name]
            why = Noted(line.code, line.facts) if line.code else self._why(trouble)
            found[name] = Alarm(
                what=line.what,
                mark=line.mark,
                since=self._since[name],
                code=why.code,
                facts=why.facts,
                waiting=self._waiting_up if line.what is What.UP else 0,
                type=line.type,
            )
        return found

    def _why(self, trouble: SamsynError | None) -> Noted:
        if trouble is not None:
            return runlog.noted_error(trouble)
        if asked := self.known.asking:
            return Noted(SERVICE_SILENT, {"asked": asked})
        return Noted(NO_PROGRESS)

    # --- who is told ---

    def _trace_news(self, now: Alarms) -> None:
        for name, alarm in now.items():
            if _is_news(self._traced.get(name), alarm):
                self._trace(
                    "stall",
                    what=alarm.what.value,
                    code=alarm.code,
                    since=alarm.since,
                    waiting=alarm.waiting,
                    type=alarm.type,
                )
                self._telling(alarm)
        for name in self._traced.keys() - now.keys():
            self._trace("stall_over", what=self._traced[name].what.value)
        self._traced = now

    def _keep(self, db: CompanyDb, now: Alarms) -> None:
        """Remembers the alarms that are on, with a line in the log for each that begins or ends."""
        kept, at = self._kept or {}, self._now()
        same = kept.keys() == now.keys() and not any(_is_news(kept.get(n), now[n]) for n in now)
        if same and not (now and is_long_ago(last_heard(db), at, self._limit_s / 2)):
            return
        with db.transaction():
            lease.check(db, self.known.fence)
            books.set_fact(db, ALARMS, now or None)
            books.set_fact(db, HEARD, at if now else None)
            for name in now.keys() - kept.keys():
                books.add_run(
                    db, books.Run(at, "warning", 0, 0, _line(STALL, now[name]), self._computer)
                )
            for name in () if self._paused_since else kept.keys() - now.keys():
                books.add_run(
                    db, books.Run(at, "ok", 0, 0, _line(STALL_OVER, kept[name]), self._computer)
                )
        self._kept = now

    def _tell_online(self, db: CompanyDb, now: Alarms) -> None:
        """Online it can be seen why the office does not get on; where that cannot be told, later."""
        service = self.known.service
        news = tuple(
            OfficeAlarm(a.what.value, a.code, a.since, a.waiting, a.type) for a in now.values()
        )
        if self._paused_since:
            news += (OfficeAlarm(What.AGENT.value, PAUSED, self._paused_since),)
        if service is None or news == self._told_online:
            return
        with suppress(SamsynError):
            service.tell_held(HeldReport(self.known.fence, tuple(held.told(db)), news))
            self._told_online = news


def alarms(db: CompanyDb) -> dict[str, Alarm]:
    """The alarms that are on, as the agent has last noted."""
    return books.fact(db, ALARMS, dict[str, Alarm], {})


def last_heard(db: CompanyDb) -> str:
    """When the agent, or the watch beside it, last gave a sign of life; empty where none ever did."""
    return max(lease.current(db).at, books.fact(db, HEARD, str, ""))


def is_long_ago(then: str, now: str, limit_s: float) -> bool:
    """A moment in the future is a clock that was set back, and as good as long ago."""
    if not then:
        return False
    apart = datetime.fromisoformat(now) - datetime.fromisoformat(then)
    return abs(apart.total_seconds()) > limit_s


def limit_s(db: CompanyDb) -> float:
    """So long the first in a line may wait, in seconds."""
    return books.fact(db, LIMIT, float, STALL_S)


def _is_news(before: Alarm | None, now: Alarm) -> bool:
    return before is None or before.code != now.code


def _line(code: str, alarm: Alarm) -> str:
    """An alarm as the message of a line of the log."""
    facts: dict[str, object] = {
        "what": alarm.what.value,
        "since": alarm.since,
        "waiting": alarm.waiting,
        "type": alarm.type,
        "why": alarm.code,
        "facts": alarm.facts,
    }
    return msgspec.json.encode(Noted(code, facts)).decode()
