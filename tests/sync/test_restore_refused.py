"""FM12, FM21, FM22, G7: what the office had refused, where either side is put back to a backup."""

from __future__ import annotations

from pathlib import Path

import pytest

from samsyn.agent.restoring import Choice
from samsyn.records import clinic_list
from tests.sync.backups import backup, service_backup
from tests.sync.conftest import MakeWorld
from tests.sync.world import World


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    made = make_world("CREATE TABLE item (id serial, name text UNIQUE, note text)")
    made.office("INSERT INTO item (name) VALUES ('one'), ('two')")
    made.settle()
    return made


@pytest.mark.parametrize("new", [False, True])
def test_what_the_office_had_refused_before_is_told_to_it_anew_fm22_fm12_g1(
    world: World, *, new: bool
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
    restore = service_backup()
    world.office("UPDATE item SET note = 'after the backup' WHERE id = 2")
    world.settle()
    restore()
    world.restart()
    world.update(Choice.BRING_BACK)
    world.settle()
    assert [entry.record for entry in world.quarantine()] == [refused]
    assert [entry.record for entry in clinic_list.entries(world.tenant)] == [refused]
    world.office("UPDATE item SET name = 'another' WHERE id = 1")
    world.settle()
    assert refused in world.ids("item").values()
    assert world.certificate().identical
    assert not clinic_list.entries(world.tenant)
    assert (world.quarantine(), world.conflicts(), world.ledger_difference()) == ([], [], 0)


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
    assert world.certificate().identical
    assert not clinic_list.entries(world.tenant)
    assert (world.quarantine(), world.conflicts(), world.ledger_difference()) == ([], [], 0)
