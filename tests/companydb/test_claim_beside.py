"""What a claim does beside what it tells: brakes, room, writers' names; rows that went, came or moved without a word."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from samsyn.companydb import books, held
from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.braking import Tally
from samsyn.companydb.claim import VANISHED_AT_ONCE
from samsyn.companydb.held import Held, Phase, Side
from samsyn.companydb.load import slice_rows
from samsyn.companydb.notes import OFFICE, Note, latest, note_own
from samsyn.companydb.opening import SqliteSession
from samsyn.companydb.row_ids import row_id
from samsyn.companydb.rows import DELETED, EMPTIED, REPLACING, UPDATED, CompanyDb, JournalRow
from samsyn.core.changes import Delete, Put
from samsyn.protocol import wire
from samsyn.protocol.messages import Cursor
from tests.companydb.claiming import (
    AT,
    FIVE,
    FOUR,
    ONE,
    TWO,
    claimed,
    item,
    noted,
    said,
    tag,
    three_items,
    told,
)
from tests.companydb.companies import SqliteCompany

NEW = f"{0xA0:032x}"
"""The id of the first record that a claim makes."""


@pytest.fixture
def db(tmp_path: Path) -> Iterator[CompanyDb]:
    with three_items(tmp_path) as opened:
        yield opened


@pytest.fixture
def company(tmp_path: Path) -> SqliteCompany:
    """Another program's way in, which enforces no keys."""
    return SqliteCompany(tmp_path / "company.db")


def all_claimed(db: CompanyDb, limit: int = wire.BATCH_CHANGES) -> None:
    """Claim after claim until nothing waits."""
    while claimed(db, limit).batches or db.journal_size():
        pass


def unseen(db: CompanyDb, *statements: str) -> None:
    """The program writes, and no trigger tells of it."""
    with db.transaction():
        before = db.journal_size()
        for statement in statements:
            db.run(statement)
        kept = db.take_journal(before)
        db.take_journal(100_000)
        db.add_journal(kept)


def of_tag(db: CompanyDb, op: int, seen: int, key: int | None, mask: int = 0) -> JournalRow:
    """A journal row about one tag that stays in its place, or about all."""
    place = None if key is None else (key,)
    return JournalRow(0, tag(db).no, op, seen, mask, place, place if op == UPDATED else None)


def of_tags(db: CompanyDb) -> list[tuple[str, str, object]]:
    """What is told of tags: the kind, the record, and its key with all that is written; None of a deletion."""
    return [
        (type(c).__name__, c.id, (c.key, c.fields) if isinstance(c, Put) else None)
        for c in told(db)
        if c.type == "tag"
    ]


# --- brakes and room --------------------------------------------------------------------------


def test_a_table_that_is_emptied_is_held_before_anything_is_claimed_fm25(db: CompanyDb) -> None:
    said(db, *(f"INSERT INTO tag (id, code) VALUES ({n}, 'n{n}')" for n in range(10, 40)))
    claimed(db)
    before = told(db)
    said(db, "DELETE FROM tag")
    claimed(db)
    assert told(db) == before
    assert held.held(db)[tag(db).no].code == "TABLE_EMPTIED"


def test_what_a_claim_deletes_counts_against_the_next_fm25(db: CompanyDb) -> None:
    said(db, "DELETE FROM tag", "DELETE FROM item WHERE id = 3")
    claimed(db)
    tallies = [
        books.fact(db, f"tally:office:{one.no}", Tally, Tally()).deleted
        for one in (tag(db), item(db))
    ]
    assert tallies == [2, 1]


def test_a_claim_makes_room_in_the_journal_fm25(db: CompanyDb) -> None:
    with db.transaction():
        db.run("UPDATE samsyn_cursor SET room = 1")
    said(db, "UPDATE item SET code = 'x' WHERE id = 1")
    claimed(db)
    ((room,),) = db.rows(f"SELECT room FROM {book_name(db.engine, 'cursor')}")
    assert isinstance(room, int)
    assert room > 1_000


# --- who wrote it -----------------------------------------------------------------------------


def wrote(db: CompanyDb, by: str, statement: str, *keys: int) -> None:
    """Somebody writes at the office's pages, in the rows of these tags."""
    assert isinstance(db, SqliteSession)
    with db.transaction():
        db.run(statement)
        for key in keys:
            row = row_id(db.engine, "tag", (key,))
            note_own(db, Note(AT, OFFICE, by, "tag", row, None, "update", {}))


def names(db: CompanyDb) -> dict[str, str]:
    """Who is told to have written each tag."""
    return {c.id: c.by for c in told(db) if isinstance(c, Put | Delete) and c.type == "tag"}


def waiting(db: CompanyDb) -> int:
    """How many notes no claim has taken."""
    return len(db.rows("SELECT id FROM samsyn_author"))


