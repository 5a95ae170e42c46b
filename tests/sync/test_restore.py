"""FM21, G7: the office was put back to a backup, and the connection is taken up again."""

from __future__ import annotations

from pathlib import Path

import pytest

from samsyn.agent.underway import Choice
from samsyn.protocol.restoring import Standing
from samsyn.protocol.undo import Choice as UndoChoice
from samsyn.records import undo
from tests.sync.backups import backup
from tests.sync.blind import blind
from tests.sync.conftest import MakeWorld
from tests.sync.world import AT, World

SCHEMA = (
    "CREATE TABLE item (id serial, name text, note text, price integer);"
    "CREATE TABLE code (code text PRIMARY KEY, item integer REFERENCES item, name text)"
)
ROWS = "SELECT id, name, note, price FROM item ORDER BY id"
BACK, TRUTH = Choice.BRING_BACK, Choice.BACKUP_IS_TRUTH


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    made = make_world(SCHEMA)
    made.office("INSERT INTO item (name, note) VALUES ('one', 'a'), ('two', 'b'), ('three', 'c')")
    made.office("INSERT INTO code VALUES ('A', 1, 'first')")
    made.settle()
    return made


def put_back(world: World, restore: object) -> None:
    """The office is put back, and its agent starts anew."""
    assert callable(restore)
    restore()
    world.restart()


def is_sound(world: World) -> None:
    """At rest both sides are equal, and every write is accounted for."""
    world.settle()
    assert world.certificate().identical
    assert world.ledger_difference() == 0


def test_everything_that_the_backup_lacks_comes_back_fm21_g7(world: World, tmp_path: Path) -> None:
    restore = backup(world.url, tmp_path)
    world.office("UPDATE item SET name = 'office' WHERE id = 1")
    world.office("DELETE FROM item WHERE id = 3")
    world.office("INSERT INTO item (name, price) VALUES ('four', 4)")
    world.office("INSERT INTO code VALUES ('B', 4, 'second')")
    world.settle()
    world.edit(world.id_of("item", 2), note="online")
    made = world.create("code", code="C", item=None, name="made online")
    world.settle()
    before = world.office(ROWS), world.office("SELECT code, item, name FROM code ORDER BY code")
    put_back(world, restore)
    assert world.update(BACK) is Standing.OFFICE_BACK
    is_sound(world)
    assert world.office("SELECT name, note, price FROM item ORDER BY id") == [
        row[1:] for row in before[0]
    ]
    assert len(world.office("SELECT 1 FROM code JOIN item ON item.id = code.item")) == 2
    assert world.online(made).alive
    assert not world.conflicts()


def test_the_backup_is_the_truth_and_every_lost_value_is_kept_fm21_g7_g3(
    world: World, tmp_path: Path
) -> None:
    restore = backup(world.url, tmp_path)
    before = world.office(ROWS)
    three, known = world.id_of("item", 3), set(world.ids("item").values())
    world.office("UPDATE item SET name = 'office' WHERE id = 1")
    world.office("DELETE FROM item WHERE id = 3")
    world.office("INSERT INTO item (name, price) VALUES ('four', 4)")
    world.settle()
    (four,) = set(world.ids("item").values()) - known
    world.edit(world.id_of("item", 2), note="online")
    made = world.create("item", name="made online")
    world.settle()
    put_back(world, restore)
    world.update(TRUTH)
    is_sound(world)
    assert world.office(ROWS) == before
    lost = {(c.record, c.field, c.online, c.outcome) for c in world.conflicts()}
    assert lost == {
        (world.id_of("item", 1), "name", "office", "office_value"),
        (world.id_of("item", 2), "note", "online", "office_value"),
        (three, None, None, "deletion_undone"),
        (four, None, None, "office_deleted"),
        (made, None, None, "office_deleted"),
    }


