"""A column or table that the program has renamed goes on as the same, where a person says so.

FM24: nothing is lost of what lay in it, on either side.
"""

from __future__ import annotations

import pytest

from samsyn.companydb import attach, held
from samsyn.companydb.numbering import changes
from samsyn.companydb.renaming import RenameStays, RenameUnfit, RenameUnknown
from samsyn.records import history
from tests.sync.conftest import MakeWorld
from tests.sync.upgrades import SCHEMA, attach_again, rests, run
from tests.sync.world import World

RENAMED = "customer.city=town"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Three customers and two remarks, loaded and at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def attach_renamed(world: World, *renames: str) -> None:
    """What `samsyn attach --again --renamed …` does, while the agent runs."""
    attach.attach(attach.plan(world.url, renames=renames))


def test_a_renamed_column_goes_on_as_the_same_field_fm24_g3(world: World) -> None:
    """Values, history, a conflict, what waits online and at the office: all of it stays."""
    one, two, three = (world.id_of("customer", n) for n in (1, 2, 3))
    world.edit(one, city="Kalmar")
    world.settle()
    world.edit(two, city="Gävle")
    world.office("UPDATE customer SET city = 'Piteå' WHERE id = 2")
    world.settle()
    [conflict] = world.conflicts()
    world.edit(three, city="online, waiting")
    world.office("UPDATE customer SET city = 'office, waiting' WHERE id = 1")
    run(world, "ALTER TABLE customer RENAME COLUMN city TO town")
    world.settle()
    assert [told.code for told in held.held(world.db).values()] == ["FIELDS_GONE"]
    world.edit(three, city="online, held")
    world.office("UPDATE customer SET town = 'office, held' WHERE id = 2")
    before = len(history.changes(world.tenant, 0, 1000))
    attach_renamed(world, RENAMED)
    world.settle()
    assert not held.held(world.db)
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    assert world.office("SELECT town FROM customer ORDER BY id") == [
        ("office, waiting",), ("office, held",), ("online, held",)
    ]  # fmt: skip
    assert {r.fields["city"] for r in world.online_records("customer")} == {
        "office, waiting", "office, held", "online, held"
    }  # fmt: skip
    assert world.conflicts() == [conflict]
    assert len(history.changes(world.tenant, 0, 1000)) == before + 2, "only what was written"
    [field] = [f for f in world.type("customer").fields if f.name == "city"]
    assert (field.column, field.label) == ("town", "Town")


def test_both_sides_write_a_renamed_column_as_before_fm24_g1_g2(world: World) -> None:
    run(world, "ALTER TABLE customer RENAME COLUMN city TO town")
    attach_renamed(world, RENAMED)
    rests(world)
    one = world.id_of("customer", 1)
    world.edit(one, city="online")
    new = world.create("customer", no=21, name="made online", city="Umeå")
    world.office("UPDATE customer SET town = 'office' WHERE id = 2")
    world.office("INSERT INTO customer (no, name, town) VALUES (22, 'made here', 'Luleå')")
    rests(world)
    assert dict(world.office("SELECT name, town FROM customer")) == {
        "one": "online", "two": "office", "three": "Lund",
        "made online": "Umeå", "made here": "Luleå",
    }  # fmt: skip
    assert world.online(new).key is not None
    world.edit(one, city="lost")
    world.office("UPDATE customer SET town = 'stands' WHERE id = 1")
    world.settle()
    assert [(c.field, c.online) for c in world.conflicts()] == [("city", "lost")]
    assert world.certificate().identical


def test_a_renamed_key_keeps_every_record_fm24_fm15(world: World) -> None:
    ids = world.ids("customer")
    run(world, "ALTER TABLE customer RENAME COLUMN id TO customer_id")
    attach_renamed(world, "customer.id=customer_id")
    rests(world)
    assert world.ids("customer") == ids
    parent = world.id_of("customer", 3)
    world.edit(world.id_of("remark", 1), customer=parent)
    world.office("UPDATE remark SET customer = 3 WHERE id = 2")
    world.office("DELETE FROM customer WHERE customer_id = 2")
    rests(world)
    assert world.office("SELECT customer FROM remark ORDER BY id") == [(3,), (3,)]
    assert {r.fields["customer"] for r in world.online_records("remark")} == {parent}


