"""Installs what was planned, and takes it away, the same way on both engines."""

from __future__ import annotations

from typing import Protocol, TypeVar

import msgspec

from samsyn.companydb import held, room
from samsyn.companydb.attached import attached_types, is_attached
from samsyn.companydb.bookkeeping import (
    JOURNAL_ROWS,
    TABLES,
    book_name,
    create_table,
    journal_columns,
    mask_count,
)
from samsyn.companydb.dump import schema_dump
from samsyn.companydb.held import Held, Phase
from samsyn.companydb.installing_postgres import PostgresInstaller
from samsyn.companydb.installing_sqlite import SqliteInstaller
from samsyn.companydb.kept import decoded
from samsyn.companydb.numbering import Numbered, moved_masks
from samsyn.companydb.opening import PostgresSession, SqliteSession
from samsyn.companydb.row_sql import key_cast
from samsyn.companydb.schema import Schema, Table
from samsyn.core.catalog import Catalog, RecordType
from samsyn.core.errors import SamsynError

CAPTURE_VERSION = 4
"""Raised when the triggers of an older one must be made anew."""

ABOUT_A_TYPE = (
    *("held", "load", "resync", "brake", "tally:office", "tally:online", "new_columns"),
    *("accepted", "compare", "verified"),
)
"""Facts whose name ends with a type's number."""

T = TypeVar("T")


class NameTaken(SamsynError):
    """Something is called as our own objects are, and nothing is attached: `names`."""

    code = "NAME_TAKEN"


class Installer(Protocol):
    """What differs between the engines."""

    def read_schema(self) -> Schema:
        """The schema as it is now."""

    def check_rights(self) -> None:
        """Raises PrivilegeMissing."""

    def prepare(self) -> None:
        """What the bookkeeping tables need before them."""

    def journal_columns(self) -> set[str]:
        """The columns that the journal has."""

    def intact(self, record_type: RecordType, table: Table) -> bool:
        """Its capture is there, exactly as it should be."""

    def is_there(self, record_type: RecordType, table: Table) -> bool:
        """Its triggers are there and fire, though an older version may have made them."""

    def install(self, record_type: RecordType, table: Table) -> list[str]:
        """Makes its capture, after removing what was there; the names of the objects."""

    def widen(self, no: int) -> None:
        """Its triggers let every column go that their table has now, however it was called before."""

    def create_identity(self, record_type: RecordType, table: Table) -> None:
        """Makes its identity table where it is missing."""

    def remove(self, no: int) -> None:
        """Takes away capture and identity of a type."""

    def remove_all(self) -> None:
        """Takes away everything of ours."""

    def left(self) -> tuple[str, ...]:
        """The names of all objects of ours that are there."""


def installer(session: SqliteSession | PostgresSession) -> Installer:
    """The installer of the session's engine."""
    if isinstance(session, SqliteSession):
        return SqliteInstaller(session)
    return PostgresInstaller(session)


class Book:
    """Reading and writing our own tables of one database."""

    def __init__(self, session: SqliteSession | PostgresSession) -> None:
        self.session = session
        self.meta = book_name(session.engine, "meta")
        self.type = book_name(session.engine, "type")
        self.journal = book_name(session.engine, "journal")

    def types(self) -> list[RecordType]:
        """The attached types; none where nothing is attached."""
        if not is_attached(self.session):
            return []
        return list(attached_types(self.session).values())

    def get(self, name: str, kind: type[T], default: T) -> T:
        """An entry of `samsyn_meta`."""
        if not is_attached(self.session):
            return default
        rows = self.session.rows(f"SELECT value FROM {self.meta} WHERE name = $1", name)
        return decoded(rows[0][0], kind, "meta") if rows else default

    def put(self, name: str, value: object) -> None:
        """Set an entry of `samsyn_meta`."""
        self.session.run(f"DELETE FROM {self.meta} WHERE name = $1", name)
        text = msgspec.json.encode(value).decode()
        self.session.run(f"INSERT INTO {self.meta} (name, value) VALUES ($1, $2)", name, text)

    def create(self) -> None:
        """All fixed tables, where they are missing."""
        for table in TABLES:
            self.session.run(create_table(self.session.engine, table))
        cursor = book_name(self.session.engine, "cursor")
        if not self.session.rows(f"SELECT 1 FROM {cursor}"):
            self.session.run(
                f"INSERT INTO {cursor} (one, seen, room) VALUES (1, 0, $1)", JOURNAL_ROWS
            )

    def widen_journal(self, catalog: Catalog, present: set[str]) -> None:
        """Gives the journal the mask and key columns that the types need; it never narrows."""
        masks = max((mask_count(len(t.fields)) for t in catalog.types), default=1)
        keys = max((len(t.key) for t in catalog.types), default=1)
        for name, column in journal_columns(self.session.engine, masks, keys).items():
            if name not in present:
                self.session.run(f"ALTER TABLE {self.journal} ADD COLUMN {column}")

    def move_masks(self, before: RecordType, after: RecordType) -> None:
        """Gives the bits of pending journal rows their places in the new order of fields."""
        masks = moved_masks(before, after)
        if masks is not None:
            changes = ", ".join(f"m{place} = {mask}" for place, mask in enumerate(masks))
            self.session.run(f"UPDATE {self.journal} SET {changes} WHERE tab = $1", after.no)

    def put_type(self, record_type: RecordType, objects: list[str]) -> None:
        """Write down a type."""
        self.session.run(f"DELETE FROM {self.type} WHERE no = $1", record_type.no)
        self.session.run(
            f"INSERT INTO {self.type} (no, name, spec, triggers) VALUES ($1, $2, $3, $4)",
            record_type.no,
            record_type.name,
            msgspec.json.encode(record_type).decode(),
            msgspec.json.encode(objects).decode(),
        )

    def forget_type(self, no: int) -> None:
        """Strike a type out, with what is pending of it."""
        self.session.run(f"DELETE FROM {self.type} WHERE no = $1", no)
        self.session.run(f"DELETE FROM {self.journal} WHERE tab = $1", no)
        for fact in ABOUT_A_TYPE:
            self.session.run(f"DELETE FROM {self.meta} WHERE name = $1", f"{fact}:{no}")

    def ask_for_resync(self, no: int) -> None:
        """The next exchange compares all of the type; see agent.resync."""
        self.put(f"resync:{no}", {"why": "schema"})


