"""FM21, G7: what an office that was put back holds of what came after its backup, and what leaves its journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec import structs

from samsyn.companydb import attach
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.rows import DERIVED, EMPTIED, INSERTED, UPDATED, CompanyDb, JournalRow, Key
from samsyn.companydb.since_backup import ALL, Compared, compared, looking, take_out, unsent
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell
from samsyn.core.reopen import AtOffice
from samsyn.protocol.restoring import FieldSince, RecordSince
from tests.companydb.companies import SqliteCompany

SCHEMA = """
CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, note TEXT);
INSERT INTO item VALUES (1, 'one', 'a'), (2, 'two', 'b');
CREATE TABLE code (code TEXT PRIMARY KEY, item INTEGER REFERENCES item (id), name TEXT);
INSERT INTO code VALUES ('A', 2, 'first');
CREATE TABLE line (item INTEGER REFERENCES item (id), no INTEGER, name TEXT, PRIMARY KEY (item, no));
"""
ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN, EIGHT = (digit * 32 for digit in "12345678")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[CompanyDb]:
    """Two items and a code with an identity; the journal is empty."""
    company = SqliteCompany(tmp_path / "company.db")
    company.run(SCHEMA)
    attach.attach(attach.plan(company.url))
    opened = open_company_db(company.url)
    with opened.transaction():
        opened.identify(named(opened, "item"), [((1,), ONE), ((2,), TWO)])
        opened.identify(named(opened, "code"), [(("A",), THREE)])
    yield opened
    opened.close()


def named(db: CompanyDb, name: str) -> RecordType:
    return next(t for t in db.types.values() if t.name == name)


def said(db: CompanyDb, *statements: str) -> None:
    """The program writes."""
    with db.transaction():
        for statement in statements:
            db.run(statement)


def was(
    record: str = ONE,
    *,
    there: bool = True,
    told: dict[str, tuple[Cell, ...]] | None = None,
    inserted: dict[str, Cell] | None = None,
    key: tuple[Cell, ...] | None = None,
    type_: str = "item",
    **base: Cell,
) -> RecordSince:
    """A record of the service's page: what it takes the backup to hold, and what the office told after it."""
    fields = tuple(FieldSince(f, v, "online", "Maria", None, False) for f, v in base.items())
    return RecordSince(
        type_, record, key, "", there, True, fields, told=told or {}, inserted=inserted
    )


def looked(db: CompanyDb, *page: RecordSince) -> Compared:
    """What a page amounts to; nothing is written."""
    with looking(db):
        return compared(db, page, unsent(db))


def held(db: CompanyDb, *page: RecordSince) -> dict[str, AtOffice]:
    """What the service is told."""
    return looked(db, *page).at_office


def here(**fields: Cell) -> AtOffice:
    return AtOffice(there=True, fields=fields)


def taken_out(db: CompanyDb, *page: RecordSince) -> Compared:
    """A page is compared, and what the service has leaves the journal."""
    with db.transaction():
        journal = unsent(db)
        found = compared(db, page, journal)
        take_out(db, found.sent, journal)
    return found


def journal(db: CompanyDb, name: str = "item") -> list[tuple[int, Key | None, set[str]]]:
    """What the journal has still to tell: operation, key and fields; no row changes its key."""
    record_type = named(db, name)
    with looking(db):
        rows = sorted(db.journal_of(record_type, ALL), key=lambda row: row.id)
    assert all(row.old == row.new for row in rows)
    return [
        (row.op, row.new, {f.name for n, f in enumerate(record_type.fields) if row.mask >> n & 1})
        for row in rows
    ]


# --- what is held ------------------------------------------------------------------------


class Case(NamedTuple):
    """What was written since, what the service says of the backup, and what the office says to that."""

    that: str
    since: Sequence[str]
    page: RecordSince
    held: AtOffice | None
    sent: dict[str, Cell] | None = None


