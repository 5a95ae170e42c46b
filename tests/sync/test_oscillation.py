"""No echo and no flip-flop: what triggers make of online work settles, and nobody's newer work is lost."""

from __future__ import annotations

from typing import Any

import pytest

from samsyn.protocol.messages import FixOrder
from samsyn.protocol.undo import Choice
from samsyn.records import clinic_list, undo
from samsyn.records.unit import Source, company_unit
from tests.sync.blind import blind
from tests.sync.conftest import OpenStore, OpenWorld
from tests.sync.offices import ITEM, Office, Trigger, connected, rests
from tests.sync.test_triggers_of_others import ROUND, UPPER, UPPER_NEW, price
from tests.sync.world import AT, World

TIMES = 100


@pytest.fixture
def world(office: Office, open_store: OpenStore, open_world: OpenWorld) -> World:
    """An item whose code is written in capitals and whose price is rounded."""
    office.run(
        ITEM,
        *(trigger.on(office.engine, n) for n, trigger in enumerate((UPPER, UPPER_NEW, ROUND))),
        "INSERT INTO item (id, code, price, v) VALUES (1, 'A', 1.5, 'v')",
    )
    return connected(office, open_store, open_world)


INSISTS = 10
"""Times that a program online writes its value again."""


def insists(world: World, value: str = "small", source: Source = Source.REST) -> int:
    """A program online writes its value whenever it sees another; how often it had to."""
    one, wrote = world.id_of("item", 1), 0
    for _ in range(INSISTS):
        if world.online(one).fields["code"] != value:
            wrote += 1
            with company_unit(world.tenant, source, "robot", AT) as unit:
                unit.edit(one, {"code": value})
        world.settle()
    return wrote


def frozen(world: World) -> list[str]:
    """What the service lists as oscillating."""
    return [e.reason for e in clinic_list.entries(world.tenant) if e.code == "OSCILLATES"]


def here(world: World, field: str) -> object:
    """The item's field at the office."""
    return world.office(f"SELECT {field} FROM item WHERE id = 1")[0][0]


def test_a_value_that_a_trigger_puts_back_is_told_fm19_g1(world: World) -> None:
    one = world.id_of("item", 1)
    world.edit(one, code="a", price=price(world, "1.52"))
    rests(world)
    assert float(str(here(world, "price"))) == 1.5
    assert float(str(world.online(one).fields["price"])) == 1.5
    assert (here(world, "code"), world.online(one).fields["code"]) == ("A", "A")
    assert not world.conflicts()
    assert world.ledger_difference() == 0


@pytest.mark.parametrize("heard", ["before", "after"])
def test_a_derived_value_never_overrides_a_newer_online_edit_fm19_g2(
    world: World, heard: str
) -> None:
    one = world.id_of("item", 1)
    world.edit(one, code="first")
    world.pull()  # applied, and written in capitals; that news is not sent yet
    assert here(world, "code") == "FIRST"
    world.edit(one, code="second")
    if heard == "before":
        world.push()
        assert world.online(one).fields["code"] == "second"
    world.pull()
    assert here(world, "code") == "SECOND", "the newer one is applied upon what was derived"
    rests(world)
    assert world.online(one).fields["code"] == "SECOND"
    assert not world.conflicts()
    assert world.ledger_difference() == 0


def test_a_persons_office_edit_beside_a_derived_value_still_wins_fm19_g2(world: World) -> None:
    one = world.id_of("item", 1)
    world.edit(one, code="first")
    world.pull()
    world.office("UPDATE item SET v = 'office', code = 'OWN' WHERE id = 1")
    world.edit(one, code="second", v="online")
    rests(world)
    assert (here(world, "code"), here(world, "v")) == ("OWN", "office")
    assert {(c.field, c.online, c.office) for c in world.conflicts()} == {
        ("code", "second", "OWN"),
        ("v", "online", "office"),
    }
    assert world.ledger_difference() == 0


