"""Schema drift in a world of two sides: what an upgrade touches is held or mended, the rest goes on.

FM24: columns added, dropped, renamed, retyped; tables made anew; triggers gone.
"""

from __future__ import annotations

import pytest

from samsyn.agent.drifting import new_columns
from samsyn.companydb import books, held
from samsyn.companydb.held import Side
from samsyn.companydb.installing import CAPTURE_VERSION
from tests.sync.conftest import MakeWorld
from tests.sync.resting import the_rest_goes_on
from tests.sync.upgrades import (
    SCHEMA,
    Change,
    attach_again,
    dropped,
    made_anew,
    renamed,
    rests,
    retyped,
    run,
    table_renamed,
    with_another_key,
)
from tests.sync.world import World


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Three customers and two remarks, loaded and at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


HELD: list[tuple[Change, str, tuple[str, ...]]] = [
    (dropped, "FIELDS_GONE", ("city",)),
    (renamed, "FIELDS_GONE", ("city",)),
    (retyped, "FIELDS_RETYPED", ()),
    (table_renamed, "TABLE_GONE", ()),
    (with_another_key, "KEY_CHANGED", ("no",)),
]


@pytest.mark.parametrize(
    ("change", "code", "fields"), HELD, ids=lambda v: getattr(v, "__name__", "")
)
def test_what_an_upgrade_touches_is_held_and_taken_in_again_fm24(
    world: World, change: Change, code: str, fields: tuple[str, ...]
) -> None:
    """With work of both sides in the table before, between and after."""
    one = world.id_of("customer", 1)
    ids = set(world.ids("customer").values())
    world.office("UPDATE customer SET name = 'before' WHERE id = 1")
    world.edit(world.id_of("customer", 2), name="online before")
    change(world)
    table = "client" if change is table_renamed else "customer"
    world.office(f"UPDATE {table} SET name = 'between' WHERE id = 3")
    world.settle()
    [told] = held.held(world.db).values()
    assert (told.side, told.code) == (Side.SCHEMA, code)
    assert not fields or told.fields == fields
    the_rest_goes_on(world)
    assert world.certificate().identical
    world.office(f"INSERT INTO {table} (no, name) VALUES (14, 'four')")
    world.edit(one, no=110)
    the_rest_goes_on(world)
    attach_again(world)
    world.settle()
    assert not held.held(world.db)
    the_rest_goes_on(world)
    rests(world)
    rows = dict(world.office(f"SELECT name, no FROM {table}"))
    assert {r.fields["name"]: r.fields["no"] for r in world.online_records(table)} == rows
    assert rows.keys() >= {"before", "between", "four"}
    if change not in (table_renamed, with_another_key):
        assert rows == {"before": 110, "online before": 12, "between": 13, "four": 14}
        assert ids <= set(world.ids("customer").values())


def test_the_same_table_back_is_let_go_by_itself_fm24(world: World) -> None:
    renamed(world)
    world.settle()
    world.office("UPDATE customer SET name = 'meanwhile' WHERE id = 1")
    the_rest_goes_on(world)
    assert held.held(world.db)
    run(world, "ALTER TABLE customer RENAME COLUMN town TO city")
    rests(world)
    assert world.online(world.id_of("customer", 1)).fields["name"] == "meanwhile"


def test_a_new_column_is_noted_and_goes_with_the_next_attach_fm24(world: World) -> None:
    run(world, "ALTER TABLE customer ADD COLUMN phone varchar(40)")
    world.office("UPDATE customer SET phone = '08-1', name = 'called' WHERE id = 1")
    rests(world)
    assert new_columns(world.db) == {"customer": ("phone",)}
    assert "phone" not in world.online(world.id_of("customer", 1)).fields
    attach_again(world)
    rests(world)
    assert new_columns(world.db) == {}
    assert world.online(world.id_of("customer", 1)).fields["phone"] == "08-1"


