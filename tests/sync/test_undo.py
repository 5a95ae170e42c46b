"""Undo: online work is taken back at both sides, and what somebody has changed since stays."""

from __future__ import annotations

import datetime as dt

import pytest

from samsyn.protocol.undo import Choice, Undo
from samsyn.records import undo
from samsyn.records.errors import BadUndo
from samsyn.records.unit import Source, company_unit
from tests.sync.conftest import MakeWorld
from tests.sync.world import AT, World

SCHEMA = """
CREATE TABLE customer (id serial, name varchar(40) NOT NULL, phone varchar(40), email varchar(40));
CREATE TABLE orders (no varchar(20) PRIMARY KEY, customer integer REFERENCES customer(id), note varchar(40));
INSERT INTO customer (id, name, phone) VALUES (1, 'Nordlund', '08-1'), (2, 'Söner', '08-2');
INSERT INTO orders VALUES ('A1', 1, 'first')
"""
MARIA = Choice(by="Maria")


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Two customers and an order, loaded and at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def told(found: Undo) -> set[tuple[str, str | None, str | None]]:
    """The steps: operation, field, why not."""
    return {(step.operation, step.field, step.why_not) for step in found.steps}


def taken_back(world: World, choice: Choice = MARIA, at: str = AT) -> Undo:
    """An undo by Erik, carried out on both sides and accounted for."""
    planned = undo.planned_undo(world.tenant, choice, at)
    done = undo.undo(world.tenant, choice, "Erik", at)
    assert done.steps == planned.steps
    world.settle()
    assert world.ledger_difference() == 0
    assert world.certificate().identical
    return done


def customers(world: World) -> list[tuple[object, ...]]:
    """The customers at the office."""
    return world.office("SELECT name, phone, email FROM customer ORDER BY name")


def test_what_a_person_wrote_online_is_taken_back_at_both_sides_g3(world: World) -> None:
    before = customers(world)
    one = world.id_of("customer", 1)
    world.edit(one, phone="a")
    world.settle()
    world.edit(one, phone="b", email="x@y.se")
    world.create("customer", name="Maria's own")
    world.delete(world.id_of("orders", "A1"))
    world.settle()
    assert len(customers(world)) == 3
    done = taken_back(world)
    assert customers(world) == before
    assert world.office("SELECT no, customer, note FROM orders") == [("A1", 1, "first")]
    assert told(done) == {
        ("update", "phone", None),
        ("update", "email", None),
        ("delete", None, None),
        ("insert", None, None),
    }
    assert done.done == 3
    assert not world.conflicts()
    assert not world.quarantine()


def test_a_record_comes_back_as_the_same_record(world: World) -> None:
    order = world.id_of("orders", "A1")
    world.delete(order)
    world.settle()
    taken_back(world)
    assert world.id_of("orders", "A1") == order


def test_an_undo_can_be_undone(world: World) -> None:
    one, order = world.id_of("customer", 1), world.id_of("orders", "A1")
    made = world.create("customer", name="New")
    world.edit(one, phone="b")
    world.delete(order)
    world.settle()
    first = taken_back(world)
    second = taken_back(world, Choice(batch=first.batch))
    assert world.office("SELECT phone FROM customer WHERE id = 1") == [("b",)]
    assert not world.online(order).alive
    assert world.online(made).alive
    third = taken_back(world, Choice(batch=second.batch))
    assert told(third) == told(first)
    assert world.online(order).alive
    assert not taken_back(world, MARIA).steps, "all is as before Maria: nothing is left"


def test_what_somebody_has_changed_since_stays_g2(world: World) -> None:
    one, two = world.id_of("customer", 1), world.id_of("customer", 2)
    made = world.create("customer", name="New")
    world.edit(one, phone="a", email="a")
    world.edit(two, phone="b")
    world.settle()
    world.office("UPDATE customer SET phone = 'office' WHERE id = 1")
    world.office("UPDATE customer SET email = 'office' WHERE name = 'New'")
    world.office("DELETE FROM customer WHERE id = 2")
    world.settle()
    done = taken_back(world)
    assert told(done) == {
        ("update", "phone", "CHANGED_SINCE"),
        ("update", "email", None),
        ("delete", None, "CHANGED_SINCE"),
        ("update", None, "RECORD_GONE"),
    }
    assert {s.changed_by for s in done.steps if s.why_not} == {"DESK-1"}
    assert world.office("SELECT phone, email FROM customer WHERE id = 1") == [("office", None)]
    assert world.online(made).alive


def test_an_unsent_office_change_wins_over_an_undo_as_over_any_edit_g2(world: World) -> None:
    one, order = world.id_of("customer", 1), world.id_of("orders", "A1")
    world.edit(one, phone="online")
    world.settle()
    world.delete(order)
    world.office("UPDATE customer SET phone = 'office' WHERE id = 1")
    world.office("UPDATE orders SET note = 'office' WHERE no = 'A1'")
    taken_back(world)
    assert world.online(one).fields["phone"] == "office"
    assert world.online(order).fields["note"] == "office"
    assert [(c.field, c.online, c.office) for c in world.conflicts()] == [
        ("phone", "08-1", "office")
    ]


