"""The journal of a database whose agent is gone stays bounded, and loses nothing; FM25, G10."""

from __future__ import annotations

import itertools
from contextlib import suppress

import pytest

from samsyn.agent import resync
from samsyn.companydb import bookkeeping, books, room
from samsyn.companydb.installing import CAPTURE_VERSION
from samsyn.companydb.opening import opened
from tests.sync.conftest import MakeWorld
from tests.sync.world import Killed, World

BOUND = 10
SCHEMA = """
CREATE TABLE item (id serial, name varchar(40), note varchar(40));
CREATE TABLE other (id serial, name varchar(40));
INSERT INTO item (name) VALUES ('one'), ('two'), ('three');
INSERT INTO other (name) VALUES ('apart')
"""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """A small journal, at rest; the agent then goes away."""
    made = make_world(SCHEMA)
    made.settle()
    with made.db.transaction():
        books.set_fact(made.db, "journal_rows", BOUND)
        room.make_room(made.db)
    return made


def work(world: World) -> None:
    """Much more than the journal holds, of every kind, in one table; little in the other."""
    for turn in range(3 * BOUND):
        world.office(f"UPDATE item SET name = 'turn {turn}' WHERE id = 1")
    world.office("INSERT INTO item (id, name) VALUES (9, 'new')")
    world.office("DELETE FROM item WHERE id = 2")
    world.office("UPDATE item SET id = 30 WHERE id = 3")
    for turn in range(3 * BOUND):
        world.office(f"UPDATE item SET name = 'new {turn}' WHERE id = 9")


def check(world: World) -> None:
    assert world.certificate().identical
    names = {r.fields["id"]: r.fields["name"] for r in world.online_records("item")}
    assert names == {1: f"turn {3 * BOUND - 1}", 9: f"new {3 * BOUND - 1}", 30: "three"}
    assert world.ledger_difference() == 0
    assert not room.overflow(world.db)
    assert not resync.wanted(world.db)


def test_the_journal_stops_at_its_bound_and_the_agent_that_returns_makes_all_equal_fm25_g10(
    world: World,
) -> None:
    work(world)
    assert world.db.journal_size() <= BOUND + 1
    marks = world.db.rows(f"SELECT tab FROM {bookkeeping.book_name(world.db.engine, 'overflow')}")
    assert marks == [(world.type("item").no,)]
    world.restart()
    assert not world.session.at_rest()
    world.settle()
    check(world)
    assert not world.conflicts()
    world.office("UPDATE item SET note = 'seen again' WHERE id = 1")
    assert world.db.journal_size() == 1
    world.settle()
    assert world.online(world.id_of("item", 1)).fields["note"] == "seen again"


def test_online_work_meanwhile_is_a_conflict_exactly_where_both_wrote_fm25_g2(
    world: World,
) -> None:
    one, apart = world.id_of("item", 1), world.id_of("other", 1)
    work(world)
    world.edit(one, name="online", note="kept")
    world.edit(apart, name="online")
    world.settle()
    check(world)
    assert [(c.record, c.field, c.online) for c in world.conflicts()] == [(one, "name", "online")]
    assert world.office("SELECT note FROM item WHERE id = 1") == [("kept",)]
    assert world.office("SELECT name FROM other") == [("online",)]


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_killed_at_any_commit_after_an_overflow_fm25_fm4(world: World, before: bool) -> None:
    for commit in itertools.count(1):
        world.restart()
        for turn in range(2 * BOUND):
            world.office(f"UPDATE item SET note = '{commit} {turn}' WHERE id < 3")
        with world.killed_at(commit, before=before), suppress(Killed):
            world.sync()
            break
        world.restart()
        world.settle()
        assert world.certificate().identical
        assert world.ledger_difference() == 0
    assert commit > 6
    assert world.certificate().identical


def test_who_writes_while_the_journal_is_full_waits_for_nobody_g10(
    world: World, engine: str
) -> None:
    """Two transactions that both find no room, in the order in which locks would block."""
    if engine == "sqlite":
        pytest.skip("one writes at a time on SQLite")
    for turn in range(2 * BOUND):
        world.office(f"UPDATE other SET name = '{turn}'")
    with opened(world.url, writing=True) as first, opened(world.url, writing=True) as second:
        for session in (first, second):
            session.run("RESET search_path")
            session.run("SET statement_timeout = '5s'")
        with first.transaction(), second.transaction():
            first.run("UPDATE item SET name = 'first' WHERE id = 1")
            second.run("UPDATE item SET name = 'second' WHERE id = 2")
    world.settle()
    assert world.certificate().identical
    assert world.online(world.id_of("item", 2)).fields["name"] == "second"


def test_a_resync_waits_for_whom_the_mark_had_kept_silent_fm25_fm1(
    world: World, engine: str
) -> None:
    """A transaction that began before the agent came back, and commits after it has read the table."""
    if engine == "sqlite":
        pytest.skip("one writes at a time on SQLite")
    work(world)
    with opened(world.url, writing=True) as late:
        late.run("RESET search_path")
        with late.transaction():
            late.run("UPDATE item SET note = 'late' WHERE id = 1")
            world.settle()
            assert resync.wanted(world.db)
            world.office("UPDATE other SET name = 'goes on'")
            world.settle()
            assert world.online(world.id_of("other", 1)).fields["name"] == "goes on"
    world.settle()
    check(world)
    assert world.online(world.id_of("item", 1)).fields["note"] == "late"


def test_a_database_of_an_earlier_version_gets_its_bound_from_the_agent_g10(world: World) -> None:
    """Its triggers know of no bound; the agent makes them anew before the first exchange."""
    with world.db.transaction():
        books.set_fact(world.db, "capture_version", CAPTURE_VERSION - 1)
        if world.db.engine == "sqlite":
            ours = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'samsyn%'"
            for (name,) in world.db.rows(ours):
                world.db.run(f"DROP TRIGGER {name}")
        for change in ("DROP TABLE {overflow}", "ALTER TABLE {cursor} DROP COLUMN room"):
            tables = ("overflow", "cursor")
            names = {t: bookkeeping.book_name(world.db.engine, t) for t in tables}
            world.db.run(change.format(**names))
    world.restart()
    world.settle()
    work(world)
    assert world.db.journal_size() <= BOUND + 1
    world.settle()
    check(world)