def test_a_change_is_signed_by_who_wrote_it_under_whatever_key(db: CompanyDb) -> None:
    wrote(db, "Åsa", "UPDATE tag SET code = 'x' WHERE id = 1", 1)
    wrote(db, "Erik", "UPDATE tag SET id = 7 WHERE id = 1", 7)
    wrote(db, "Maria", "DELETE FROM tag WHERE id = 2", 2)
    wrote(db, "Anna", "INSERT INTO tag (id, code) VALUES (9, 'n')", 9)
    claimed(db)
    assert names(db) == {FOUR: "Erik", FIVE: "Maria", NEW: "Anna"}
    assert isinstance(db, SqliteSession)
    found = {(note.by, note.batch, note.record) for note in latest(db, 9)}
    assert found == {
        ("Åsa", 1, FOUR), ("Erik", 1, FOUR), ("Maria", 1, FIVE), ("Anna", 1, NEW)
    }  # fmt: skip
    assert waiting(db) == 0


def test_a_note_of_what_changed_nothing_goes_with_the_next_whole_claim(db: CompanyDb) -> None:
    wrote(db, "Åsa", "UPDATE item SET code = 'x' WHERE id = 1", 1)
    said(db, "UPDATE item SET code = 'y' WHERE id = 2")
    claimed(db, 1)
    assert waiting(db) == 1, "its change may be in the rest"
    claimed(db)
    assert waiting(db) == 0
    wrote(db, "Åsa", "UPDATE item SET code = 'z' WHERE id = 1", 1)
    with db.transaction():
        held.keep(db, tag(db).no, Held("tag", Side.OFFICE, "CODE", AT, 4, Phase.HELD))
    claimed(db)
    assert waiting(db) == 1, "it may be held"


def test_a_note_stays_while_more_has_happened_than_a_claim_takes(db: CompanyDb) -> None:
    """An emptied table tells of its rows in the next claim."""
    wrote(db, "Åsa", "UPDATE item SET code = 'x' WHERE id = 1", 1)
    noted(db, of_tag(db, EMPTIED, 3, None))
    claimed(db)
    assert waiting(db) == 1
    claimed(db)
    assert waiting(db) == 0


# --- tables emptied at once ---------------------------------------------------------------------


def test_each_row_of_a_table_that_was_emptied_at_once_is_told_fm24(db: CompanyDb) -> None:
    """TRUNCATE fires one trigger; what it took away is found by identities without a row."""
    unseen(db, "DELETE FROM tag WHERE id = 1")
    said(db, "UPDATE tag SET code = 'x' WHERE id = 2", "DELETE FROM item WHERE id = 2", cursor=9)
    noted(db, of_tag(db, EMPTIED, 6, None))
    claimed(db)
    assert [(kind, record) for kind, record, _ in of_tags(db)] == [("Put", FIVE)]
    assert [(r.op, r.old, r.new, r.mask, r.seen) for r in db.first_journal(9)] == [
        (DELETED, (1,), None, 0, 6)
    ]
    claimed(db)
    assert told(db)[-1] == Delete("tag", FOUR, 6)
    assert db.journal_size() == 0


def test_a_large_table_that_was_emptied_is_told_in_parts_fm24(db: CompanyDb) -> None:
    ids = itertools.count(1)
    keys = [((number,), f"{next(ids):032x}") for number in range(10, 10 + VANISHED_AT_ONCE)]
    with db.transaction():
        db.identify(tag(db), keys)
        books.set_fact(db, f"brake:{tag(db).no}", {"off": True})
    unseen(db, "DELETE FROM tag")
    noted(db, of_tag(db, EMPTIED, 6, None))
    claimed(db)
    assert db.journal_size() == VANISHED_AT_ONCE + 1, "the rest of it is still to be looked for"
    all_claimed(db)
    assert len({c.id for c in told(db)}) == len(told(db)) == VANISHED_AT_ONCE + 2
    assert {c.seen for c in told(db) if isinstance(c, Delete)} == {6}


# --- many rows and rows of others ---------------------------------------------------------------


def test_each_row_is_told_once_however_many_there_are(db: CompanyDb) -> None:
    """They are read in slices; in the second, a row that has changed lies among new ones."""
    many = slice_rows(tag(db)) * 3 // 2
    rows = ", ".join(f"({number}, 'n{number}')" for number in range(10, 10 + many))
    said(
        db,
        f"INSERT INTO tag (id, code) VALUES {rows}",
        "UPDATE tag SET code = 'x' WHERE id = 2",
    )
    claimed(db, 2 * many)
    puts = [c for c in told(db) if isinstance(c, Put)]
    assert len({put.id for put in puts}) == len(puts) == many + 1
    assert {len(put.fields) for put in puts if put.new} == {3}, "new ones are told whole"
    assert [put.fields for put in puts if not put.new] == [{"code": "x"}]


def test_rows_of_a_table_that_is_attached_no_more_are_told_to_nobody(db: CompanyDb) -> None:
    noted(db, JournalRow(0, 99, UPDATED, 3, 1, (1,), (1,)))
    assert claimed(db).changes == 0
    assert db.journal_size() == 0


