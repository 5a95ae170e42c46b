"""FM21, G7: the plan that a person approves after a restore says what differs, by whom, and what clashes; nothing is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec import structs

from samsyn.agent.restore_plan import Plan, PlannedRecord, plan
from samsyn.agent.restoring import told as told_of
from samsyn.companydb import books
from samsyn.companydb.books import OutBatch
from samsyn.companydb.rows import INSERTED, JournalRow
from samsyn.core.changes import Delete, OfficeChange, Put, Taken
from samsyn.protocol import wire
from samsyn.protocol.messages import Batch
from samsyn.protocol.restoring import Look, RecordSince, Seen, Standing
from tests.sync.backups import backup
from tests.sync.conftest import MakeWorld
from tests.sync.world import AT, DirectService, World

SCHEMA = (
    "CREATE TABLE item (id serial, name text, note text, price integer);"
    "CREATE TABLE code (code text PRIMARY KEY, item integer REFERENCES item, name text)"
)
Work = Callable[[World], object]


@pytest.fixture
def engine() -> str:
    """One is enough: rows and messages are compared."""
    return "sqlite"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    made = make_world(SCHEMA)
    made.office("INSERT INTO item (name, note) VALUES ('one', 'a'), ('two', 'b')")
    made.office("INSERT INTO code VALUES ('A', 1, 'first')")
    made.settle()
    return made


def sql(*statements: str) -> Work:
    """Somebody at the office writes."""
    return lambda world: [world.office(statement) for statement in statements]


def edit(key: object, type_: str = "item", **fields: str | int | None) -> Work:
    """Maria edits online what had this key at the office."""
    return lambda world: world.edit(world.id_of(type_, key), **fields)


def edited_and_deleted(world: World) -> None:
    """Maria edits the second item, and then deletes it."""
    edit(2, note="x")(world)
    world.delete(world.id_of("item", 2))


def nothing(world: World) -> None:
    """Nobody writes."""


def planned(world: World, folder: Path, after: Work, since: Work) -> Plan:
    """`after` a backup both sides work and sync; it is put back, and more is written `since`."""
    put_back = backup(world.url, folder)
    after(world)
    world.settle()
    put_back()
    world.restart()
    since(world)
    return plan(world.db, world.service)


def fields(record: PlannedRecord) -> list[tuple[object, ...]]:
    """Name, both values, by the office or not, and whether it clashes."""
    return [(f.field, f.office, f.online, f.by_office, f.clash) for f in record.fields]


class Case(NamedTuple):
    """What both sides do after a backup and since it was put back, and the one record of the plan."""

    that: str
    after: Work
    since: Work
    what: str
    by_office: bool
    clash: bool
    fields: list[tuple[object, ...]]
    worked: bool = True
    """Whether what was written since is the office's work; the same as it had told is none."""