NAME = "UPDATE item SET name = 'since' WHERE id = 1"
CASES = [
    Case("what the log says of the backup needs no word", [], was(name="one", note="a"), None),
    Case("where the log is wrong the office says what it has", [],
         was(name="older", note="a"), here(name="one")),
    Case("what has been written since is in the journal", [NAME], was(name="older"), None),
    Case("the other fields are as the backup has them", [NAME],
         was(name="older", note="older"), here(note="a")),
    Case("who wrote since what the office had told after, had it unsent in the backup", [NAME],
         was(name="one", told={"name": ("since",)}), here(name="since"), {"name": "since"}),
    Case("or any of what it told", [NAME],
         was(name="one", told={"name": ("x", "since", "y")}), here(name="since"), {"name": "since"}),
    Case("not what it told of another field", [NAME], was(name="one", told={"note": ("since",)}), None),
    Case("what somebody wrote upon that is work since", [NAME, "UPDATE item SET name = 'more' WHERE id = 1"],
         was(name="one", told={"name": ("since",)}), None),
    Case("nor of a row that has moved", [NAME, "UPDATE item SET id = 9 WHERE id = 1"],
         was(name="one", told={"name": ("since",)}), None),
    Case("what has moved says what else the backup has of it", ["UPDATE item SET id = 9 WHERE id = 1"],
         was(name="one", note="older"), here(note="a")),
    Case("also where another row has its key by now",
         ["UPDATE item SET id = 9 WHERE id = 1", "INSERT INTO item VALUES (1, 'another', 'other')"],
         was(name="one", note="a"), None),
    Case("what was deleted is told by the journal, whose row ever has its key by now",
         ["DELETE FROM item WHERE id = 1", "INSERT INTO item VALUES (1, 'another', 'other')"],
         was(name="one", note="a"), None),
    Case("a REPLACE is a change of the fields that differ",
         ["INSERT OR REPLACE INTO item VALUES (1, 'since', 'a')"],
         was(name="older", note="older"), here(note="a")),
    Case("what has moved and come back says what else the backup has of it",
         ["UPDATE item SET id = 9 WHERE id = 1", "UPDATE item SET id = 1 WHERE id = 9"],
         was(name="one", note="older"), here(note="a")),
    Case("a column that is gone here is none of it", [], was(gone="x"), None),
    Case("what refers to a row without identity cannot be told yet",
         ["INSERT INTO item VALUES (3, 'new', NULL)", "UPDATE code SET item = 3"],
         was(THREE, type_="code", item=TWO, name="older", told={"item": (None,)}), here(name="first")),
    Case("a record that the backup has not, it says so", [], was(FIVE), AtOffice(there=False)),
    Case("one that has gone since the backup is told by the journal",
         ["DELETE FROM item WHERE id = 1"], was(name="one"), None),
    Case("one that the backup has after all, it says so with all that it holds", [NAME],
         was(there=False), here(id=1, name="since", note="a")),
    Case("and one that it has not needs no word", [], was(FIVE, there=False), None),
    Case("a type that is not synced here needs no word", [], was(FIVE, type_="other"), None),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.that)
def test_what_an_office_says_of_its_backup_fm21_g7(db: CompanyDb, case: Case) -> None:
    said(db, *case.since)
    found = looked(db, case.page)
    assert found.at_office == ({} if case.held is None else {case.page.id: case.held})
    assert [one.fields for one in found.sent] == ([] if case.sent is None else [case.sent])


def test_what_refers_to_a_row_without_identity_is_not_told_fm21_fm14(db: CompanyDb) -> None:
    with db.transaction():
        db.forget(named(db, "item"), [TWO])
    assert held(db, was(THREE, type_="code", item=TWO, name="first")) == {}
    assert held(db, was(THREE, type_="code", there=False)) == {THREE: here(code="A", name="first")}


def test_a_row_that_the_journal_tells_whole_is_not_compared_fm21(db: CompanyDb) -> None:
    """Nor is what triggers computed told as what the office had sent."""
    said(db, NAME)
    with db.transaction():
        db.run(f"UPDATE samsyn_journal SET op = {DERIVED}")
    assert held(db, was(name="one", told={"name": ("since",)})) == {}
    with db.transaction():
        db.add_journal([JournalRow(0, named(db, "item").no, INSERTED, 0, 0, None, (1,))])
    assert held(db, was(note="older")) == {}


