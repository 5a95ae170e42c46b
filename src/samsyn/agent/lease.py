"""The lease: at most one computer syncs a company database, and an old one is refused politely.

No clock is compared: a holder is silent when its beat did not change while
somebody watched (G8). Every write of the agent checks the fencing number in
its own transaction, and the service checks it again.
"""

from __future__ import annotations

import os
import platform
import time
import uuid
from collections.abc import Callable
from typing import ClassVar

import msgspec
import psutil

from samsyn.agent.clock import now_text
from samsyn.companydb import books
from samsyn.companydb.rows import CompanyDb
from samsyn.core.errors import SamsynError

BEAT_S = 5.0
SILENCE_S = 3 * BEAT_S


class LeaseHeld(SamsynError):
    """Another agent syncs this database: `computer`."""

    code: ClassVar[str] = "LEASE_HELD"


class LeaseLost(SamsynError):
    """Another agent has taken over: `computer`."""

    code: ClassVar[str] = "LEASE_LOST"


class DatabaseReplaced(SamsynError):
    """Not the database of a moment ago: a backup was put back. A new session tells more: `url`."""

    code: ClassVar[str] = "DATABASE_REPLACED"
    transient: ClassVar[bool] = True


class OtherComputerChosen(SamsynError):
    """Another computer is chosen to sync: `computer`."""

    code: ClassVar[str] = "OTHER_COMPUTER_CHOSEN"


class Computer(msgspec.Struct, frozen=True):
    """A computer and the process on it that speaks."""

    id: str
    name: str
    pid: int
    started: float


class Chosen(msgspec.Struct, frozen=True):
    """The computer that somebody chose to sync."""

    computer: Computer | None = None


class Lease(msgspec.Struct, frozen=True):
    """Who syncs, under which fencing number; `beat` counts while it lives.

    `at` is when it last beat, by its own clock: people are told, and nothing is decided by it.
    """

    fence: int
    holder: Computer | None
    beat: int = 0
    at: str = ""
    ending: bool = False
    """Taken away from its holder by somebody who ends the connection."""


NOBODY = Lease(0, None)
"""Before anybody has synced."""


def this_computer() -> Computer:
    """This process on this computer; the id survives restarts."""
    return Computer(
        id=uuid.uuid5(uuid.NAMESPACE_DNS, f"{platform.node()}/{uuid.getnode()}").hex,
        name=platform.node() or "computer",
        pid=os.getpid(),
        started=psutil.Process().create_time(),
    )


def current(db: CompanyDb) -> Lease:
    """The lease as it stands."""
    return books.fact(db, "lease", Lease, NOBODY)


def chosen_computer(db: CompanyDb) -> Computer | None:
    """The computer chosen to sync, if somebody chose."""
    known = books.fact(db, "sync_computer", Chosen, Chosen())
    return known.computer


def acquire(
    db: CompanyDb,
    me: Computer,
    pause: Callable[[float], None] = time.sleep,
    *,
    patient: bool = True,
) -> int:
    """Takes the lease and gives its fencing number.

    Raises OtherComputerChosen, and LeaseHeld where the holder still beats;
    without patience a holder that may be alive is not watched.
    """
    chosen = chosen_computer(db)
    if chosen is not None and chosen.id != me.id:
        raise OtherComputerChosen(computer=chosen.name)
    seen = current(db)
    if not _free(seen, me):
        if patient:
            seen = _watch_silence(db, seen, me, pause)
        else:
            raise LeaseHeld(computer=_name(seen))
    with db.transaction():
        now = current(db)
        if now != seen:
            raise LeaseHeld(computer=_name(now))
        taken = Lease(now.fence + 1, me, at=now_text())
        books.set_fact(db, "lease", taken)
    return taken.fence


def check(db: CompanyDb, fence: int) -> None:
    """Inside a transaction: raises LeaseLost where the lease is not ours any more.

    Fencing numbers only grow: a smaller one is an older state of the database.
    """
    check_found(db, current(db), fence)


def check_found(db: CompanyDb, now: Lease, fence: int) -> None:
    """As `check`, of a lease that was just read."""
    if now.fence < fence:
        raise DatabaseReplaced(url=db.url.text)
    if now.fence != fence:
        raise LeaseLost(computer=_name(now))


def beat(db: CompanyDb, fence: int) -> None:
    """Tells that the holder lives. Raises LeaseLost."""
    with db.transaction():
        check(db, fence)
        now = current(db)
        beaten = msgspec.structs.replace(now, beat=now.beat + 1, at=now_text())
        books.set_fact(db, "lease", beaten)


class Beats:
    """Keeps a lease alive through work that takes long: `keep` beats when it is time."""

    def __init__(
        self, db: CompanyDb, fence: int, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._db = db
        self._fence = fence
        self._monotonic = monotonic
        self._last = monotonic()

    def keep(self) -> None:
        """Beats if the last one is long enough ago. Raises LeaseLost."""
        if self._monotonic() - self._last >= BEAT_S:
            beat(self._db, self._fence)
            self._last = self._monotonic()


def release(db: CompanyDb, fence: int) -> None:
    """Lets go of the lease, if it is still ours."""
    with db.transaction():
        now = current(db)
        if now.fence == fence:
            books.set_fact(db, "lease", Lease(fence, None, at=now_text()))


def end(db: CompanyDb) -> None:
    """Inside a transaction: whoever holds the lease finds it gone at its next step, and stops."""
    books.set_fact(db, "lease", Lease(current(db).fence + 1, None, ending=True))


def holder_alive(db: CompanyDb, me: Computer) -> bool:
    """Whether an agent seems to hold the lease; on another computer that is assumed."""
    return not _free(current(db), me)


def _free(lease: Lease, me: Computer) -> bool:
    holder = lease.holder
    if holder is None:
        return True
    if holder.id != me.id:
        return False
    if (holder.pid, holder.started) == (me.pid, me.started):
        return False
    try:
        return bool(abs(psutil.Process(holder.pid).create_time() - holder.started) > 1.0)
    except psutil.NoSuchProcess:
        return True


def _watch_silence(
    db: CompanyDb, seen: Lease, me: Computer, pause: Callable[[float], None]
) -> Lease:
    """The lease that may be taken: its holder is silent, or has let go meanwhile."""
    waited = 0.0
    while waited < SILENCE_S:
        pause(BEAT_S / 5)
        waited += BEAT_S / 5
        now = current(db)
        if now != seen and _free(now, me):
            return now
        if now != seen:
            raise LeaseHeld(computer=_name(seen))
    return seen


def _name(lease: Lease) -> str:
    return lease.holder.name if lease.holder is not None else ""
