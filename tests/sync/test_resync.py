"""Resync: a type is loaded again beside the ordinary sync; FM23, and what no trigger saw (FM24)."""

from __future__ import annotations

import itertools
from contextlib import suppress

import pytest

from samsyn.agent import holding, resync
from samsyn.companydb import held
from samsyn.core.brakes import ORDINARY
from samsyn.protocol.wire import Limits
from tests.sync.blind import blind
from tests.sync.conftest import MakeWorld
from tests.sync.world import Killed, World

SCHEMA = """
CREATE TABLE item (id serial, name varchar(40), note varchar(40));
CREATE TABLE other (id serial, name varchar(40));
INSERT INTO item (name) VALUES ('one'), ('two'), ('three'), ('four'), ('five'), ('six');
INSERT INTO other (name) VALUES ('apart')
"""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Six items, at rest; an agent that takes two at a time."""
    made = make_world(SCHEMA)
    made.settle()
    made.limits = Limits(chunk_records=2)
    made.restart()
    return made


BUSY = 15
"""So many messages find others at work."""


def ask(world: World, why: resync.Why = resync.Why.ASKED) -> None:
    """Somebody asks that items be loaded again."""
    with world.db.transaction():
        resync.request(world.db, world.type("item"), why)


def work_unseen(world: World) -> None:
    """One of each: edited, created, deleted, its key reused, moved to another key."""
    with blind(world, "item"):
        world.office("UPDATE item SET name = 'unseen' WHERE id = 1")
        world.office("INSERT INTO item (id, name) VALUES (9, 'new')")
        world.office("DELETE FROM item WHERE id IN (2, 3)")
        world.office("INSERT INTO item (id, name) VALUES (3, 'reused')")
        world.office("UPDATE item SET id = 40 WHERE id = 4")


def check(world: World) -> None:
    """Both sides hold what the office had, and nothing is unaccounted for."""
    assert world.certificate().identical
    names = {r.fields["id"]: r.fields["name"] for r in world.online_records("item")}
    assert {n: name for n, name in names.items() if n != 5} == {
        1: "unseen",
        3: "reused",
        6: "six",
        9: "new",
        40: "four",
    }
    assert world.ledger_difference() == 0
    assert not resync.wanted(world.db)


def test_a_type_loaded_again_is_equal_whatever_nobody_saw_fm24_g6(world: World) -> None:
    work_unseen(world)
    one = world.id_of("item", 1)
    ask(world)
    assert not world.session.at_rest()
    world.settle()
    check(world)
    assert world.id_of("item", 1) == one
    assert not world.conflicts()


def test_both_sides_go_on_while_a_type_is_loaded_again_fm23(world: World) -> None:
    """An online edit that the office takes between two chunks is not undone by a chunk read before."""
    work_unseen(world)
    ids, apart = world.ids("item"), world.id_of("other", 1)
    five = next(record for key, record in ids.items() if str(key[0]) == "5")
    turns = itertools.count()

    def meanwhile() -> None:
        turn = next(turns)
        if turn < 12:
            world.edit(five, name=f"online {turn}")
            world.edit(apart, name=f"online {turn}")
            world.office(f"UPDATE item SET note = 'office {turn}' WHERE id = 5")
            world.session.online_head = 10**6

    ask(world)
    world.network.watch = meanwhile
    world.settle()
    world.network.watch = lambda: None
    world.settle()
    check(world)
    assert world.online(five).fields["name"] == "online 11"
    assert world.online(five).fields["note"] == "office 11"
    assert world.office("SELECT name FROM other") == [("online 11",)]
    assert not world.conflicts()


def test_what_a_trigger_saw_is_told_by_a_batch_and_not_by_a_chunk_too_fm20_fm23(
    world: World,
) -> None:
    """Told twice, it would win over whoever had answered to it in between."""
    five = world.id_of("item", 5)
    turns = itertools.count()

    def meanwhile() -> None:
        turn = next(turns)
        if turn < BUSY:
            world.office(f"UPDATE item SET note = 'office {turn}'")
            world.edit(five, name=f"online {turn}")
            world.session.online_head = 10**6

    ask(world)
    world.network.watch = meanwhile
    world.settle()
    assert world.certificate().identical
    assert next(turns) > BUSY
    told = world.tenant.rows(
        "SELECT fields FROM records_change WHERE company_id = %(company)s AND source = 'office'"
        " AND batch IS NULL AND fields IS NOT NULL"
    )
    assert told == []
    assert not world.conflicts()


def test_who_writes_all_the_time_holds_up_neither_a_load_nor_the_rest_fm23_g10(
    world: World,
) -> None:
    """At every message one more row waits to be sent: still each turn sends a chunk and takes a page."""
    work_unseen(world)
    ids = world.ids("item")
    five = next(record for key, record in ids.items() if str(key[0]) == "5")
    world.edit(five, name="online")
    requests = itertools.count()

    def meanwhile() -> None:
        asked = next(requests)
        assert asked < 60, "the load does not end"
        world.office(f"UPDATE item SET note = '{asked}' WHERE id = 6")

    ask(world)
    world.ready()
    world.network.watch = meanwhile
    world.session.online_head = 10**6
    world.session.exchange(at_most=1)
    assert not resync.wanted(world.db)
    assert resync.load_state(world.db, world.type("item")).done
    assert world.office("SELECT name FROM item WHERE id = 5") == [("online",)]
    world.network.watch = lambda: None
    world.settle()
    check(world)
    assert not world.conflicts()


def test_an_unseen_edit_and_an_online_edit_of_one_field_are_a_conflict_fm24_g2(
    world: World,
) -> None:
    work_unseen(world)
    world.edit(world.id_of("item", 1), name="online", note="kept")
    ask(world)
    world.settle()
    check(world)
    assert [(c.office, c.online) for c in world.conflicts()] == [("unseen", "online")]
    assert world.office("SELECT note FROM item WHERE id = 1") == [("kept",)]


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_killed_at_any_commit_of_a_resync_fm23_fm4(make_world: MakeWorld, before: bool) -> None:
    world = make_world(SCHEMA)
    world.limits = Limits(chunk_records=2)
    world.restart()
    world.settle()
    work_unseen(world)
    for commit in itertools.count(1):
        world.restart()
        with blind(world, "item"):
            world.office(f"UPDATE item SET note = '{commit}' WHERE id IN (1, 9)")
        ask(world)
        with world.killed_at(commit, before=before), suppress(Killed):
            world.sync()
            break
        world.restart()
        world.settle()
        check(world)
    assert commit > 8
    check(world)
    assert not world.conflicts()


def test_a_table_emptied_unseen_is_held_and_the_rest_goes_on_fm25(make_world: MakeWorld) -> None:
    world = make_world(SCHEMA)
    rows = ", ".join(f"('{n}')" for n in range(2 * ORDINARY.few))
    world.office(f"INSERT INTO other (name) VALUES {rows}")
    world.settle()
    with blind(world, "other"):
        world.office("DELETE FROM other WHERE id > 1")
    with world.db.transaction():
        resync.request(world.db, world.type("other"), resync.Why.SCHEMA)
    world.office("UPDATE item SET name = 'goes on' WHERE id = 1")
    world.settle()
    assert len(world.online_records("other")) == 2 * ORDINARY.few + 1
    assert world.online(world.id_of("item", 1)).fields["name"] == "goes on"
    (told,) = held.held(world.db).values()
    assert (told.type, told.why, told.count) == ("other", "HELD_OFFICE_MISSING", 2 * ORDINARY.few)
    holding.release(world.db, "other")
    world.settle()
    assert world.certificate().identical
    assert len(world.online_records("other")) == 1
    assert not held.held(world.db)
    assert world.ledger_difference() == 0