# --- rows that are not where the journal's next part puts them -----------------------------------


def test_a_new_row_that_moves_before_it_was_read_is_told_once_and_as_new_fm15(
    db: CompanyDb,
) -> None:
    said(
        db,
        "INSERT INTO tag (id, code) VALUES (9, 'n')",
        "UPDATE tag SET id = 8 WHERE id = 9",
    )
    claimed(db, 1)
    assert (of_tags(db), db.ids_of(tag(db), [(9,)])) == ([], {})
    all_claimed(db, 1)
    (change,) = told(db)
    assert isinstance(change, Put)
    assert (change.key, change.new) == ((8,), True)


def test_a_row_that_was_doubted_and_has_moved_stays_the_same_record_fm24_fm15(
    db: CompanyDb,
) -> None:
    """The part that is claimed does not know where it went; the rest of the journal does."""
    said(
        db,
        "INSERT OR IGNORE INTO tag (id, code) VALUES (9, 'a')",
        "UPDATE tag SET id = 8 WHERE id = 1",
    )
    all_claimed(db, 1)
    assert [(kind, record) for kind, record, _ in of_tags(db)] == [("Put", FOUR)]
    assert db.ids_of(tag(db), [(1,), (8,)]) == {(8,): FOUR}


def test_a_row_that_moved_and_was_pushed_out_there_is_told_as_gone_fm24_fm15(
    db: CompanyDb,
) -> None:
    said(
        db,
        "UPDATE tag SET id = 8 WHERE id = 1",
        "INSERT OR REPLACE INTO tag (id, code) VALUES (9, 'a')",
    )
    all_claimed(db)
    assert [(kind, record) for kind, record, _ in of_tags(db)] == [
        ("Delete", FOUR), ("Put", NEW)
    ]  # fmt: skip
    assert db.ids_of(tag(db), [(1,), (8,), (9,)]) == {(9,): NEW}


def test_a_row_that_takes_a_key_that_was_left_is_no_new_record_fm15(db: CompanyDb) -> None:
    said(db, "DELETE FROM tag WHERE id = 1", "UPDATE tag SET id = 1 WHERE id = 2")
    all_claimed(db, 1)
    assert [(kind, record) for kind, record, _ in of_tags(db)] == [
        ("Delete", FOUR), ("Put", FIVE)
    ]  # fmt: skip
    assert db.ids_of(tag(db), [(1,), (2,)]) == {(1,): FIVE}


def test_a_row_that_stands_where_a_part_of_the_journal_left_none_is_looked_at_later_fm1(
    db: CompanyDb,
) -> None:
    """The lines of two transactions lie the wrong way round, and the rest of the journal says nothing of it."""
    said(db, "DELETE FROM tag WHERE id = 1", "INSERT INTO tag (id, code) VALUES (1, 'again')")
    with db.transaction():
        deleted, inserted = db.take_journal(10)
        db.add_journal([inserted, deleted, of_tag(db, UPDATED, 3, 2, mask=2)])
    all_claimed(db, 2)
    assert ("Put", NEW) in [(kind, record) for kind, record, _ in of_tags(db)]
    assert db.ids_of(tag(db), [(1,)]) == {(1,): NEW}


def test_what_replaced_a_row_after_a_part_was_read_is_told_whole_fm24(db: CompanyDb) -> None:
    """Which fields differ was known of the row before; nobody has read that one."""
    unseen(db, "DELETE FROM tag WHERE id = 1")
    noted(db, of_tag(db, REPLACING, 3, 1), of_tag(db, UPDATED, 3, 2, mask=2))
    claimed(db, 1)
    said(db, "INSERT INTO tag (id, code) VALUES (1, 'n')", cursor=7)
    all_claimed(db)
    (change,) = [c for c in told(db) if isinstance(c, Put) and c.id == FOUR]
    assert (change.fields, change.seen) == ({"id": 1, "code": "n", "item": None}, 3)


# --- who refers to what went --------------------------------------------------------------------


def test_who_refers_to_a_row_that_is_gone_is_told_and_to_one_that_is_not_is_not_fm14(
    db: CompanyDb, company: SqliteCompany
) -> None:
    said(db, "UPDATE tag SET item = 1 WHERE id = 1", "UPDATE tag SET item = 2 WHERE id = 2")
    claimed(db)
    before = len(told(db))
    with db.transaction():
        books.set_cursor(db, Cursor(5))
    company.run("DELETE FROM item WHERE id = 1")
    said(db, "UPDATE item SET code = 'x' WHERE id = 2", cursor=9)
    all_claimed(db)
    news = told(db)[before:]
    assert {c.id: type(c) for c in news} == {TWO: Put, ONE: Delete, FOUR: Put}
    assert [(c.fields, c.seen) for c in news if isinstance(c, Put) and c.id == FOUR] == [
        ({"item": {"$k": 1}}, 5)
    ]
