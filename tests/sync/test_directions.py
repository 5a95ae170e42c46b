"""Directions: where a type is written; what is written all the same is neither lost nor left apart."""

from __future__ import annotations

import pytest

from samsyn.companydb import attach
from samsyn.companydb.directing import DirectionUnknown
from samsyn.core.catalog import Direction
from samsyn.records.errors import FromOffice
from tests.sync.conftest import MakeWorld
from tests.sync.world import World

SCHEMA = """
CREATE TABLE customer (id serial, name varchar(40), note varchar(40));
INSERT INTO customer (id, name, note) VALUES (1, 'Nordlund', 'old')
"""


def going(world: World, way: str) -> World:
    """The world after a person has chosen a direction for customers."""
    attach.attach(attach.plan(world.url, directions=[f"customer={way}"]))
    world.restart()
    world.settle()
    assert world.type("customer").direction is Direction(way)
    return world


def same(world: World, **fields: str) -> None:
    """Both sides rest on these values, and every write is accounted for."""
    world.settle()
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    columns = ", ".join(fields)
    assert list(world.office(f"SELECT {columns} FROM customer WHERE id = 1")[0]) == [
        *fields.values()
    ]


def test_to_online_only_is_written_at_the_office_alone(make_world: MakeWorld) -> None:
    world = going(make_world(SCHEMA), "up")
    one = world.id_of("customer", 1)
    with pytest.raises(FromOffice):
        world.edit(one, note="online")
    with pytest.raises(FromOffice):
        world.delete(one)
    with pytest.raises(FromOffice):
        world.create("customer", name="New")
    world.office("UPDATE customer SET note = 'office'")
    same(world, note="office")
    assert world.online(one).fields["note"] == "office"


def test_what_was_written_online_before_still_arrives_g3(make_world: MakeWorld) -> None:
    world = make_world(SCHEMA)
    world.settle()
    world.edit(world.id_of("customer", 1), note="online")
    same(going(world, "up"), note="online")


def test_from_online_only_an_unseen_office_write_is_the_loss_and_kept_g3(
    make_world: MakeWorld,
) -> None:
    world = going(make_world(SCHEMA), "down")
    world.edit(world.id_of("customer", 1), note="online")
    world.office("UPDATE customer SET note = 'office', name = 'office'")
    same(world, note="online", name="office")
    assert [(c.field, c.office, c.kept) for c in world.conflicts()] == [
        ("note", "office", "online")
    ]


def test_a_direction_is_kept_and_can_be_taken_back(make_world: MakeWorld) -> None:
    world = going(make_world(SCHEMA), "down")
    attach.attach(attach.plan(world.url))
    world.restart()
    assert world.type("customer").direction is Direction.DOWN
    assert world.type("customer").online_wins
    going(world, "both")
    assert not world.type("customer").online_wins
    world.edit(world.id_of("customer", 1), note="online")
    same(world, note="online")


@pytest.mark.parametrize("wrong", ["customer", "customer=sideways", "nobody=up", "=up"])
def test_a_direction_that_cannot_be_is_refused(make_world: MakeWorld, wrong: str) -> None:
    world = make_world(SCHEMA)
    with pytest.raises(DirectionUnknown):
        attach.plan(world.url, directions=[wrong])
