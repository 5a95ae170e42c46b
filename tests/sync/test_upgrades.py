"""Upgrades in the middle of a sync, by killed agents, and whole ones; and the program's own writes.

FM24: what is touched is held or mended, wherever it strikes.
"""

from __future__ import annotations

from contextlib import suppress

import pytest

from samsyn.agent import holding
from samsyn.agent.drifting import new_columns
from samsyn.companydb import held
from samsyn.core.dropping import FIELD_GONE
from tests.sync import resting
from tests.sync.conftest import MakeWorld
from tests.sync.resting import the_rest_goes_on
from tests.sync.upgrades import (
    SCHEMA,
    attach_again,
    made_anew,
    renamed,
    rests,
    run,
)
from tests.sync.world import Killed, World


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Three customers and two remarks, loaded and at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


@pytest.mark.parametrize("at", range(1, 7))
def test_a_schema_that_changes_in_the_middle_of_a_sync_is_noticed_fm24(
    world: World, at: int
) -> None:
    """Before the nth message of a sync that has work both ways; one page a record."""
    world.limits = world.limits.__class__(pull_records=1, batch_changes=1)
    world.restart()
    world.settle()
    for key, turn in ((1, "a"), (2, "b")):
        world.office("UPDATE customer SET name = $1 WHERE id = $2", f"office {turn}", key)
        world.edit(world.id_of("customer", key), city=f"online {turn}", credit=key)
    requests = world.network.requests

    def strike() -> None:
        if world.network.requests == requests + at:
            world.network.watch = lambda: None
            renamed(world)

    world.network.watch = strike
    world.settle()
    the_rest_goes_on(world)
    struck = world.network.watch is not strike
    if struck:
        assert [t.code for t in held.held(world.db).values()] == ["FIELDS_GONE"]
        attach_again(world)
    resting.rests(world)
    # what the office had not taken when its column went is told
    assert {c.outcome for c in world.conflicts()} <= {FIELD_GONE}
    gone = {str(c.online) for c in world.conflicts()}
    assert world.office(
        f"SELECT name, {'town' if struck else 'city'} FROM customer WHERE id < 3 ORDER BY id"
    ) == [
        ("office a", "Lund" if "online a" in gone else "online a"),
        ("office b", "Kiruna" if "online b" in gone else "online b"),
    ]
    assert [
        int(c) for (c,) in world.office("SELECT credit FROM customer WHERE id < 3 ORDER BY id")
    ] == [1, 2]


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_killed_at_any_commit_while_a_table_is_held_and_taken_in_fm24_g4(
    world: World, before: bool
) -> None:
    ids = set(world.ids("customer").values())

    def kill_everywhere() -> None:
        for commit in range(1, 60):
            with world.killed_at(commit, before=before), suppress(Killed):
                world.sync()
                return
            world.restart()

    world.office("UPDATE customer SET name = 'before' WHERE id = 1")
    world.edit(world.id_of("customer", 2), name="online before")
    renamed(world)
    kill_everywhere()
    assert held.held(world.db)
    world.office("UPDATE customer SET town = 'between' WHERE id = 3")
    attach_again(world)
    kill_everywhere()
    rests(world)
    assert set(world.ids("customer").values()) == ids
    assert world.online(world.id_of("customer", 3)).fields["town"] == "between"


# --- the program's writes -----------------------------------------------------------------


def test_no_change_of_a_table_makes_the_programs_writes_fail_fm24_g10(world: World) -> None:
    """No agent runs: between an upgrade and its first sync the program works all the same."""
    for statement in (
        "ALTER TABLE customer ADD COLUMN phone varchar(40)",
        "ALTER TABLE customer RENAME COLUMN credit TO balance",
        "ALTER TABLE customer DROP COLUMN city",
        "ALTER TABLE customer RENAME COLUMN no TO number",
        *(
            ()
            if world.db.engine == "sqlite"
            else (
                "ALTER TABLE customer ALTER COLUMN balance TYPE text",
                "ALTER TABLE customer ALTER COLUMN id TYPE bigint",
                "ALTER TABLE customer ALTER COLUMN phone TYPE json USING NULL",
                "ALTER TABLE remark DROP CONSTRAINT remark_customer_fkey",
                "ALTER TABLE customer RENAME COLUMN id TO ident",
            )
        ),
    ):
        world.office(statement)
        world.office("UPDATE customer SET name = name || '.'")
        world.office("INSERT INTO customer (name) VALUES ('new')")
        world.office("DELETE FROM customer WHERE name = 'new'")
    attach_again(world)
    the_rest_goes_on(world)