def test_a_table_made_anew_with_the_same_columns_is_mended_by_itself_fm24(world: World) -> None:
    """Its triggers are gone; what was written meanwhile is found, nothing is deleted online."""
    ids = world.ids("customer")
    if world.db.engine == "sqlite":
        made_anew(
            world,
            "id INTEGER PRIMARY KEY, no integer UNIQUE, name varchar(40), city varchar(40), credit numeric",
        )
    else:
        run(
            world,
            "CREATE TABLE customer_new (LIKE customer INCLUDING ALL)",
            "INSERT INTO customer_new OVERRIDING SYSTEM VALUE SELECT * FROM customer",
            "DROP TABLE customer CASCADE",
            "ALTER TABLE customer_new RENAME TO customer",
        )
    world.office("UPDATE customer SET city = 'unseen' WHERE id = 1")
    world.office("DELETE FROM customer WHERE id = 3")
    world.edit(ids[next(iter(ids))], name="online meanwhile")
    rests(world)
    assert len(world.online_records("customer")) == 2
    assert world.online(world.id_of("customer", 1)).fields["city"] == "unseen"
    assert set(world.ids("customer").items()) <= set(ids.items())
    world.office("UPDATE customer SET city = 'seen' WHERE id = 1")
    rests(world)


@pytest.mark.parametrize("how", ["dropped", "disabled", "altered"])
def test_triggers_that_are_gone_or_changed_are_mended_and_what_they_missed_is_found_fm24(
    world: World, how: str
) -> None:
    no = world.type("customer").no
    if world.db.engine == "sqlite":
        run(world, f"DROP TRIGGER samsyn_{no}_update")
        if how != "dropped":
            run(
                world,
                f"CREATE TRIGGER samsyn_{no}_update AFTER UPDATE ON customer BEGIN SELECT 1; END",
            )
    else:
        run(
            world,
            {
                "dropped": f"DROP TRIGGER samsyn_{no}_update ON customer",
                "disabled": f"ALTER TABLE customer DISABLE TRIGGER samsyn_{no}_update",
                "altered": f"CREATE OR REPLACE FUNCTION samsyn.capture_{no}() RETURNS trigger"
                " LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            }[how],
        )
    world.office("UPDATE customer SET city = 'unseen' WHERE id = 1")
    rests(world)
    assert world.online(world.id_of("customer", 1)).fields["city"] == "unseen"
    world.office("UPDATE customer SET city = 'seen' WHERE id = 1")
    rests(world)
    assert world.online(world.id_of("customer", 1)).fields["city"] == "seen"


def test_a_table_renamed_away_and_filled_anew_is_mended_fm24(world: World) -> None:
    """The other usual way: the triggers go with the old table."""
    ids = world.ids("customer")
    serial = "INTEGER PRIMARY KEY" if world.db.engine == "sqlite" else "integer PRIMARY KEY"
    run(
        world,
        "ALTER TABLE customer RENAME TO customer_old",
        f"CREATE TABLE customer (id {serial}, no integer, name varchar(40), city varchar(40), credit numeric)",
        "INSERT INTO customer SELECT * FROM customer_old",
    )
    world.office("UPDATE customer SET city = 'unseen' WHERE id = 1")
    world.settle()
    assert not held.held(world.db)
    assert world.online(world.id_of("customer", 1)).fields["city"] == "unseen"
    assert world.ids("customer") == ids
    world.office("UPDATE customer SET city = 'seen' WHERE id = 1")
    rests(world)
    assert world.online(world.id_of("customer", 1)).fields["city"] == "seen"


def test_triggers_of_an_older_version_are_made_anew_without_a_load_fm24(world: World) -> None:
    no = world.type("customer").no
    if world.db.engine == "sqlite":
        run(
            world,
            f"DROP TRIGGER samsyn_{no}_delete",
            f"CREATE TRIGGER samsyn_{no}_delete AFTER DELETE ON customer BEGIN INSERT INTO"
            f" samsyn_journal (tab, op, seen, o0) SELECT {no}, 3, 0, OLD.id; END",
        )
    else:
        [(body,)] = world.office("SELECT prosrc FROM pg_proc WHERE proname = $1", f"capture_{no}")
        run(
            world,
            f"CREATE OR REPLACE FUNCTION samsyn.capture_{no}() RETURNS trigger LANGUAGE plpgsql"
            f" SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$-- older\n{body}$f$",
        )
    books.set_fact(world.db, "capture_version", 1)
    requests = world.network.requests
    world.settle()
    assert world.network.requests - requests <= 1
    assert books.fact(world.db, "capture_version", int, 0) == CAPTURE_VERSION
    world.office("DELETE FROM customer WHERE id = 3")
    rests(world)
