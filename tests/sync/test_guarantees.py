"""Guarantees that the other tests of two sides do not show by themselves; docs/guarantees.md lists all.

FM20: what is no conflict. A test carries the number of its guarantee in its name.
"""

from __future__ import annotations

import re
from pathlib import Path

import apsw
import pytest

from samsyn.agent.service import ServiceRefused
from samsyn.companydb import attach, books
from samsyn.companydb.urls import SqliteUrl
from tests.sync.conftest import MakeWorld
from tests.sync.world import DirectService, World

SCHEMA = """
CREATE TABLE item (id serial, name varchar(40), note varchar(40));
INSERT INTO item (name) VALUES ('one'), ('two')
"""
ROOT = Path(__file__).resolve().parents[2]

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"])


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Two items, loaded and at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def both_write(world: World, turn: str) -> None:
    """The same field, and another, on both sides."""
    one = world.id_of("item", 1)
    world.office(f"UPDATE item SET name = 'office {turn}' WHERE id = 1")
    world.edit(one, name=f"online {turn}", note=f"note {turn}")


# --- G3 ----------------------------------------------------------------------------------


def test_every_write_is_accounted_for_at_rest_and_before_g3(world: World) -> None:
    for turn in range(3):
        both_write(world, str(turn))
        assert world.ledger_difference() == 0
        world.settle()
        assert world.ledger_difference() == 0
    assert [(lost.online, lost.office) for lost in world.conflicts()] == [
        (f"online {turn}", f"office {turn}") for turn in range(3)
    ]


# --- G7 ----------------------------------------------------------------------------------


@on_sqlite
def test_a_backup_put_back_is_told_before_anything_is_exchanged_g7(
    world: World, tmp_path: Path
) -> None:
    """And neither side has changed by it."""
    assert isinstance(world.url, SqliteUrl)
    backup, office = apsw.Connection(str(tmp_path / "backup.db")), apsw.Connection(world.url.path)
    with backup.backup("main", office, "main") as copying:
        copying.step()
    world.restart()
    both_write(world, "later")
    world.settle()
    before = world.online(world.id_of("item", 1))
    with office.backup("main", backup, "main") as copying:
        copying.step()
    backup.close()
    office.close()
    world.office("UPDATE item SET note = 'after the restore' WHERE id = 2")
    world.restart()
    with pytest.raises(ServiceRefused) as told:
        world.sync()
    assert told.value.problem == "LINK_OLD"
    assert not told.value.transient
    assert world.online(before.id) == before
    assert world.office("SELECT name, note FROM item ORDER BY id") == [
        ("one", None),
        ("two", "after the restore"),
    ]


# --- G8 ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "days", [("22", "24", "23"), ("24", "22", "23")], ids=["back_then_on", "on_then_back"]
)
def test_a_clock_that_jumps_decides_nothing_g8_fm20(world: World, days: tuple[str, ...]) -> None:
    for turn, day in enumerate(days):
        moment = f"2026-11-{day}T10:00:00.000Z"
        world.now = lambda moment=moment: moment  # type: ignore[misc]  # bound now, called later
        both_write(world, str(turn))
        world.settle()
        world.edit(world.id_of("item", 2), name=f"alone {turn}")
        world.settle()
    assert world.office("SELECT name, note FROM item ORDER BY id") == [
        ("office 2", "note 2"),
        ("alone 2", None),
    ]
    assert len(world.conflicts()) == 3
    assert world.certificate().identical


# --- G9 ----------------------------------------------------------------------------------


def test_a_connection_touches_no_record_of_another_company_g9(world: World, tmp_path: Path) -> None:
    """Not by its id either: what it writes under that id is its own."""
    one = world.id_of("item", 1)
    before = world.online(one)
    other = World.made(str(tmp_path / "other.db"), SCHEMA, "bbbbbbbbbbbb")
    try:
        other.settle()
        both_write(other, "theirs")
        told = other.service.pull(books.marked_cursor(other.db), 0, 1000, other.fence)
        other.settle()
        assert one not in other.ids("item").values()
        assert told.changes
        assert one not in {change.id for change in told.changes}
        assert one not in {r.id for r in other.service.identities("item", "", 1000).records}
        stolen = DirectService(other.caller, other.network)
        assert one not in str(stolen.digests("item").unsettled)
        other.create("item", one, name="mine")
    finally:
        other.close()
    assert world.online(one) == before
    assert not world.conflicts()
    assert world.certificate().identical