@pytest.mark.parametrize("choice", [BACK, TRUTH])
def test_work_since_the_restore_stands_with_one_conflict_each_fm21_g7(
    world: World, tmp_path: Path, choice: Choice
) -> None:
    restore = backup(world.url, tmp_path)
    world.office("UPDATE item SET name = 'lost', price = 7 WHERE id = 1")
    world.settle()
    world.edit(world.id_of("item", 2), note="online")
    world.settle()
    put_back(world, restore)
    world.office("UPDATE item SET name = 'since' WHERE id = 1")
    world.office("UPDATE item SET note = 'since' WHERE id = 2")
    world.edit(world.id_of("item", 3), note="while nobody syncs")
    world.update(choice)
    is_sound(world)
    rows = world.office(ROWS)
    back = choice is BACK
    assert rows[0] == (1, "since", "a", 7 if back else None)
    assert rows[1] == (2, "two", "since", None)
    assert rows[2] == (3, "three", "while nobody syncs" if back else "c", None)
    lost = {(c.field, c.online, c.office) for c in world.conflicts()}
    expected: list[tuple[str | None, object, object]] = [
        ("name", "lost", "since"),
        ("note", "online", "since"),
    ]
    if not back:
        expected += [("note", "while nobody syncs", "c"), ("price", 7, None)]
    assert lost == set(expected)


def test_what_lay_unsent_in_the_backup_is_not_taken_for_work_since_fm21_g7(
    world: World, tmp_path: Path
) -> None:
    """The agent was off at night: the backup holds changes that were sent, and changed again, later."""
    world.office("UPDATE item SET name = 'at night', note = 'at night' WHERE id = 1")
    world.office("INSERT INTO item (name) VALUES ('new at night')")
    world.office("INSERT INTO code VALUES ('N', 4, 'new at night')")
    world.office("DELETE FROM item WHERE id = 3")
    restore = backup(world.url, tmp_path)
    world.settle()
    world.office("UPDATE item SET name = 'by day' WHERE id = 1")
    world.office("UPDATE item SET note = 'by day' WHERE id = 4")
    world.office("UPDATE code SET name = 'by day' WHERE code = 'N'")
    world.settle()
    before, ids = world.office(ROWS), world.ids("item")
    put_back(world, restore)
    world.update(BACK)
    is_sound(world)
    assert world.office(ROWS) == before
    assert world.ids("item") == ids
    assert world.office("SELECT name FROM code WHERE code = 'N'") == [("by day",)]
    assert not world.conflicts()


def test_a_new_row_changed_before_it_was_sent_loses_nothing_in_silence_fm21_g7_g3(
    world: World, tmp_path: Path
) -> None:
    world.office("INSERT INTO code VALUES ('N', 1, 'as in the backup')")
    restore = backup(world.url, tmp_path)
    world.office("UPDATE code SET name = 'changed before it was sent' WHERE code = 'N'")
    world.settle()
    put_back(world, restore)
    world.update(BACK)
    is_sound(world)
    assert world.office("SELECT name FROM code WHERE code = 'N'") == [("as in the backup",)]
    (lost,) = world.conflicts()
    assert (lost.field, lost.online) == ("name", "changed before it was sent")


def test_a_number_that_was_given_anew_is_another_record_fm21_g7(
    world: World, tmp_path: Path
) -> None:
    restore = backup(world.url, tmp_path)
    world.office("INSERT INTO item (name) VALUES ('lost four')")
    world.settle()
    lost = world.id_of("item", 4)
    put_back(world, restore)
    world.office("INSERT INTO item (name) VALUES ('since four')")
    world.update(BACK)
    is_sound(world)
    assert [row[:2] for row in world.office(ROWS)][3:] == [(4, "since four"), (5, "lost four")]
    assert world.id_of("item", 5) == lost


def test_an_outbox_of_the_backup_that_was_taken_is_not_sent_again_fm21_g7(
    world: World, tmp_path: Path
) -> None:
    world.office("UPDATE item SET name = 'claimed' WHERE id = 1")
    world.network.suffer("lost")
    world.push()
    restore = backup(world.url, tmp_path)
    world.settle()
    world.office("UPDATE item SET name = 'later' WHERE id = 1")
    world.settle()
    put_back(world, restore)
    world.update(BACK)
    is_sound(world)
    assert world.office(ROWS)[0][1] == "later"
    assert not world.conflicts()


