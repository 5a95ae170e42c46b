"""The stall alarm on both sides: what waits for over a minute is told, with its reason (FM10)."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from django.db import connection

from samsyn.agent import holding, lease, stalling
from samsyn.agent.hearing import alarms_now
from samsyn.agent.lines import What
from samsyn.agent.runlog import noted
from samsyn.agent.service import ServiceTrouble
from samsyn.agent.stalling import Alarm, StallWatch
from samsyn.companydb import books
from samsyn.core.errors import SamsynError
from samsyn.core.stall import STALL_S
from samsyn.protocol.messages import BatchAnswer, Cursor
from samsyn.records import contact
from samsyn.records.contact import NOT_HEARD, STALLED, TAKES_NOTHING
from samsyn.records.wakeup import hub
from tests.sync.conftest import MakeWorld
from tests.sync.world import AT, DirectService, World

SCHEMA = """
CREATE TABLE item (id serial, name varchar(40));
CREATE TABLE other (id serial, name varchar(40));
INSERT INTO item (name) VALUES ('one'), ('two')
"""


class TakesNoBatch(DirectService):
    """A service that answers everything but a batch."""

    takes = False

    def push(
        self, body: bytes, fence: int, cursor: Cursor, age_ms: int | None = None
    ) -> BatchAnswer:
        if not self.takes:
            raise ServiceTrouble(status=503, problem="STORE_BUSY", asked="push")
        return super().push(body, fence, cursor, age_ms)


class Watched:
    """A world whose agent is watched; the minutes pass when a test says so."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.moment = 1000.0
        self.traced: list[str] = []
        self.told: list[Alarm] = []
        self.watch = StallWatch(
            world.url,
            "DESK-1",
            lambda event, **facts: self.traced.append(f"{event} {facts.get('code', '')}".strip()),
            self.told.append,
            monotonic=lambda: self.moment,
            now=lambda: AT,
        )
        self.watch.known.fence = world.fence
        self.watch.known.service = world.service

    def sync(self) -> None:
        """An exchange, and what its agent knows after it."""
        try:
            self.world.sync()
            self.watch.known.trouble = None
        except SamsynError as error:
            self.watch.known.trouble = error
            self.world.started = False
        self.watch.known.online_head = self.world.session.online_head

    def look(self, later_s: float = 0.0) -> dict[str, str]:
        """The reasons of the alarms that are on, by line, after a look."""
        self.moment += later_s
        self.watch.look()
        return {name: alarm.code for name, alarm in stalling.alarms(self.world.db).items()}

    def log(self) -> list[str]:
        """What the log of syncs says of alarms, oldest first."""
        found = [noted(run.message) for run in reversed(books.runs(self.world.db, 100))]
        return [one.code for one in found if one is not None and one.code.startswith("STALL")]

    def online(self, later_s: int = 0) -> list[str]:
        """The alarms that the service tells, so much later."""
        return [alarm.code for alarm in contact.contact(self.world.tenant, at(later_s)).alarms]


def at(later_s: float) -> str:
    """A moment after the one at which everything in a world happens."""
    return (dt.datetime.fromisoformat(AT) + dt.timedelta(seconds=later_s)).isoformat()


@pytest.fixture
def watched(make_world: MakeWorld) -> Watched:
    """Two items, at rest."""
    world = make_world(SCHEMA)
    world.settle()
    return Watched(world)


def heard(world: World, later_s: int) -> None:
    """The office is heard then."""
    contact.note_heard(world.caller, at(later_s))


