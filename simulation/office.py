"""The agents of an office: the real session on the real database, killed wherever the seed says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import apsw

from samsyn.agent import lease
from samsyn.agent.lease import Computer
from samsyn.agent.repairing import Repairer
from samsyn.agent.restoring import carry_out
from samsyn.agent.session import Session
from samsyn.agent.underway import Choice
from samsyn.agent.verify import Certificate, verify
from samsyn.companydb.opening import DatabaseBusy
from samsyn.companydb.sqlite import SqliteDb
from samsyn.companydb.urls import SqliteUrl
from samsyn.core.errors import SamsynError
from samsyn.protocol.restoring import Standing
from samsyn.protocol.wire import Limits
from simulation.clock import VirtualClock

if TYPE_CHECKING:
    from simulation.service import DirectService

P = ParamSpec("P")
T = TypeVar("T")

FAR = 2**22
"""Process numbers from here on belong to nobody."""


class Killed(BaseException):
    """The agent was killed; like the real thing, no handler of its own sees it."""


class AtOnce(Executor):
    """Does what it is given before it goes on: a thread would not obey the seed."""

    def submit(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        done.set_result(work(*args, **kwargs))
        return done


class AgentDb(SqliteDb):
    """A company database as an agent opens it; somebody looks at it after each commit."""

    def __init__(self, url: SqliteUrl) -> None:
        super().__init__(url)
        self.committed: Callable[[frozenset[str]], None] = lambda touched: None
        """Hears of each commit, with the tables that it wrote to."""
        self._touched: set[str] = set()
        self.connection.set_busy_timeout(0)
        self.connection.set_update_hook(self._touch)

    def _touch(self, kind: int, database: str, table: str, row: int) -> None:
        self._touched.add(table)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._touched.clear()
        with super().transaction():
            yield
        self.committed(frozenset(self._touched))

    def die_at(self, statement: int) -> None:
        """The agent is killed before its nth statement from now on."""
        left = statement

        def each(cursor: apsw.Cursor, sql: str, values: object) -> bool:
            nonlocal left
            left -= 1
            if left <= 0:
                self.connection.exec_trace = None
                raise Killed
            return True

        self.connection.exec_trace = each

    def live(self) -> None:
        """It is not killed after all."""
        self.connection.exec_trace = None


class Agent:
    """A computer that runs an agent, as `agent.runner` does: session after session."""

    def __init__(
        self,
        name: str,
        url: SqliteUrl,
        service: Callable[[Agent], DirectService],
        committed: Callable[[Agent, frozenset[str]], None],
        clock: VirtualClock,
        new_id: Callable[[], str],
        limits: Limits,
    ) -> None:
        self.name = name
        self.url = url
        self.service = service(self)
        self._committed = committed
        self._clock = clock
        self._new_id = new_id
        self._limits = limits
        self._process = 0
        self._dies_at: int | None = None
        self._opened: AgentDb | None = None
        self.db: AgentDb | None = None
        self.session: Session | None = None
        self.fence: int | None = None
        self.busy = False
        """It is in the middle of something."""
        self.watched = True
        """Its commits belong to the history."""
        self.doomed = False
        """It is killed as soon as it would go on."""
        self.stopped: str | None = None
        """Why it needs a person."""

    def work(self, online_head: Callable[[], int], dies_at: int | None = None) -> bool:
        """A session, or more of it, until both sides rest; whether anything moved.

        It may be killed before its statement number `dies_at`. Raises
        SamsynError and Killed; the session is over then.
        """
        return self._busy(lambda session: self._exchanged(session, online_head), dies_at)

    def verify(self, online_head: Callable[[], int], dies_at: int | None = None) -> Certificate:
        """Every record is compared, and what no trigger saw is repaired. Raises as `work` does."""

        def verified(session: Session) -> Certificate:
            assert self.db is not None
            repairer = Repairer(
                self.db, self.service, session.continuity, self._new_id, now=self._clock.text
            )
            return verify(
                self.db,
                self.service,
                lambda: self._exchanged(session, online_head),
                self._clock.text(),
                repairer,
            )

        return self._busy(verified, dies_at)

    def update(self, choice: Choice, dies_at: int | None = None) -> Standing:
        """The connection is taken up again, up to where an ordinary session goes on. Raises as `work` does."""
        self.busy = True
        self._dies_at = dies_at
        try:
            db = self._open()
            fence = lease.acquire(db, self._me(), self._clock.pass_time)
            try:
                standing = carry_out(db, self.service, fence, choice)
            except SamsynError:  # whoever is killed gives nothing back
                lease.release(db, lease.current(db).fence)
                raise
            lease.release(db, lease.current(db).fence)
            return standing
        except (apsw.BusyError, apsw.LockedError) as cause:
            raise DatabaseBusy(url=self.url.text) from cause
        except Killed:
            self.killed()
            raise
        finally:
            self.busy = False
            self.end()

    def _exchanged(self, session: Session, online_head: Callable[[], int]) -> bool:
        session.online_head = max(session.online_head, online_head())
        return bool(session.exchange())

    def _busy(self, does: Callable[[Session], T], dies_at: int | None) -> T:
        self.busy = True
        self._dies_at = dies_at
        try:
            if self.session is None:
                self._begin()
            elif self.db is not None and dies_at is not None:
                self.db.die_at(dies_at)
            assert self.session is not None
            return does(self.session)
        except SamsynError:
            self.end()
            raise
        except (apsw.BusyError, apsw.LockedError) as cause:
            self.end()
            raise DatabaseBusy(url=self.url.text) from cause
        except Killed:
            self.killed()
            raise
        finally:
            self.busy = False
            if self.db is not None:
                self.db.live()

    def _begin(self) -> None:
        db = self._open()
        if self.fence is not None:
            try:
                lease.beat(db, self.fence)
            except lease.LeaseLost:
                self.fence = None
        if self.fence is None:
            self.fence = lease.acquire(db, self._me(), self._clock.pass_time)
        session = Session(
            db,
            self.service,
            self.fence,
            self.name,
            new_id=self._new_id,
            now=self._clock.text,
            limits=self._limits,
            monotonic=self._clock.monotonic,
            reader=AtOnce,
        )
        session.hello()
        self.session = session

    def _open(self) -> AgentDb:
        self.db = self._opened = self._opened or AgentDb(self.url)
        self.db.committed = lambda touched: self._committed(self, touched)
        self.db.reload()
        if self._dies_at is not None:
            self.db.die_at(self._dies_at)
        return self.db

    def _me(self) -> Computer:
        return Computer(self.name, self.name, FAR + self._process, 0.0)

    def end(self) -> None:
        """The session is over; the process goes on and keeps its lease."""
        self.session = None
        if self.db is not None:
            self.db.live()
            self.db = None

    def close(self) -> None:
        """Ends its connection, which is kept open from one session to the next."""
        self.end()
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def killed(self) -> None:
        """The process is gone; its next life has another number."""
        self.close()
        self.fence = None
        self._process += 1
        self.stopped = None
        self.doomed = False
