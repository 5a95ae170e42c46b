"""A column that the office drops while online work waits for it: nothing of that is lost in silence.

FM24, G3.
"""

from __future__ import annotations

import pytest

from samsyn.companydb import held
from samsyn.records import history, quarantine, reapply
from samsyn.records.errors import CannotReapply
from tests.sync.conftest import MakeWorld
from tests.sync.upgrades import SCHEMA, attach_again, dropped, run
from tests.sync.world import AT, World

REFUSING = {
    "sqlite": [
        "CREATE TRIGGER own BEFORE UPDATE ON customer WHEN NEW.city = 'bad'"
        " BEGIN SELECT RAISE(ABORT, 'no such city'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION own() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN IF NEW.city = 'bad' THEN RAISE EXCEPTION 'no such city'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER own BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION own()",
    ],
}
"""A rule of the program's own."""
ALLOWING = {"sqlite": ["DROP TRIGGER own"], "postgresql": ["DROP TRIGGER own ON customer"]}


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Three customers and two remarks, loaded and at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def rests(world: World) -> None:
    """Both sides are equal and every write is accounted for."""
    world.settle()
    assert not held.held(world.db)
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    assert world.db.journal_size() == 0


def test_what_waits_for_a_dropped_column_is_told_as_a_conflict_fm24_g3(world: World) -> None:
    """Written before the office dropped it, and after; the same records' other fields arrive."""
    one, two, three = (world.id_of("customer", n) for n in (1, 2, 3))
    world.edit(two, city="taken before")
    world.settle()
    world.edit(one, city="before", name="one online")
    dropped(world)
    world.settle()
    world.edit(three, city="after")
    new = world.create("customer", no=21, name="made online", city="of a new one")
    attach_again(world)
    rests(world)
    told = {(c.record, c.field, c.online, c.office, c.outcome, c.kept) for c in world.conflicts()}
    assert told == {
        (one, "city", "before", None, "field_gone", "office"),
        (three, "city", "after", None, "field_gone", "office"),
        (new, "city", "of a new one", None, "field_gone", "office"),
    }
    assert dict(world.office("SELECT name, no FROM customer")) == {
        "one online": 11, "two": 12, "three": 13, "made online": 21
    }  # fmt: skip
    for again in range(2):
        world.restart()
        rests(world)
        assert len(world.conflicts()) == 3, again


def test_a_value_written_online_as_the_office_had_it_goes_with_its_column_fm24_g3(
    world: World,
) -> None:
    """Nothing is lost, so no conflict tells of it; the ledger must know that the office had it."""
    one = world.id_of("customer", 1)
    world.edit(one, city="here")
    world.settle()
    world.edit(one, city="there")
    world.edit(one, city="here")
    dropped(world)
    attach_again(world)
    rests(world)
    assert not world.conflicts()
    assert world.online(one).fields["city"] is None


def test_what_lay_in_quarantine_of_a_dropped_column_is_told_and_the_rest_of_it_stays_fm24_g3(
    world: World,
) -> None:
    run(world, "CREATE UNIQUE INDEX by_no ON customer (no)", *REFUSING[world.db.engine])
    world.settle()
    one, other = world.id_of("customer", 1), world.id_of("customer", 3)
    world.edit(one, no=12, city="refused with it")
    world.edit(other, city="bad")
    world.settle()
    assert {entry.record for entry in world.quarantine()} == {one, other}
    run(world, *ALLOWING[world.db.engine])
    dropped(world)
    world.settle()
    attach_again(world)
    rests(world)
    assert {(c.record, c.field, c.online) for c in world.conflicts()} == {
        (one, "city", "refused with it"), (other, "city", "bad")
    }  # fmt: skip
    assert {entry.record for entry in world.quarantine()} == {one}
    assert quarantine.count(world.tenant) == 1
    world.office("UPDATE customer SET no = 99 WHERE id = 2")
    rests(world)
    assert not world.quarantine()
    assert quarantine.count(world.tenant) == 0
    assert world.office("SELECT no FROM customer WHERE id = 1") == [(12,)]


def test_a_value_that_went_with_its_column_can_be_written_again_once_it_is_back_fm24_g3(
    world: World,
) -> None:
    one = world.id_of("customer", 1)
    world.edit(one, city="waits")
    dropped(world)
    attach_again(world)
    rests(world)
    [conflict] = history.conflicts(world.tenant, 10)
    with pytest.raises(CannotReapply):
        reapply.reapply(world.tenant, conflict.id, "Erik", AT)
    run(world, "ALTER TABLE customer ADD COLUMN city varchar(40)")
    attach_again(world)
    rests(world)
    reapply.reapply(world.tenant, conflict.id, "Erik", AT)
    rests(world)
    assert world.office("SELECT city FROM customer WHERE id = 1") == [("waits",)]


def test_what_waited_in_a_deleted_record_that_the_office_keeps_is_told_fm24_fm18_g3(
    world: World,
) -> None:
    """Its deletion loses against an edit at the office, and its edit went with the column."""
    one = world.id_of("customer", 1)
    world.edit(one, city="waits")
    world.delete(one)
    dropped(world)
    world.office("UPDATE customer SET name = 'kept' WHERE id = 1")
    attach_again(world)
    rests(world)
    assert world.online(one).fields["name"] == "kept"
    assert {(c.record, c.field, c.online, c.outcome) for c in world.conflicts()} == {
        (one, "city", "waits", "field_gone"),
        (one, None, None, "deletion_undone"),
    }
