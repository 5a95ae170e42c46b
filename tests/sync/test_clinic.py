"""The quarantine clinic: each fix, carried out at the service, brings both sides to equality (FM12–14)."""

from __future__ import annotations

import pytest

from samsyn.agent.service import ServiceRefused
from samsyn.core.cells import Cell
from samsyn.protocol.messages import FixOrder, QuarantineEntry
from samsyn.records import clinic_list
from tests.sync.conftest import MakeWorld
from tests.sync.world import World

SCHEMA = """
CREATE TABLE customer (id serial, name varchar(40) NOT NULL, email varchar(40) UNIQUE,
    phone varchar(40), credit integer CHECK (credit >= 0), boss integer REFERENCES customer);
CREATE TABLE orders (no varchar(20) PRIMARY KEY, customer integer NOT NULL REFERENCES customer,
    note varchar(40));
INSERT INTO customer (name, email, phone, credit) VALUES ('Anna', 'anna@x', '1', 5), ('Bo', 'bo@x', NULL, 5);
INSERT INTO orders (no, customer, note) VALUES ('A1', 1, 'first')
"""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Two customers and an order, at rest on both sides."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def entry_of(world: World, record: str) -> QuarantineEntry:
    """The open entry of a record, as the service lists it."""
    (entry,) = [e for e in clinic_list.entries(world.tenant) if e.record == record]
    return entry


def mended(world: World, whose: str, fix: str, **more: object) -> QuarantineEntry:
    """A fix chosen at the office, twice: it is carried out once."""
    order = FixOrder(entry_of(world, whose).id, fix, **more)  # type: ignore[arg-type]  # by name
    world.service.mend(order)
    return world.service.mend(order)


def fixes(world: World, record: str) -> list[str]:
    """The names of the fixes that apply."""
    return [remedy.fix for remedy in entry_of(world, record).fixes]


def healed(world: World) -> None:
    """Nothing is left in quarantine on either side, both are equal, and every write is accounted for."""
    world.settle()
    assert not world.quarantine()
    assert not clinic_list.entries(world.tenant)
    assert world.certificate().identical
    assert not world.certificate().quarantine
    assert world.ledger_difference() == 0
    assert not world.sync(), "at rest nothing moves"


def refused_edit(world: World, **fields: Cell) -> str:
    """An online edit of Anna that the office does not take."""
    one = world.id_of("customer", 1)
    world.edit(one, **fields)
    world.settle()
    assert [e.record for e in world.quarantine()] == [one]
    assert world.ledger_difference() == 0
    return one


def refused_new(world: World, **fields: Cell) -> str:
    """A customer created online with Anna's e-mail address."""
    whole: dict[str, Cell] = {"name": "Anna N", "email": "anna@x", **fields}
    new = world.create("customer", None, **whole)
    world.settle()
    (entry,) = world.quarantine()
    assert (entry.record, entry.code) == (new, "UNIQUE_TAKEN")
    assert [holder.record for holder in entry.holders] == [world.id_of("customer", 1)]
    assert entry.holders[0].fields == ("email",)
    return new


def test_another_value_is_given_fm12(world: World) -> None:
    one = refused_edit(world, credit=-1)
    assert fixes(world, one) == ["edit", "take_office", "retry"]
    entry = entry_of(world, one)
    assert [(v.field, v.office, v.online) for v in entry.values] == [("credit", 5, -1)]
    told = mended(world, one, "edit", fields={"credit": 7})
    assert (told.state, told.fix, told.fixed_by) == ("under_way", "edit", "DESK-1")
    healed(world)
    assert world.office("SELECT credit FROM customer WHERE id = 1") == [(7,)]
    assert not world.conflicts()


def test_the_offices_value_is_taken_and_the_lost_one_kept_fm12(world: World) -> None:
    one = refused_edit(world, credit=-1, phone="2")
    mended(world, one, "take_office")
    assert world.ledger_difference() == 0
    healed(world)
    assert world.office("SELECT credit, phone FROM customer WHERE id = 1") == [(5, "1")]
    lost = {c.field: (c.office, c.online, c.online_by, c.outcome) for c in world.conflicts()}
    assert lost == {
        "credit": (5, -1, "Maria", "given_up"),
        "phone": ("1", "2", "Maria", "given_up"),
    }