def test_a_renamed_table_keeps_its_name_online_and_every_record_fm24(world: World) -> None:
    ids = world.ids("customer")
    world.edit(world.id_of("customer", 1), name="online, waiting")
    run(
        world,
        "ALTER TABLE customer RENAME TO client",
        "ALTER TABLE client RENAME COLUMN city TO town",
    )
    world.settle()
    attach_renamed(world, "customer=client", "client.city=town")
    rests(world)
    assert world.ids("customer") == ids
    world.office("INSERT INTO client (no, name) VALUES (31, 'made here')")
    world.office("UPDATE remark SET customer = 1 WHERE id = 2")
    rests(world)
    assert world.office("SELECT name FROM client WHERE id = 1") == [("online, waiting",)]
    assert len(world.online_records("customer")) == 4


def test_a_rename_stays_known_at_the_next_attach_fm24(world: World) -> None:
    run(world, "ALTER TABLE customer RENAME COLUMN city TO town")
    attach_renamed(world, RENAMED)
    run(world, "ALTER TABLE customer ADD COLUMN city varchar(40)")
    run(world, "UPDATE customer SET city = 'the new one' WHERE id = 1")
    attach_again(world)
    rests(world)
    one = world.id_of("customer", 1)
    assert world.online(one).fields["city"] == "Lund"
    assert world.online(one).fields["city_2"] == "the new one"
    run(world, "ALTER TABLE customer RENAME COLUMN town TO place")
    attach_renamed(world, "customer.town=place")
    world.edit(one, city="twice renamed", city_2="the new one still")
    rests(world)
    assert world.office("SELECT place, city FROM customer WHERE id = 1") == [
        ("twice renamed", "the new one still")
    ]


def test_what_the_database_refuses_is_told_by_the_fields_name_fm24_fm12(world: World) -> None:
    run(
        world,
        "ALTER TABLE customer RENAME COLUMN no TO number",
        "CREATE UNIQUE INDEX by_number ON customer (number)",
    )
    attach_renamed(world, "customer.no=number")
    world.settle()
    world.edit(world.id_of("customer", 1), no=12)
    world.settle()
    [entry] = world.quarantine()
    assert entry.code == "UNIQUE_TAKEN"
    assert [(h.record, h.fields) for h in entry.holders] == [(world.id_of("customer", 2), ("no",))]


def test_an_evident_rename_is_suggested_and_never_done_fm24(world: World) -> None:
    run(
        world,
        "ALTER TABLE customer RENAME COLUMN city TO town",
        "ALTER TABLE remark RENAME TO note",
    )
    plan = attach.plan(world.url)
    assert set(plan.evident_renames) == {RENAMED, "remark=note"}
    [fields] = [one for one in changes(plan.wanted) if one.what == "fields"]
    assert (fields.added, fields.dropped, fields.renamed) == (("town",), ("city",), ())
    told = attach.plan(world.url, renames=[RENAMED, "remark=note"])
    assert told.evident_renames == ()
    assert {one.renamed for one in changes(told.wanted)} == {
        (("city", "town"),),
        (("remark", "note"),),
    }


@pytest.mark.parametrize(
    ("rename", "error"),
    [
        ("customer.city", RenameUnknown),
        ("city=town", RenameUnknown),
        ("customer.phone=town", RenameUnknown),
        ("supplier.city=town", RenameUnknown),
        ("customer.name=town", RenameStays),
        ("customer=client", RenameStays),
        ("customer.city=place", RenameUnfit),
        ("customer.city=name", RenameUnfit),
    ],
)
def test_a_rename_that_did_not_happen_is_refused(
    make_world: MakeWorld, rename: str, error: type[Exception]
) -> None:
    world = make_world(SCHEMA)
    run(world, "ALTER TABLE customer RENAME COLUMN city TO town")
    with pytest.raises(error):
        attach.plan(world.url, renames=[rename])