def test_a_service_that_takes_no_batch_is_told_on_both_sides_fm10(watched: Watched) -> None:
    """It answers everything else; the alarm comes once, says why, and ends by itself."""
    world = watched.world
    service = TakesNoBatch(world.caller, world.network)
    world.service = service
    world.restart()
    watched = Watched(world)
    world.office("UPDATE item SET name = 'waits' WHERE id = 1")
    for _ in range(3):
        watched.sync()
        assert not watched.look(STALL_S / 2)
    assert watched.look(1.0) == {"up": "SERVICE_TROUBLE"}
    (alarm,) = stalling.alarms(world.db).values()
    assert (alarm.what, alarm.waiting, alarm.since) == (What.UP, 1, AT)
    heard(world, 90)
    assert watched.online(90) == [STALLED]
    assert watched.online(900) == []  # not heard: what it said may no longer be so
    assert watched.log() == ["STALL"]
    assert watched.traced == ["stall SERVICE_TROUBLE"]
    world.office("UPDATE item SET name = 'more' WHERE id = 2")
    assert watched.look(STALL_S * 10) == {"up": "SERVICE_TROUBLE"}
    assert watched.log() == ["STALL"]
    service.takes = True
    watched.sync()
    assert watched.look() == {}
    assert watched.log() == ["STALL", "STALL_OVER"]
    assert watched.traced == ["stall SERVICE_TROUBLE", "stall_over"]
    assert watched.online(90) == []
    assert len(watched.told) == 1


def test_what_moves_is_no_stall_however_long_it_lasts_fm10(watched: Watched) -> None:
    """One change after another waits for less than a minute; quarantine is no stall of the rest."""
    world = watched.world
    world.office("CREATE UNIQUE INDEX one_name ON item (name)")
    world.edit(world.id_of("item", 1), name="two")
    for turn in range(6):
        watched.sync()
        world.office(f"UPDATE item SET name = 'turn {turn}' WHERE id = 2")
        assert watched.look(STALL_S - 1) == {}
        world.edit(world.id_of("item", 1), name=f"turn {turn}")
        watched.watch.known.online_head += 1
        assert watched.look(2.0) == {}
    assert watched.log() == []


def test_online_changes_that_are_not_written_are_told_fm10(watched: Watched) -> None:
    world = watched.world
    world.edit(world.id_of("item", 1), name="online")
    watched.watch.known.online_head = world.session.online_head + 1
    assert watched.look() == {}
    assert watched.online(30) == []
    assert watched.look(STALL_S + 1) == {"down": stalling.NO_PROGRESS}
    assert TAKES_NOTHING in watched.online(70)
    assert watched.online(3600) == [NOT_HEARD]
    found = contact.contact(world.tenant, at(70))
    assert (found.waiting, found.oldest_s, found.heard) == (1, 70, True)
    watched.sync()
    assert watched.look() == {}
    assert watched.online(70) == []
    assert contact.contact(world.tenant, at(3600)).alarms == ()


def test_a_held_request_counts_as_heard_fm10(watched: Watched) -> None:
    world = watched.world

    def is_heard() -> bool:
        try:
            return contact.contact(world.tenant, at(10**5)).heard
        finally:
            connection.close()  # a thread has one of its own

    async def ask() -> list[bool]:
        news = hub.expect(world.tenant.company, 10**6)
        during = await asyncio.to_thread(is_heard)
        news.cancel()
        await asyncio.sleep(0)
        return [during, await asyncio.to_thread(is_heard)]

    assert asyncio.run(ask()) == [True, False]


def test_a_paused_sync_is_told_online_and_is_no_alarm_fm10(watched: Watched) -> None:
    """People online would take it for an office that does not answer."""
    world = watched.world
    with world.db.transaction():
        books.set_fact(world.db, "paused", True)
    world.create("item", name="meanwhile")
    heard(world, 70)
    assert watched.online(70) == [TAKES_NOTHING]
    assert watched.look(70.0) == {}
    found = contact.contact(world.tenant, at(70))
    assert (found.paused, found.alarms, found.waiting) == (AT, (), 1)
    assert watched.online(10_000) == [NOT_HEARD]
    with world.db.transaction():
        books.set_fact(world.db, "paused", None)
    watched.look(5.0)
    assert contact.contact(world.tenant, at(70)).paused is None