def test_a_renamed_column_can_be_dropped_once_the_agent_has_looked_fm24_g10(world: World) -> None:
    """Held since it was renamed, not attached again yet; and again, under its next name."""
    world.edit(world.id_of("customer", 1), name="online before")
    for column, name in (("city", "town"), ("town", "place")):
        run(world, f"ALTER TABLE customer RENAME COLUMN {column} TO {name}")
        world.settle()
        world.office(f"UPDATE customer SET {name} = '{name}' WHERE id = 2")
    run(world, "ALTER TABLE customer DROP COLUMN place")
    world.office("UPDATE customer SET name = 'after' WHERE id = 3")
    the_rest_goes_on(world)
    attach_again(world)
    rests(world)
    names = {r.fields["name"] for r in world.online_records("customer")}
    assert names == {"online before", "two", "after"}


def test_a_schema_hold_is_neither_released_nor_undone_fm24(world: World) -> None:
    renamed(world)
    world.settle()
    for decide in (holding.release, holding.undo):
        with pytest.raises(holding.SchemaHeld):
            decide(world.db, "customer")
    assert held.held(world.db)


def test_a_key_that_only_gets_a_wider_type_keeps_its_records_fm24(world: World) -> None:
    ids = set(world.ids("customer").values())
    if world.db.engine == "sqlite":
        made_anew(
            world,
            "id BIGINT PRIMARY KEY NOT NULL, no integer, name varchar(40), city varchar(40), credit numeric",
        )
    else:
        run(world, "ALTER TABLE customer ALTER COLUMN id TYPE bigint")
    world.settle()
    assert bool(held.held(world.db)) == (world.db.engine == "postgresql")
    world.edit(world.id_of("customer", 2), name="online meanwhile")
    the_rest_goes_on(world)
    attach_again(world)
    rests(world)
    assert world.office("SELECT name FROM customer WHERE id = 2") == [("online meanwhile",)]
    assert set(world.ids("customer").values()) == ids


def test_children_and_parents_of_a_held_type_go_on_fm24(world: World) -> None:
    """What they refer to is found when the type goes on."""
    run(world, "ALTER TABLE remark RENAME COLUMN text TO words")
    world.office("DELETE FROM customer WHERE id = 3")
    world.settle()
    assert {t.type for t in held.held(world.db).values()} == {"remark"}
    assert len(world.online_records("customer")) == 2
    run(
        world,
        "ALTER TABLE remark RENAME COLUMN words TO text",
        "ALTER TABLE customer RENAME TO client",
    )
    world.office("INSERT INTO client (id, no, name) VALUES (50, 50, 'new')")
    world.office("INSERT INTO remark (customer, text) VALUES (50, 'of the new one')")
    world.settle()
    assert {t.type for t in held.held(world.db).values()} == {"customer"}
    assert "of the new one" in {r.fields["text"] for r in world.online_records("remark")}
    run(world, "ALTER TABLE client RENAME TO customer")
    rests(world)
    [remark] = [r for r in world.online_records("remark") if r.fields["text"] == "of the new one"]
    assert remark.fields["customer"] == world.id_of("customer", 50)


def test_a_key_column_renamed_and_back_loses_nothing_fm24(world: World) -> None:
    """Meanwhile the triggers cannot name the rows."""
    run(world, "ALTER TABLE customer RENAME COLUMN id TO ident")
    world.office("UPDATE customer SET city = 'meanwhile' WHERE ident = 1")
    world.office("DELETE FROM remark WHERE customer = 3")
    world.office("DELETE FROM customer WHERE ident = 3")
    world.settle()
    assert held.held(world.db)
    run(world, "ALTER TABLE customer RENAME COLUMN ident TO id")
    rests(world)
    assert world.online(world.id_of("customer", 1)).fields["city"] == "meanwhile"
    assert len(world.online_records("customer")) == 2


