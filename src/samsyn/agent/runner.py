"""The agent of one company database: keeps going, whatever comes in the way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from typing import ClassVar

import msgspec

from samsyn.agent import computers, home, lease, runlog
from samsyn.agent.age import UnsentAge
from samsyn.agent.clock import now_text
from samsyn.agent.greeting import connection_of
from samsyn.agent.http import HttpService
from samsyn.agent.lease import Computer
from samsyn.agent.loading import Progress, no_progress
from samsyn.agent.moved import Moved
from samsyn.agent.news import Telling, told_nobody
from samsyn.agent.rolling import Rolling
from samsyn.agent.service import Service
from samsyn.agent.session import Session
from samsyn.agent.stalling import Alarm, StallWatch
from samsyn.agent.trace import Trace, no_trace
from samsyn.companydb import books
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.held import Held
from samsyn.companydb.kept import BooksDamaged
from samsyn.companydb.opening import DatabaseUnavailable
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.trouble import DatabaseDamaged, driver_errors
from samsyn.companydb.urls import CompanyUrl
from samsyn.companydb.watch import watch
from samsyn.core.errors import SamsynError
from samsyn.protocol.messages import Cursor

TURNS = 20
"""Rounds that both sides get to come to rest before each step of a comparison."""
VERIFY_REST_S = 0.02
"""The verifier's rest after each slice of rows: it is to be noticed by nobody."""
FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = lease.BEAT_S
"""No longer than a beat: an agent that rides out an outage keeps its lease."""
TORN_LOOKS = 5
"""How often a database that was whole may look damaged: a file that is being copied over it does, for a moment."""


class AgentState(msgspec.Struct, frozen=True):
    """What the agent last said of itself, kept in the company database.

    `reason` is a `runlog.Noted` where there is one.
    """

    state: str = "stopped"
    reason: str = ""
    at: str = ""
    waiting_down: int = 0


class Heard(msgspec.Struct, frozen=True):
    """One thing that happened, for whoever watches: a state, or what was moved."""

    url: str
    state: str
    moved: Moved
    reason: str = ""
    error: SamsynError | None = None
    held: tuple[Held, ...] = ()
    """With the state `held`: the types that wait for a person from now on."""
    alarm: Alarm | None = None
    """With the state `stalled`: what does not get on, and why."""


Listener = Callable[[Heard], None]


Beside = Callable[[Service, int], None]
"""What else is said to the service under the agent's fencing number."""


def _nothing_else(service: Service, fence: int) -> None:
    """An agent alone only syncs."""


def connected_service(db: CompanyDb) -> HttpService:
    """The service that the database is connected to. Raises NotConnected."""
    connection = connection_of(db)
    return HttpService(connection.online, connection.secret)


