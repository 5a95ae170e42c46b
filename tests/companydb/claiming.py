"""A small company database to claim from, and what its claims say."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from samsyn.companydb import attach, books, kept
from samsyn.companydb.claim import Claimed, Claimer
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.grouping import GivenGroup
from samsyn.companydb.rows import CompanyDb, JournalRow
from samsyn.core.catalog import RecordType
from samsyn.core.changes import OfficeChange
from samsyn.protocol import wire
from samsyn.protocol.messages import Batch, Cursor
from tests.companydb.companies import SqliteCompany

AT = "2026-11-23T10:00:00.000Z"
SCHEMA = """
CREATE TABLE item (id INTEGER PRIMARY KEY, code TEXT, street TEXT, city TEXT, note TEXT);
INSERT INTO item (id, code) VALUES (1, 'a'), (2, 'b'), (3, 'c');
CREATE TABLE tag (id INTEGER PRIMARY KEY, code TEXT UNIQUE, item INTEGER REFERENCES item (id));
INSERT INTO tag VALUES (1, 'a', NULL), (2, 'b', NULL);
"""
ONE, TWO, THREE, FOUR, FIVE = (digit * 32 for digit in "12345")


@contextmanager
def three_items(folder: Path) -> Iterator[CompanyDb]:
    """Three items and two tags with an identity; street and city belong together; online stands in note."""
    company = SqliteCompany(folder / "company.db")
    company.run(SCHEMA)
    plan = attach.plan(
        company.url, groups=[GivenGroup("item", ("street", "city"))], rules=["item.note=online"]
    )
    attach.attach(plan)
    opened = open_company_db(company.url)
    with opened.transaction():
        opened.identify(item(opened), [((1,), ONE), ((2,), TWO), ((3,), THREE)])
        opened.identify(tag(opened), [((1,), FOUR), ((2,), FIVE)])
    yield opened
    opened.close()


def item(db: CompanyDb) -> RecordType:
    return next(t for t in db.types.values() if t.name == "item")


def tag(db: CompanyDb) -> RecordType:
    return next(t for t in db.types.values() if t.name == "tag")


def said(db: CompanyDb, *statements: str, cursor: int | None = None) -> None:
    """The program writes, having taken in online work up to a number."""
    with db.transaction():
        if cursor is not None:
            books.set_cursor(db, Cursor(cursor))
        for statement in statements:
            db.run(statement)


def claimed(db: CompanyDb, limit: int = wire.BATCH_CHANGES) -> Claimed:
    """One claim; new records get ids that are easy to tell apart."""
    made = itertools.count(0xA0)
    with db.transaction():
        return Claimer(db, AT, lambda: f"{next(made):032x}").claim(limit)


def batches(db: CompanyDb) -> list[Batch]:
    """All that is claimed."""
    return [kept.batch(out.body) for out in books.outbox(db)]


def told(db: CompanyDb) -> list[OfficeChange]:
    """The changes of every batch."""
    return [change for batch in batches(db) for change in batch.changes]


def noted(db: CompanyDb, *rows: JournalRow) -> None:
    with db.transaction():
        db.add_journal(rows)


def row(db: CompanyDb, op: int, seen: int, key: int, *fields: str) -> JournalRow:
    """A journal row about one item that stays in its place."""
    mask = sum(1 << n for n, f in enumerate(item(db).fields) if f.name in fields)
    return JournalRow(0, item(db).no, op, seen, mask, (key,), (key,))
