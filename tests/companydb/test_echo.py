"""What sync wrote is taken out of the journal; what the database made of it stays, as derived (FM19)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from samsyn.companydb import attach
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.echo import MARKED_AT_ONCE, Written, subtract_echo
from samsyn.companydb.rows import (
    DELETED,
    DERIVED,
    INSERTED,
    REPLACING,
    UPDATED,
    CompanyDb,
    JournalRow,
    Key,
)
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell
from tests.companydb.companies import SqliteCompany

SCHEMA = """
CREATE TABLE item (id INTEGER PRIMARY KEY, code TEXT, price REAL, note TEXT, kind TEXT DEFAULT 'new');
CREATE TABLE part (id INTEGER PRIMARY KEY, item INTEGER REFERENCES item (id) ON DELETE CASCADE ON UPDATE CASCADE, n INTEGER);
CREATE TRIGGER rounds AFTER UPDATE OF price ON item WHEN NEW.price <> round(NEW.price)
  BEGIN UPDATE item SET price = round(NEW.price) WHERE id = NEW.id; END;
CREATE TRIGGER notes AFTER UPDATE OF code ON item WHEN NEW.code = 'noted'
  BEGIN UPDATE item SET note = 'by a trigger' WHERE id = NEW.id; END;
CREATE TRIGGER counts AFTER UPDATE OF code ON item WHEN NEW.code = 'counted'
  BEGIN UPDATE part SET n = n + 1 WHERE item = NEW.id; END;
CREATE TRIGGER adds AFTER UPDATE OF code ON item WHEN NEW.code = 'added'
  BEGIN INSERT INTO part (id, item, n) VALUES (7, NEW.id, 0); END;
CREATE TRIGGER forgets AFTER UPDATE OF code ON item WHEN NEW.code = 'gone'
  BEGIN DELETE FROM item WHERE id = NEW.id; END;