def test_restored_twice_from_the_same_backup_fm21_g7(world: World, tmp_path: Path) -> None:
    restore = backup(world.url, tmp_path)
    world.office("UPDATE item SET name = 'lost' WHERE id = 1")
    world.settle()
    for turn in ("first", "second"):
        put_back(world, restore)
        world.office("UPDATE item SET note = $1 WHERE id = 2", turn)
        world.update(BACK)
        is_sound(world)
        assert world.office(ROWS)[:2] == [(1, "lost", "a", None), (2, "two", turn, None)]


def test_a_backup_of_before_the_first_hello_is_taken_up_fm21_g7(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    """The rows lie in the backup, and the service has them from a load that came after it."""
    world = make_world(SCHEMA)
    world.office("INSERT INTO item (name) VALUES ('one'), ('two')")
    restore = backup(world.url, tmp_path)
    world.settle()
    world.office("UPDATE item SET name = 'lost' WHERE id = 1")
    world.settle()
    put_back(world, restore)
    world.update(BACK)
    is_sound(world)
    assert [row[:2] for row in world.office(ROWS)] == [(1, "lost"), (2, "two")]


def test_what_was_brought_back_can_be_taken_back_fm21_g7(world: World, tmp_path: Path) -> None:
    restore = backup(world.url, tmp_path)
    before = world.office(ROWS)
    world.office("UPDATE item SET name = 'office', price = 3 WHERE id = 1")
    world.office("INSERT INTO code VALUES ('B', 1, 'lost')")
    world.settle()
    world.edit(world.id_of("item", 2), note="online")
    world.settle()
    put_back(world, restore)
    world.update(BACK)
    world.settle()
    world.office("UPDATE item SET price = 9 WHERE id = 1")
    world.settle()
    planned = undo.planned_undo(world.tenant, UndoChoice(restore=True), AT)
    assert {(s.operation, s.field, s.why_not) for s in planned.steps} == {
        ("update", "name", None),
        ("update", "price", "CHANGED_SINCE"),
        ("update", "note", None),
        ("delete", None, None),
    }
    undo.undo(world.tenant, UndoChoice(restore=True), "Anna", AT)
    is_sound(world)
    assert world.office(ROWS) == [(1, "one", "a", 9), *before[1:]]
    assert world.office("SELECT code FROM code ORDER BY code") == [("A",)]


def test_what_lay_unsent_in_the_backup_stays_when_a_restore_is_taken_back_fm21_g7(
    world: World, tmp_path: Path
) -> None:
    """It was sent after the backup, and did not have to be brought back."""
    world.office("UPDATE item SET name = 'unsent' WHERE id = 1")
    world.office("INSERT INTO code VALUES ('B', 1, 'unsent too')")
    restore = backup(world.url, tmp_path)
    world.settle()
    world.edit(world.id_of("item", 1), note="since")
    world.edit(world.id_of("code", "B"), name="since")
    world.settle()
    put_back(world, restore)
    world.update(BACK)
    is_sound(world)
    assert world.office(ROWS)[0] == (1, "unsent", "since", None)
    undo.undo(world.tenant, UndoChoice(restore=True), "Anna", AT)
    is_sound(world)
    assert world.office(ROWS)[0] == (1, "unsent", "a", None)
    assert world.office("SELECT code, name FROM code ORDER BY code") == [
        ("A", "first"),
        ("B", "unsent too"),
    ]


def test_that_the_backup_was_the_truth_can_be_taken_back_fm21_g7(
    world: World, tmp_path: Path
) -> None:
    restore = backup(world.url, tmp_path)
    world.office("UPDATE item SET name = 'office' WHERE id = 1")
    world.office("INSERT INTO code VALUES ('B', 1, 'lost')")
    world.settle()
    world.edit(world.id_of("item", 2), note="online")
    world.settle()
    after = world.office(ROWS), world.office("SELECT * FROM code ORDER BY code")
    put_back(world, restore)
    world.update(TRUTH)
    world.settle()
    assert world.office("SELECT code FROM code ORDER BY code") == [("A",)]
    undo.undo(world.tenant, UndoChoice(restore=True), "Anna", AT)
    is_sound(world)
    assert (world.office(ROWS), world.office("SELECT * FROM code ORDER BY code")) == after


def test_an_undo_of_the_hour_of_a_restore_leaves_what_was_brought_back_fm21_g7(
    world: World, tmp_path: Path
) -> None:
    restore = backup(world.url, tmp_path)
    world.office("INSERT INTO code VALUES ('B', 1, 'lost')")
    world.office("DELETE FROM code WHERE code = 'A'")
    world.settle()
    world.edit(world.id_of("item", 2), note="online")
    world.settle()
    put_back(world, restore)
    world.update(BACK)
    world.settle()
    planned = undo.planned_undo(world.tenant, UndoChoice(hour=AT), AT)
    assert {(s.operation, s.field, s.why_not) for s in planned.steps} == {("update", "note", None)}
    undo.undo(world.tenant, UndoChoice(hour=AT), "Anna", AT)
    is_sound(world)
    assert world.office("SELECT code FROM code ORDER BY code") == [("B",)]


def test_a_row_that_has_moved_since_is_the_truth_too_fm21_fm15_g7(
    world: World, tmp_path: Path
) -> None:
    """It was insisted on under the key that it had, and the lost value came over it."""
    restore = backup(world.url, tmp_path)
    world.office("UPDATE code SET name = 'lost' WHERE code = 'A'")
    world.settle()
    put_back(world, restore)
    world.office("UPDATE code SET code = 'M' WHERE code = 'A'")
    world.update(TRUTH)
    is_sound(world)
    assert world.office("SELECT code, name FROM code") == [("M", "first")]
    assert [(lost.field, lost.online) for lost in world.conflicts()] == [("name", "lost")]


@pytest.mark.parametrize("choice", [BACK, TRUTH])
def test_a_row_whose_key_is_another_ones_by_now_is_not_taken_for_it_fm21_fm15_g7(
    world: World, tmp_path: Path, choice: Choice
) -> None:
    """What the other row holds was told as the backup's, and won over what was to be brought back."""
    code = world.id_of("code", "A")
    restore = backup(world.url, tmp_path)
    world.edit(code, name="online")
    world.settle()
    put_back(world, restore)
    world.office("UPDATE code SET code = 'M' WHERE code = 'A'")
    world.office("INSERT INTO code VALUES ('A', 2, 'another')")
    world.update(choice)
    is_sound(world)
    brought_back = choice is BACK
    assert world.office("SELECT code, name FROM code ORDER BY code") == [
        ("A", "another"),
        ("M", "online" if brought_back else "first"),
    ]
    assert world.id_of("code", "M") == code
    lost = [(one.field, one.base, one.online, one.office) for one in world.conflicts()]
    assert lost == ([] if brought_back else [("name", "first", "online", "first")])


@pytest.mark.parametrize("choice", [BACK, TRUTH])
@pytest.mark.parametrize(("table", "first", "later"), [("code", "N", "M"), ("item", 4, 44)])
def test_a_row_that_lay_unsent_and_got_another_key_later_is_there_once_fm21_fm15_g7_g4(
    world: World, tmp_path: Path, choice: Choice, table: str, first: object, later: object
) -> None:
    """It was looked for under its later key, not found, and came once more beside itself."""
    world.office("INSERT INTO code VALUES ('N', NULL, 'new at night')")
    world.office("INSERT INTO item (name) VALUES ('new at night')")
    restore = backup(world.url, tmp_path)
    world.settle()
    record = world.id_of(table, first)
    key = "code" if table == "code" else "id"
    world.office(f"UPDATE {table} SET {key} = $1 WHERE {key} = $2", later, first)
    world.settle()
    put_back(world, restore)
    world.update(choice)
    is_sound(world)
    stands, gone = (later, first) if choice is BACK else (first, later)
    assert world.id_of(table, stands) == record
    named = world.office(f"SELECT {key} FROM {table} WHERE name = 'new at night'")
    assert named == [(stands,)]
    lost = [(one.record, one.online, one.office) for one in world.conflicts()]
    assert lost == ([] if choice is BACK else [(record, gone, stands)])


@pytest.mark.parametrize("choice", [BACK, TRUTH])
@pytest.mark.parametrize("parent", ["a", "n"], ids=["known", "new"])
def test_a_row_that_lay_unsent_and_whose_parent_got_another_key_later_is_there_once_fm21_fm15_g7_g4(
    make_world: MakeWorld, tmp_path: Path, choice: Choice, parent: str
) -> None:
    """Its key names the parent; it came once more as another record, and lost what had been written of it online."""
    world = make_world(
        "CREATE TABLE part (code text PRIMARY KEY, name text);"
        "CREATE TABLE line (part text REFERENCES part ON UPDATE CASCADE, no integer, words text, PRIMARY KEY (part, no))"
    )
    world.office("INSERT INTO part VALUES ('a', 'one')")
    world.settle()
    world.office("INSERT INTO part VALUES ('n', 'new at night')")
    world.office("INSERT INTO line VALUES ($1, 1, 'new at night')", parent)
    restore = backup(world.url, tmp_path)
    world.settle()
    record = world.id_of("line", parent, 1)
    world.office("UPDATE part SET code = 'm' WHERE code = $1", parent)
    world.office("UPDATE line SET part = 'm' WHERE part = $1", parent)  # as SQLite does if asked
    world.settle()
    world.edit(record, words="online")
    world.settle()
    put_back(world, restore)
    world.update(choice)
    is_sound(world)
    stands = ("m", 1, "online") if choice is BACK else (parent, 1, "new at night")
    assert world.office("SELECT * FROM line") == [stands]
    assert world.id_of("line", *stands[:2]) == record
    assert bool(world.conflicts()) is (choice is TRUTH)


def test_what_the_verifier_repaired_after_the_backup_comes_back_fm21_fm24_g7(
    world: World, tmp_path: Path
) -> None:
    """It was told in no batch, and was taken for older than the backup."""
    restore = backup(world.url, tmp_path)
    with blind(world, "item"):
        world.office("UPDATE item SET name = 'unseen' WHERE id = 1")
    assert world.repaired().repaired
    world.restart()
    world.settle()
    put_back(world, restore)
    world.update(BACK)
    is_sound(world)
    assert world.office(ROWS)[0][1] == "unseen"


def test_a_row_recognised_in_the_backup_tells_of_a_parent_that_is_another_fm21_fm14_g7(
    world: World, tmp_path: Path
) -> None:
    """Its parent was sent with other values, so the backup's row of that number is another record."""
    world.office("INSERT INTO item (name) VALUES ('four')")
    world.office("INSERT INTO code VALUES ('B', 4, 'second')")
    restore = backup(world.url, tmp_path)
    world.office("UPDATE item SET name = 'changed before it was sent' WHERE id = 4")
    world.settle()
    put_back(world, restore)
    world.update(BACK)
    is_sound(world)
    assert world.office("SELECT item, name FROM code WHERE code = 'B'") == [(4, "second")]
    assert world.online(world.id_of("code", "B")).fields["item"] == world.id_of("item", 4)


def test_the_latest_restore_is_taken_back_though_a_clock_was_set_back_g8_g7(
    world: World, tmp_path: Path
) -> None:
    restore = backup(world.url, tmp_path)
    for name in ("first", "second"):
        world.office("UPDATE item SET name = $1 WHERE id = 1", name)
        world.settle()
        put_back(world, restore)
        world.update(BACK)
        world.settle()
        restore = backup(world.url, tmp_path)
    world.tenant.execute(
        "UPDATE records_restore SET at = %(at)s WHERE company_id = %(company)s AND upto ="
        " (SELECT max(upto) FROM records_restore WHERE company_id = %(company)s)",
        at="2026-11-22T10:00:00.000Z",
    )
    (step,) = undo.planned_undo(world.tenant, UndoChoice(restore=True), AT).steps
    assert (step.now, step.back) == ("second", "first")


def test_only_a_restore_of_the_last_days_can_be_taken_back_fm21_g7(
    world: World, tmp_path: Path
) -> None:
    restore = backup(world.url, tmp_path)
    world.office("UPDATE item SET name = 'office' WHERE id = 1")
    world.settle()
    assert not undo.planned_undo(world.tenant, UndoChoice(restore=True), AT).changes
    put_back(world, restore)
    world.update(BACK)
    world.settle()
    assert undo.planned_undo(world.tenant, UndoChoice(restore=True), AT).changes == 1
    late = AT.replace("2026-11-23", "2026-11-30").replace("T10:00:00.000", "T10:00:00.001")
    assert not undo.planned_undo(world.tenant, UndoChoice(restore=True), late).changes
