"""The agents beside the program: one for each connected company database, watched and started again.

They respect the lease as any other agent does: where another one runs, or another computer is chosen,
they look again later. What a person must act on is kept for the pages to tell.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial

import apsw
import psycopg

from samsyn.agent.lease import Computer
from samsyn.agent.runner import Heard, Runner
from samsyn.agent.tracing import traced
from samsyn.companydb import books
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.opening import DatabaseUnavailable
from samsyn.companydb.urls import CompanyUrl
from samsyn.core.errors import SamsynError
from samsyn.office.people.telling_online import TellUsers
from samsyn.protocol.people import OfficeUser

LOOK_S = 5.0
"""Between two looks at which databases are connected."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 120.0
"""Before an agent that ended by itself is started again."""
STOP_S = 15.0
"""How long a step that is under way may take to end; a kill there loses nothing either."""

Databases = Callable[[], Mapping[str, CompanyUrl]]
"""The company databases of the installation, by id."""
Told = Callable[[str, Heard], None]
"""Hears what happens to a database."""
Users = Callable[[str], tuple[OfficeUser, ...]]
"""Who may open a database, by its id, as its service is told."""
Progress = dict[str, tuple[int, int]]
"""How far a load has come, by record type: done, and in all."""


class Agents:
    """All agents of this process. Pages may ask and wake them from any thread."""

    def __init__(self, me: Computer, databases: Databases, told: Told, users: Users) -> None:
        self.me = me
        self._databases = databases
        self._told = told
        self._users = users
        self._lock = threading.RLock()
        self._agents: dict[str, _Agent] = {}
        self._resting: set[str] = set()
        self._seen_to: frozenset[str] = frozenset()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="samsyn agents", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End every agent at its next step, and the watch."""
        self._stopping.set()
        self._wake.set()
        with self._lock:
            agents = list(self._agents.values())
        for agent in agents:
            agent.stop()
        until = time.monotonic() + STOP_S
        for agent in agents:
            agent.join(max(0.0, until - time.monotonic()))
        self._thread.join(1.0)

    def look(self, database: str | None = None) -> None:
        """Look again now: something was connected, chosen or mended."""
        with self._lock:
            agent = self._agents.get(database or "")
            if agent is not None and not agent.alive:
                del self._agents[database or ""]
        self._wake.set()

    @contextmanager
    def resting(self, database: str) -> Iterator[None]:
        """No agent of ours runs for the database, while somebody works on its connection."""
        with self._lock:
            self._resting.add(database)
            agent = self._agents.pop(database, None)
        try:
            if agent is not None:
                agent.stop()
                agent.join(STOP_S)
            yield
        finally:
            with self._lock:
                self._resting.discard(database)
            self._wake.set()

    def tell_users(self) -> None:
        """Users or their rights have changed: each agent tells its service."""
        with self._lock:
            agents = list(self._agents.values())
        for agent in agents:
            agent.tell_users()

    def runs(self, database: str) -> bool:
        """Whether an agent of ours runs for the database."""
        with self._lock:
            agent = self._agents.get(database)
        return agent is not None and agent.alive

    def sees_to(self, database: str) -> bool:
        """Whether an agent of ours is to run for the database: one runs, or will in a moment."""
        return database in self._seen_to

    def trouble(self, database: str) -> SamsynError | None:
        """What the last agent of the database ended with, until one runs again."""
        with self._lock:
            agent = self._agents.get(database)
        return None if agent is None or agent.alive else agent.trouble

    def progress(self, database: str) -> Progress:
        """How far the load has come that our agent makes; empty where it makes none."""
        with self._lock:
            agent = self._agents.get(database)
        return {} if agent is None else dict(agent.progress)

    def _watch(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            databases = self._databases()
            self._seen_to = frozenset(databases)
            for database, url in databases.items():
                if not self._stopping.is_set():
                    self._see_to(database, url)
            self._wake.wait(LOOK_S)

    def _see_to(self, database: str, url: CompanyUrl) -> None:
        with self._lock:
            agent = self._agents.get(database)
            if database in self._resting or (agent is not None and not agent.may_start_again):
                return
        if not _is_connected(url):
            return
        pause = FIRST_PAUSE_S if agent is None else min(agent.pause * 2, LONGEST_PAUSE_S)
        told = TellUsers(partial(self._users, database))
        fresh = _Agent(url, self.me, lambda heard: self._told(database, heard), told, pause)
        with self._lock:
            if database not in self._resting and not self._stopping.is_set():
                self._agents[database] = fresh
                fresh.start()


class _Agent:
    """One agent in a thread of its own."""

    def __init__(
        self,
        url: CompanyUrl,
        me: Computer,
        told: Callable[[Heard], None],
        users: TellUsers,
        pause: float,
    ) -> None:
        self.pause = pause
        self.trouble: SamsynError | None = None
        self.progress: Progress = {}
        self._url = url
        self._told = told
        self._ended_at = 0.0
        self._users = users
        self._runner = Runner(
            url,
            me,
            listener=self._heard,
            trace=traced(url),
            progress=self._loaded,
            beside=self._users,
        )
        self._thread = threading.Thread(target=self._run, name="samsyn agent", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._runner.stop()

    def tell_users(self) -> None:
        self._users.again()
        self._runner.wake()

    def join(self, timeout_s: float) -> None:
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def may_start_again(self) -> bool:
        return not self.alive and time.monotonic() - self._ended_at >= self.pause

    def _run(self) -> None:
        try:
            self._runner.run()
        except SamsynError as error:
            self.trouble = error
        except (apsw.Error, psycopg.Error) as error:  # the engine is ill or away
            self.trouble = DatabaseUnavailable(url=self._url.text, reason=str(error).strip())
        finally:
            self._ended_at = time.monotonic()

    def _heard(self, heard: Heard) -> None:
        if heard.state == "in_sync":
            self.pause = FIRST_PAUSE_S
            self.progress.clear()
        self._told(heard)

    def _loaded(self, type_name: str, done: int, total: int) -> None:
        self.progress[type_name] = (done, total)


def _is_connected(url: CompanyUrl) -> bool:
    try:
        with closing(open_company_db(url)) as db:
            return books.connection(db) is not None
    except SamsynError:
        return False


_running: Agents | None = None
"""Those of this process, where it runs any."""


def agents() -> Agents | None:
    """The agents of this process; None where it runs none, as with `--no-agent`."""
    return _running


@contextmanager
def running(made: Agents) -> Iterator[None]:
    """Run them beside what the block does."""
    global _running
    made.start()
    _running = made
    try:
        yield
    finally:
        _running = None
        made.stop()


@contextmanager
def resting(database: str) -> Iterator[None]:
    """`Agents.resting`, where there are any."""
    if _running is None:
        yield
        return
    with _running.resting(database):
        yield


def look(database: str | None = None) -> None:
    """`Agents.look`, where there are any."""
    if _running is not None:
        _running.look(database)


def tell_users() -> None:
    """`Agents.tell_users`, where there are any."""
    if _running is not None:
        _running.tell_users()
