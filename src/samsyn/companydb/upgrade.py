"""What an older version attached gets the bookkeeping of this one, when the agent opens it."""

from __future__ import annotations

from samsyn.companydb import notes
from samsyn.companydb.bookkeeping import TABLES, create_table
from samsyn.companydb.installing import Book, installer, is_outdated, make_bounded
from samsyn.companydb.opening import PostgresSession, SqliteSession
from samsyn.companydb.rows import CompanyDb


def is_current(db: CompanyDb) -> bool:
    """Whether this version attached the database, or made it what it would have made."""
    assert isinstance(db, SqliteSession | PostgresSession), "both engines are sessions"
    return not is_outdated(Book(db)) and notes.are_there(db)


def upgrade(db: CompanyDb) -> None:
    """Adds the tables and columns that came since; inside a transaction.

    The triggers stay: who compares the schema makes them anew. Raises
    PrivilegeMissing, DatabaseBusy.
    """
    assert isinstance(db, SqliteSession | PostgresSession), "both engines are sessions"
    installer(db).prepare()
    for book_table in TABLES:
        db.run(create_table(db.engine, book_table))
    make_bounded(db)
