"""Every writer is seen: what pushes rows out, empties tables or goes past the triggers."""

from __future__ import annotations

import pytest

from tests.sync.conftest import MakeWorld
from tests.sync.world import World

SCHEMA = """
CREATE TABLE customer (id serial, name varchar(40), code varchar(10) UNIQUE, mail varchar(40) UNIQUE);
CREATE TABLE note (id serial, customer integer REFERENCES customer(id) ON DELETE CASCADE, text varchar(40));
INSERT INTO customer (id, name, code, mail) VALUES (1, 'Ek', 'E', 'e@x'), (2, 'Al', 'A', 'a@x'), (3, 'Bok', 'B', 'b@x');
INSERT INTO note (id, customer, text) VALUES (1, 1, 'one'), (2, 1, 'two'), (3, 2, 'three')
"""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Three customers with notes, at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def test_a_cascade_is_seen_g6_fm24(world: World) -> None:
    if world.db.engine == "sqlite":
        world.office("PRAGMA foreign_keys = ON")
    world.office("DELETE FROM customer WHERE id = 1")
    world.settle()
    assert {r.fields["text"] for r in world.online_records("note")} == {"three"}
    assert world.certificate().identical


def test_what_replaces_and_what_empties_is_seen_g6_fm24(world: World) -> None:
    kept = world.id_of("customer", 1)
    if world.db.engine == "sqlite":
        # One statement: the same key anew, and another row pushed out by its mail.
        world.office("REPLACE INTO customer (id, name, code, mail) VALUES (1, 'Ek', 'E', 'b@x')")
        world.settle()
        assert world.online(kept).fields["mail"] == "b@x"
        assert {r.fields["id"] for r in world.online_records("customer")} == {1, 2}
    else:
        world.office("TRUNCATE note")
        world.settle()
        assert world.online_records("note") == []
    assert not world.conflicts()
    assert world.certificate().identical


def test_what_no_trigger_saw_is_found_g6_fm24(world: World) -> None:
    """PostgreSQL tells that triggers were off, and the table is compared at once; else the verifier finds it."""
    two = world.id_of("customer", 2)
    if world.db.engine == "sqlite":
        ((text,),) = world.office(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%AFTER UPDATE%'"
            " AND tbl_name = 'customer'"
        )
        ((name,),) = world.office("SELECT name FROM sqlite_master WHERE sql = $1", text)
        world.office(f"DROP TRIGGER {name}")
        world.office("UPDATE customer SET name = 'Unseen' WHERE id = 2")
        world.office(text)
    else:
        world.office("ALTER TABLE customer DISABLE TRIGGER ALL")
        world.office("UPDATE customer SET name = 'Unseen' WHERE id = 2")
        world.office("ALTER TABLE customer ENABLE TRIGGER ALL")
    certificate = world.certificate()
    if certificate.identical:
        assert world.db.engine == "postgresql"
        assert world.online(two).fields["name"] == "Unseen"
    else:
        (found,) = certificate.differences
        assert (found.type, found.record, found.what) == ("customer", two, "differs")


def test_an_unseen_value_is_not_overwritten_by_an_online_edit_g6(world: World) -> None:
    """The online edit expects another value: what nobody captured is the office's, and wins."""
    two = world.id_of("customer", 2)
    with world.program.transaction():
        world.office("UPDATE customer SET name = 'Unseen' WHERE id = 2")
        journal = "samsyn_journal" if world.db.engine == "sqlite" else "samsyn.journal"
        world.office(f"DELETE FROM {journal}")
    world.edit(two, name="Online")
    world.settle()
    assert world.office("SELECT name FROM customer WHERE id = 2") == [("Unseen",)]
    assert [(c.office, c.online) for c in world.conflicts()] == [("Unseen", "Online")]
    assert world.certificate().identical


def test_a_row_that_hits_two_unique_keys_is_told_and_loses_nothing_fm13(world: World) -> None:
    mine = world.create("customer", name="Both", code="E", mail="a@x")
    world.settle()
    (entry,) = world.quarantine()
    assert (entry.record, entry.code) == (mine, "UNIQUE_TAKEN")
    assert world.office("SELECT count(*) FROM customer") == [(3,)]
    world.edit(mine, code="N", mail="n@x")
    world.settle()
    assert not world.quarantine()
    assert world.certificate().identical


def test_names_that_differ_only_in_case_are_told_and_lose_nothing_fm13(
    make_world: MakeWorld, engine: str
) -> None:
    unique = "name COLLATE NOCASE" if engine == "sqlite" else "lower(name)"
    world = make_world(
        "CREATE TABLE customer (id serial, name varchar(40));"
        f"CREATE UNIQUE INDEX one_name ON customer ({unique});"
        "INSERT INTO customer (id, name) VALUES (1, 'Ek')"
    )
    world.settle()
    one = world.id_of("customer", 1)
    mine = world.create("customer", name="EK")
    world.settle()
    assert [(e.record, e.code) for e in world.quarantine()] == [(mine, "UNIQUE_TAKEN")]
    world.edit(one, name="eK")
    world.settle()
    assert world.office("SELECT name FROM customer") == [("eK",)]
    world.delete(mine)
    world.settle()
    assert not world.quarantine()
    assert world.certificate().identical