@pytest.mark.parametrize("heard", ["nothing", "page", "all"])
def test_a_deletion_is_undone_whatever_the_office_has_heard_of_it_g1_fm18(
    world: World, heard: str
) -> None:
    order = world.id_of("orders", "A1")
    world.edit(order, note="online")
    world.delete(order)
    if heard == "page":
        world.pull()
    elif heard == "all":
        world.settle()
    taken_back(world, Choice(batch=undo.batches(world.tenant, AT)[0].batch))
    assert world.office("SELECT note FROM orders") == [("online",)]
    assert world.id_of("orders", "A1") == order


def test_a_restored_record_that_the_office_deletes_unseen_is_deleted_and_told_g3(
    world: World,
) -> None:
    order = world.id_of("orders", "A1")
    world.delete(order)
    world.office("DELETE FROM orders")
    undo.undo(world.tenant, MARIA, "Erik", AT)
    world.settle()
    assert not world.online(order).alive
    assert [(c.field, c.outcome, c.online_by) for c in world.conflicts()] == [
        (None, "office_deleted", "Erik")
    ]
    assert world.ledger_difference() == 0


def test_references_stay_whole(world: World) -> None:
    new = world.create("customer", name="New")
    world.edit(world.id_of("orders", "A1"), customer=world.id_of("customer", 2))
    world.settle()
    world.office("INSERT INTO orders VALUES ('A2', 3, 'second')")
    world.office("DELETE FROM customer WHERE id = 1")
    world.settle()
    done = taken_back(world)
    assert told(done) == {
        ("delete", None, "STILL_REFERRED"),
        ("update", "customer", "REFERENCE_GONE"),
    }
    assert world.online(new).alive


def test_a_record_and_what_refers_to_it_go_and_come_together(world: World) -> None:
    with company_unit(world.tenant, Source.REST, "Maria", AT) as unit:
        new = unit.create("customer", {"name": "New"}, "0" * 31 + "1")
        unit.create("orders", {"no": "B1", "customer": new.id}, "0" * 31 + "2")
        batch = unit.batch
    world.settle()
    gone = taken_back(world, Choice(batch=batch))
    assert (gone.done, len(customers(world))) == (2, 2)
    back = taken_back(world, Choice(batch=gone.batch))
    assert (back.done, len(customers(world))) == (2, 3)
    assert len(world.office("SELECT 1 FROM orders JOIN customer ON customer.id = customer")) == 2


def test_a_key_that_has_gone_to_another_record_stays_there(world: World) -> None:
    world.delete(world.id_of("orders", "A1"))
    world.settle()
    world.office("INSERT INTO orders VALUES ('A1', 2, 'new')")
    world.settle()
    assert told(taken_back(world)) == {("insert", None, "KEY_TAKEN")}


def test_an_hour_and_a_batch_choose_and_seven_days_are_offered(world: World) -> None:
    now = dt.datetime.fromisoformat(AT)
    one = world.id_of("customer", 1)
    for age_h, phone in ((24 * 8, "old"), (2, "two"), (0, "now")):
        at = (now - dt.timedelta(hours=age_h)).isoformat(timespec="milliseconds")
        with company_unit(world.tenant, Source.WEB, "Maria", at.replace("+00:00", "Z")) as unit:
            unit.edit(one, {"phone": phone})
    world.settle()
    assert [b.changes for b in undo.batches(world.tenant, AT)] == [1, 1]
    hour = Choice(hour="2026-11-23T10")
    assert undo.planned_undo(world.tenant, hour, AT).steps[0].back == "two"
    same = Choice(hour="2026-11-23T11:00+01:00", by="Maria")
    assert undo.planned_undo(world.tenant, same, AT).steps[0].back == "two"
    earlier = undo.planned_undo(world.tenant, Choice(hour="2026-11-23T08"), AT)
    assert told(earlier) == {("update", "phone", "CHANGED_SINCE")}
    assert undo.planned_undo(world.tenant, MARIA, AT).steps[0].back == "old"
    assert not undo.planned_undo(world.tenant, Choice(hour="2026-11-15T10"), AT).changes
    for bad in (Choice(), Choice(hour="noon"), Choice(hour="0001-01-01T00")):
        with pytest.raises(BadUndo):
            undo.planned_undo(world.tenant, bad, AT)


def test_the_offices_own_work_is_not_chosen(world: World) -> None:
    world.office("UPDATE customer SET phone = 'x' WHERE id = 1")
    world.settle()
    assert not undo.planned_undo(world.tenant, Choice(by="DESK-1"), AT).changes
