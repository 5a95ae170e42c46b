"""Retention: old things are let go of, and whoever was away for longer loses nothing (FM23, FM25)."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from samsyn.agent import resync
from samsyn.agent.restore_plan import plan
from samsyn.agent.service import ServiceRefused
from samsyn.companydb import books
from samsyn.core.errors import SamsynError
from samsyn.protocol.wire import Limits
from samsyn.records import ledger, reapply, retention
from samsyn.records.errors import NoLongerKept
from samsyn.records.ledger import Ledger
from tests.sync.backups import backup
from tests.sync.conftest import MakeWorld
from tests.sync.world import AT, World

SCHEMA = """
CREATE TABLE item (id serial, name varchar(40), note varchar(40));
INSERT INTO item (name) VALUES ('one'), ('two'), ('three'), ('four'), ('five'), ('six'), ('seven')
"""
SEEDS = 4
LATER = "2027-06-01T00:00:00.000Z"
"""Everything in a world happens before this."""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Seven items, at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def trim(world: World, rows: int = retention.ROWS) -> retention.Trimmed:
    """Everything is old by now."""
    return retention.trim(world.tenant, LATER, LATER, rows=rows)


def log_rows(world: World) -> int:
    """How many rows the change log has."""
    return int(
        world.tenant.rows("SELECT count(*) FROM records_change WHERE company_id = %(company)s")[0][
            0
        ]
    )


def book(world: World) -> Ledger:
    """The ledger, whose difference is nothing."""
    found = ledger.ledger(world.tenant)
    assert found.difference == 0
    return found


def live(world: World, turns: int = 3) -> None:
    """Some of everything: edits on both sides, conflicts, new records, deletions."""
    ids = world.ids("item")
    by_number = {int(str(key[0])): record for key, record in ids.items()}
    for turn in range(turns):
        world.edit(by_number[1], name=f"online {turn}", note="n")
        world.office(f"UPDATE item SET name = 'office {turn}' WHERE id = 1")
        world.office(f"UPDATE item SET note = 'office {turn}' WHERE id = 2")
        world.settle()
        world.edit(by_number[3], name=f"taken {turn}")
        made = world.create("item", name=f"made {turn}")
        world.settle()
        if turn % 2:
            world.delete(made)
        world.office(f"INSERT INTO item (name) VALUES ('born {turn}')")
        world.settle()
        world.office(f"DELETE FROM item WHERE name = 'born {turn}'")
        world.settle()


@pytest.mark.parametrize("rows", [1, 3, 1000])
def test_what_both_sides_have_goes_and_the_ledger_stays_fm25_g3(world: World, rows: int) -> None:
    live(world)
    before = book(world)
    assert world.conflicts()
    done = trim(world, rows)
    assert done.kept == 0
    assert done.changes > 20
    assert log_rows(world) == 0
    assert book(world) == before
    assert not world.conflicts()
    assert trim(world) == retention.Trimmed()
    live(world)
    assert world.certificate().identical
    assert book(world).current == before.current + 2 * 3
    trim(world, rows)
    book(world)
    assert world.certificate().identical


def test_an_agent_that_was_away_for_longer_than_anything_is_kept_fm23(world: World) -> None:
    """Edits, deletions and new records on both sides meanwhile; conflicts where both did something."""
    live(world)
    ids = {int(str(key[0])): record for key, record in world.ids("item").items()}
    world.edit(ids[5], name="first")
    world.edit(ids[6], name="between")
    world.edit(ids[5], name="second")
    world.edit(ids[1], name="online")
    world.edit(ids[1], name="online again", note="online")
    world.office("UPDATE item SET name = 'office' WHERE id = 1")
    world.office("DELETE FROM item WHERE id = 2")
    world.edit(ids[2], name="lost")
    world.delete(ids[3])
    world.delete(ids[4])
    world.office("UPDATE item SET note = 'lives' WHERE id = 4")
    made, gone = world.create("item", name="made"), world.create("item", name="made and gone")
    world.edit(made, note="edited")
    world.delete(gone)
    world.office("INSERT INTO item (name) VALUES ('born')")
    before = book(world)
    assert trim(world, 2).kept > 5
    assert book(world) == before
    assert trim(world).changes == 0
    world.limits = Limits(pull_records=1)
    world.restart()
    world.settle()
    assert world.certificate().identical
    assert world.office("SELECT name FROM item WHERE id IN (5, 6) ORDER BY id") == [
        ("second",),
        ("between",),
    ]
    assert not {c.record for c in world.conflicts()} & {ids[5], ids[6]}
    names = {r.fields["name"]: r.fields["note"] for r in world.online_records("item")}
    assert names["office"] == "online"
    assert names["made"] == "edited"
    assert names["four"] == "lives"
    assert "born" in names
    assert not names.keys() & {"online again", "lost", "made and gone"}
    assert world.office("SELECT count(*) FROM item WHERE id IN (2, 3)") == [(0,)]
    told = {(c.record, c.field, c.online, c.outcome) for c in world.conflicts()}
    assert (ids[1], "name", "online again", "office_value") in told
    assert (ids[2], "name", "lost", "office_deleted") in told
    assert (ids[4], None, None, "deletion_undone") in {(r, f, None, o) for r, f, _, o in told}
    book(world)
    trim(world)
    assert log_rows(world) == 0
    book(world)


def test_who_is_behind_a_trim_is_told_and_loads_again_by_itself_fm23(world: World) -> None:
    """What the office is not waiting for has gone from beyond its cursor: it looks at everything once."""
    one = world.id_of("item", 1)
    world.office("UPDATE item SET name = 'refused' WHERE id = 1")
    for turn in range(3):
        world.edit(one, name=f"online {turn}")
    world.push()  # the office's value wins; its cursor stays behind those edits
    before = books.cursor(world.db)
    trim(world)
    asked: list[str] = []
    world.restart()
    world.session._trace = lambda event, **facts: asked.append(f"{event} {facts.get('why', '')}")
    world.session.hello()
    world.started = True
    assert books.cursor(world.db) == before
    assert {told.why for told in resync.wanted(world.db).values()} == {resync.Why.RETENTION}
    world.settle()
    assert world.certificate().identical
    assert books.cursor(world.db) > before
    world.restart()
    world.settle()
    assert not resync.wanted(world.db)
    book(world)


def test_random_histories_come_to_the_same_whenever_they_are_trimmed_fm23_g1_g3(
    make_world: MakeWorld,
) -> None:
    """With agents connected, at any moment, any part at a time."""
    world = make_world(SCHEMA.replace("note varchar(40)", "note varchar(40) CHECK (note <> '4')"))
    world.settle()
    for seed in range(SEEDS):
        dice = random.Random(seed)
        for _ in range(25):
            _step(world, dice)
            if dice.random() < 0.2:
                before = book(world)
                trim(world, dice.choice([1, 2, 7, 100]))
                assert book(world) == before, seed
        world.settle()
        assert world.certificate().identical, seed
        book(world)
        trim(world, dice.choice([1, 5, 1000]))
        book(world)


def _step(world: World, dice: random.Random) -> None:
    numbers = sorted(str(key[0]) for key in world.ids("item"))
    number = dice.choice(numbers) if numbers else "1"
    living = [r.id for r in world.online_records("item")]
    field, value = dice.choice(["name", "note"]), str(dice.randrange(5))
    own = value.replace("4", "3")
    todo: list[Callable[[], object]] = [
        lambda: world.office(f"UPDATE item SET {field} = '{own}' WHERE id = {number}"),
        lambda: world.office(f"INSERT INTO item (name) VALUES ('{value}')"),
        lambda: world.create("item", name=value),
        world.push,
        world.pull,
        world.settle,
    ]
    if living:
        record = dice.choice(living)
        todo += [lambda: world.edit(record, **{field: value})] * 2
    if len(living) > 8:
        todo += [
            lambda: world.delete(dice.choice(living)),
            lambda: world.office(f"DELETE FROM item WHERE id = {number}"),
        ]
    dice.choice(todo)()


def test_a_backup_from_before_what_is_kept_is_refused_in_words_fm21_g7(
    world: World, tmp_path: Path
) -> None:
    put_back = backup(world.url, tmp_path)
    live(world)
    world.restart()
    world.settle()
    world.restart()
    world.settle()
    trim(world)
    put_back()
    world.restart()
    with pytest.raises(ServiceRefused) as refused:
        world.sync()
    assert refused.value.problem == "BACKUP_TOO_OLD"
    with pytest.raises(SamsynError) as also:
        plan(world.db, world.service)
    assert isinstance(also.value, ServiceRefused)
    assert also.value.problem == "BACKUP_TOO_OLD"


def test_a_conflict_that_was_let_go_of_is_told_so(world: World) -> None:
    one = world.id_of("item", 1)
    world.edit(one, name="online")
    world.office("UPDATE item SET name = 'office' WHERE id = 1")
    world.settle()
    row = world.tenant.rows(
        "SELECT office_seq, no FROM records_conflict WHERE company_id = %(company)s"
    )[0]
    assert trim(world).conflicts == 1
    with pytest.raises(NoLongerKept):
        reapply.reapply(world.tenant, f"{row[0]}.{row[1]}", "Maria", AT)


def test_nothing_goes_that_is_younger_and_a_plan_changes_nothing(world: World) -> None:
    live(world)
    rows = log_rows(world)
    planned = retention.plan(world.tenant, LATER)
    assert (planned.changes, planned.conflicts) == (rows, len(world.conflicts()))
    assert log_rows(world) == rows
    assert retention.trim(world.tenant, AT, LATER) == retention.Trimmed()
    assert log_rows(world) == rows
    assert retention.plan(world.tenant, AT) == retention.Trimmed()
