"""A claim: what it takes of the journal, what its batches say, and what is unsent until they arrive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from samsyn.companydb import books, held
from samsyn.companydb.books import OutBatch, Quarantined
from samsyn.companydb.claim import Claimed, Unsent, floor, last_batch, unsent
from samsyn.companydb.held import Held, Phase, Side
from samsyn.companydb.rows import DERIVED, UPDATED, CompanyDb, JournalRow
from samsyn.core.cells import Cell
from samsyn.core.changes import Delete, OfficeChange, OnlineChange, Operation, Put, Refused, Taken
from samsyn.protocol import wire
from samsyn.protocol.messages import Batch, Cursor
from tests.companydb.claiming import (
    AT,
    FIVE,
    FOUR,
    ONE,
    THREE,
    TWO,
    batches,
    claimed,
    item,
    noted,
    row,
    said,
    tag,
    three_items,
    told,
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[CompanyDb]:
    with three_items(tmp_path) as opened:
        yield opened


def put(record: str, key: int, seen: int, **fields: Cell) -> Put:
    return Put("item", record, (key,), fields, seen)


def refused(record: str, since: int) -> Refused:
    return Refused("item", record, since + 1, Operation.UPDATE, ("code",), "NO", "no", since=since)


# --- batches ----------------------------------------------------------------------------------


def test_nothing_that_waits_makes_no_batch(db: CompanyDb) -> None:
    assert claimed(db) == Claimed(0, 0, False)
    assert batches(db) == []
    assert last_batch(db) == books.taken(db)


def test_a_field_that_was_written_is_told_as_it_stands_g2(db: CompanyDb) -> None:
    said(db, "UPDATE item SET code = 'x' WHERE id = 1", "UPDATE item SET code = 'y' WHERE id = 1")
    assert claimed(db) == Claimed(1, 1, False)
    assert told(db) == [put(ONE, 1, 0, code="y")]
    assert db.journal_size() == 0


def test_a_row_that_came_and_one_that_went_are_told(db: CompanyDb) -> None:
    said(
        db, "DELETE FROM item WHERE id = 2", "INSERT INTO item (id, code) VALUES (9, 'n')", cursor=4
    )
    assert claimed(db) == Claimed(1, 2, False)
    new: dict[str, Cell] = {"id": 9, "code": "n", "street": None, "city": None, "note": None}
    assert told(db) == [
        Delete("item", TWO, 4),
        Put("item", f"{0xA0:032x}", (9,), new, 4, new=True),
    ]
    assert db.ids_of(item(db), [(2,), (9,)]) == {(9,): f"{0xA0:032x}"}


def test_batches_are_numbered_and_chained_g4(db: CompanyDb) -> None:
    for number in (1, 2, 3):
        said(db, f"UPDATE item SET code = 'x' WHERE id = {number}")
        claimed(db)
    first, second, third = books.outbox(db)
    one, two, three = batches(db)
    assert [b.number for b in (one, two, three)] == [1, 2, 3]
    assert (two.previous, three.previous) == (first.hash, second.hash)
    assert [out.hash for out in (first, second, third)] == [
        wire.body_hash(out.body) for out in (first, second, third)
    ]
    assert last_batch(db) == books.Taken(3, third.hash)


def test_a_batch_holds_no_more_changes_than_the_limit(db: CompanyDb) -> None:
    with db.transaction():
        for record in (ONE, TWO, THREE):
            books.add_report(db, refused(record, 5))
    said(db, "UPDATE item SET code = 'x'")
    assert claimed(db, 3) == Claimed(2, 6, True)
    assert [len(batch.changes) for batch in batches(db)] == [3, 3]
    assert claimed(db, 3) == Claimed(0, 0, False)


def test_a_batch_is_closed_when_it_is_large(db: CompanyDb) -> None:
    said(db, f"UPDATE item SET code = printf('%.*c', {wire.CHUNK_BYTES * 2 // 3}, 'x')")
    assert claimed(db) == Claimed(2, 3, False)
    assert [len(batch.changes) for batch in batches(db)] == [2, 1]


def test_words_go_before_rows_and_so_many_at_a_time(db: CompanyDb) -> None:
    words: list[OfficeChange] = [refused(ONE, 5), Taken("item", TWO, 7), refused(THREE, 9)]
    with db.transaction():
        for word in words:
            books.add_report(db, word)
    said(db, "UPDATE item SET code = 'x' WHERE id = 1", cursor=9)
    assert claimed(db, 2) == Claimed(2, 3, True)
    assert told(db) == [*words[:2], put(ONE, 1, 9, code="x")]
    assert claimed(db, 2) == Claimed(1, 1, False)
    assert told(db)[-1] == words[2]


# --- what had been seen -----------------------------------------------------------------------


def test_each_field_says_what_its_first_change_had_seen_g2(db: CompanyDb) -> None:
    said(db, "UPDATE item SET code = 'x', street = 's' WHERE id = 1", cursor=3)
    said(db, "UPDATE item SET code = 'y', note = 'n' WHERE id = 1", cursor=8)
    claimed(db)
    (change,) = told(db)
    assert isinstance(change, Put)
    assert change.fields == {"code": "y", "street": "s", "city": None, "note": "n"}
    assert {f: change.seen_of(f) for f in change.fields} == {
        "code": 3, "street": 3, "city": 3, "note": 8
    }  # fmt: skip
    assert (change.seen, change.seen_by_field) == (3, {"note": 8})
    assert (change.derived, change.yields) == ((), ("note",))


def test_what_triggers_made_is_derived_and_draws_no_group_fm19(db: CompanyDb) -> None:
    noted(db, row(db, DERIVED, 6, 1, "street", "note"))
    claimed(db)
    (change,) = told(db)
    assert isinstance(change, Put)
    assert change.fields == {"street": None, "note": None}
    assert (change.derived, change.yields) == (("street", "note"), ())


def test_what_somebody_wrote_of_it_too_is_his_own(db: CompanyDb) -> None:
    noted(db, row(db, DERIVED, 6, 1, "street", "code"), row(db, UPDATED, 6, 1, "city"))
    claimed(db)
    (change,) = told(db)
    assert isinstance(change, Put)
    assert set(change.fields) == {"street", "city", "code"}
    assert change.derived == ("code",)


def test_no_batch_of_a_claim_tells_a_floor_that_another_is_below_g3(db: CompanyDb) -> None:
    with db.transaction():
        books.set_cursor(db, Cursor(20))
        books.add_report(db, refused(ONE, 7))
    noted(db, row(db, UPDATED, 5, 2, "code"), row(db, UPDATED, 9, 3, "code"))
    claimed(db, 2)
    assert [batch.floor for batch in batches(db)] == [5, 5]
    assert floor(db) == 5
    with db.transaction():
        books.add_report(db, refused(ONE, 3))
    noted(db, row(db, UPDATED, 9, 3, "code"))
    claimed(db)
    assert batches(db)[-1].floor == 3, "of words too"


def test_a_later_part_of_the_journal_keeps_the_floor_down_g3(db: CompanyDb) -> None:
    with db.transaction():
        books.set_cursor(db, Cursor(20))
    noted(db, row(db, UPDATED, 9, 2, "code"), row(db, UPDATED, 5, 3, "code"))
    claimed(db, 1)
    assert [batch.floor for batch in batches(db)] == [5]


def test_the_floor_is_that_of_whatever_waits_g3(db: CompanyDb) -> None:
    with db.transaction():
        books.set_cursor(db, Cursor(20))
    assert floor(db) == 20
    with db.transaction():
        books.add_report(db, Taken("item", ONE, 3))
    assert floor(db) == 20, "what has been taken is known"
    with db.transaction():
        books.add_report(db, refused(ONE, 15))
    assert floor(db) == 15
    noted(db, row(db, UPDATED, 11, 1, "code"))
    assert floor(db) == 11
    with db.transaction():
        books.add_report(db, refused(TWO, 8))
    assert floor(db) == 8, "the lowest counts"
    claimed(db)
    assert floor(db) == 8, "in a batch it waits too"
    with db.transaction():
        held.keep(db, item(db).no, Held("item", Side.OFFICE, "CODE", AT, 4))
    assert floor(db) == 4


# --- held types -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phase", "seen"), [(Phase.HELD, None), (Phase.RELEASED, 4)], ids=["held", "let go"]
)
def test_a_held_type_stays_and_one_that_is_let_go_has_seen_what_it_had_fm25(
    db: CompanyDb, phase: Phase, seen: int | None
) -> None:
    with db.transaction():
        held.keep(db, item(db).no, Held("item", Side.OFFICE, "CODE", AT, 4, phase))
    noted(db, row(db, UPDATED, 9, 1, "code"), row(db, UPDATED, 2, 2, "code"))
    noted(db, JournalRow(0, tag(db).no, UPDATED, 9, 2, (2,), (2,)))
    claimed(db)
    seens = {change.id: change.seen for change in told(db) if isinstance(change, Put)}
    assert seens == {FIVE: 9, **({} if seen is None else {ONE: seen, TWO: 2})}
    assert db.journal_size() == (2 if seen is None else 0)


# --- parts of a journal -----------------------------------------------------------------------


def test_a_part_of_the_journal_leaves_the_rest_and_says_so_fm5(db: CompanyDb) -> None:
    said(db, *(f"UPDATE item SET code = 'x' WHERE id = {n}" for n in (1, 2, 3)))
    assert [claimed(db, 1) for _ in range(4)] == [
        Claimed(1, 1, True),
        Claimed(1, 1, True),
        Claimed(1, 1, True),
        Claimed(0, 0, False),
    ]
    assert [change.id for change in told(db) if isinstance(change, Put)] == [ONE, TWO, THREE]


def test_what_a_part_has_told_it_takes_along_fm20(db: CompanyDb) -> None:
    with db.transaction():
        held.keep(db, item(db).no, Held("item", Side.OFFICE, "CODE", AT, 4, Phase.RELEASED))
    noted(
        db,
        row(db, UPDATED, 9, 1, "code"),
        row(db, UPDATED, 9, 2, "code"),
        row(db, UPDATED, 9, 1, "code", "note"),
    )
    claimed(db, 1)
    (change,) = told(db)
    assert isinstance(change, Put)
    assert (change.id, change.seen, set(change.fields)) == (ONE, 4, {"code", "note"})
    assert [left.old for left in db.first_journal(9)] == [(2,)]


def test_a_row_that_moves_after_a_part_was_read_is_told_whole_fm15(db: CompanyDb) -> None:
    """Its first change could not be told under the key that it had."""
    said(
        db,
        "UPDATE item SET code = 'x' WHERE id = 1",
        "UPDATE item SET id = 9 WHERE id = 1",
    )
    claimed(db, 1)
    assert told(db) == []
    assert books.fact(db, "behind", bool, False), "also for the agent that starts next"
    claimed(db, 1)
    (change,) = told(db)
    assert isinstance(change, Put)
    assert (change.id, change.key, change.fields["code"]) == (ONE, (9,), "x")
    assert set(change.fields) == {f.name for f in item(db).fields}
    said(db, "UPDATE item SET id = 8 WHERE id = 9")
    claimed(db)
    assert set(told(db)[-1].fields) == {"id"}, "the journal was caught up with"  # type: ignore[union-attr]  # a Put


# --- rows that went without a word, and came without one ---------------------------------------


def summary(db: CompanyDb) -> list[tuple[str, str, object]]:
    """What is told of tags: the kind, the record and its code."""
    return [
        (type(c).__name__, c.id, c.fields["code"] if isinstance(c, Put) else None)
        for c in told(db)
        if c.type == "tag"
    ]


@pytest.mark.parametrize("limit", [2000, 1])
def test_a_row_that_a_replace_pushed_out_is_told_once_fm24(db: CompanyDb, limit: int) -> None:
    said(db, "INSERT OR REPLACE INTO tag (id, code) VALUES (9, 'a')")
    while claimed(db, limit).batches or db.journal_size():
        pass
    assert sorted(summary(db)) == [("Delete", FOUR, None), ("Put", f"{0xA0:032x}", "a")]
    known = db.ids_of(tag(db), [(1,), (2,), (9,)])
    assert known == {(2,): FIVE, (9,): f"{0xA0:032x}"}


@pytest.mark.parametrize("limit", [2000, 1])
def test_what_an_insert_did_not_replace_after_all_stays_fm24(db: CompanyDb, limit: int) -> None:
    said(db, "INSERT OR IGNORE INTO tag (id, code) VALUES (9, 'a')")
    while claimed(db, limit).batches or db.journal_size():
        pass
    assert summary(db) == []
    assert db.ids_of(tag(db), [(1,)]) == {(1,): FOUR}


def test_a_new_row_that_was_pushed_out_was_never_there_fm24(db: CompanyDb) -> None:
    said(
        db,
        "INSERT INTO tag (id, code) VALUES (8, 'new')",
        "INSERT OR REPLACE INTO tag (id, code) VALUES (9, 'new')",
    )
    claimed(db)
    assert [(kind, code) for kind, _, code in summary(db)] == [("Put", "new")]
    assert set(db.ids_of(tag(db), [(8,), (9,)])) == {(9,)}


def test_a_row_that_stands_where_the_journal_left_none_is_new_fm1(db: CompanyDb) -> None:
    """The lines of two transactions may lie the wrong way round: the deletion of what came after it."""
    said(db, "DELETE FROM tag WHERE id = 1", "INSERT INTO tag (id, code) VALUES (1, 'again')")
    with db.transaction():
        deleted, inserted = db.take_journal(10)
        db.add_journal([inserted, deleted])
    claimed(db)
    assert ("Put", f"{0xA0:032x}", "again") in summary(db)
    assert db.ids_of(tag(db), [(1,)]) == {(1,): f"{0xA0:032x}"}


def test_who_refers_to_a_record_that_is_another_now_is_told_fm14(db: CompanyDb) -> None:
    said(db, "UPDATE tag SET item = 1 WHERE id = 2")
    claimed(db)
    said(
        db,
        "PRAGMA defer_foreign_keys = 1",
        "DELETE FROM item WHERE id = 1",
        "INSERT INTO item (id) VALUES (1)",
    )
    while claimed(db).batches or db.journal_size():
        pass
    last = [c for c in told(db) if isinstance(c, Put) and c.id == FIVE][-1]
    assert last.fields == {"item": f"{0xA0:032x}"}


# --- quarantine -------------------------------------------------------------------------------


def in_quarantine(db: CompanyDb, *fields: str) -> None:
    change = OnlineChange(Operation.UPDATE, "item", ONE, dict.fromkeys(fields, "online"))
    with db.transaction():
        books.put_quarantine(db, Quarantined("office", "item", ONE, AT, "NO", "no", change=change))


def refused_still(db: CompanyDb) -> list[str] | None:
    """The fields that lie in quarantine; None where nothing does."""
    entries = books.quarantine(db)
    return [*entries[0].change.fields] if entries and entries[0].change else None


@pytest.mark.parametrize(
    ("statement", "left"),
    [
        ("UPDATE item SET code = 'own' WHERE id = 1", ["note"]),
        ("UPDATE item SET code = 'own', note = 'own' WHERE id = 1", None),
        ("UPDATE item SET city = 'own' WHERE id = 1", ["code", "note"]),
        ("UPDATE item SET code = 'own' WHERE id = 2", ["code", "note"]),
        ("DELETE FROM item WHERE id = 1", None),
    ],
)
def test_what_the_office_writes_itself_it_no_longer_refuses_fm12(
    db: CompanyDb, statement: str, left: list[str] | None
) -> None:
    in_quarantine(db, "code", "note")
    said(db, statement)
    claimed(db)
    assert refused_still(db) == left


def test_what_was_refused_and_says_no_change_stays_fm12(db: CompanyDb) -> None:
    with db.transaction():
        books.put_quarantine(db, Quarantined("office", "item", ONE, AT, "NO", "no"))
    said(db, "UPDATE item SET code = 'own' WHERE id = 1")
    claimed(db)
    assert [entry.record for entry in books.quarantine(db)] == [ONE]


def test_what_triggers_made_overrides_nothing_fm12_fm19(db: CompanyDb) -> None:
    in_quarantine(db, "code")
    noted(db, row(db, DERIVED, 6, 1, "code"))
    claimed(db)
    assert refused_still(db) == ["code"]


# --- what is unsent ---------------------------------------------------------------------------


def test_what_claimed_batches_say_of_a_record_is_unsent(db: CompanyDb) -> None:
    changes: tuple[OfficeChange, ...] = (
        Put(
            "item",
            ONE,
            (1,),
            {"code": 1, "city": 2, "note": 3},
            0,
            derived=("city",),
            yields=("note",),
        ),
        Delete("item", TWO, 0),
        refused(THREE, 0),
        Taken("item", "4" * 32, 0),
    )
    more = Put("item", ONE, (1,), {"street": 4}, 0)
    outbox = [_out(number, told) for number, told in enumerate((changes, (more,)), start=1)]
    assert unsent(outbox) == {
        ONE: Unsent({"code", "street"}, {"city", "note"}, {"code", "street", "note"}),
        TWO: Unsent(deleted=True),
        THREE: Unsent(reported=True),
        "4" * 32: Unsent(reported=True),
    }
    assert unsent([]) == {}
    assert (Unsent().deleted, Unsent().reported) == (False, False)


def _out(number: int, changes: tuple[OfficeChange, ...]) -> OutBatch:
    body = wire.encode(Batch(number, "", 0, "", changes))
    return OutBatch(number, wire.body_hash(body), body)