CASES = [
    Case("a value that the office wrote", sql("UPDATE item SET name = 'lost' WHERE id = 1"),
         nothing, "changed", True, False, [("name", "one", "lost", True, False)]),
    Case("a value that was written online", edit(1, note="online"),
         nothing, "changed", False, False, [("note", "a", "online", False, False)]),
    Case("what the office has written since, too", edit(1, note="online"),
         sql("UPDATE item SET note = 'since' WHERE id = 1"),
         "changed", False, True, [("note", "since", "online", False, True)]),
    Case("another field that it has written", edit(1, note="online"),
         sql("UPDATE item SET name = 'since' WHERE id = 1"),
         "changed", False, False, [("note", "a", "online", False, False)]),
    Case("of a row that has moved since, the field that was written", edit(1, note="online"),
         sql("UPDATE code SET item = 2", "UPDATE item SET id = 7 WHERE id = 1"),
         "changed", False, False, [("note", "a", "online", False, False)]),
    Case("of a row whose key is another one's by now, too", edit("A", "code", name="online"),
         sql("UPDATE code SET code = 'B'", "INSERT INTO code VALUES ('A', 1, 'another')"),
         "changed", False, False, [("name", "first", "online", False, False)]),
    Case("another record that it has written", edit(1, note="online"),
         sql("UPDATE item SET note = 'since' WHERE id = 2"),
         "changed", False, False, [("note", "a", "online", False, False)]),
    Case("one of two fields", sql("UPDATE item SET name = 'lost', price = 1 WHERE id = 1"),
         sql("UPDATE item SET price = 2 WHERE id = 1"), "changed", True, True,
         [("name", "one", "lost", True, False), ("price", 2, 1, True, True)]),
    Case("of two fields the one that is the same again",
         sql("UPDATE item SET name = 'lost', price = 1 WHERE id = 1"),
         sql("UPDATE item SET price = 1 WHERE id = 1"), "changed", True, False,
         [("name", "one", "lost", True, False)], worked=False),
    Case("a record that the office made", sql("INSERT INTO item (name) VALUES ('lost')"),
         nothing, "new", True, False, []),
    Case("a record that was made online", lambda world: world.create("item", name="online"),
         nothing, "new", False, False, []),
    Case("a record that the office deleted", sql("DELETE FROM item WHERE id = 2"),
         nothing, "deleted", True, False, []),
    Case("a record that was deleted online", lambda world: world.delete(world.id_of("item", 2)),
         nothing, "deleted", False, False, []),
    Case("a record that was edited online, and deleted there",
         edited_and_deleted,
         nothing, "deleted", False, False, []),
    Case("a reference to a row that is new since", edit("A", "code", item=None),
         sql("INSERT INTO item (id) VALUES (3)", "UPDATE code SET item = 3"),
         "changed", False, True, [("item", {"$k": 3}, None, False, True)]),
    Case("a deleted record that has been written since", sql("DELETE FROM item WHERE id = 2"),
         sql("UPDATE item SET name = 'since' WHERE id = 2"), "deleted", True, True, []),
    Case("a changed record that has been deleted since", edit(2, note="online"),
         sql("DELETE FROM item WHERE id = 2"), "new", False, True, []),
    Case("a record under a key that is another one's since",
         sql("INSERT INTO item (name) VALUES ('lost')"),
         sql("INSERT INTO item (name) VALUES ('since')"), "new", True, False, []),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.that)
def test_what_differs_is_told_fm21_g7(world: World, tmp_path: Path, case: Case) -> None:
    told = planned(world, tmp_path, case.after, case.since)
    assert told.standing is Standing.OFFICE_BACK
    (record,) = told.records
    assert (record.what, record.by_office, record.clash) == (case.what, case.by_office, case.clash)
    assert fields(record) == case.fields
    assert (told.online_since, told.office_lost) == (not case.by_office, case.by_office)
    assert told.clashes == case.clash
    assert bool(told.since_restore) == (case.since is not nothing and case.worked)


@pytest.mark.parametrize(
    ("after", "since"),
    [
        (sql("UPDATE item SET name = 'x' WHERE id = 1"), sql("UPDATE item SET name = 'x'")),
        (
            sql("UPDATE item SET id = 7 WHERE id = 2", "UPDATE item SET id = 2 WHERE id = 7"),
            nothing,
        ),
        (sql("DELETE FROM item WHERE id = 2"), sql("DELETE FROM item WHERE id = 2")),
    ],
)
def test_what_is_the_same_on_both_sides_is_none_of_it_fm21(
    world: World, tmp_path: Path, after: Work, since: Work
) -> None:
    assert planned(world, tmp_path, after, since).records == ()


def test_who_wrote_is_told_and_under_which_title_fm21_g7(world: World, tmp_path: Path) -> None:
    def after(world: World) -> None:
        edit(1, note="online")(world)
        world.office("INSERT INTO code VALUES ('B', 1, 'lost')")

    told = planned(world, tmp_path, after, nothing)
    one, code = told.records
    assert (one.type, one.title, one.by, one.at) == ("item", "one", "Maria", AT)
    assert (one.fields[0].by, one.fields[0].at) == ("Maria", AT)
    assert (code.type, code.title, code.by, code.at) == ("code", "lost", "DESK-1", AT)
    assert told.backup_at == AT


def test_all_that_differs_is_counted_fm21_g7(world: World, tmp_path: Path) -> None:
    """A record that both had written counts for both."""

    def after(world: World) -> None:
        world.office("UPDATE item SET name = 'lost' WHERE id = 1")
        world.office("INSERT INTO item (name) VALUES ('lost')")
        world.settle()
        edit(1, note="online")(world)
        edit("A", "code", name="online")(world)

    since = sql("UPDATE item SET note = 'since'", "UPDATE code SET item = 2")
    told = planned(world, tmp_path, after, since)
    assert len(told.records) == 3
    assert (told.online_since, told.office_lost) == (2, 2)
    assert (told.since_restore, told.clashes, told.waiting) == (3, 1, 2)