def test_a_derived_value_keeps_no_record_alive_fm18_fm19(world: World) -> None:
    one = world.id_of("item", 1)
    world.edit(one, code="first")
    world.pull()
    world.delete(one)
    rests(world)
    assert not world.office("SELECT 1 FROM item")
    assert not world.online(one).alive
    assert not world.conflicts()
    assert world.ledger_difference() == 0


def test_undo_takes_back_what_a_trigger_made_of_it(world: World) -> None:
    one = world.id_of("item", 1)
    world.edit(one, code="mine")
    world.settle()
    done = undo.undo(world.tenant, Choice(by="Maria"), "Erik", AT)
    assert [(s.field, s.now, s.back, s.why_not) for s in done.steps] == [
        ("code", "MINE", "A", None)
    ]
    rests(world)
    assert here(world, "code") == "A"


def test_a_total_that_triggers_keep_yields_to_a_newer_online_edit_fm19(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    add = "UPDATE head SET total = total + NEW.amount WHERE id = NEW.head;"
    total = Trigger("line", ("AFTER INSERT", add), ("AFTER INSERT", add + " RETURN NULL;"))
    office.run(
        "CREATE TABLE head (id integer PRIMARY KEY, total integer)",
        "CREATE TABLE line (id integer PRIMARY KEY, head integer REFERENCES head, amount integer)",
        total.on(office.engine, 0),
        "INSERT INTO head VALUES (1, 0)",
    )
    world = connected(office, open_store, open_world)
    one = world.id_of("head", 1)
    world.create("line", id=1, head=one, amount=5)
    world.pull()
    world.edit(one, total=100)
    rests(world)
    assert world.office("SELECT total FROM head") == [(100,)]
    assert world.online(one).fields["total"] == 100
    assert not world.conflicts()


def test_a_hundred_online_edits_while_the_office_is_slow_never_go_back_fm19(world: World) -> None:
    one = world.id_of("item", 1)
    for number in range(TIMES):
        world.edit(one, code=f"edit {number}", v=f"v{number}")
        if number % 7 == 0:
            world.pull()
        if number % 11 == 0:
            world.push()
        shown = str(world.online(one).fields["code"]).lower()
        assert shown == f"edit {number}", "nothing older comes back"
        assert world.online(one).fields["v"] == f"v{number}"
    rests(world)
    assert here(world, "code") == f"EDIT {TIMES - 1}"
    assert not world.conflicts()
    assert not world.quarantine()
    assert world.ledger_difference() == 0


def test_a_hundred_office_edits_while_online_is_slow_never_go_back_fm19(world: World) -> None:
    for number in range(TIMES):
        world.office("UPDATE item SET v = $1 WHERE id = 1", f"v{number}")
        if number % 7 == 0:
            world.push()
        if number % 11 == 0:
            world.pull()
        assert here(world, "v") == f"v{number}", "nothing older comes back"
    rests(world)
    assert world.online(world.id_of("item", 1)).fields["v"] == f"v{TIMES - 1}"
    assert not world.conflicts()
    assert world.ledger_difference() == 0


def test_at_rest_there_is_no_traffic_however_often_one_asks_fm19(world: World) -> None:
    world.edit(world.id_of("item", 1), code="a", price=price(world, "2.25"))
    rests(world)
    before = world.network.requests
    for _ in range(20):
        assert not world.sync()
    assert world.network.requests == before


def test_two_programs_that_answer_each_other_are_frozen_and_reported_fm19(world: World) -> None:
    """The office's trigger writes capitals, the program online small letters."""
    assert insists(world) == 3, "two rounds, and the third is held"
    assert frozen(world) == ["small ⇄ SMALL"]
    assert here(world, "code") == "SMALL"
    before = world.network.requests
    for _ in range(5):
        assert not world.sync()
    assert world.network.requests == before, "no more traffic"
    assert world.ledger_difference() == 0
    world.edit(world.id_of("item", 1), v="goes on")
    world.settle()
    assert here(world, "v") == "goes on"
    assert frozen(world)


def test_the_verifier_knows_what_is_frozen_and_compares_the_rest_fm19_fm24(world: World) -> None:
    """It is counted, and no difference, however often one looks."""
    one = world.id_of("item", 1)
    insists(world)
    for _ in range(2):
        told = world.repaired()
        assert (told.identical, told.records, told.repaired, told.frozen) == (True, 1, [], 1)
    with blind(world, "item"):
        world.office("UPDATE item SET v = 'unseen' WHERE id = 1")
    looked = world.certificate()
    assert [(d.record, d.what) for d in looked.differences] == [(one, "differs")]
    told = world.repaired()
    assert (told.identical, len(told.repaired), told.frozen) == (True, 1, 1)
    assert world.online(one).fields["v"] == "unseen"
    assert frozen(world)


def test_what_nobody_saw_of_a_frozen_field_lets_it_go_fm19_fm24(world: World) -> None:
    one = world.id_of("item", 1)
    insists(world)
    with blind(world, "item"):
        world.office("UPDATE item SET code = 'UNSEEN' WHERE id = 1")
    assert not world.certificate().identical
    told = world.repaired()
    assert (told.identical, told.frozen) == (True, 0)
    assert world.online(one).fields["code"] == here(world, "code") == "UNSEEN"
    assert [(c.field, c.online, c.office) for c in world.conflicts()] == [
        ("code", "small", "UNSEEN")
    ]
    assert not frozen(world)
    assert world.ledger_difference() == 0


def test_an_office_program_that_answers_is_frozen_too_fm19(world: World) -> None:
    one = world.id_of("item", 1)
    for _ in range(INSISTS):
        if world.online(one).fields["v"] != "online":
            world.edit(one, v="online")
        world.settle()
        world.office("UPDATE item SET v = 'office' WHERE id = 1 AND v = 'online'")
        world.settle()
    assert frozen(world) == ["online ⇄ office"]
    assert here(world, "v") == "office"
    assert world.ledger_difference() == 0


@pytest.mark.parametrize("side", ["office", "online"])
def test_a_persons_edit_lets_a_frozen_field_go_fm19(world: World, side: str) -> None:
    one = world.id_of("item", 1)
    insists(world)
    if side == "office":
        world.office("UPDATE item SET code = 'PERSON' WHERE id = 1")
    else:
        with company_unit(world.tenant, Source.WEB, "Maria", AT) as unit:
            unit.edit(one, {"code": "person"})
    rests(world)
    assert here(world, "code") == world.online(one).fields["code"] == "PERSON"
    assert not frozen(world)
    lost = [(c.field, c.online, c.office) for c in world.conflicts()]
    assert lost == ([("code", "small", "PERSON")] if side == "office" else [])
    assert world.ledger_difference() == 0


def test_a_person_may_write_the_same_value_as_often_as_they_like_fm19(world: World) -> None:
    assert insists(world, source=Source.WEB) == INSISTS
    assert not frozen(world)


def test_a_frozen_record_can_be_deleted_fm19(world: World) -> None:
    one = world.id_of("item", 1)
    insists(world)
    world.delete(one)
    rests(world)
    assert not world.office("SELECT 1 FROM item")
    assert not frozen(world)
    assert world.ledger_difference() == 0


@pytest.mark.parametrize(
    ("order", "code"),
    [(("edit", {"code": "mended"}), "MENDED"), (("take_office",), "SMALL"), (("retry",), "SMALL")],
)
def test_a_fix_of_the_quarantine_lets_a_frozen_field_go_fm19(
    world: World, order: tuple[Any, ...], code: str
) -> None:
    insists(world)
    (entry,) = clinic_list.entries(world.tenant)
    assert {fix.fix for fix in entry.fixes} >= {"edit", "take_office", "retry"}
    world.service.mend(FixOrder(entry.id, *order))
    rests(world)
    assert here(world, "code") == world.online(world.id_of("item", 1)).fields["code"] == code
    assert not clinic_list.entries(world.tenant)
    assert world.ledger_difference() == 0
