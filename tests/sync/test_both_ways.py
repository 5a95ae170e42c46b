"""What reaches the other side, what stands after a conflict, what is kept when it cannot be taken."""

from __future__ import annotations

import pytest

from tests.sync.conftest import MakeWorld
from tests.sync.world import World

SCHEMA = """
CREATE TABLE customer (id serial, name varchar(40) NOT NULL, phone varchar(40), email varchar(40) UNIQUE);
CREATE TABLE orders (no varchar(20) PRIMARY KEY, customer integer NOT NULL REFERENCES customer(id),
    note varchar(40), total numeric(10,2) CHECK (total >= 0));
INSERT INTO customer (id, name, phone) VALUES (1, 'Nordlund', '08-1'), (2, 'Söner', '08-2');
INSERT INTO orders VALUES ('A1', 1, 'first', 10)
"""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Two customers and an order, loaded and at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def phone(world: World, number: int) -> object:
    """A customer's phone at the office."""
    return world.office("SELECT phone FROM customer WHERE id = $1", number)[0][0]


def test_first_load_makes_both_sides_equal_g1(world: World) -> None:
    assert {r.fields["name"] for r in world.online_records("customer")} == {"Nordlund", "Söner"}
    certificate = world.certificate()
    assert certificate.identical
    assert certificate.records == 3


def test_a_reference_travels_as_the_records_id(world: World) -> None:
    order = world.online(world.id_of("orders", "A1"))
    assert order.fields["customer"] == world.id_of("customer", 1)


def test_a_field_changed_on_one_side_reaches_the_other(world: World) -> None:
    one, two = world.id_of("customer", 1), world.id_of("customer", 2)
    world.office("UPDATE customer SET phone = '1' WHERE id = 1")
    world.edit(two, phone="2")
    world.settle()
    assert world.online(one).fields["phone"] == "1"
    assert phone(world, 2) == "2"
    assert not world.conflicts()
    assert world.certificate().identical


def test_different_fields_of_one_record_both_stand_g2(world: World) -> None:
    one = world.id_of("customer", 1)
    world.office("UPDATE customer SET phone = 'office' WHERE id = 1")
    world.edit(one, name="online")
    world.settle()
    assert world.office("SELECT name, phone FROM customer WHERE id = 1") == [("online", "office")]
    assert not world.conflicts()
    assert world.certificate().identical


def test_the_office_wins_and_the_online_value_is_kept_g2_g3(world: World) -> None:
    one = world.id_of("customer", 1)
    world.office("UPDATE customer SET phone = 'office' WHERE id = 1")
    world.edit(one, phone="online")
    world.settle()
    (lost,) = world.conflicts()
    assert (lost.base, lost.office, lost.online) == ("08-1", "office", "online")
    assert lost.online_by == "Maria"
    assert phone(world, 1) == world.online(one).fields["phone"] == "office"
    assert world.certificate().identical


def test_a_change_that_was_seen_is_overwritten_without_a_conflict_fm17(world: World) -> None:
    one = world.id_of("customer", 1)
    world.edit(one, phone="online")
    world.settle()
    world.office("UPDATE customer SET phone = 'office' WHERE id = 1")
    world.settle()
    assert world.online(one).fields["phone"] == "office"
    assert not world.conflicts()


def test_equal_values_on_both_sides_are_no_conflict_fm20(world: World) -> None:
    one = world.id_of("customer", 1)
    world.office("UPDATE customer SET phone = 'same' WHERE id = 1")
    world.edit(one, phone="same")
    world.settle()
    assert not world.conflicts()
    assert world.certificate().identical


def test_a_record_created_online_gets_its_number_from_the_office(world: World) -> None:
    record = world.create("customer", name="Ny", phone="3")
    assert world.online(record).key is None
    world.settle()
    ((number,),) = world.office("SELECT id FROM customer WHERE name = 'Ny'")
    assert world.online(record).key == (number,)
    assert world.online(record).fields["id"] == number
    assert world.certificate().identical


def test_parent_and_child_created_online_arrive_together_fm14(world: World) -> None:
    parent = world.create("customer", name="Ny")
    world.create("orders", no="B1", customer=parent, note="n", total=world_total(world, "5.00"))
    world.settle()
    rows = world.office(
        "SELECT c.name FROM orders o JOIN customer c ON c.id = o.customer WHERE o.no = 'B1'"
    )
    assert rows == [("Ny",)]
    assert world.certificate().identical


def world_total(world: World, text: str) -> str | int:
    """An amount as the engine's cell."""
    return text if world.db.engine == "postgresql" else int(float(text))


def test_an_office_deletion_beats_an_online_edit_fm18(world: World) -> None:
    two = world.id_of("customer", 2)
    world.office("DELETE FROM customer WHERE id = 2")
    world.edit(two, phone="online")
    world.settle()
    assert not world.online(two).alive
    (lost,) = world.conflicts()
    assert (lost.outcome, lost.online) == ("office_deleted", "online")
    assert world.certificate().identical


def test_an_online_deletion_loses_against_an_unseen_office_edit_fm18(world: World) -> None:
    two = world.id_of("customer", 2)
    world.office("UPDATE customer SET phone = 'office' WHERE id = 2")
    world.delete(two)
    world.settle()
    assert world.online(two).alive
    assert phone(world, 2) == "office"
    assert [lost.outcome for lost in world.conflicts()] == ["deletion_undone"]
    assert world.certificate().identical