def test_a_held_type_waits_for_a_person_and_says_so_fm10_fm25(watched: Watched) -> None:
    world = watched.world
    values = ", ".join(f"('{n}')" for n in range(60))
    world.office(f"INSERT INTO other (name) VALUES {values}")
    watched.sync()
    world.office("DELETE FROM other")
    watched.sync()
    no = world.type("other").no
    assert watched.look() == {}
    world.office("UPDATE item SET name = 'goes on' WHERE id = 1")
    watched.sync()
    assert watched.look(STALL_S + 1) == {f"held:{no}": "HELD_OFFICE_TABLE_EMPTIED"}
    assert watched.online() == [STALLED]
    holding.release(world.db, "other")
    watched.sync()
    assert watched.look() == {}
    assert watched.log() == ["STALL", "STALL_OVER"]


def test_a_database_that_another_program_locks_is_told_fm10(watched: Watched) -> None:
    """The trace has it at once, the database as soon as it can be written, and the agent goes on."""
    world = watched.world
    world.office("UPDATE item SET name = 'waits' WHERE id = 1")
    watched.look()
    with locked(world):
        watched.moment += STALL_S + 1
        watched.watch.look()
        assert watched.traced[-1] == "stall DATABASE_BUSY"
        assert [alarm.code for alarm in watched.told] == ["DATABASE_BUSY"]
    assert watched.look(5.0) == {"up": stalling.NO_PROGRESS}
    watched.sync()
    assert watched.look() == {}
    assert watched.traced[-1] == "stall_over"


@contextmanager
def locked(world: World) -> Iterator[None]:
    """Another program keeps everybody from our tables."""
    sqlite = world.db.engine == "sqlite"
    world.office("BEGIN IMMEDIATE" if sqlite else "BEGIN")
    if not sqlite:
        world.office("LOCK TABLE samsyn.meta IN ACCESS EXCLUSIVE MODE")
    yield
    world.office("ROLLBACK")


def test_somebody_beside_a_dead_agent_sees_that_changes_wait_fm10(watched: Watched) -> None:
    world = watched.world
    world.office("UPDATE item SET name = 'waits' WHERE id = 1")
    begun = lease.current(world.db).at

    beside = lease.Computer(world.me.id, "DESK-1", 1, 0.0)

    def seen(later_s: float, who: lease.Computer = beside) -> list[tuple[What, str]]:
        now = (dt.datetime.fromisoformat(begun) + dt.timedelta(seconds=later_s)).isoformat()
        head = world.session.online_head
        return [(a.what, a.code) for a in alarms_now(world.db, who, head, now)]

    assert seen(59) == []
    elsewhere = lease.Computer("another", "DESK-2", 1, 0.0)
    assert seen(61, elsewhere) == [(What.AGENT, "AGENT_SILENT")]
    assert seen(61) == [(What.AGENT, "NO_AGENT")]
    assert seen(-3600) == [(What.AGENT, "NO_AGENT")]  # a clock that was set back
    with world.db.transaction():
        books.set_fact(world.db, "paused", True)
    assert seen(61) == []
    with world.db.transaction():
        books.set_fact(world.db, "paused", None)
    watched.sync()
    assert seen(61) == []


def test_the_alarm_of_an_agent_that_died_goes_on_with_the_next_fm10(watched: Watched) -> None:
    world = watched.world
    world.office("UPDATE item SET name = 'waits' WHERE id = 1")
    watched.look()
    assert watched.look(STALL_S + 1) == {"up": stalling.NO_PROGRESS}
    world.restart()
    again = Watched(world)
    assert again.look() == {"up": stalling.NO_PROGRESS}
    assert again.log() == ["STALL"]
    with suppress(SamsynError):
        again.sync()
    assert again.look() == {}
    assert again.log() == ["STALL", "STALL_OVER"]