def test_what_lay_unsent_in_the_backup_and_was_sent_is_no_work_since_fm21_g7(
    world: World, tmp_path: Path
) -> None:
    """Claimed, in the journal, or a new row: the service has it, and it clashes with nothing."""
    world.office("UPDATE item SET name = 'claimed' WHERE id = 1")
    world.network.suffer("lost")
    world.push()
    assert books.outbox_numbers(world.db)
    world.office("UPDATE item SET note = 'at night' WHERE id = 2")
    world.office("INSERT INTO code VALUES ('N', 1, 'at night')")

    def after(world: World) -> None:
        world.settle()
        for work in (edit(1, name="x"), edit(2, note="x")):
            work(world)

    told = planned(world, tmp_path, after, sql("UPDATE code SET name = 'since' WHERE code = 'A'"))
    assert (told.since_restore, told.clashes, told.online_since) == (1, 0, 2)
    found = {(r.title, *f[:3], f[4]) for r in told.records for f in fields(r)}
    assert found == {
        ("x", "name", "claimed", "x", False),
        ("two", "note", "at night", "x", False),
    }


def claims(world: World, *changes: OfficeChange) -> None:
    """A batch lies claimed in the database that the service has not taken."""
    number = books.taken(world.db).number + 1
    with world.db.transaction():
        books.add_batch(
            world.db, OutBatch(number, "", wire.encode(Batch(number, "", 0, "", changes)))
        )
        books.set_fact(world.db, "claimed", books.Taken(number, ""))


@pytest.mark.parametrize("claimed", [False, True])
def test_what_was_written_to_a_row_that_lay_unsent_in_the_backup_is_told_fm21_g7(
    world: World, tmp_path: Path, claimed: bool
) -> None:
    """Whether it had got its identity before the backup or gets it anew: the record is the same, and it differs."""
    world.office("INSERT INTO code VALUES ('N', 1, 'at night'), ('M', 2, 'stays')")
    world.office("INSERT INTO item (name, note) VALUES ('three', 'a')")
    if claimed:
        world.network.suffer("lost")
        world.push()

    def after(world: World) -> None:
        world.settle()
        edit(3, note="online")(world)
        world.office("UPDATE code SET name = 'later' WHERE code = 'N'")
        world.settle()

    told = planned(world, tmp_path, after, sql("UPDATE item SET name = 'since' WHERE id = 1"))
    found = {(r.type, r.title, r.what, r.clash, *fields(r)) for r in told.records}
    assert found == {
        ("item", "three", "changed", False, ("note", "a", "online", False, False)),
        ("code", "later", "changed", False, ("name", "at night", "later", True, False)),
    }
    assert (told.online_since, told.office_lost, told.since_restore) == (1, 1, 1)


@pytest.mark.parametrize(
    ("that", "claimed", "worked", "clashes"),
    [
        ("nothing", [], False, False),
        ("the field", [Put("item", "1", (1,), {"note": "x"}, 0)], True, True),
        ("another field", [Put("item", "1", (1,), {"name": "x"}, 0)], True, False),
        ("the triggers", [Put("item", "1", (1,), {"note": "x"}, 0, derived=("note",))], True, True),
        ("a deletion", [Delete("item", "1", 0)], True, True),
        ("first a field", [Put("item", "1", (1,), {"name": "x"}, 0), Delete("item", "1", 0)], True, True),
        ("a word that it was taken", [Taken("item", "1", 0)], False, False),
    ],
)  # fmt: skip
def test_what_is_claimed_and_was_not_sent_is_the_offices_work_fm21_g7(
    world: World,
    tmp_path: Path,
    that: str,
    claimed: Sequence[OfficeChange],
    worked: bool,
    clashes: bool,
) -> None:
    one = world.id_of("item", 1)
    changes = [structs.replace(change, id=one) for change in claimed]
    told = planned(world, tmp_path, edit(1, note="online"), lambda w: claims(w, *changes))
    assert bool(told.since_restore) is worked, that
    (record,) = told.records
    assert record.clash is clashes


def test_what_is_claimed_and_what_is_written_since_come_together_fm21(
    world: World, tmp_path: Path
) -> None:
    def since(world: World) -> None:
        claims(world, Put("item", world.id_of("item", 1), (1,), {"name": "x"}, 0))
        world.office("UPDATE item SET note = 'since' WHERE id = 1")

    told = planned(world, tmp_path, edit(1, note="online"), since)
    assert (told.since_restore, told.clashes) == (1, 1)


