"""The verifier repairs what no trigger saw, with live traffic and wherever it is killed; FM24, G6."""

from __future__ import annotations

import itertools
from contextlib import suppress

import pytest

from samsyn.agent import holding
from samsyn.agent.certificates import certificates
from samsyn.agent.comparing import Sizes
from samsyn.companydb import held
from samsyn.core.brakes import ORDINARY
from samsyn.core.cells import Cell
from tests.sync.blind import WAYS, blind
from tests.sync.conftest import MakeWorld
from tests.sync.world import Killed, World

SCHEMA = """
CREATE TABLE customer (id serial, name varchar(40), note varchar(40));
CREATE TABLE letter (id serial, customer integer REFERENCES customer(id), text varchar(40));
INSERT INTO customer (name) VALUES ('Ek'), ('Al'), ('Bok'), ('Asp'), ('Lind');
INSERT INTO letter (customer, text) VALUES (1, 'one'), (2, 'two'), (3, 'three')
"""

WRITES = {
    "edit": "UPDATE customer SET name = 'unseen' WHERE id = 1",
    "insert": "INSERT INTO customer (id, name) VALUES (9, 'unseen')",
    "delete": "DELETE FROM customer WHERE id = 4",
    "key": "UPDATE customer SET id = 40 WHERE id = 5",
    "reuse": "DELETE FROM customer WHERE id = 4; INSERT INTO customer (id, name) VALUES (4, 'x')",
    "edit_all": "UPDATE customer SET note = 'unseen'",
    "parent_and_child": "INSERT INTO customer (id, name) VALUES (8, 'x');"
    " UPDATE letter SET customer = 8 WHERE id = 1",
}


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Five customers with letters, at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def check(world: World) -> None:
    """Both sides hold the office's rows, and every write is accounted for."""
    world.settle()
    assert world.certificate().identical
    for table in ("customer", "letter"):
        rows = world.office(f"SELECT id, {'name' if table == 'customer' else 'text'} FROM {table}")
        field = "name" if table == "customer" else "text"
        told = {r.fields["id"]: r.fields[field] for r in world.online_records(table)}
        assert told == dict(rows)
    assert world.ledger_difference() == 0


@pytest.mark.parametrize("way", [0, 1, 2])
@pytest.mark.parametrize("write", WRITES)
def test_whatever_no_trigger_saw_is_found_and_repaired_fm24_g6(
    world: World, write: str, way: int
) -> None:
    with WAYS[world.db.engine][way](world, "customer"), blind(world, "letter"):
        for statement in WRITES[write].split(";"):
            world.office(statement)
    looked = world.certificate()
    assert not looked.identical
    assert not looked.repaired
    told = world.repaired()
    assert told.identical
    assert {(d.type, d.record) for d in looked.differences} <= {
        (d.type, d.record) for d in told.repaired
    }
    check(world)
    assert not world.conflicts()


def test_an_emptied_table_that_nobody_saw_is_found_fm24_g6(world: World) -> None:
    """A few rows: deleted online as they are here. TRUNCATE is seen; this one was not."""
    with blind(world, "letter"):
        world.office("DELETE FROM letter" if world.db.engine == "sqlite" else "TRUNCATE letter")
    assert len(world.repaired().repaired) == 3
    assert world.online_records("letter") == []
    check(world)


def test_a_row_pushed_out_through_a_key_that_is_not_watched_is_found_fm24_g6(
    make_world: MakeWorld, engine: str
) -> None:
    if engine == "postgresql":
        pytest.skip("PostgreSQL has no REPLACE")
    world = make_world(
        "CREATE TABLE customer (id serial, name varchar(40));"
        "CREATE TABLE letter (id serial, text varchar(40));"
        "CREATE UNIQUE INDEX one_name ON customer (lower(name));"
        "INSERT INTO customer (id, name) VALUES (1, 'Ek'), (2, 'Al')"
    )
    world.settle()
    world.office("REPLACE INTO customer (id, name) VALUES (3, 'EK')")
    world.settle()
    assert not world.certificate().identical
    assert world.repaired().identical
    check(world)


