"""Attach: plans it without touching anything, then installs bookkeeping and capture."""

from __future__ import annotations

import msgspec

from samsyn.companydb import capture_sqlite, schema_sqlite
from samsyn.companydb.bookkeeping import (
    TABLES,
    book_name,
    create_identity,
    create_table,
    journal_columns,
    mask_count,
)
from samsyn.companydb.opening import SqliteSession, opened
from samsyn.companydb.propose import Verdict, propose
from samsyn.companydb.urls import CompanyUrl
from samsyn.core.catalog import Catalog


class AttachPlan(msgspec.Struct, frozen=True):
    """What attach would do."""

    url: CompanyUrl
    catalog: Catalog
    verdicts: tuple[Verdict, ...]


def plan(url: CompanyUrl) -> AttachPlan:
    """Looks at the database and changes nothing."""
    with opened(url, writing=False) as session:
        assert isinstance(session, SqliteSession)
        catalog, verdicts = propose(schema_sqlite.read_schema(session))
    return AttachPlan(url, catalog, verdicts)


def attach(plan: AttachPlan) -> Catalog:
    """Installs what was planned, in one transaction."""
    with opened(plan.url, writing=True) as session, session.transaction():
        assert isinstance(session, SqliteSession)
        schema = schema_sqlite.read_schema(session)
        for book in TABLES:
            session.run(create_table("sqlite", book))
        session.run(f"INSERT INTO {book_name('sqlite', 'cursor')} VALUES (1, 0)")
        masks = max((mask_count(len(t.fields)) for t in plan.catalog.types), default=1)
        keys = max((len(t.key) for t in plan.catalog.types), default=1)
        for column in journal_columns("sqlite", masks, keys).values():
            session.run(f"ALTER TABLE {book_name('sqlite', 'journal')} ADD COLUMN {column}")
        for kind in plan.catalog.types:
            table = schema.table(kind.table)
            made = capture_sqlite.capture(kind, table)
            rowid = kind.key == (table.rowid_alias,)
            types = ["INTEGER PRIMARY KEY"] if rowid else [""] * len(kind.key)
            session.run(create_identity("sqlite", kind.no, types))
            for thing in made:
                session.run(thing.create)
            session.run(
                f"INSERT INTO {book_name('sqlite', 'type')} VALUES ($1, $2, $3, $4)",
                kind.no,
                kind.name,
                msgspec.json.encode(kind).decode(),
                msgspec.json.encode([thing.name for thing in made]).decode(),
            )
    return plan.catalog
