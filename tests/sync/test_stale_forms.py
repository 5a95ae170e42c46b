"""Stale forms: a save that puts back what online work had just replaced is told, and can be mended."""

from __future__ import annotations

import pytest

from samsyn.records import reapply
from samsyn.records.history import conflicts
from tests.sync.conftest import MakeWorld
from tests.sync.world import AT, World

SCHEMA = """
CREATE TABLE customer (id serial, name varchar(40), phone varchar(40), email varchar(40), note varchar(40));
INSERT INTO customer (id, name, phone, email) VALUES (1, 'Nordlund', '08-1', 'a@b.se')
"""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """A customer, at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def told(world: World) -> list[tuple[str | None, object, object, str]]:
    """The conflicts after rest: field, online, office, outcome."""
    world.settle()
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    return [(c.field, c.online, c.office, c.outcome) for c in world.conflicts()]


def test_a_form_that_was_opened_before_an_online_change_is_flagged_g2_g3(world: World) -> None:
    one = world.id_of("customer", 1)
    world.edit(one, phone="online")
    world.settle()
    world.office("UPDATE customer SET phone = '08-1', note = 'called' WHERE id = 1")
    assert told(world) == [("phone", "online", "08-1", "stale_form")]
    assert world.online(one).fields["phone"] == "08-1", "the office's value stands"
    (lost,) = conflicts(world.tenant, 10)
    assert (lost.online_by, lost.base) == ("Maria", "08-1")
    reapply.reapply(world.tenant, lost.id, "Maria", AT)
    assert len(told(world)) == 1
    assert world.office("SELECT phone, note FROM customer") == [("online", "called")]


def test_a_form_opened_before_several_online_changes_is_flagged(world: World) -> None:
    one = world.id_of("customer", 1)
    world.edit(one, phone="first", email="x@y.se")
    world.settle()
    world.edit(one, phone="second")
    world.settle()
    world.office("UPDATE customer SET phone = '08-1', email = 'a@b.se', note = 'called'")
    assert sorted(told(world)) == [
        ("email", "x@y.se", "a@b.se", "stale_form"),
        ("phone", "second", "08-1", "stale_form"),
    ]


@pytest.mark.parametrize(
    "save",
    [
        "UPDATE customer SET phone = '08-1'",
        "UPDATE customer SET phone = 'other', note = 'called'",
        "UPDATE customer SET note = 'called', name = 'other'",
    ],
    ids=["a person puts it back on purpose", "another value", "not of this field"],
)
def test_what_is_no_stale_form_is_not_flagged_fm20(world: World, save: str) -> None:
    world.edit(world.id_of("customer", 1), phone="online")
    world.settle()
    world.office(save)
    assert not told(world)


def test_what_the_office_had_not_seen_is_an_ordinary_conflict_g2(world: World) -> None:
    world.edit(world.id_of("customer", 1), phone="online")
    world.office("UPDATE customer SET phone = 'office', note = 'called'")
    assert told(world) == [("phone", "online", "office", "office_value")]


def test_an_old_online_change_is_not_what_a_form_still_shows(world: World) -> None:
    world.edit(world.id_of("customer", 1), phone="online")
    world.settle()
    world.tenant.execute(
        "UPDATE records_change SET at = '2026-11-23T09:30:00.000Z' WHERE company_id = %(company)s"
    )
    world.office("UPDATE customer SET phone = '08-1', note = 'called'")
    assert not told(world)


def test_a_save_that_only_puts_back_is_on_purpose(world: World) -> None:
    world.edit(world.id_of("customer", 1), phone="online", email="x@y.se")
    world.settle()
    world.office("UPDATE customer SET phone = '08-1', email = 'a@b.se'")
    assert not told(world)