def test_equal_fields_go_on_waiting_and_an_unseen_one_wins_fm24_g2(world: World) -> None:
    """The office's news is only what differs from what it is known to hold."""
    one, two = world.id_of("customer", 1), world.id_of("customer", 2)
    with blind(world, "customer"):
        world.office("UPDATE customer SET name = 'unseen' WHERE id IN (1, 2)")
    world.edit(one, name="online", note="kept")
    world.edit(two, note="kept too")
    assert world.repaired().identical
    check(world)
    assert [(c.office, c.online) for c in world.conflicts()] == [("unseen", "online")]
    assert world.office("SELECT note FROM customer WHERE id < 3 ORDER BY id") == [
        ("kept",),
        ("kept too",),
    ]


def test_a_table_emptied_unseen_is_held_until_a_person_agrees_fm25(world: World) -> None:
    for n in range(2 * ORDINARY.few):
        world.office(f"INSERT INTO letter (customer, text) VALUES (2, '{n}')")
    world.settle()
    with blind(world, "letter"):
        world.office("DELETE FROM letter WHERE id > 3")
        world.office("UPDATE letter SET text = 'unseen' WHERE id = 1")
    told = world.repaired()
    assert told.held == ["letter"]
    assert [t.type for t in told.types] == ["customer"]
    (why,) = held.held(world.db).values()
    assert (why.why, why.count) == ("HELD_OFFICE_MISSING", 2 * ORDINARY.few)
    assert len(world.online_records("letter")) == 2 * ORDINARY.few + 3
    holding.release(world.db, "letter")
    assert world.repaired().identical
    assert not held.held(world.db)
    check(world)


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_killed_at_any_commit_of_a_repair_fm24_fm4(world: World, before: bool) -> None:
    for commit in itertools.count(1):
        world.restart()
        with blind(world, "customer"):
            world.office(f"UPDATE customer SET note = '{commit}' WHERE id IN (1, 2)")
            world.office(f"INSERT INTO customer (id, name) VALUES ({100 + commit}, 'unseen')")
            world.office(f"DELETE FROM customer WHERE id = {99 + commit}")
        with world.killed_at(commit, before=before), suppress(Killed):
            world.repaired()
            break
        world.restart()
        assert world.repaired().identical
        check(world)
    assert commit > 8
    assert world.repaired().identical
    check(world)
    assert not world.conflicts()


def test_any_one_request_of_a_repair_lost_or_repeated_changes_nothing_fm24_fm6(
    world: World,
) -> None:
    for place, fate in itertools.product(range(9), ("lost", "unanswered", "repeated")):
        with blind(world, "customer"):
            world.office(f"UPDATE customer SET note = '{place} {fate}' WHERE id = 1")
            world.office("DELETE FROM customer WHERE id = 9")
            world.office(f"INSERT INTO customer (id, name) VALUES (9, '{place} {fate}')")
        world.network.suffer(*["delivered"] * place, fate)
        with suppress(Exception):
            world.repaired()
        world.network.suffer()
        world.settle()
        assert world.repaired().identical
        check(world)


def test_too_many_differences_are_loaded_again_fm24(world: World) -> None:
    with blind(world, "customer"):
        world.office("UPDATE customer SET note = 'unseen'")
    told = world.repaired(Sizes(resync_from=3))
    assert told.identical
    check(world)
    assert {t.type: t.left for t in certificates(world.db).values()} == {"customer": 0, "letter": 0}


@pytest.mark.parametrize("few", [0, 256], ids=["all_at_once", "bucket_by_bucket"])
def test_differences_are_found_among_many_however_they_are_looked_for_fm24(
    world: World, few: int
) -> None:
    rows = ", ".join(f"('{n}')" for n in range(1_000))
    world.office(f"INSERT INTO customer (name) VALUES {rows}")
    world.settle()
    with blind(world, "customer"):
        world.office("UPDATE customer SET note = 'unseen' WHERE id % 50 = 0")
        world.office("DELETE FROM customer WHERE id % 100 = 7")
        world.office("INSERT INTO customer (id, name) VALUES (5000, 'a'), (5001, 'b')")
    told = world.repaired(Sizes(few_buckets=few, records_at_once=50, candidates_at_once=7))
    assert told.identical
    expected: dict[str, Cell] = {"differs": 20, "online_only": 10, "no_identity": 2}
    assert {w: sum(d.what == w for d in told.repaired) for w in expected} == expected
    check(world)
