"""FM21, FM22, FM25, G7: restores of an office that held a type back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from samsyn.agent import holding
from samsyn.agent.underway import Choice
from samsyn.companydb import books, held
from samsyn.companydb.held import Held, Side
from samsyn.companydb.rows import CompanyDb
from samsyn.protocol.restoring import Standing
from tests.sync.backups import backup, service_backup
from tests.sync.conftest import MakeWorld
from tests.sync.world import AT, World

ROWS = "SELECT id, name FROM item ORDER BY id"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Two items, synced."""
    made = make_world("CREATE TABLE item (id serial, name text)")
    made.office("INSERT INTO item (name) VALUES ('one'), ('two')")
    made.settle()
    return made


def hold(world: World) -> None:
    """Online work on items waits for a person."""
    no = world.type("item").no
    told = Held("item", Side.ONLINE, "MANY_DELETED", AT, books.cursor(world.db))
    with world.db.transaction():
        held.hold(world.db, no, told)


@pytest.mark.parametrize("decide", [holding.release, holding.undo], ids=["release", "undo"])
def test_what_a_held_type_had_not_taken_comes_back_after_a_backup_fm21_fm25_g7(
    world: World, tmp_path: Path, decide: Callable[[CompanyDb, str], None]
) -> None:
    """It lies before the backup's cursor: the database that is lost had been let go on, and had taken it."""
    hold(world)
    world.delete(world.id_of("item", 2))
    world.edit(world.id_of("item", 1), name="online")
    world.settle()
    put_back = backup(world.url, tmp_path)
    holding.release(world.db, "item")
    world.settle()
    assert world.office(ROWS) == [(1, "online")]
    put_back()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.OFFICE_BACK
    world.settle()
    assert world.office(ROWS) == [(1, "one"), (2, "two")]
    decide(world.db, "item")
    world.settle()
    assert world.certificate().identical
    undone = [] if decide is holding.release else [(2, "two")]
    assert world.office(ROWS) == [(1, "online"), *undone]
    assert world.ledger_difference() == 0


def test_a_held_type_is_not_ahead_of_a_service_that_was_put_back_fm22_fm25_g1(world: World) -> None:
    """Numbers that it had passed are given anew, to other changes."""
    one = world.id_of("item", 1)
    put_back = service_backup()
    for name in ("a", "b", "c", "d"):
        world.edit(one, name=name)
    world.settle()
    hold(world)
    put_back()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.SERVICE_BACK
    world.settle()
    world.edit(world.id_of("item", 2), name="since")
    world.settle()
    holding.release(world.db, "item")
    world.settle()
    assert world.certificate().identical
    assert world.office(ROWS) == [(1, "d"), (2, "since")]