def test_tables_attached_anew_in_the_middle_of_a_sync_are_read_anew_fm24_g2(world: World) -> None:
    """The places of the fields in the journal have moved: each change is still its own field's."""
    world.limits = world.limits.__class__(batch_changes=1)
    world.restart()
    world.settle()
    two = world.id_of("customer", 2)
    world.edit(two, city="online")
    world.office("UPDATE customer SET name = 'sent first' WHERE id = 1")
    world.office("UPDATE customer SET city = 'office' WHERE id = 2")
    requests = world.network.requests

    def strike() -> None:
        if world.network.requests > requests:
            world.network.watch = lambda: None
            if world.db.engine == "sqlite":
                run(
                    world,
                    "CREATE TABLE customer_new (id INTEGER PRIMARY KEY, name varchar(40),"
                    " city varchar(40), credit numeric)",
                    "INSERT INTO customer_new SELECT id, name, city, credit FROM customer",
                    "DROP TABLE customer",
                    "ALTER TABLE customer_new RENAME TO customer",
                )
            else:
                run(world, "ALTER TABLE customer DROP COLUMN no")
            attach_again(world)

    world.network.watch = strike
    world.settle()
    assert "no" not in {f.name for f in world.type("customer").fields}
    assert world.certificate().identical
    assert world.office("SELECT city FROM customer WHERE id = 2") == [("office",)]
    assert [(c.record, c.field, c.online) for c in world.conflicts()] == [(two, "city", "online")]


# --- a whole upgrade ----------------------------------------------------------------------


def test_a_whole_upgrade_of_the_program_fm24_fm25(world: World) -> None:
    """New tables, thousands of rows written anew, a table replaced, columns dropped and added."""
    for n in range(100, 2100, 500):
        values = ", ".join(f"({m}, 'customer {m}', 'town {m % 7}', {m})" for m in range(n, n + 500))
        world.office(f"INSERT INTO customer (no, name, city, credit) VALUES {values}")
    world.settle()
    ids = world.ids("customer")
    some = list(ids.values())[700]
    world.edit(some, credit=1)
    key = (
        "INTEGER PRIMARY KEY"
        if world.db.engine == "sqlite"
        else "integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
    )
    run(
        world,
        f"CREATE TABLE region (id {key}, name varchar(40))",
        "INSERT INTO region (name) SELECT DISTINCT city FROM customer",
        "ALTER TABLE customer ADD COLUMN region integer",
        "UPDATE customer SET region = (SELECT r.id FROM region AS r WHERE r.name = customer.city)",
        "UPDATE customer SET name = upper(name)",
        "ALTER TABLE customer DROP COLUMN city",
        f"CREATE TABLE remark_new (id {key}, customer integer, text varchar(40), level integer DEFAULT 1)",
        "INSERT INTO remark_new (id, customer, text) SELECT id, customer, text FROM remark",
        "DROP TABLE remark",
        "ALTER TABLE remark_new RENAME TO remark",
    )
    world.office("INSERT INTO remark (id, customer, text) VALUES (77, 1, 'after the upgrade')")
    world.settle()
    assert {t.type: t.code for t in held.held(world.db).values()} == {"customer": "FIELDS_GONE"}
    assert "after the upgrade" in {r.fields["text"] for r in world.online_records("remark")}
    assert new_columns(world.db) == {"customer": ("region",), "remark": ("level",)}
    attach_again(world)
    rests(world)
    assert world.ids("customer") == ids
    assert {t.name for t in world.db.types.values()} == {"customer", "remark", "region"}
    online = world.online(some)
    assert (str(online.fields["credit"]), str(online.fields["name"])[:8]) == ("1", "CUSTOMER")
    assert online.fields["region"] is not None
