"""Connecting again: what is missing in the database is told, not deleted, when it is much."""

from __future__ import annotations

import pytest

from samsyn.agent.absence import ACCEPT_MISSING, MissingAtOffice
from samsyn.companydb import books
from samsyn.core.brakes import ORDINARY
from tests.sync.conftest import MakeWorld
from tests.sync.world import World

SCHEMA = "CREATE TABLE customer (id serial, name varchar(40))"


def emptied(make_world: MakeWorld, gone: int) -> World:
    """A world with 100 customers, of which the database lost some while it was not connected."""
    world = make_world(SCHEMA)
    world.settle()
    for number in range(1, 101):
        world.office("INSERT INTO customer (id, name) VALUES ($1, 'x')", number)
    world.settle()
    world.office("DELETE FROM customer WHERE id <= $1", gone)
    no = world.type("customer").no
    with world.db.transaction():
        journal = world.db.take_journal(1000)
        world.db.forget(
            world.type("customer"), [world.id_of("customer", n) for n in range(1, gone + 1)]
        )
        books.set_fact(world.db, f"load:{no}", None)
    assert len(journal) == gone
    world.restart()
    return world


def test_a_few_records_that_are_missing_were_deleted_fm25(make_world: MakeWorld) -> None:
    world = emptied(make_world, gone=ORDINARY.few)
    world.settle()
    assert len(world.online_records("customer")) == 100 - ORDINARY.few
    assert world.certificate().identical


def test_many_missing_records_wait_for_a_person_fm25(make_world: MakeWorld) -> None:
    world = emptied(make_world, gone=60)
    with pytest.raises(MissingAtOffice) as held:
        world.settle()
    assert held.value.facts == {"type": "customer", "missing": 60, "records": 100}
    assert len(world.online_records("customer")) == 100
    with world.db.transaction():
        books.set_fact(world.db, ACCEPT_MISSING, True)
    world.settle()
    assert len(world.online_records("customer")) == 40
    assert world.certificate().identical
    assert not books.fact(world.db, ACCEPT_MISSING, bool, False)