INSERT INTO item VALUES (1, 'a', 1, NULL, 'old'), (2, 'b', 2, NULL, 'old');
INSERT INTO part VALUES (1, 1, 5), (2, 2, 5);
"""
SEEN = 40
"""What the page that is written has come to."""


class Wrote(msgspec.Struct):
    """What sync did in this transaction."""

    written: dict[str, Written] = {}
    deleted: list[tuple[int, Key]] = []
    aside: dict[tuple[int, Key], str] = {}


class Entry(msgspec.Struct, frozen=True):
    """A journal row that is left; `fields` None where every one is named."""

    type: str
    op: int
    old: Key | None
    new: Key | None
    fields: frozenset[str] | None
    seen: int


@pytest.fixture
def db(tmp_path: Path) -> Iterator[CompanyDb]:
    """Two items and a part of each; the journal is empty, the cursor of the triggers 0."""
    company = SqliteCompany(tmp_path / "company.db")
    company.run(SCHEMA)
    attach.attach(attach.plan(company.url))
    opened = open_company_db(company.url)
    yield opened
    opened.close()


def named(db: CompanyDb, name: str) -> RecordType:
    return next(t for t in db.types.values() if t.name == name)


def wrote(db: CompanyDb, id_: int, name: str = "item", **meant: Cell) -> Written:
    """Sync meant these values to stand in a row."""
    return Written(named(db, name), (id_,), meant)


def left(db: CompanyDb, done: Wrote, *statements: str, before: tuple[str, ...] = ()) -> list[Entry]:
    """The journal after sync said these statements and its echo was taken out."""
    with db.transaction():
        for statement in before:
            db.run(statement)
        mark = db.mark()
        for statement in statements:
            db.run(statement)
        subtract_echo(db, mark, done, SEEN, lambda: "0" * 32)
        return [_entry(db, row) for row in db.first_journal(10_000)]


def _entry(db: CompanyDb, row: JournalRow) -> Entry:
    record_type = db.types[row.type_no]
    names = [f.name for n, f in enumerate(record_type.fields) if row.mask >> n & 1]
    every = len(names) == len(record_type.fields)
    return Entry(
        record_type.name, row.op, row.old, row.new, None if every else frozenset(names), row.seen
    )


def derived(id_: int, *fields: str, name: str = "item", seen: int = SEEN) -> Entry:
    return Entry(name, DERIVED, (id_,), (id_,), frozenset(fields), seen)


def test_what_stands_as_it_was_meant_leaves_nothing_fm19(db: CompanyDb) -> None:
    done = Wrote({"a": wrote(db, 1, code="x", note="y"), "b": wrote(db, 2, code="z")})
    assert (
        left(
            db,
            done,
            "UPDATE item SET code = 'x', note = 'y' WHERE id = 1",
            "UPDATE item SET code = 'z' WHERE id = 2",
        )
        == []
    )


def test_what_was_rounded_is_news_that_nobody_wrote_fm19(db: CompanyDb) -> None:
    done = Wrote({"a": wrote(db, 1, code="x", price=1.4)})
    told = left(db, done, "UPDATE item SET code = 'x', price = 1.4 WHERE id = 1")
    assert told == [derived(1, "price")]


def test_another_field_that_a_trigger_wrote_is_news_too_fm19(db: CompanyDb) -> None:
    done = Wrote({"a": wrote(db, 1, code="noted")})
    assert left(db, done, "UPDATE item SET code = 'noted' WHERE id = 1") == [derived(1, "note")]


def test_what_was_put_back_before_it_stood_is_told_though_no_row_does_fm19(db: CompanyDb) -> None:
    done = Wrote({"a": wrote(db, 1, code="never came", note=None)})
    assert left(db, done, "UPDATE item SET code = code WHERE id = 1") == [derived(1, "code")]


def test_a_value_is_news_by_its_type_too(db: CompanyDb) -> None:
    done = Wrote({"a": wrote(db, 1, price=3)})
    assert left(db, done, "UPDATE item SET price = 3.0 WHERE id = 1") == [derived(1, "price")]


@pytest.mark.parametrize("stands", [True, False])
def test_a_reference_is_compared_as_the_record_that_it_means(db: CompanyDb, stands: bool) -> None:
    one, two = "1" * 32, "2" * 32
    with db.transaction():
        db.identify(named(db, "item"), [((1,), one), ((2,), two)])
    done = Wrote({"a": wrote(db, 1, "part", item=two if stands else one)})
    told = left(db, done, "UPDATE part SET item = 2 WHERE id = 1")
    assert told == ([] if stands else [derived(1, "item", name="part")])


def test_a_reference_to_a_row_that_nobody_knows_yet_gives_it_a_name(db: CompanyDb) -> None:
    done = Wrote({"a": wrote(db, 1, "part", item="0" * 32)})
    assert left(db, done, "UPDATE part SET item = 2 WHERE id = 1") == []
    assert db.ids_of(named(db, "item"), [(2,)]) == {(2,): "0" * 32}


def test_what_a_new_row_got_besides_is_news_fm19(db: CompanyDb) -> None:
    done = Wrote({"a": wrote(db, 9, id=9, code="x", price=None, note=None)})
    told = left(db, done, "INSERT INTO item (id, code) VALUES (9, 'x')")
    assert told == [derived(9, "kind")]


def test_a_row_beside_stays_as_derived_work_fm19(db: CompanyDb) -> None:
    done = Wrote({"a": wrote(db, 1, code="counted")})
    told = left(db, done, "UPDATE item SET code = 'counted' WHERE id = 1")
    assert told == [derived(1, "n", name="part", seen=0)]


def test_many_rows_beside_are_all_derived_fm19(db: CompanyDb) -> None:
    rows = ", ".join(f"({n}, 1, 0)" for n in range(10, 10 + 2 * MARKED_AT_ONCE))
    done = Wrote({"a": wrote(db, 1, code="counted")})
    with db.transaction():
        db.run(f"INSERT INTO part VALUES {rows}")
        db.take_journal(10_000)
    told = left(db, done, "UPDATE item SET code = 'counted' WHERE id = 1")
    assert len(told) == 2 * MARKED_AT_ONCE + 1
    assert {entry.op for entry in told} == {DERIVED}


def test_a_row_that_a_trigger_made_is_the_offices_own(db: CompanyDb) -> None:
    done = Wrote({"a": wrote(db, 1, code="added")})
    told = left(db, done, "UPDATE item SET code = 'added' WHERE id = 1")
    assert told == [Entry("part", INSERTED, None, (7,), None, 0)]


def test_a_deletion_is_ours_and_what_went_with_it_is_not_fm18(db: CompanyDb) -> None:
    done = Wrote(deleted=[(named(db, "item").no, (1,))])
    told = left(db, done, "DELETE FROM item WHERE id = 1")
    assert told == [Entry("part", DELETED, (1,), None, frozenset(), 0)]


def test_a_row_that_a_trigger_deleted_is_told_fm18(db: CompanyDb) -> None:
    """Its own change says nothing any more; its deletion does."""
    done = Wrote({"a": wrote(db, 1, code="gone")})
    told = left(db, done, "UPDATE item SET code = 'gone' WHERE id = 1")
    assert {(e.type, e.op) for e in told} == {
        ("item", UPDATED),
        ("item", DELETED),
        ("part", DELETED),
    }


def test_a_key_that_a_record_had_for_a_moment_was_never_there_fm13(db: CompanyDb) -> None:
    no = named(db, "item").no
    done = Wrote({"a": wrote(db, 2, id=2, code="a")}, aside={(no, (-1,)): "a"})
    told = left(
        db,
        done,
        "UPDATE item SET id = -1 WHERE id = 1",
        "DELETE FROM item WHERE id = 2",
        "UPDATE item SET id = 2 WHERE id = -1",
    )
    assert [(e.op, e.old, e.new) for e in told if e.type == "item"] == [(DELETED, (2,), None)]


def test_what_the_office_had_written_before_stays_as_it_is(db: CompanyDb) -> None:
    done = Wrote({"a": wrote(db, 1, code="x")})
    told = left(
        db,
        done,
        "UPDATE item SET code = 'x' WHERE id = 1",
        before=("UPDATE item SET note = 'office' WHERE id = 1",),
    )
    assert told == [Entry("item", UPDATED, (1,), (1,), frozenset({"note"}), 0)]


def test_what_waits_about_a_row_goes_along_to_its_next_key_fm15(db: CompanyDb) -> None:
    """What sync has noted of it in this transaction becomes derived, what was there before stays."""
    item = named(db, "item")
    done = Wrote({"a": wrote(db, 9, id=9)})
    with db.transaction():
        note = masked(item, "note")
        db.add_journal([JournalRow(0, item.no, UPDATED, 3, note, (1,), (1,))])
        mark = db.mark()
        db.run("UPDATE item SET id = 9 WHERE id = 1")
        subtract_echo(db, mark, done, SEEN, lambda: "0" * 32)
        told = [_entry(db, row) for row in db.first_journal(10_000) if row.type_no == item.no]
    assert told == [Entry("item", UPDATED, (9,), (9,), frozenset({"note"}), 3)]


def test_what_was_done_to_a_row_before_it_moved_is_looked_at_where_it_stands_fm15_fm19(
    db: CompanyDb,
) -> None:
    moved = (
        "UPDATE item SET note = 'sync', kind = 'k' WHERE id = 1",
        "UPDATE item SET id = 9 WHERE id = 1",
    )
    done = Wrote({"a": wrote(db, 9, id=9, note="sync")})
    told = [entry for entry in left(db, done, *moved) if entry.type == "item"]
    assert told == [derived(9, "kind")], "what was meant stands, the rest is news"


def test_what_was_done_to_a_row_beside_goes_along_as_derived_fm15_fm19(db: CompanyDb) -> None:
    moved = (
        "UPDATE item SET note = 'by a trigger' WHERE id = 2",
        "UPDATE item SET id = 8 WHERE id = 2",
    )
    done = Wrote({"a": wrote(db, 1, code="x")})
    told = [entry for entry in left(db, done, *moved) if entry.type == "item"]
    assert {(e.op, e.old, e.new, e.fields) for e in told} == {
        (DERIVED, (2,), (8,), frozenset({"id"})),
        (DERIVED, (8,), (8,), frozenset({"note"})),
        (DERIVED, (1,), (1,), frozenset({"code"})),
    }


def test_derived_work_that_waited_is_news_of_the_row_that_was_written_fm15_fm19(
    db: CompanyDb,
) -> None:
    item = named(db, "item")
    done = Wrote({"a": wrote(db, 9, id=9)})
    with db.transaction():
        db.add_journal([JournalRow(0, item.no, DERIVED, 3, masked(item, "note"), (1,), (1,))])
        mark = db.mark()
        db.run("UPDATE item SET id = 9 WHERE id = 1")
        subtract_echo(db, mark, done, SEEN, lambda: "0" * 32)
        told = [_entry(db, row) for row in db.first_journal(10_000) if row.type_no == item.no]
    assert told == [derived(9, "note")]


def test_what_waits_follows_a_row_through_all_its_keys_fm15(db: CompanyDb) -> None:
    """Also past rows of a table that is not attached any more."""
    item = named(db, "item")
    done = Wrote({"a": wrote(db, 9, id=9)})
    with db.transaction():
        note = masked(item, "note")
        db.add_journal(
            [
                JournalRow(0, item.no, UPDATED, 3, note, (5,), (5,)),
                JournalRow(0, item.no, UPDATED, 3, masked(item, "id"), (5,), (1,)),
            ]
        )
        mark = db.mark()
        db.add_journal([JournalRow(0, 99, UPDATED, 3, 1, (1,), (2,))])
        db.run("UPDATE item SET id = 9 WHERE id = 1")
        subtract_echo(db, mark, done, SEEN, lambda: "0" * 32)
        told = [_entry(db, row) for row in db.first_journal(10_000) if row.type_no == item.no]
    assert Entry("item", UPDATED, (9,), (9,), frozenset({"note"}), 3) in told


def test_what_waited_about_a_row_that_is_gone_goes_nowhere_fm15(db: CompanyDb) -> None:
    """Another row takes its key afterwards: it is not told what was said of the first."""
    item = named(db, "item")
    done = Wrote({"b": wrote(db, 1, id=1)}, deleted=[(item.no, (1,))])
    with db.transaction():
        db.add_journal([JournalRow(0, item.no, UPDATED, 3, masked(item, "note"), (1,), (1,))])
        mark = db.mark()
        db.run("DELETE FROM item WHERE id = 1")
        db.run("UPDATE item SET id = 1 WHERE id = 2")
        subtract_echo(db, mark, done, SEEN, lambda: "0" * 32)
        told = [_entry(db, row) for row in db.first_journal(10_000) if row.type_no == item.no]
    assert told == [Entry("item", UPDATED, (1,), (1,), frozenset({"note"}), 3)]


@pytest.mark.parametrize("what", ["deleted and made anew", "maybe pushed out"])
def test_what_waits_about_a_key_goes_with_the_row_that_had_it_fm15(
    db: CompanyDb, what: str
) -> None:
    """Not with another that is made under the key; a REPLACE that may come to nothing takes it from nobody."""
    item = named(db, "item")
    done = Wrote({"a": wrote(db, 9, id=9)})
    with db.transaction():
        db.add_journal([JournalRow(0, item.no, UPDATED, 3, masked(item, "note"), (1,), (1,))])
        mark = db.mark()
        if what == "maybe pushed out":
            db.add_journal([JournalRow(0, item.no, REPLACING, 3, 0, (1,), None)])
        else:
            db.run("DELETE FROM item WHERE id = 1")
            db.run("INSERT INTO item (id) VALUES (1)")
        db.run("UPDATE item SET id = 9 WHERE id = 1")
        subtract_echo(db, mark, done, SEEN, lambda: "0" * 32)
        left = [row for row in db.first_journal(10_000) if row.type_no == item.no]
        about = [row.new for row in left if (row.op, row.seen) == (UPDATED, 3)]
    assert about == [(9,) if what == "maybe pushed out" else (1,)]


def masked(record_type: RecordType, *names: str) -> int:
    """The mask that names these fields."""
    return sum(1 << n for n, f in enumerate(record_type.fields) if f.name in names)