def test_an_online_deletion_reaches_the_office(world: World) -> None:
    world.delete(world.id_of("customer", 2))
    world.settle()
    assert world.office("SELECT count(*) FROM customer") == [(1,)]
    assert world.certificate().identical


def test_a_deletion_that_the_office_refuses_comes_back_fm14(world: World) -> None:
    one = world.id_of("customer", 1)
    world.delete(one)
    world.settle()
    assert world.online(one).alive
    assert [lost.outcome for lost in world.conflicts()] == ["delete_refused"]
    assert world.certificate().identical


def test_a_key_used_again_is_another_record_fm15(world: World) -> None:
    two = world.id_of("customer", 2)
    world.office("DELETE FROM customer WHERE id = 2")
    world.office("INSERT INTO customer (id, name) VALUES (2, 'Another')")
    world.settle()
    assert not world.online(two).alive
    assert world.online(world.id_of("customer", 2)).fields["name"] == "Another"
    assert world.id_of("customer", 2) != two
    assert world.certificate().identical


def test_a_changed_key_stays_the_same_record_fm15(world: World) -> None:
    order = world.id_of("orders", "A1")
    world.office("UPDATE orders SET no = 'A2' WHERE no = 'A1'")
    world.settle()
    assert world.id_of("orders", "A2") == order
    assert world.online(order).key == ("A2",)
    assert world.certificate().identical


def test_a_key_changed_online_moves_at_the_office(world: World) -> None:
    order = world.id_of("orders", "A1")
    world.edit(order, no="A3")
    world.settle()
    assert world.id_of("orders", "A3") == order
    assert world.certificate().identical


def test_inserted_and_deleted_before_the_first_sync_leaves_nothing_fm18(world: World) -> None:
    world.office("INSERT INTO customer (id, name) VALUES (9, 'Ghost')")
    world.office("DELETE FROM customer WHERE id = 9")
    gone = world.create("customer", name="Ghost too")
    world.delete(gone)
    world.settle()
    assert len(world.online_records("customer")) == 2
    assert world.office("SELECT count(*) FROM customer") == [(2,)]


def test_one_bad_record_never_stops_another_fm12_g5(world: World) -> None:
    bad = world.id_of("orders", "A1")
    two = world.id_of("customer", 2)
    world.edit(bad, total=world_total(world, "-1.00"))
    world.edit(two, phone="fine")
    world.settle()
    assert phone(world, 2) == "fine"
    (entry,) = world.quarantine()
    assert (entry.record, entry.code) == (bad, "CHECK_FAILED")
    assert world.certificate().identical
    assert world.certificate().quarantine == [bad]


def test_what_was_refused_goes_through_once_it_is_mended_fm12(world: World) -> None:
    bad = world.id_of("orders", "A1")
    world.edit(bad, total=world_total(world, "-1.00"), note="kept")
    world.settle()
    world.edit(bad, total=world_total(world, "7.00"))
    world.settle()
    assert not world.quarantine()
    assert world.office("SELECT note FROM orders WHERE no = 'A1'") == [("kept",)]
    assert world.online(bad).at_rest or world.certificate().identical
    assert not world.conflicts()


def test_an_office_edit_of_a_refused_field_is_a_conflict_and_frees_it(world: World) -> None:
    bad = world.id_of("orders", "A1")
    world.edit(bad, total=world_total(world, "-1.00"))
    world.settle()
    world.office("UPDATE orders SET total = 3 WHERE no = 'A1'")
    world.settle()
    assert not world.quarantine()
    (lost,) = world.conflicts()
    assert lost.online == world_total(world, "-1.00")
    assert world.certificate().identical


def test_a_dependant_waits_behind_its_refused_parent_g5(world: World) -> None:
    parent = world.create("customer", name=None)
    child = world.create("orders", no="C1", customer=parent, total=world_total(world, "1.00"))
    world.settle()
    codes = {entry.record: entry.code for entry in world.quarantine()}
    assert codes == {parent: "REQUIRED_MISSING", child: "PARENT_MISSING"}
    world.edit(parent, name="Mended")
    world.settle()
    assert not world.quarantine()
    assert world.office("SELECT count(*) FROM orders WHERE no = 'C1'") == [(1,)]
    assert world.certificate().identical


def test_two_unique_values_change_owners_fm13(world: World) -> None:
    one, two = world.id_of("customer", 1), world.id_of("customer", 2)
    world.edit(one, email="a@x")
    world.edit(two, email="b@x")
    world.settle()
    world.edit(one, email="b@x")
    world.edit(two, email="a@x")
    world.settle()
    assert not world.quarantine()
    assert world.office("SELECT email FROM customer ORDER BY id") == [("b@x",), ("a@x",)]
    assert world.certificate().identical


def test_the_same_natural_key_on_both_sides_is_told_and_loses_nothing_fm13(world: World) -> None:
    world.office("INSERT INTO orders (no, customer, note) VALUES ('N1', 1, 'office')")
    mine = world.create("orders", no="N1", customer=world.id_of("customer", 2), note="online")
    world.settle()
    (entry,) = world.quarantine()
    assert (entry.record, entry.code) == (mine, "UNIQUE_TAKEN")
    assert world.online(mine).fields["note"] == "online"
    assert world.office("SELECT note FROM orders WHERE no = 'N1'") == [("office",)]