class Runner:
    """Runs in the caller's thread until `stop`; two helper threads only wake it."""

    def __init__(
        self,
        url: CompanyUrl,
        me: Computer,
        *,
        listener: Listener = lambda heard: None,
        telling: Telling = told_nobody,
        trace: Trace = no_trace,
        progress: Progress = no_progress,
        service: Callable[[CompanyDb], Service] = connected_service,
        beside: Beside = _nothing_else,
    ) -> None:
        self._url = url
        self._me = me
        self._listener = listener
        self._telling = telling
        self._trace = trace
        self._progress = progress
        self._service_of = service
        self._beside = beside
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._opened = False
        self._torn = 0
        self._fence: int | None = None
        self._said: tuple[str, str] = ("", "")
        self._stalls = StallWatch(
            url, me.name, trace, lambda a: listener(Heard(url.text, "stalled", Moved(), alarm=a))
        )

    def stop(self) -> None:
        """Ends the run at the next step; may be called from anywhere."""
        self._stopping.set()
        self._wake.set()

    def wake(self) -> None:
        """Looks now whether there is something to do; may be called from anywhere."""
        self._wake.set()

    def run(self) -> None:
        """Syncs until stopped. Raises what a person must act on; rides out the rest."""
        self._stalls.start()
        try:
            self._run()
        finally:
            self._stalls.stop()
            if self._fence is not None:
                _quietly(self._url, self._let_go)

    def _run(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._stopping.is_set():
            try:
                with driver_errors(self._url):
                    self._session_after_session()
                pause = FIRST_PAUSE_S
            except SamsynError as error:
                self._trace("trouble", code=error.code, **_plain(error))
                self._stalls.known.trouble = error
                self._stalls.known.rests = False
                if not self._passes(error):
                    self._tell("stopped", error.code, error=error)
                    raise
                self._tell("offline", error.code, error=error)
                self._stopping.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)

    def _passes(self, error: SamsynError) -> bool:
        """Trying again may help; a database that once was there, or was whole, may be so again."""
        if isinstance(error, BooksDamaged | DatabaseDamaged):
            self._torn += 1
            return self._opened and self._torn <= TORN_LOOKS
        return error.transient or (self._opened and isinstance(error, DatabaseUnavailable))

    def _session_after_session(self) -> None:
        db = open_company_db(self._url)
        self._opened = True
        try:
            home.check(db, self._me)
            fence = self._hold(db)
            service = self._service_of(db)
            self._trace("lease", fence=fence, computer=self._me.name)
            session = Session(
                db, service, fence, self._me.name, trace=self._trace, telling=self._telling
            )
            try:
                self._serve(db, session, service, fence)
            except SamsynError as error:
                self._record_error(db, fence, error)
                raise
        finally:
            db.close()

    def _hold(self, db: CompanyDb) -> int:
        """The lease, kept from the session before or taken anew, as in a database that was put back."""
        if self._fence is not None:
            with suppress(lease.LeaseLost, lease.DatabaseReplaced):
                lease.beat(db, self._fence)
                return self._fence
        self._fence = None
        self._fence = lease.acquire(db, self._me, self._pause)
        # What an earlier agent said, or one before a backup, is no news of this one.
        with db.transaction():
            lease.check(db, self._fence)
            books.set_fact(db, "agent", None)
        self._stalls.known.fence = self._fence
        return self._fence

    def _let_go(self) -> None:
        with closing(open_company_db(self._url)) as db:
            lease.release(db, self._fence or 0)

    def _serve(self, db: CompanyDb, session: Session, service: Service, fence: int) -> None:
        self._stalls.known.service = service
        session.hello()
        with db.transaction():
            computers.register(db, self._me, now_text())
        wakers = _Wakers(
            self._url,
            service,
            self._wake,
            session.online_head,
            books.marked_cursor(db),
            self._stalls.known.heard_of,
        )
        session.age_ms = wakers.unsent.ms
        beats = lease.Beats(db, fence)
        rolling = Rolling(
            db,
            service,
            lambda: self._exchange(db, session, wakers, fence, TURNS),
            session.continuity,
            self._me.name,
            now_text,
            self._trace,
        )

        def between() -> None:
            """Between two readings of the verifier: whatever has come up goes first."""
            self._wake.wait(VERIFY_REST_S)
            beats.keep()
            if self._wake.is_set():
                self._turn(db, session, wakers, fence)
            if self._stopping.is_set() or _is_paused(db):
                raise _ComparedLater

        try:
            while not self._stopping.is_set():
                self._turn(db, session, wakers, fence)
                compared = None
                if not (_is_paused(db) or self._stopping.is_set()):
                    self._beside(service, fence)
                    with suppress(_ComparedLater):
                        compared = rolling.step(between)
                if compared is None:  # else the next type may be due
                    self._wake.wait(lease.BEAT_S)
                beats.keep()
        finally:
            wakers.stop()

    def _turn(self, db: CompanyDb, session: Session, wakers: _Wakers, fence: int) -> None:
        """What there is to do now."""
        if self._stopping.is_set():
            return
        self._wake.clear()
        session.check_place()
        if _is_paused(db):
            self._stalls.known.rests = False  # it looks soon, and tells it online
            self._tell("paused", "", db=db, fence=fence)
        else:
            self._sync(db, session, wakers, fence)
        wakers.check()

    def _sync(self, db: CompanyDb, session: Session, wakers: _Wakers, fence: int) -> None:
        session.online_head = max(session.online_head, wakers.online_head)
        began = time.monotonic()
        rests = session.at_rest()
        if rests:
            wakers.unsent.all_sent(began)
        self._stalls.known.rests = rests
        self._stalls.known.heard_of(session.online_head)
        if books.fact(db, "retry", bool, False):
            with db.transaction():
                lease.check(db, fence)
                books.set_fact(db, "retry", None)
            session.try_again()
        elif rests and self._said[0] == "in_sync":
            return
        if not rests and session.waiting_up() > 100:
            self._tell("syncing", "", db=db, fence=fence)
        moved = self._exchange(db, session, wakers, fence)
        self._tell("in_sync", "", moved, db=db, fence=fence)

    def _exchange(
        self,
        db: CompanyDb,
        session: Session,
        wakers: _Wakers,
        fence: int,
        at_most: int | None = None,
    ) -> Moved:
        began = time.monotonic()
        moved = session.exchange(self._progress, at_most)
        wakers.unsent.all_sent(began)
        wakers.online_head = max(wakers.online_head, session.online_head)
        wakers.cursor = books.marked_cursor(db)
        self._stalls.known.trouble = None
        self._record(db, fence, moved)
        return moved

    # --- what is remembered and told ---

    def _record(self, db: CompanyDb, fence: int, moved: Moved) -> None:
        if moved:
            with db.transaction():
                lease.check(db, fence)
                runlog.record(db, moved, self._me.name, now_text())
        if runlog.has_news_of_held(db):
            with db.transaction():
                lease.check(db, fence)
                new = tuple(runlog.record_held(db, self._me.name, now_text()))
            if new:
                self._listener(Heard(self._url.text, "held", Moved(), held=new))

    def _record_error(self, db: CompanyDb, fence: int, error: SamsynError) -> None:
        def write() -> None:
            with db.transaction():
                now = now_text()
                runlog.record_error(db, error, self._me.name, now)
                books.set_fact(db, "agent", failed(error, now))

        _quietly(self._url, write)

    def _tell(
        self,
        state: str,
        reason: str,
        moved: Moved | None = None,
        *,
        db: CompanyDb | None = None,
        fence: int = 0,
        error: SamsynError | None = None,
    ) -> None:
        news = (state, reason) != self._said
        if news and db is not None:
            with db.transaction():
                lease.check(db, fence)
                books.set_fact(db, "agent", AgentState(state, reason, now_text()))
        if news or moved:
            self._said = (state, reason)
            self._listener(Heard(self._url.text, state, moved or Moved(), reason, error))

    def _pause(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise Interrupted()


class _ComparedLater(Exception):
    """Leaves a comparison that is under way: the type stays due."""


class Interrupted(SamsynError):
    """Stopped while waiting for something; nothing was changed."""

    code: ClassVar[str] = "INTERRUPTED"
    transient: ClassVar[bool] = True


class _Wakers:
    """One thread watches the company database, one holds a request at the service."""

    def __init__(
        self,
        url: CompanyUrl,
        service: Service,
        wake: threading.Event,
        online_head: int,
        cursor: Cursor,
        heard: Callable[[int], None],
    ) -> None:
        self.online_head = online_head
        self.cursor = cursor
        self._heard = heard
        self._url = url
        self._service = service
        self._wake = wake
        self._stop = threading.Event()
        self._trouble: SamsynError | None = None
        self.unsent = UnsentAge()
        for work in (self._office, self._online):
            threading.Thread(target=work, daemon=True, name=f"samsyn{work.__name__}").start()

    def stop(self) -> None:
        self._stop.set()

    def check(self) -> None:
        """Raises what a helper thread has met."""
        if self._trouble is not None:
            raise self._trouble

    def _office(self) -> None:
        try:
            with driver_errors(self._url), closing(watch(self._url)) as watching:
                while not self._stop.is_set():
                    if watching.wait(1.0):
                        self.unsent.notice()
                        self._wake.set()
        except SamsynError as error:
            self._fail(error)

    def _online(self) -> None:
        while not self._stop.is_set():
            try:
                head = self._service.wait(self.online_head, self.cursor)
            except SamsynError as error:
                self._fail(error)
                return
            if head > self.online_head:
                self.online_head = head
                self._heard(head)
                self._wake.set()

    def _fail(self, error: SamsynError) -> None:
        if not self._stop.is_set():
            self._trouble = error
            self._wake.set()


def failed(error: SamsynError, now: str) -> AgentState:
    """What is said of a sync that ended with an error."""
    return AgentState("offline" if error.transient else "stopped", runlog.note(error), now)


def _is_paused(db: CompanyDb) -> bool:
    return books.fact(db, "paused", bool, False)


def _plain(error: SamsynError) -> dict[str, object]:
    return {k: v for k, v in error.facts.items() if k in ("status", "problem", "asked", "reason")}


def _quietly(url: CompanyUrl, work: Callable[[], object]) -> None:
    """For what is done on the way out: its failing must not hide why we leave."""
    with suppress(SamsynError), driver_errors(url):
        work()