def test_the_first_batch_of_all_is_work_too(make_world: MakeWorld) -> None:
    world = make_world(SCHEMA)
    claims(world, Put("item", "f" * 32, (1,), {"name": "x"}, 0))
    assert plan(world.db, world.service).since_restore == 1


def test_a_row_that_is_told_whole_is_worked_on_as_a_whole_fm21(
    world: World, tmp_path: Path
) -> None:
    def since(world: World) -> None:
        item = world.type("item")
        with world.db.transaction():
            world.db.add_journal([JournalRow(0, item.no, INSERTED, 0, 0, None, (1,))])
        claims(world, Put("item", world.id_of("item", 1), (1,), {"name": "x"}, 0))

    told = planned(world, tmp_path, edit(1, note="online"), since)
    assert (told.since_restore, told.clashes) == (1, 1)


def test_who_wrote_last_is_none_who_wrote_nothing_that_differs_fm21(
    world: World, tmp_path: Path
) -> None:
    """What somebody wrote and put back again is no difference."""

    def after(world: World) -> None:
        world.office("UPDATE item SET name = 'lost' WHERE id = 1")
        edit(2, note="online")(world)
        world.settle()
        for value in ("z", "a"):
            edit(1, note=value)(world)
        for value in ("z", "two"):
            world.office("UPDATE item SET name = ? WHERE id = 2", value)
            world.settle()

    told = planned(world, tmp_path, after, nothing)
    assert {(r.title, r.by_office) for r in told.records} == {("lost", False), ("two", True)}
    assert (told.online_since, told.office_lost) == (1, 1)


class Pages(DirectService):
    """A service whose log is told a record at a time."""

    def __init__(self, world: World) -> None:
        super().__init__(world.caller, world.network)
        self.asked: list[Look] = []

    def look(self, message: Look) -> Seen:
        self.asked.append(message)
        seen = super().look(message)
        if len(self.asked) > len(seen.records):
            return seen
        one = seen.records[len(self.asked) - 1]
        more = len(self.asked) < len(seen.records)
        return structs.replace(seen, records=(one,), after=len(self.asked), more=more)


def test_a_type_that_the_office_has_no_more_is_none_of_the_plan(
    world: World, tmp_path: Path
) -> None:
    class More(DirectService):
        """A service that has a type of before."""

        def look(self, message: Look) -> Seen:
            seen = super().look(message)
            gone = RecordSince("gone", "f" * 32, (1,), "", True, True, ())
            return structs.replace(seen, records=(gone, *seen.records))

    whole = planned(world, tmp_path, edit(1, note="online"), nothing)
    assert plan(world.db, More(world.caller, world.network)) == whole


def test_every_page_is_planned_with_the_first_ones_cut_fm21_g7(
    world: World, tmp_path: Path
) -> None:
    """What lay unsent is none of the office's work on whichever page it is told."""
    world.office("UPDATE item SET note = 'at night'")

    def after(world: World) -> None:
        world.settle()
        for key in (1, 2):
            edit(key, note="online")(world)

    whole = planned(world, tmp_path, after, nothing)
    state, service = told_of(world.db), Pages(world)
    found = plan(world.db, service)
    assert found == whole
    assert (len(found.records), found.since_restore) == (2, 0)
    cut = service.look(Look(state)).cut
    assert [(look.cut, look.after) for look in service.asked[:2]] == [(None, None), (cut, 1)]


def test_nothing_is_done_by_a_plan_fm21_g7(world: World, tmp_path: Path) -> None:
    def stands(world: World) -> object:
        log = world.tenant.rows(
            "SELECT head FROM records_company WHERE company_id = %(company)s"
            " UNION ALL SELECT count(*) FROM records_restore WHERE company_id = %(company)s"
        )
        return log, world.office("SELECT * FROM item"), books.connection(world.db)

    told = planned(world, tmp_path, edit(1, note="online"), sql("UPDATE item SET note = 'since'"))
    before = stands(world)
    assert plan(world.db, world.service) == told
    assert stands(world) == before


def test_where_both_agree_there_is_no_plan(world: World) -> None:
    told = plan(world.db, world.service)
    assert (told.standing, told.records, told.clashes) == (Standing.SAME, (), 0)
