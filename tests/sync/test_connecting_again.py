"""Connecting again: what is missing in the database is told, not deleted, when it is much."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from samsyn.agent import holding
from samsyn.companydb import books, held
from samsyn.companydb.rows import CompanyDb
from samsyn.core.brakes import ORDINARY, BrakeLimits
from tests.sync.conftest import MakeWorld
from tests.sync.resting import rests, the_rest_goes_on
from tests.sync.world import Killed, World

SCHEMA = (
    "CREATE TABLE customer (id serial, name varchar(40));"
    "CREATE TABLE remark (id serial, text varchar(40));"
    "INSERT INTO remark (text) VALUES ('one')"
)


def emptied(make_world: MakeWorld, gone: int, *, and_has: int = 0) -> World:
    """A world with 100 customers, of which the database lost some while it was not connected.

    It may have got others, under other numbers.
    """
    world = make_world(SCHEMA)
    world.settle()
    for number in range(1, 101):
        world.office("INSERT INTO customer (id, name) VALUES ($1, 'x')", number)
    world.settle()
    world.office("DELETE FROM customer WHERE id <= $1", gone)
    for number in range(501, 501 + and_has):
        world.office("INSERT INTO customer (id, name) VALUES ($1, 'another')", number)
    no = world.type("customer").no
    with world.db.transaction():
        journal = world.db.take_journal(1000)
        world.db.forget(
            world.type("customer"), [world.id_of("customer", n) for n in range(1, gone + 1)]
        )
        books.set_fact(world.db, f"load:{no}", None)
    assert len(journal) == gone + and_has
    world.restart()
    return world


def test_a_few_records_that_are_missing_were_deleted_fm25(make_world: MakeWorld) -> None:
    world = emptied(make_world, gone=ORDINARY.few)
    world.settle()
    assert len(world.online_records("customer")) == 100 - ORDINARY.few
    assert world.certificate().identical


def test_many_missing_records_wait_for_a_person_fm25(make_world: MakeWorld) -> None:
    world = emptied(make_world, gone=60)
    world.settle()
    world.office("UPDATE customer SET name = 'not told yet' WHERE id = 99")
    world.settle()
    (told,) = held.held(world.db).values()
    assert (told.why, told.count, told.records) == ("HELD_OFFICE_MISSING", 60, 100)
    assert len(world.online_records("customer")) == 100
    assert "not told yet" not in {r.fields["name"] for r in world.online_records("customer")}
    the_rest_goes_on(world)
    plan = holding.plan(world.db, world.service, "customer")
    assert [row.operation for row in plan.rows] == ["delete"] * holding.SHOWN
    assert plan.more
    holding.release(world.db, "customer")
    rests(world)
    assert len(world.online_records("customer")) == 40


def test_many_missing_records_are_put_back_fm25(make_world: MakeWorld) -> None:
    world = emptied(make_world, gone=60)
    ids = {r.id for r in world.online_records("customer")}
    world.settle()
    holding.undo(world.db, "customer")
    rests(world)
    assert len(world.office("SELECT * FROM customer")) == 100
    assert (
        {r.id for r in world.online_records("customer")}
        == ids
        == set(world.ids("customer").values())
    )


def test_a_limit_of_its_own_holds_for_missing_records_too_fm25(make_world: MakeWorld) -> None:
    world = emptied(make_world, gone=60)
    holding.set_limits(world.db, "customer", BrakeLimits(share=0.7))
    rests(world)
    assert len(world.online_records("customer")) == 40


def test_the_wrong_file_tells_nothing_of_a_type_before_a_person_has_looked_fm25(
    make_world: MakeWorld,
) -> None:
    """Another firm's customers under other numbers: none goes online, none is deleted there."""
    world = emptied(make_world, gone=100, and_has=30)
    world.settle()
    assert {told.why for told in held.held(world.db).values()} == {"HELD_OFFICE_MISSING"}
    assert {r.fields["name"] for r in world.online_records("customer")} == {"x"}
    world.restart()
    world.settle()
    assert len(world.online_records("customer")) == 100
    assert len(world.office("SELECT * FROM customer")) == 30


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("decide", [holding.release, holding.undo], ids=["release", "undo"])
def test_killed_at_any_commit_after_a_word_about_missing_records_fm25_g4(
    make_world: MakeWorld, decide: Callable[[CompanyDb, str], None], before: bool
) -> None:
    world = emptied(make_world, gone=60)
    world.limits = world.limits.__class__(pull_records=25, chunk_records=30)
    world.restart()
    world.settle()
    decide(world.db, "customer")
    for commit in range(1, 100):
        with world.killed_at(commit, before=before), suppress(Killed):
            world.sync()
            break
        world.restart()
    rests(world)
    left = 40 if decide is holding.release else 100
    assert len(world.online_records("customer")) == left
    assert len(world.office("SELECT * FROM customer")) == left
    assert not world.conflicts()