def test_a_page_of_several_records_is_told_of_each_fm21(db: CompanyDb) -> None:
    page = [
        was(name="older"),
        was(FIVE),
        was(THREE, type_="code", name="older"),
        was(TWO, note="b"),
    ]
    assert held(db, *page) == {
        ONE: here(name="one"),
        FIVE: AtOffice(there=False),
        THREE: here(name="first"),
    }


def test_a_row_that_went_without_the_journal_is_not_there_fm21(db: CompanyDb) -> None:
    """Its identity is in the backup, its row is not; another one's deletion explains nothing."""
    said(db, "DELETE FROM item WHERE id = 1")
    with db.transaction():
        db.run("DELETE FROM samsyn_journal")
    said(db, "DELETE FROM code", "DELETE FROM item WHERE id = 2")
    assert held(db, was()) == {ONE: AtOffice(there=False)}
    assert held(db, was(TWO)) == {}
    with db.transaction():
        emptied = JournalRow(0, named(db, "item").no, EMPTIED, 0, 0, None, None)
        db.add_journal([emptied])
    assert held(db, was()) == {}, "the whole table went since"
    assert held(db, was(FIVE)) == {FIVE: AtOffice(there=False)}, "it was never here"


# --- rows that are recognised ------------------------------------------------------------

NEW = "INSERT INTO item VALUES (3, 'new', NULL)"
NEW_CODE = "INSERT INTO code VALUES ('N', 1, 'new')"


def new_item(record: str = FIVE, key: int | None = 3, **fields: Cell) -> RecordSince:
    """An item that the office made after the backup, as the service has it."""
    told: dict[str, Cell] = {"id": 3, "name": "new", "note": None, **fields}
    return was(record, there=False, inserted=told, key=None if key is None else (key,))


def new_code(**fields: Cell) -> RecordSince:
    """The same of a code, whose key people give."""
    told: dict[str, Cell] = {"code": "N", "item": ONE, "name": "new", **fields}
    return was(FIVE, there=False, inserted=told, key=("N",), type_="code")


@pytest.mark.parametrize(
    ("that", "since", "page", "known"),
    [
        ("the same values under the same number", [NEW], new_item(), True),
        ("another value: the number was given anew", [NEW], new_item(name="other"), False),
        ("the same values since", [NEW.replace("new", "x"), "UPDATE item SET name = 'new' WHERE id = 3"],
         new_item(), True),
        ("made by a REPLACE that found nothing", [NEW.replace("INSERT", "INSERT OR REPLACE")], new_item(), True),
        ("a number that it got later", [NEW], new_item(key=4), True),
        ("another number", [NEW], new_item(key=4, id=4), False),
        ("a number of which nothing was told", [NEW], was(FIVE, there=False, inserted={"name": "new"}, key=(3,)), True),
        ("no number yet", [NEW], new_item(key=None), False),
        ("the office never made it", [NEW], was(FIVE, there=False, key=(3,)), False),
        ("a row that came under another number", [NEW.replace("3", "9"), "UPDATE item SET id = 3 WHERE id = 9"],
         new_item(), False),
        ("a row that was replaced", [NEW, "DELETE FROM item WHERE id = 3", NEW], new_item(), False),
        ("a key that people give, and the same values", [NEW_CODE], new_code(), True),
        ("and other values: it names the same thing", [NEW_CODE], new_code(name="other"), True),
        ("a column that is gone here", [NEW], new_item(gone=1), True),
        ("a key that it has now, and had not when it was told first", [NEW_CODE], new_code(code="M"), True),
    ],
)  # fmt: skip
def test_which_new_rows_the_service_knows_already_fm21_g7(
    db: CompanyDb, that: str, since: Sequence[str], page: RecordSince, *, known: bool
) -> None:
    said(db, *since)
    assert (FIVE in held(db, page)) is known, that
    assert [one.record for one in looked(db, page).sent] == ([FIVE] if known else [])