def test_two_records_of_one_natural_key_become_one_fm13(world: World) -> None:
    new = refused_new(world, phone="99", credit=3)
    child = world.create("orders", no="N1", customer=new, note="n")
    kin = world.create("customer", name="Kin", boss=new)
    world.settle()
    assert entry_of(world, child).waits_for == "Anna N"
    assert fixes(world, new)[:2] == ["merge_with", "new_key"]
    (merge, *_) = entry_of(world, new).fixes
    assert merge.title == "Anna"
    world.office("UPDATE customer SET phone = NULL WHERE id = 1")
    world.settle()
    mended(world, new, "merge_with")
    healed(world)
    assert world.office("SELECT name, email, phone, credit FROM customer WHERE id = 1") == [
        ("Anna", "anna@x", "99", 5)
    ]
    assert world.office("SELECT customer FROM orders WHERE no = 'N1'") == [(1,)]
    assert world.office("SELECT boss FROM customer WHERE name = 'Kin'") == [(1,)]
    assert world.online(kin).fields["boss"] == world.id_of("customer", 1)
    assert not world.online(new).alive
    merged = {c.field: (c.office, c.online) for c in world.conflicts() if c.outcome == "merged"}
    assert merged == {None: (None, None), "name": ("Anna", "Anna N"), "credit": (5, 3)}


def test_values_that_are_preferred_in_a_merge_are_ordinary_edits_fm13(world: World) -> None:
    new = refused_new(world, credit=3)
    mended(world, new, "merge_with", prefer=("credit",))
    healed(world)
    assert world.office("SELECT name, credit FROM customer WHERE id = 1") == [("Anna", 3)]


def test_another_number_lets_both_stand_fm13(world: World) -> None:
    new = refused_new(world)
    mended(world, new, "new_key", fields={"email": "anna.n@x"})
    healed(world)
    assert world.office("SELECT count(*) FROM customer") == [(3,)]


def test_a_new_record_is_given_up_knowingly_fm13(world: World) -> None:
    new = refused_new(world)
    mended(world, new, "skip")
    assert world.ledger_difference() == 0
    healed(world)
    assert not world.online(new).alive
    (lost,) = world.conflicts()
    assert (lost.outcome, lost.record, lost.field) == ("given_up", new, None)
    (entry,) = clinic_list.entries(world.tenant, resolved=True)
    assert (entry.fix, entry.fixed_by, entry.state) == ("skip", "DESK-1", "settled")


def test_it_is_tried_again_when_asked_fm12(world: World) -> None:
    one = refused_edit(world, credit=-1)
    mended(world, one, "retry")
    world.settle()
    again = entry_of(world, one)
    assert (again.code, again.state) == ("CHECK_FAILED", "open")
    assert world.online(one).pending["credit"].held
    mended(world, one, "take_office")
    healed(world)


def test_an_online_edit_back_to_the_refused_value_stays_in_quarantine_g1(world: World) -> None:
    """The service hears of the new refusal, though it is the one that it knows."""
    one = refused_edit(world, credit=-1)
    world.edit(one, credit=3)
    world.edit(one, credit=-1)
    world.settle()
    assert world.online(one).pending["credit"].held
    assert [e.record for e in world.quarantine()] == [one]
    assert entry_of(world, one).code == "CHECK_FAILED"


def test_a_fix_that_does_not_apply_is_told_with_those_that_do(world: World) -> None:
    one = refused_edit(world, credit=-1)
    entry = entry_of(world, one)
    for order, code in (
        (FixOrder(entry.id, "merge_with"), "FIX_DOES_NOT_APPLY"),
        (FixOrder(entry.id, "heal"), "UNKNOWN_FIX"),
        (FixOrder(entry.id, "edit"), "FIX_INCOMPLETE"),
        (FixOrder(entry.id, "edit", {"nothing": 1}), "UNKNOWN_FIELD"),
        (FixOrder("0" * 32, "edit", {"credit": 1}), "UNKNOWN_QUARANTINE_ENTRY"),
    ):
        with pytest.raises(ServiceRefused) as told:
            world.service.mend(order)
        assert told.value.problem == code
    mended(world, one, "take_office")
    healed(world)
    with pytest.raises(ServiceRefused) as told:
        world.service.mend(FixOrder(entry.id, "edit", {"credit": 1}))
    assert told.value.problem == "QUARANTINE_SETTLED"
    world.service.mend(FixOrder(entry.id, "take_office"))
