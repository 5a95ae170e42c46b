"""What lies in quarantine is tried again when what it depends on changes, and only then (FM12, FM13, G5)."""

from __future__ import annotations

import pytest

from samsyn.agent.retrying import BY_TURN, EVERYTHING_S, Retrying
from samsyn.companydb import books
from tests.sync.conftest import MakeWorld, OpenStore, OpenWorld
from tests.sync.offices import ITEM, Office, Trigger, connected
from tests.sync.test_clinic import SCHEMA, entry_of, healed, refused_edit, refused_new
from tests.sync.world import World

LOCKED = Trigger(
    "item",
    ("BEFORE UPDATE", "SELECT RAISE(ABORT, 'Låst') WHERE NEW.v = 'forbidden';"),
    ("BEFORE UPDATE", "IF NEW.v = 'forbidden' THEN RAISE 'Låst'; END IF; RETURN NEW;"),
)


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Two customers and an order, at rest on both sides."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def tries(world: World) -> dict[str, int]:
    """How often the office has been asked to take each record."""
    return {entry.record: entry.tries for entry in world.quarantine()}


def test_it_goes_through_when_the_other_holder_changes_at_the_office_fm13(world: World) -> None:
    refused_new(world)
    world.office("UPDATE customer SET email = 'other@x' WHERE id = 1")
    healed(world)
    assert world.office("SELECT count(*) FROM customer") == [(3,)]


def test_it_goes_through_when_the_other_holder_goes_fm13(world: World) -> None:
    new = refused_new(world)
    world.office("DELETE FROM orders")
    world.office("DELETE FROM customer WHERE id = 1")
    healed(world)
    assert world.online(new).fields["email"] == "anna@x"


def test_it_goes_through_when_the_holder_is_edited_online_fm13(world: World) -> None:
    refused_new(world)
    world.edit(world.id_of("customer", 1), email="other@x")
    healed(world)


def test_what_others_write_does_not_try_it_again_g5(world: World) -> None:
    refused_new(world)
    before = tries(world)
    world.office("UPDATE customer SET phone = '3' WHERE id = 2")
    world.edit(world.id_of("customer", 2), name="Bo B")
    world.settle()
    assert tries(world) == before
    world.office("UPDATE customer SET phone = '4' WHERE id = 1")
    world.settle()
    assert tries(world) != before


def test_an_office_edit_of_another_field_of_the_record_tries_it_again_fm12(world: World) -> None:
    one = refused_edit(world, credit=-1)
    before = tries(world)
    world.office("UPDATE customer SET phone = '4' WHERE id = 1")
    world.settle()
    assert tries(world).keys() == {one}
    assert tries(world) != before


def test_it_goes_through_when_a_rule_of_the_database_is_dropped_fm12(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    """Nobody writes a row: the agent sees that the rules are others."""
    office.run(ITEM, LOCKED.on(office.engine, 0), "INSERT INTO item (id, v) VALUES (1, 'a')")
    world = connected(office, open_store, open_world)
    world.edit(world.id_of("item", 1), v="forbidden")
    world.settle()
    assert world.session.at_rest()
    of = "" if office.engine == "sqlite" else " ON item"
    world.office(f"DROP TRIGGER own_0{of}")
    assert not world.session.at_rest()
    healed(world)
    assert world.office("SELECT v FROM item") == [("forbidden",)]


def test_what_nobody_can_name_is_tried_in_turn_g5(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    """A trigger may look at anything: each entry gets its turn, a few at a time."""
    many = 2 * BY_TURN + 5
    rows = ", ".join(f"({n}, 'a')" for n in range(1, many + 2))
    office.run(ITEM, LOCKED.on(office.engine, 0), f"INSERT INTO item (id, v) VALUES {rows}")
    world = connected(office, open_store, open_world)
    world.edit_all({world.id_of("item", n): {"v": "forbidden"} for n in range(1, many + 1)})
    world.settle()
    seen = tries(world)
    assert len(seen) == many
    tried: set[str] = set()
    for turn in range(3):
        world.office("UPDATE item SET touched = $1 WHERE id = $2", turn, many + 1)
        world.settle()
        now = tries(world)
        again = {record for record in now if now[record] != seen[record]}
        assert 0 < len(again) <= BY_TURN
        tried |= again
        seen = now
    assert len(tried) == many


def test_everything_is_tried_once_more_after_a_while_g5(world: World) -> None:
    refused_edit(world, credit=-1)
    moment = 0.0
    retrying = Retrying(world.db, lambda: moment)
    assert [len(entries) for entries in retrying.due()] == [1]
    assert not retrying.is_wanted()
    assert list(retrying.due()) == []
    moment = EVERYTHING_S
    assert retrying.is_wanted()
    assert [len(entries) for entries in retrying.due()] == [1]
    assert not retrying.is_wanted()


def test_all_of_many_are_tried_when_asked_g5(world: World) -> None:
    """Those behind the first two hundred too."""
    world.office("DELETE FROM orders")
    many = 230
    for number in range(many):
        world.create("customer", name=None, phone=str(number))
    world.settle()
    before = tries(world)
    assert len(before) == many
    world.session.try_again()
    world.settle()
    after = tries(world)
    assert all(after[record] != before[record] for record in before)
    assert entry_of(world, next(iter(before))).code == "REQUIRED_MISSING"
    assert books.quarantine_count(world.db) == many