def install(
    session: SqliteSession | PostgresSession, schema: Schema, wanted: Numbered
) -> tuple[str, ...]:
    """Makes the database as wanted, within the caller's transaction; the types mended.

    Raises NameTaken.
    """
    book, make = Book(session), installer(session)
    first = not is_attached(session)
    if first and (taken := make.left()):
        raise NameTaken(names=list(taken))
    before = schema_dump(session) if first else None
    make.prepare()
    book.create()
    make_bounded(session)
    if before is not None:
        book.put("schema_before", before)
    book.widen_journal(wanted.catalog, make.journal_columns())
    for new in wanted.added:
        make.create_identity(new, schema.table(new.table, new.schema))
    for gone in wanted.removed:
        heir = next((t for t in wanted.added if _same_records(gone, t)), None)
        if heir is not None:
            _hand_over(book, gone, heir)
        make.remove(gone.no)
        book.forget_type(gone.no)
    outdated = is_outdated(book)
    mended: list[str] = []
    for old, new in wanted.kept:
        book.move_masks(old, new)
        table = schema.table(new.table, new.schema)
        if outdated or not make.intact(new, table):
            if [f.column for f in old.fields] == [f.column for f in new.fields]:
                mended.append(new.name)  # else its fields are others now, which is told as that
            whole = outdated and make.is_there(new, table)
            book.put_type(new, make.install(new, table))
            if not whole:
                book.ask_for_resync(new.no)
        elif old != new:
            book.put_type(new, _objects(session, book, new))
        if old.fingerprint != new.fingerprint or _refers_to_new(new, wanted):
            book.ask_for_resync(new.no)
    for new in wanted.added:
        book.put_type(new, make.install(new, schema.table(new.table, new.schema)))
    _write_down(book, wanted)
    return tuple(mended)


def is_outdated(book: Book) -> bool:
    """What is attached was made by another version."""
    return book.get("capture_version", int, CAPTURE_VERSION) != CAPTURE_VERSION


def make_bounded(session: SqliteSession | PostgresSession) -> None:
    """A database attached before the journal had a bound gets the column that tells it."""
    cursor = book_name(session.engine, "cursor")
    if session.engine == "sqlite":
        there = any(row[1] == "room" for row in session.rows(f"PRAGMA main.table_info({cursor})"))
    else:
        there = bool(
            session.rows(
                "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('samsyn.cursor')"
                " AND attname = 'room'"
            )
        )
    if not there:
        kind = "INTEGER" if session.engine == "sqlite" else "bigint"
        session.run(f"ALTER TABLE {cursor} ADD COLUMN room {kind}")
        room.make_room(session)


def _refers_to_new(record_type: RecordType, wanted: Numbered) -> bool:
    """What its references lead to may have got other record ids."""
    made = {t.name for t in wanted.added}
    return any(f.reference is not None and f.reference.type in made for f in record_type.fields)


def _same_records(old: RecordType, new: RecordType) -> bool:
    """The same table and key, of whose columns only the types have changed."""
    return (old.schema, old.name, old.key) == (new.schema, new.name, new.key)


def _hand_over(book: Book, old: RecordType, new: RecordType) -> None:
    """The records keep their ids, and the type goes on from where the old one was held."""
    engine = book.session.engine
    columns = [f"k{place}" for place in range(len(old.key))]
    values = list(columns)
    if engine == "postgresql":
        values = [
            f"{column}::text::{key_cast(new.field(name).storage)}"
            for column, name in zip(columns, new.key, strict=True)
        ]
    book.session.run(
        f"INSERT INTO {book_name(engine, f'id_{new.no}')} ({', '.join(columns)}, id)"
        f" SELECT {', '.join(values)}, id FROM {book_name(engine, f'id_{old.no}')}"
    )
    told = book.get(f"{held.PREFIX}{old.no}", Held, None)
    if told is not None:
        book.put(f"{held.PREFIX}{new.no}", msgspec.structs.replace(told, phase=Phase.RELEASED))


def _objects(session: SqliteSession | PostgresSession, book: Book, kind: RecordType) -> list[str]:
    rows = session.rows(f"SELECT triggers FROM {book.type} WHERE no = $1", kind.no)
    return decoded(rows[0][0], list[str], "type")


def _write_down(book: Book, wanted: Numbered) -> None:
    book.put("capture_version", CAPTURE_VERSION)
    book.put("engine", book.session.engine)
    book.put("catalog_fingerprint", wanted.catalog.fingerprint)
    book.put("next_no", wanted.next_no)
