"""Re-apply: the value that lost a conflict becomes an ordinary new edit, once, with its group or record."""

from __future__ import annotations

import pytest

from samsyn.protocol.undo import Reapplied
from samsyn.records import reapply
from samsyn.records.errors import CannotReapply, ChangedSince, UnknownConflict
from samsyn.records.history import conflicts
from tests.sync.conftest import MakeWorld
from tests.sync.world import AT, World

SCHEMA = """
CREATE TABLE customer (id serial, name varchar(40), phone varchar(40), amount integer, currency varchar(3));
CREATE TABLE orders (no varchar(20) PRIMARY KEY, customer integer REFERENCES customer(id), note varchar(40));
INSERT INTO customer (id, name, phone, amount, currency) VALUES (1, 'Nordlund', '08-1', 10, 'SEK');
INSERT INTO orders VALUES ('A1', 1, 'first')
"""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """A customer and an order, at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def again(world: World, *, anyway: bool = False, which: int = 0) -> Reapplied:
    """A conflict's losing value written once more by Erik, and at rest after."""
    one = conflicts(world.tenant, 10)[which]
    done = reapply.reapply(world.tenant, one.id, "Erik", AT, anyway=anyway)
    world.settle()
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    return done


def test_a_losing_value_is_written_once_more_and_stands_g2_g3(world: World) -> None:
    one = world.id_of("customer", 1)
    world.edit(one, phone="online")
    world.office("UPDATE customer SET phone = 'office'")
    world.settle()
    done = again(world)
    assert done.new
    assert world.office("SELECT phone FROM customer") == [("online",)]
    assert [c.reapplied_seq for c in conflicts(world.tenant, 10)] == [done.seq]
    world.office("UPDATE customer SET phone = 'later'")
    world.settle()
    assert again(world) == Reapplied(done.conflict, "customer", one, done.seq, new=False)
    assert world.office("SELECT phone FROM customer") == [("later",)], "once"
    assert len(world.conflicts()) == 1


def test_what_somebody_has_changed_since_is_not_overwritten_unasked(world: World) -> None:
    world.edit(world.id_of("customer", 1), phone="online")
    world.office("UPDATE customer SET phone = 'office'")
    world.settle()
    world.office("UPDATE customer SET phone = 'later'")
    world.settle()
    with pytest.raises(ChangedSince):
        again(world)
    assert again(world, anyway=True).new
    assert world.office("SELECT phone FROM customer") == [("online",)]


def test_a_group_is_written_once_more_whole(world: World) -> None:
    world.edit(world.id_of("customer", 1), currency="EUR", phone="online")
    world.office("UPDATE customer SET amount = 20, phone = 'office'")
    world.settle()
    lost = conflicts(world.tenant, 10)
    money = next(n for n, c in enumerate(lost) if c.field == "currency")
    again(world, which=money)
    row = world.office("SELECT amount, currency, phone FROM customer")
    assert row == [(10, "EUR", "office")], "as it was online, and nothing else"
    assert {c.field: c.reapplied_seq is None for c in conflicts(world.tenant, 10)} == {
        "currency": False,
        "phone": True,
    }


def test_a_record_that_the_office_deleted_is_made_anew_with_the_lost_values_fm18(
    world: World,
) -> None:
    order = world.id_of("orders", "A1")
    world.edit(order, note="online")
    world.office("DELETE FROM orders")
    world.settle()
    assert again(world).new
    assert world.office("SELECT no, customer, note FROM orders") == [("A1", 1, "online")]
    assert world.id_of("orders", "A1") == order


def test_what_it_refers_to_must_be_there(world: World) -> None:
    world.edit(world.id_of("orders", "A1"), note="online")
    world.office("DELETE FROM orders")
    world.office("DELETE FROM customer")
    world.settle()
    with pytest.raises(CannotReapply) as refused:
        again(world)
    assert refused.value.facts["why"] == "REFERENCE_GONE"


def test_a_deletion_that_was_undone_is_done_once_more_fm18(world: World) -> None:
    order = world.id_of("orders", "A1")
    world.delete(order)
    world.office("UPDATE orders SET note = 'office'")
    world.settle()
    assert world.online(order).alive
    assert again(world).new
    assert not world.office("SELECT 1 FROM orders")


def test_a_deletion_that_the_office_refuses_needs_its_reason_gone_first(world: World) -> None:
    customer = world.id_of("customer", 1)
    world.delete(customer)
    world.settle()
    assert world.online(customer).alive, "an order refers to it"
    with pytest.raises(CannotReapply) as refused:
        again(world)
    assert refused.value.facts["why"] == "STILL_REFERRED"
    world.office("DELETE FROM orders")
    world.settle()
    assert again(world).new
    assert not world.office("SELECT 1 FROM customer")


def test_an_unsent_office_change_wins_over_it_again_g2(world: World) -> None:
    world.edit(world.id_of("customer", 1), phone="online")
    world.office("UPDATE customer SET phone = 'office'")
    world.settle()
    world.office("UPDATE customer SET phone = 'newer'")
    again(world)
    assert world.office("SELECT phone FROM customer") == [("newer",)]
    assert [(c.online, c.office) for c in world.conflicts()] == [
        ("online", "office"),
        ("online", "newer"),
    ]


@pytest.mark.parametrize("conflict", ["", "1", "1.0", "99999999999999999999.1", "x.y", "-1.0"])
def test_what_is_no_conflict_is_refused(world: World, conflict: str) -> None:
    with pytest.raises(UnknownConflict):
        reapply.reapply(world.tenant, conflict, "Erik", AT)
