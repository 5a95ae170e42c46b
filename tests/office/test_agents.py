"""The agents beside the program: started for what is connected, out of the way of others, stopped cleanly."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import apsw
import pytest

from samsyn.agent import lease, pairing
from samsyn.agent.lease import this_computer
from samsyn.agent.runner import Heard
from samsyn.companydb import attach, books
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.urls import SqliteUrl
from samsyn.office.agents import Agents
from tests.office.connecting import served
from tests.online.running import Service
from tests.waiting import until


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running service."""
    with served(tmp_path_factory.mktemp("online")) as started:
        yield started


@pytest.fixture
def url(tmp_path: Path) -> SqliteUrl:
    """An attached database with one record."""
    with closing(apsw.Connection(str(tmp_path / "c.db"))) as connection:
        connection.execute("CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT)")
        connection.execute("INSERT INTO customer VALUES (1, 'Berg')")
    made = SqliteUrl(str(tmp_path / "c.db"))
    attach.attach(attach.plan(made))
    return made


class Listener:
    """What happened, by state."""

    def __init__(self) -> None:
        self.states: list[str] = []

    def __call__(self, database: str, heard: Heard) -> None:
        self.states.append(heard.state)


@contextmanager
def running(url: SqliteUrl, heard: Listener) -> Iterator[Agents]:
    """Agents for one database, which are stopped at the end."""
    made = Agents(this_computer(), lambda: {"one": url}, heard, lambda _database: ())
    made.start()
    try:
        yield made
    finally:
        made.stop()
        assert not [t for t in threading.enumerate() if t.name.startswith("samsyn agent")]


def connected(service: Service, url: SqliteUrl) -> None:
    """The database has a connection."""
    company = service.command("create-company", "Berg", "--owner", "a@example.com")["company"]
    code = service.command("pairing-code", "--company", company)["code"]
    pairing.connect(url, service.url, code, this_computer())


def holder(url: SqliteUrl) -> lease.Computer | None:
    """Who syncs the database now."""
    with closing(open_company_db(url)) as db:
        return lease.current(db).holder


def test_an_agent_begins_when_the_database_is_connected_and_lets_go_at_the_end(
    service: Service, url: SqliteUrl
) -> None:
    heard = Listener()
    with running(url, heard) as agents:
        assert not agents.runs("one")
        connected(service, url)
        agents.look("one")
        until(lambda: "in_sync" in heard.states)
        assert agents.runs("one")
        assert (agents.sees_to("one"), agents.sees_to("another")) == (True, False)
        assert holder(url) is not None
        assert agents.trouble("one") is None
    assert holder(url) is None


def test_while_somebody_works_on_the_connection_no_agent_runs(
    service: Service, url: SqliteUrl
) -> None:
    connected(service, url)
    heard = Listener()
    with running(url, heard) as agents:
        until(lambda: agents.runs("one"))
        with agents.resting("one"):
            assert not agents.runs("one")
            assert holder(url) is None
            agents.look("one")
        until(lambda: agents.runs("one"))


def test_what_ended_an_agent_is_kept_for_the_pages_and_mended_it_begins_again(
    service: Service, url: SqliteUrl
) -> None:
    connected(service, url)
    other = lease.Computer("f" * 32, "OTHER", 1, 0.0)
    with closing(open_company_db(url)) as db, db.transaction():
        books.set_fact(db, "sync_computer", lease.Chosen(other))
    with running(url, Listener()) as agents:
        until(lambda: agents.trouble("one") is not None)
        trouble = agents.trouble("one")
        assert trouble is not None
        assert trouble.code == "OTHER_COMPUTER_CHOSEN"
        with closing(open_company_db(url)) as db, db.transaction():
            books.set_fact(db, "sync_computer", None)
        agents.look("one")
        until(lambda: agents.runs("one") and agents.trouble("one") is None)


def test_a_database_that_is_not_there_disturbs_nobody(tmp_path: Path) -> None:
    with running(SqliteUrl(str(tmp_path / "none.db")), Listener()) as agents:
        agents.look("one")
        assert not agents.runs("one")
        assert agents.progress("one") == {}