# --- G10 ---------------------------------------------------------------------------------


def test_the_agent_holds_no_transaction_while_it_asks_the_service_g10(world: World) -> None:
    """So a slow network keeps nobody from writing; what it does hold, it holds for one page."""
    held: list[bool] = []
    world.network.watch = lambda: held.append(in_transaction(world))
    for turn in range(3):
        both_write(world, str(turn))
        world.settle()
    assert len(held) > 6
    assert not any(held)


def in_transaction(world: World) -> bool:
    """Whether the agent's connection holds a transaction."""
    connection = world.db.connection  # type: ignore[attr-defined]  # each engine's own
    if isinstance(connection, apsw.Connection):
        return connection.in_transaction
    return bool(connection.info.transaction_status)


def test_capture_without_an_agent_grows_by_a_bounded_amount_a_write_g10(world: World) -> None:
    """One journal row a changed row, none for a write that changes nothing, and no value in it."""
    for _ in range(50):
        world.office("UPDATE item SET note = $1 WHERE id = 1", "x" * 30)
    assert world.db.journal_size() == 1
    for turn in range(50):
        world.office("UPDATE item SET note = $1 WHERE id = 1", f"{turn}")
    assert world.db.journal_size() == 51
    world.settle()
    assert world.db.journal_size() == 0
    assert books.outbox(world.db) == []


def test_a_database_that_was_synced_and_detached_is_as_it_was_g10(make_world: MakeWorld) -> None:
    world = make_world(SCHEMA)
    world.settle()
    both_write(world, "once")
    world.settle()
    rows = world.office("SELECT * FROM item ORDER BY id")
    report = attach.detach(world.url)
    assert report.identical
    assert (report.left, report.changed_meanwhile) == ((), ())
    assert world.office("SELECT * FROM item ORDER BY id") == rows
    world.office("UPDATE item SET name = 'by the program alone' WHERE id = 1")


# --- FM20 --------------------------------------------------------------------------------


def test_attaching_again_is_no_conflict_fm20(world: World) -> None:
    """As after an upgrade of the agent: with work waiting on both sides."""
    world.office("UPDATE item SET name = 'office' WHERE id = 1")
    world.edit(world.id_of("item", 2), name="online")
    attach.attach(attach.plan(world.url))
    world.restart()
    world.settle()
    assert not world.conflicts()
    assert world.office("SELECT name FROM item ORDER BY id") == [("office",), ("online",)]
    assert world.certificate().identical


@on_sqlite
def test_columns_in_another_order_are_no_conflict_fm20(world: World) -> None:
    """The program makes its table anew with the columns the other way round."""
    world.office("UPDATE item SET name = 'office' WHERE id = 1")
    world.edit(world.id_of("item", 2), note="online")
    world.office("CREATE TABLE again (note varchar(40), name varchar(40), id INTEGER PRIMARY KEY)")
    world.office("INSERT INTO again (id, name, note) SELECT id, name, note FROM item")
    world.office("DROP TABLE item")
    world.office("ALTER TABLE again RENAME TO item")
    attach.attach(attach.plan(world.url))
    world.restart()
    world.settle()
    assert not world.conflicts()
    assert world.office("SELECT name, note FROM item ORDER BY id") == [
        ("office", None),
        ("two", "online"),
    ]
    assert world.certificate().identical


def test_a_load_that_is_told_again_is_no_conflict_fm20(world: World) -> None:
    """As after connecting again: every row comes once more, with online work waiting."""
    world.edit(world.id_of("item", 2), name="online")
    for record_type in world.db.types.values():
        books.set_fact(world.db, f"load:{record_type.no}", None)
    world.restart()
    world.settle()
    assert not world.conflicts()
    assert world.office("SELECT name FROM item ORDER BY id") == [("one",), ("online",)]
    assert len(world.online_records("item")) == 2
    assert world.certificate().identical


# --- the list of guarantees ----------------------------------------------------------------


def test_the_list_of_guarantees_names_tests_that_exist() -> None:
    told = (ROOT / "docs" / "guarantees.md").read_text()
    named = re.findall(r"`(test_\w+)`", told)
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    assert set(named) - written == set()
    for number in range(1, 11):
        assert f"**G{number} " in told