@pytest.mark.parametrize(
    ("that", "row", "told", "now"),
    [
        ("its parent has another number since", (1, 7), ONE, (8, 7)),
        ("it has another parent since", (1, 7), ONE, (2, 7)),
        ("its parent is new itself, and recognised in the same page", (3, 7), FIVE, (8, 7)),
        ("its parent is not known here: it has the number that it has now", (9, 7), FOUR, (9, 7)),
        ("it named no record, but a number", (9, 7), {"$k": 9}, (8, 7)),
    ],
)
def test_a_row_whose_key_names_its_parent_is_looked_for_where_that_was_fm21_fm15_g7(
    db: CompanyDb, that: str, row: tuple[int, int], told: Cell, now: tuple[int, int]
) -> None:
    """The numbers of parents may have been changed after it was told."""
    said(db, NEW, NEW_CODE, NEW.replace("3", "9").replace("new", "other"))
    said(db, f"INSERT INTO line VALUES ({row[0]}, {row[1]}, 'new')")
    inserted: dict[str, Cell] = {"item": told, "no": 7, "name": "new"}
    line = was(SIX, there=False, inserted=inserted, key=now, type_="line")
    others = [was(FOUR, there=False), was(SEVEN, there=False, key=(1, 1), type_="line")]
    code = structs.replace(new_code(), id=EIGHT)
    found = looked(db, line, new_item(), code, *others)
    assert [one.key for one in found.sent if one.record == SIX] == [row], that
    assert {one.record for one in found.sent} == {FIVE, SIX, EIGHT}


def test_a_row_whose_parent_is_of_a_type_that_is_gone_is_looked_for_where_it_is_now_fm21(
    db: CompanyDb,
) -> None:
    said(db, "INSERT INTO line VALUES (1, 7, 'new')")
    del db.types[named(db, "item").no]
    inserted: dict[str, Cell] = {"item": ONE, "no": 7, "name": "new"}
    line = was(SIX, there=False, inserted=inserted, key=(1, 7), type_="line")
    assert [one.key for one in looked(db, line).sent] == [(1, 7)]


def test_what_it_holds_of_a_recognised_row_is_told_and_not_what_was_sent_fm21_g7(
    db: CompanyDb,
) -> None:
    said(db, NEW_CODE)
    assert held(db, new_code(name="other", gone=1)) == {FIVE: here(code="N", item=ONE, name="new")}


def test_a_row_is_recognised_once_fm21(db: CompanyDb) -> None:
    said(db, NEW)
    assert set(held(db, new_item(FOUR), new_item())) == {FOUR}


def test_a_row_that_is_not_the_first_of_its_number_may_be_the_second_fm21(db: CompanyDb) -> None:
    said(db, NEW)
    assert set(held(db, new_item(FOUR, name="other"), new_item())) == {FIVE}


def test_who_has_an_identity_is_no_new_row_of_another_number_fm21(db: CompanyDb) -> None:
    said(db, NEW, "DELETE FROM item WHERE id = 1")
    assert held(db, new_item(ONE)) == {}


def test_of_two_rows_a_record_is_the_one_that_it_was_told_as_first_fm21_fm15(
    db: CompanyDb,
) -> None:
    """The other one has its later key, and is another record."""
    said(db, NEW_CODE, NEW_CODE.replace("'N'", "'M'"))
    page = was(
        FIVE, there=False, type_="code", key=("M",),
        inserted={"code": "N", "item": ONE, "name": "new"},
    )  # fmt: skip
    assert [one.key for one in looked(db, page).sent] == [("N",)]


def test_a_row_that_is_another_record_is_not_recognised_fm21(db: CompanyDb) -> None:
    """It has an identity of its own."""
    said(db, NEW)
    with db.transaction():
        db.identify(named(db, "item"), [((3,), FOUR)])
    assert held(db, new_item()) == {}


def test_a_row_of_before_the_backup_is_not_recognised_fm21(db: CompanyDb) -> None:
    """No journal tells that it is new."""
    said(db, NEW)
    with db.transaction():
        db.run("DELETE FROM samsyn_journal")
    assert held(db, new_item()) == {}
    said(db, "UPDATE item SET name = 'new' WHERE id = 3")
    assert held(db, new_item()) == {}


# --- what leaves the journal -------------------------------------------------------------


