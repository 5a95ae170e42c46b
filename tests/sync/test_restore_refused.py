"""FM12, FM21, FM22, G7: what the office had refused, where either side is put back to a backup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from samsyn.agent.service import ServiceUnreachable
from samsyn.agent.underway import Choice
from samsyn.protocol.messages import QuarantineEntry
from samsyn.records import clinic_list
from tests.sync.backups import backup, service_backup
from tests.sync.conftest import MakeWorld
from tests.sync.world import AT, World

EARLIER = "2026-01-01T00:00:00.000Z"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    made = make_world("CREATE TABLE item (id serial, name text UNIQUE, note text)")
    made.office("INSERT INTO item (name) VALUES ('one'), ('two')")
    made.settle()
    return made


@pytest.fixture(params=["office", "service"])
def put_back(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[World], None]:
    """A side is put back to where it is now, after the office has worked on; what it lost is not of what was refused."""

    def done(world: World) -> None:
        restore = service_backup() if request.param == "service" else backup(world.url, tmp_path)
        world.office("INSERT INTO item (name) VALUES ('after the backup')")
        world.settle()
        restore()
        world.restart()

    return done


def listed(world: World) -> list[QuarantineEntry]:
    """What the service has in quarantine."""
    return clinic_list.entries(world.tenant)


def nothing_is_held(world: World) -> bool:
    """Both sides are the same, nothing was lost, and nothing is listed any more."""
    assert world.certificate().identical
    held = [*world.quarantine(), *listed(world), *world.conflicts()]
    return not held and world.ledger_difference() == 0


@pytest.mark.parametrize("new", [False, True])
def test_what_the_office_had_refused_before_is_told_to_it_anew_fm21_fm22_fm12_g1(
    world: World, put_back: Callable[[World], None], *, new: bool
) -> None:
    """It is known to both sides when the backup is made, and older than all that comes after."""
    refused = world.id_of("item", 2)
    if new:
        refused = world.create("item", name="one")
    else:
        world.edit(refused, name="one")
    world.settle()
    world.edit(world.id_of("item", 1), note="a later change")
    world.settle()
    put_back(world)
    world.update(Choice.BRING_BACK)
    world.settle()
    assert [entry.record for entry in world.quarantine()] == [refused]
    assert [entry.record for entry in listed(world)] == [refused]
    world.office("UPDATE item SET name = 'another' WHERE id = 1")
    world.settle()
    assert refused in world.ids("item").values()
    assert nothing_is_held(world)


@pytest.mark.parametrize("known", [True, False])
def test_what_a_backup_takes_that_was_refused_leaves_the_quarantine_fm21_fm12(
    world: World, tmp_path: Path, *, known: bool
) -> None:
    """The backup holds the refusal, or is older; it can take the value now, and nothing is listed any more."""
    two = world.id_of("item", 2)
    older = backup(world.url, tmp_path)
    world.edit(two, name="one")
    world.settle()
    put_back = backup(world.url, tmp_path) if known else older
    world.office("UPDATE item SET note = 'after the backup' WHERE id = 2")
    world.settle()
    put_back()
    world.restart()
    world.office("UPDATE item SET name = 'another' WHERE id = 1")
    world.update(Choice.BRING_BACK)
    world.settle()
    assert world.office("SELECT name FROM item WHERE id = 2") == [("one",)]
    assert nothing_is_held(world)


def test_what_was_refused_and_edited_since_leaves_the_quarantine_where_it_is_taken_fm21_fm22_fm12(
    world: World, put_back: Callable[[World], None]
) -> None:
    """The edit waits for the office when a side is put back, and the office knows of no refusal then."""
    two = world.id_of("item", 2)
    world.edit(two, name="one")
    world.settle()
    put_back(world)
    world.edit(two, name="another")
    world.update(Choice.BRING_BACK)
    world.settle()
    assert world.office("SELECT name FROM item WHERE id = 2") == [("another",)]
    assert nothing_is_held(world)


def test_what_the_backup_has_taken_and_not_said_leaves_the_quarantine_fm21_fm12(
    world: World, tmp_path: Path
) -> None:
    """The word that it is taken lay unsent in the backup, and was never sent."""
    world.edit(world.id_of("item", 2), name="one")
    world.settle()
    world.office("UPDATE item SET name = 'another' WHERE id = 1")
    world.push()
    world.session.try_again()
    world.session._retry_quarantine()
    assert not world.quarantine()
    restore = backup(world.url, tmp_path)
    world.restart()
    world.ready()
    restore()
    world.restart()
    world.update(Choice.BRING_BACK)
    world.settle()
    assert world.office("SELECT name FROM item WHERE id = 2") == [("one",)]
    assert nothing_is_held(world)


def test_what_is_edited_online_while_an_update_begins_is_refused_on_both_sides_fm21_fm12_g1(
    world: World, tmp_path: Path
) -> None:
    """The service began with a later change than the office had looked at (seed 910): it took the record for one that the office has."""
    refused = world.create("item", name="one")
    world.settle()
    restore = backup(world.url, tmp_path)
    world.office("UPDATE item SET note = 'after the backup' WHERE id = 2")
    world.settle()
    restore()
    world.restart()
    world.network.suffer("delivered", "lost")
    with pytest.raises(ServiceUnreachable):
        world.update(Choice.BRING_BACK)
    world.edit(refused, note="meanwhile")
    world.update(Choice.BRING_BACK)
    world.settle()
    assert [entry.record for entry in world.quarantine()] == [refused]
    assert [entry.record for entry in listed(world)] == [refused]
    world.office("UPDATE item SET name = 'another' WHERE id = 1")
    world.settle()
    assert world.office("SELECT note FROM item WHERE name = 'one'") == [("meanwhile",)]
    assert nothing_is_held(world)


@pytest.mark.parametrize("edited", [False, True])
def test_what_is_refused_again_after_a_restore_is_no_news_fm21_fm22_fm12(
    world: World, put_back: Callable[[World], None], *, edited: bool
) -> None:
    """People are told once of each refusal, known by since when it lies: of a newer edit they are told."""
    two = world.id_of("item", 2)
    world.edit(two, name="one")
    world.settle()
    world.tenant.execute(
        "UPDATE records_quarantine SET since = %(at)s WHERE company_id = %(company)s", at=EARLIER
    )
    put_back(world)
    world.update(Choice.BRING_BACK)
    if edited:
        world.edit(two, name="after the backup")
        world.edit(two, name="one")
    world.settle()
    assert [entry.since for entry in listed(world)] == [AT if edited else EARLIER]
