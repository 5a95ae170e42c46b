"""One sync until both sides rest: by itself, or by watching the agent that already runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

import msgspec

from samsyn.agent import computers, home, lease, runlog
from samsyn.agent.clock import now_text
from samsyn.agent.lease import Computer, LeaseHeld, LeaseLost
from samsyn.agent.loading import Progress, no_progress, to_load
from samsyn.agent.moved import Moved
from samsyn.agent.pairing import unsent_changes
from samsyn.agent.runner import AgentState, connected_service, failed
from samsyn.agent.service import Service
from samsyn.agent.session import Session
from samsyn.agent.trace import Trace, no_trace
from samsyn.companydb import books, held
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.urls import CompanyUrl
from samsyn.core.errors import SamsynError
from samsyn.protocol.messages import PAUSED

FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 5.0
LOOK_S = 0.1


class SyncPaused(SamsynError):
    """Sync is paused by a person."""

    code: ClassVar[str] = PAUSED


class NotAtRest(SamsynError):
    """The agent on `computer` did not get further for `timeout_s`."""

    code: ClassVar[str] = "NOT_AT_REST"


class Rest(msgspec.Struct, frozen=True):
    """Both sides rest. `watched` says that an agent that runs did the work."""

    moved: Moved
    quarantine: int
    watched: bool = False
    held: tuple[str, ...] = ()
    """The types that wait for a person."""


@contextmanager
def session_of(
    db: CompanyDb, service: Service, me: Computer, trace: Trace = no_trace
) -> Iterator[Session]:
    """A session under a lease of its own. Raises LeaseHeld where an agent runs."""
    check_paused(db)
    home.check(db, me)
    fence = lease.acquire(db, me, patient=not _here(db, me))
    try:
        session = Session(db, service, fence, me.name, trace=trace)
        session.hello()
        yield session
    finally:
        lease.release(db, fence)


def sync(
    url: CompanyUrl,
    me: Computer,
    *,
    timeout_s: float = 60.0,
    progress: Progress = no_progress,
    trace: Trace = no_trace,
    pause: Callable[[float], None] = time.sleep,
) -> Rest:
    """Syncs until both sides rest; rides out transient trouble for `timeout_s`.

    Raises SyncPaused, NotConnected, what a person must act on, and the
    trouble that lasted.
    """
    deadline = time.monotonic() + timeout_s
    wait = FIRST_PAUSE_S
    while True:
        try:
            return _once(url, me, timeout_s, progress, trace, pause)
        except SamsynError as error:
            trace("trouble", code=error.code)
            moment = time.monotonic()
            lost_to_agent = isinstance(error, LeaseLost)
            if not (error.transient or lost_to_agent) or moment >= deadline:
                raise
            pause(min(wait, deadline - moment))
            wait = min(wait * 2, LONGEST_PAUSE_S)


def watch_until_rest(
    db: CompanyDb,
    service: Service,
    timeout_s: float,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Waits for a running agent to bring both sides to rest, as long as it gets further."""

    def standing() -> tuple[int, int, int, int] | None:
        check_paused(db)
        head = service.state(books.cursor(db)).online_head
        now = (unsent_changes(db), to_load(db), books.cursor(db), head)
        rests = now[:2] == (0, 0) and head <= books.cursor(db) and not held.going_on(db)
        return None if rests else now

    wait_for_agent(db, standing, timeout_s, pause)


def wait_for_agent(
    db: CompanyDb,
    standing: Callable[[], tuple[int, ...] | None],
    timeout_s: float,
    pause: Callable[[float], None],
) -> None:
    """Waits for a running agent until nothing stands any more, as long as that changes.

    Raises NotAtRest where it has stood the same for `timeout_s`.
    """
    seen, deadline = None, 0.0
    while (now := standing()) is not None:
        if now != seen:
            seen, deadline = now, time.monotonic() + timeout_s
        if time.monotonic() >= deadline:
            holder = lease.current(db).holder
            raise NotAtRest(computer=holder.name if holder else "", timeout_s=timeout_s)
        pause(LOOK_S)


def check_paused(db: CompanyDb) -> None:
    """Raises SyncPaused where a person has paused sync."""
    if books.fact(db, "paused", bool, False):
        raise SyncPaused()


def _once(
    url: CompanyUrl,
    me: Computer,
    timeout_s: float,
    progress: Progress,
    trace: Trace,
    pause: Callable[[float], None],
) -> Rest:
    db = open_company_db(url)
    try:
        service = connected_service(db)
        try:
            moved, watched = _exchanged(db, service, me, progress, trace), False
        except LeaseHeld:
            watch_until_rest(db, service, timeout_s, pause)
            moved, watched = Moved(), True
        finally:
            service.close()
        types = tuple(told.type for told in held.held(db).values())
        return Rest(moved, books.quarantine_count(db), watched, types)
    finally:
        db.close()


def _exchanged(
    db: CompanyDb, service: Service, me: Computer, progress: Progress, trace: Trace
) -> Moved:
    try:
        with session_of(db, service, me, trace) as session:
            moved = session.exchange(progress)
            with db.transaction():
                now = now_text()
                computers.register(db, me, now)
                runlog.record(db, moved, me.name, now)
                runlog.record_held(db, me.name, now)
                books.set_fact(db, "agent", AgentState("in_sync", "", now))
                books.set_fact(db, "retry", None)
            return moved
    except (LeaseHeld, SyncPaused):
        raise
    except SamsynError as error:
        with db.transaction():
            now = now_text()
            runlog.record_error(db, error, me.name, now)
            books.set_fact(db, "agent", failed(error, now))
        raise


def _here(db: CompanyDb, me: Computer) -> bool:
    """Whether the holder of the lease, if there is one, runs on this very computer."""
    holder = lease.current(db).holder
    return holder is not None and holder.id == me.id
