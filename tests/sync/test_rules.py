"""Rules beside *the office wins*: of a field by whose rule online stands, the office's value is the loss."""

from __future__ import annotations

import pytest

from samsyn.companydb import attach
from samsyn.companydb.ruling import RuleUnknown
from samsyn.records import ledger, reapply
from samsyn.records.history import conflicts
from tests.sync.conftest import MakeWorld
from tests.sync.world import AT, World

SCHEMA = """
CREATE TABLE customer (id serial, name varchar(40), note varchar(40), amount integer, currency varchar(3));
INSERT INTO customer (id, name, note, amount, currency) VALUES (1, 'Nordlund', 'old', 10, 'SEK')
"""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """A customer of whose note online stands."""
    made = make_world(SCHEMA)
    attach.attach(attach.plan(made.url, rules=["customer.note=online"]))
    made.restart()
    made.settle()
    assert made.type("customer").online_wins == ("note",)
    return made


def both(world: World, field: str) -> tuple[object, object]:
    """The field at the office and online, at rest and accounted for."""
    world.settle()
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    here = world.office(f"SELECT {field} FROM customer WHERE id = 1")[0][0]
    return here, world.online(world.id_of("customer", 1)).fields[field]


@pytest.mark.parametrize("first", ["push", "pull"])
def test_an_unseen_online_write_stands_by_the_rule_g1_g3(world: World, first: str) -> None:
    world.edit(world.id_of("customer", 1), note="online", name="online")
    world.office("UPDATE customer SET note = 'office', name = 'office'")
    world.push() if first == "push" else world.pull()
    assert both(world, "note") == ("online", "online")
    assert both(world, "name") == ("office", "office")
    told = {(c.field, c.kept, c.office, c.online, c.outcome) for c in world.conflicts()}
    assert told == {
        ("note", "online", "office", "online", "online_value"),
        ("name", "office", "office", "online", "office_value"),
    }
    assert ledger.ledger(world.tenant).conflict == 2


def test_what_the_office_had_seen_stands_as_ever_g2(world: World) -> None:
    world.edit(world.id_of("customer", 1), note="online")
    world.settle()
    world.office("UPDATE customer SET note = 'office'")
    assert both(world, "note") == ("office", "office")
    assert not world.conflicts()


def test_the_offices_loss_can_be_written_once_more(world: World) -> None:
    world.edit(world.id_of("customer", 1), note="online")
    world.office("UPDATE customer SET note = 'office'")
    both(world, "note")
    reapply.reapply(world.tenant, conflicts(world.tenant, 1)[0].id, "Erik", AT)
    assert both(world, "note") == ("office", "office")


def test_what_the_office_wrote_keeps_a_record_alive_all_the_same_fm18(world: World) -> None:
    one = world.id_of("customer", 1)
    world.edit(one, note="online")
    world.delete(one)
    world.office("UPDATE customer SET note = 'office'")
    world.pull()
    assert both(world, "note") == ("online", "online")
    assert world.online(one).alive
    assert {c.outcome for c in world.conflicts()} == {"deletion_undone", "online_value"}


def test_rules_are_remembered_changed_and_refused(world: World) -> None:
    def rules(*given: str) -> tuple[str, ...]:
        return attach.plan(world.url, rules=given).catalog.type("customer").online_wins

    assert rules() == ("note",)
    assert rules("customer.note=office") == ()
    assert rules("customer=online") == ("id", "name", "note")
    for bad in ("customer.note", "customer.none=online", "x=online", "customer.amount=online"):
        with pytest.raises(RuleUnknown):
            rules(bad)
