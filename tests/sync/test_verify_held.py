"""A held type is told as held and not compared; every other type is compared as ever; FM24, FM25."""

from __future__ import annotations

import pytest

from samsyn.agent import holding
from samsyn.agent.certificates import next_due, summary
from samsyn.companydb import held
from tests.sync.blind import blind
from tests.sync.conftest import MakeWorld
from tests.sync.world import AT, World

MANY = 60
SCHEMA = (
    "CREATE TABLE customer (id serial, name varchar(40), city varchar(40));"
    "CREATE TABLE remark (id serial, customer integer REFERENCES customer (id), text varchar(40));"
    "INSERT INTO remark (text) VALUES ('one'), ('two'), ('three');"
    "INSERT INTO customer (name, city) VALUES "
    + ", ".join(f"('customer {n}', 'town {n}')" for n in range(1, MANY + 1))
)


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """All customers were deleted at the office, and are held; the other type went on both ways."""
    world = make_world(SCHEMA)
    world.settle()
    world.office("DELETE FROM customer")
    world.settle()
    assert held.held_names(world.db) == {"customer"}
    world.edit(world.id_of("remark", 1), text="online")
    world.settle()
    world.office("UPDATE remark SET text = 'office' WHERE id = 2")
    world.settle()
    return world


def test_a_held_type_is_told_and_the_others_are_compared_fm24_fm25(world: World) -> None:
    """What the office has taken of them above the floor that the held type keeps does not wait."""
    told = world.certificate()
    assert told.held == ["customer"]
    assert [one.type for one in told.types] == ["remark"]
    assert told.identical, told.differences
    assert told.records == 3


def test_what_differs_beside_a_held_type_is_found_and_repaired_fm24(world: World) -> None:
    with blind(world, "remark"):
        world.office("UPDATE remark SET text = 'unseen' WHERE id IN (1, 3)")
    looked = world.certificate()
    assert [(d.type, d.what) for d in looked.differences] == [("remark", "differs")] * 2
    told = world.repaired()
    assert told.identical, told.differences
    assert len(told.repaired) == 2
    assert told.held == ["customer"]
    texts = {r.fields["id"]: r.fields["text"] for r in world.online_records("remark")}
    assert texts == {1: "unseen", 2: "office", 3: "unseen"}
    assert next_due(world.db, AT) is None
    assert summary(world.db).complete
    assert summary(world.db).held == ("customer",)
    assert len(world.online_records("customer")) == MANY


def test_a_type_that_is_let_go_is_compared_again_fm24_fm25(world: World) -> None:
    world.repaired()
    holding.release(world.db, "customer")
    world.settle()
    due = next_due(world.db, AT)
    assert due is not None
    assert due.name == "customer"
    told = world.repaired()
    assert told.identical, told.differences
    assert not told.held
    assert world.online_records("customer") == []
    assert world.ledger_difference() == 0
