"""A company database as the register pages ask for it, for one user."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.urls import reverse

from samsyn.companydb.listing import BadListing, Shown
from samsyn.companydb.notes import OFFICE, Note, note_own
from samsyn.companydb.opening import PostgresSession, Session, SqliteSession
from samsyn.companydb.row_ids import read_row_id, row_id
from samsyn.companydb.rows import CompanyDb, EverythingUndone, Key, Refusal, RowGone, RowRefused
from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Direction, Field, RecordType
from samsyn.core.cells import Cell, from_value, same
from samsyn.core.listing import Condition, Op, Order, Query
from samsyn.office.people.rights import Rights
from samsyn.office.registers.opened import Opened
from samsyn.office.registers.timeline import Again, Past
from samsyn.office.registers.values import cells_of_edit, cells_of_new
from samsyn.webkit.registers import book as port
from samsyn.webkit.registers.book import (
    BadList,
    ChangedMeanwhile,
    Event,
    Kept,
    May,
    NoRecord,
    NoRegister,
    Page,
    Register,
    Sent,
    StillSame,
    Through,
    Values,
    Whose,
    Write,
    WrongValues,
)
from samsyn.webkit.registers.naming import in_order, named
from samsyn.webkit.registers.paging import pages
from samsyn.webkit.registers.writing import Do, Writing

UUID_LENGTH = 32


class OfficeBook(Writing):
    """See `webkit.registers.book.Book`. A record's id is its row's address (`companydb.row_ids`)."""

    office = True

    def __init__(
        self,
        opened: Opened,
        whose: Whose,
        by: str,
        rights: Rights,
        alias: str,
        again: Again | None = None,
    ) -> None:
        self.whose, self.alias = whose, alias
        self.root = reverse("registers", args=[alias]) + "/"
        self._opened, self._by, self._rights = opened, by, rights
        self._again = again or _nowhere

    @property
    def _db(self) -> CompanyDb:
        return self._opened.db

    def registers(self) -> list[Register]:
        return in_order(self._register(t) for t in self._db.types.values() if self._is_seen(t.name))

    def register(self, name: str) -> Register:
        found = next((t for t in self._db.types.values() if t.name == name), None)
        if found is None or not self._is_seen(name):
            raise NoRegister(register=name)
        return self._register(found)

    def page(self, name: str, query: Query) -> Page:
        record_type = self.register(name).type
        try:
            rows, cursor = self._opened.lister.page(record_type, query)
        except BadListing as error:
            raise BadList(detail=str(error)) from error
        return Page([_kept(record_type, row) for row in rows], cursor)

    def record(self, name: str, record: str) -> Kept:
        record_type = self.register(name).type
        key = self._key(record_type, record)
        row = None if key is None else self._opened.lister.at(record_type, [key]).get(key)
        if row is None:
            raise NoRecord(record=record)
        return _kept(record_type, row)

    def records(self, ids: Iterable[str]) -> dict[str, Kept]:
        asked: dict[str, dict[str, Key]] = {}
        seen = {register.type.name: register.type for register in self.registers()}
        wanted = set(ids)
        for text in wanted:
            found = read_row_id(self._db.engine, text)
            if found is not None and found[0] in seen:
                asked.setdefault(found[0], {})[text] = found[1]
        unknown = {text for text in wanted if _is_uuid(text)}
        for name, record_type in seen.items():
            if unknown:
                found_here = self._opened.lister.keyed(record_type, list(unknown))
                asked.setdefault(name, {}).update(found_here)
                unknown -= found_here.keys()
        told: dict[str, Kept] = {}
        for name, keys in asked.items():
            rows = self._opened.lister.at(seen[name], list(keys.values()))
            told |= {i: _kept(seen[name], rows[key]) for i, key in keys.items() if key in rows}
        return told

    def since(self, name: str, field: str, day: str, most: int) -> list[Kept]:
        later = Condition(field, Op.GE, day)
        query = Query(filter=(later,), sort=(Order(field, descending=True),))
        found: list[Kept] = []
        for page in pages(self, name, query):
            found += page.records
            if len(found) >= most:
                break
        return found[:most]

    def holding(self, name: str, field: str, texts: Collection[str]) -> list[Kept]:
        record_type = self.register(name).type
        found = self._opened.lister.holding(record_type, field, texts)
        return [_kept(record_type, row) for row in found]

    def events(self, name: str, record: str, before: int | None, limit: int) -> list[Event]:
        kept = self.record(name, record)
        found = self.register(name)
        record_type, again = found.type, self._again if found.may >= May.WRITE else _nowhere
        key = self._key(record_type, kept.id)
        ids = self._db.ids_of(record_type, [key] if key is not None else [])
        past = Past(self._session, name, kept.id, next(iter(ids.values()), None), again)
        return past.events(before, limit)

    def sent(self, name: str, record: str) -> Sent | None:
        """Nothing: what is written here stands, and the timeline tells how far it has come."""
        self.register(name)
        return None

    def notes(self, name: str, record: str) -> list[port.Note]:
        self.register(name)
        return []

    # --- writing -------------------------------------------------------------------------

    @contextmanager
    def doing(self, writes: Sequence[Write], through: Through) -> Iterator[Do]:
        """A transaction; one that a trigger of the database's own has rolled back is a refusal."""
        try:
            with self._db.transaction():
                yield self._written
        except EverythingUndone as error:
            raise _wrong(error.refusal, None) from error

    def _written(self, write: Write) -> str:
        """Does one write as any program would: what the database refuses is told beside the field."""
        record_type = self.register(write.type).type
        there = None if write.record is None else self._key(record_type, write.record)
        before = self._row(record_type, there)
        try:
            with self._db.unit():
                if write.record is None:
                    key: Key | None = self._inserted(record_type, write.values or {})
                else:
                    key = self._changed(record_type, write.record, write.values, write.same)
                now = self._row(record_type, key)
                self._note(record_type, before, now)
        except RowRefused as error:
            raise _wrong(error.refusal, record_type) from error
        except RowGone as error:
            raise NoRecord(record=write.record or "") from error
        return write.record or "" if key is None else self._id(record_type, key)

    def _inserted(self, record_type: RecordType, values: Values) -> Key:
        cells = cells_of_new(record_type, self._db.engine, values, self._referred)
        return self._db.insert(record_type, cells)

    def _changed(
        self, record_type: RecordType, record: str, values: Values | None, still: StillSame | None
    ) -> Key | None:
        key = self._key(record_type, record)
        if key is None:
            raise NoRecord(record=record)
        if values is None:
            self._db.delete(record_type, key)
            return None
        self._db.lock(record_type, [key])
        row = self._opened.lister.at(record_type, [key]).get(key)
        if row is None:
            raise NoRecord(record=record)
        now = {name: row.fields.get(name) for name in values}
        if still is not None and (changed := {f: c for f, c in now.items() if not still(f, c)}):
            raise ChangedMeanwhile(changed)
        cells = cells_of_edit(record_type, self._db.engine, values, row.fields, self._referred)
        return self._db.update(record_type, key, cells) if cells else key

    def _row(self, record_type: RecordType, key: Key | None) -> Shown | None:
        return None if key is None else self._opened.lister.at(record_type, [key]).get(key)

    def _note(self, record_type: RecordType, before: Shown | None, now: Shown | None) -> None:
        """Notes who has written what, as it stands after the database's own rules."""
        old, new = (row.fields if row is not None else {} for row in (before, now))
        changed = {
            name: (old.get(name), new.get(name))
            for name in {**old, **new}
            if not same(old.get(name), new.get(name))
        }
        row = now or before
        if row is None or not changed:
            return
        action = "update" if before and now else "insert" if now else "delete"
        own = Note(moment(), OFFICE, self._by, record_type.name, row.id, None, action, changed)
        note_own(self._session, own)

    @property
    def _session(self) -> Session:
        db = self._db
        assert isinstance(db, SqliteSession | PostgresSession), "both engines are sessions"
        return db

    def _referred(self, field: Field, told: str) -> Cell:
        """What the field holds for the row of that address; BadValue where there is none."""
        assert field.reference is not None
        target = next((t for t in self._db.types.values() if t.name == field.reference.type), None)
        key = None if target is None else self._key(target, told)
        row = None if target is None or key is None else self._opened.lister.at(target, [key])
        if target is None or key is None or not row:
            raise BadValue("UNKNOWN_REFERENCE", type=field.reference.type)
        if target.key == (field.reference.column,):
            return from_value(key[0])
        return row[key].fields.get(field.reference.column)

    # --- small things --------------------------------------------------------------------

    def _id(self, record_type: RecordType, key: Key) -> str:
        return row_id(self._db.engine, record_type.name, key)

    def _key(self, record_type: RecordType, record: str) -> Key | None:
        """The key in a row's address, or of the record of that id; None for neither."""
        found = read_row_id(self._db.engine, record)
        if found is not None:
            return found[1] if found[0] == record_type.name else None
        if _is_uuid(record):
            return self._db.keys_of(record_type, [record]).get(record)
        return None

    def _register(self, record_type: RecordType) -> Register:
        may = self._rights.register(record_type.name)
        if record_type.direction is Direction.DOWN:
            may = min(may, May.READ)
        return Register(named(record_type), may)

    def _is_seen(self, name: str) -> bool:
        return self._rights.register(name) >= May.READ


def moment() -> str:
    """This moment, as it is noted."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")


def _kept(record_type: RecordType, row: Shown) -> Kept:
    return Kept(row.id, record_type.name, row.fields, row.shown_key, version=0)


def _wrong(refusal: Refusal, record_type: RecordType | None) -> WrongValues:
    field = refusal.field or ""
    if record_type is not None and field:
        field = record_type.field_of(field)
    return WrongValues({field: BadValue(refusal.code, reason=refusal.reason)})


def _nowhere(conflict: str) -> str:
    return ""


def _is_uuid(text: str) -> bool:
    return len(text) == UUID_LENGTH and all(c in "0123456789abcdef" for c in text)