def test_what_the_service_has_leaves_the_journal_and_the_rest_stays_fm21_g7(db: CompanyDb) -> None:
    said(
        db,
        "UPDATE item SET name = 'sent', note = 'since' WHERE id = 1",
        "UPDATE item SET name = 'sent' WHERE id = 2",
    )
    taken_out(db, was(name="one", told={"name": ("sent",)}))
    assert journal(db) == [(UPDATED, (2,), {"name"}), (UPDATED, (1,), {"note"})]
    taken_out(db, was(TWO, name="two", told={"name": ("sent",)}))
    assert journal(db) == [(UPDATED, (1,), {"note"})]


def test_a_recognised_row_has_its_identity_and_leaves_the_journal_fm21_g7(db: CompanyDb) -> None:
    said(
        db,
        NEW,
        "UPDATE item SET note = 'since' WHERE id = 3",
        "UPDATE item SET note = NULL WHERE id = 3",
    )
    taken_out(db, new_item())
    assert db.ids_of(named(db, "item"), [(3,)]) == {(3,): FIVE}
    assert journal(db) == []


def test_what_was_changed_of_a_recognised_row_is_told_fm21_g7(db: CompanyDb) -> None:
    said(db, NEW_CODE, "UPDATE code SET item = 2 WHERE code = 'N'")
    found = taken_out(db, new_code(name="other"))
    assert found.sent[0].left == ("item", "name")
    assert journal(db, "code") == [(UPDATED, ("N",), {"item", "name"})]


def test_a_recognised_row_tells_of_a_parent_that_is_another_record_fm21_fm14_g7(
    db: CompanyDb,
) -> None:
    """Its parent has no identity in the backup; it is looked up once it has one."""
    said(db, NEW, NEW_CODE.replace("1", "3"))
    taken_out(db, new_item(name="other"), new_code(item=FIVE))
    assert journal(db, "code") == [(UPDATED, ("N",), {"item"})]


def test_a_recognised_row_says_nothing_of_a_parent_that_is_recognised_fm21_fm14(
    db: CompanyDb,
) -> None:
    said(db, NEW, NEW_CODE.replace("1", "3"))
    code = new_code(item=FOUR)
    taken_out(db, code, new_item(FOUR))
    assert journal(db, "code") == []
    assert db.ids_of(named(db, "item"), [(3,)]) == {(3,): FOUR}


def test_a_recognised_row_tells_of_a_parent_that_turns_out_to_be_another_record_fm21_fm14_g7(
    db: CompanyDb,
) -> None:
    """Whose row it is, is not known before the page is taken out."""
    said(db, NEW, NEW_CODE.replace("1", "3"))
    taken_out(db, new_code(item=TWO), new_item(FOUR))
    assert journal(db, "code") == [(UPDATED, ("N",), {"item"})]


def test_looking_leaves_nothing_fm21(db: CompanyDb) -> None:
    with looking(db):
        db.run("UPDATE item SET name = 'gone again'")
    assert db.rows("SELECT DISTINCT name FROM item ORDER BY name") == [("one",), ("two",)]


def test_where_a_row_is_by_now_is_in_the_journal_fm21_fm15(db: CompanyDb) -> None:
    said(
        db,
        "UPDATE item SET id = 7 WHERE id = 1",
        "UPDATE item SET id = 9 WHERE id = 7",
        "DELETE FROM code",
        "DELETE FROM item WHERE id = 2",
        "INSERT INTO item VALUES (2, 'another', NULL)",
    )
    with looking(db):
        found = unsent(db)
    known = {ONE: (1,), TWO: (2,), THREE: ("A",), FOUR: (4,)}
    assert [found.where(record, key) for record, key in known.items()] == [(9,), None, None, (4,)]


def test_what_is_unsent_tells_of_new_rows_under_names_that_no_record_has_fm21(
    db: CompanyDb,
) -> None:
    said(db, NEW, NEW_CODE, NAME)
    with looking(db):
        found = unsent(db)
    assert set(found.touched) == {"new 1", "new 2", ONE}
    assert {record: t.name for record, (t, _) in found.touched.items()}[ONE] == "item"
    assert [row.op for row in found.rows[named(db, "item").no]] == [INSERTED, UPDATED]
