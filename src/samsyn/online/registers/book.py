"""The record store as the register pages ask for it, for one person in one company."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import uuid_utils
from django.http import HttpRequest
from django.urls import reverse

from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Direction
from samsyn.core.listing import Query
from samsyn.core.record import Record
from samsyn.online.access import here
from samsyn.online.api.errors import Invalid, KeyTaken, TypeLoading
from samsyn.online.api.writing import Deletion, Edit, NewRecord, Writer, writer
from samsyn.online.companies.models import Person
from samsyn.online.companies.rights import Rights
from samsyn.online.grants import Access
from samsyn.online.notices import inbox
from samsyn.online.notices.fates import fate_words
from samsyn.online.registers.ways import ways
from samsyn.records import history, progress, queries
from samsyn.records.catalogs import TypeState, types
from samsyn.records.errors import BadQuery, UnknownField, UnknownRecord, UnknownType
from samsyn.records.rows import records_by_id
from samsyn.records.tenant import Tenant, snapshot
from samsyn.records.unit import Source
from samsyn.webkit.registers.book import (
    BadList,
    ChangedMeanwhile,
    Event,
    Kept,
    Lost,
    May,
    NoRecord,
    NoRegister,
    NotAllowed,
    Note,
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
from samsyn.webkit.registers.writing import Do, Writing

RECORD_ID = 32
"""Characters of a record's id."""


def book(request: HttpRequest) -> OnlineBook:
    """The registers of the page's company, as its visitor may use them."""
    at = here(request)
    return book_for(at.company.pk, at.person, at.rights)


def book_for(company: str, person: Person, rights: Rights) -> OnlineBook:
    """The registers of a company, as a member may use them."""
    root = reverse("registers", args=[company]) + "/"
    return OnlineBook(Whose(company, person.pk), person.email, rights, root)


class OnlineBook(Writing):
    """See `webkit.registers.book.Book`."""

    office = False

    def __init__(self, whose: Whose, by: str, rights: Rights, root: str) -> None:
        self.whose = whose
        self._tenant = Tenant(whose.company)
        self._access = Access(whose.company, by, rights)
        self._rights = rights
        self.root = root

    def registers(self) -> list[Register]:
        return in_order(self._seen.values())

    def register(self, name: str) -> Register:
        found = self._seen.get(name)
        if found is None:
            raise NoRegister(register=name)
        return found

    def page(self, name: str, query: Query) -> Page:
        self.register(name)
        try:
            with snapshot():
                found = queries.living_records(self._tenant, name, query)
        except (BadQuery, UnknownField) as error:
            raise BadList(detail=str(error)) from error
        return Page([self._kept(record) for record in found.records], found.next)

    def record(self, name: str, record: str) -> Kept:
        return self._kept(self._living(name, record))

    def records(self, ids: Iterable[str]) -> dict[str, Kept]:
        found = records_by_id(self._tenant, sorted(set(ids)))
        return {i: self._kept(r) for i, r in found.items() if r.alive and r.type in self._seen}

    def events(self, name: str, record: str, before: int | None, limit: int) -> list[Event]:
        kept = self._living(name, record)
        may_write = self.register(name).writable
        with snapshot():
            changes = history.history(self._tenant, record, before, limit)
            lost = history.conflicts_of_record(self._tenant, record)
            way = ways(self._tenant, kept, changes, lost)
        by_change: dict[int, list[Lost]] = {}
        for one in lost:
            by_change.setdefault(one.office_seq, []).append(self._lost(one, may_write))
        return [
            Event(
                change.seq,
                change.at,
                change.action,
                change.source,
                change.by,
                change.fields or {},
                tuple(by_change.get(change.seq, ())),
                "" if change.office_batch is None else str(change.office_batch),
                way.get(change.seq),
            )
            for change in changes
        ]

    def sent(self, name: str, record: str) -> Sent | None:
        kept = self._living(name, record)
        with snapshot():
            newest = history.latest_online(self._tenant, record)
            if newest is None or newest.action == "delete":
                return None  # it lives: that it came back is told beside
            lost = history.conflicts_of_record(self._tenant, record)
            way = ways(self._tenant, kept, [newest], lost).get(newest.seq)
        return None if way is None else Sent(newest.at, newest.by, way)

    def notes(self, name: str, record: str) -> list[Note]:
        self.register(name)
        found = inbox.of_record(self._tenant, self.whose.person, record)
        url = reverse("notices", args=[self.whose.company])
        return [Note(fate_words(one), one.at, f"{url}#notice-{one.id}") for one in found]

    def since(self, name: str, field: str, day: str, most: int) -> list[Kept]:
        self.register(name)
        with snapshot():
            found = queries.living_since(self._tenant, name, field, day, most)
        return [self._kept(record) for record in found]

    def holding(self, name: str, field: str, texts: Collection[str]) -> list[Kept]:
        self.register(name)
        with snapshot():
            found = queries.living_holding(self._tenant, name, field, sorted(set(texts)))
        return [self._kept(record) for record in found]

    @contextmanager
    def doing(self, writes: Sequence[Write], through: Through) -> Iterator[Do]:
        """A transaction of the pages."""
        source = Source.IMPORT if through is Through.IMPORT else Source.WEB
        with writer(self._access, lambda _: None, source) as done:
            ids = iter(_ids_for(done, writes))
            yield lambda write: _written(done, write, next(ids))

    def _lost(self, one: history.ConflictView, may_write: bool) -> Lost:
        again = may_write and one.kept == "office" and one.reapplied_seq is None
        return Lost(
            one.id, one.field, one.office, one.online, one.kept, one.online_by, one.outcome,
            reverse("write_again", args=[self.whose.company, one.id]) if again else "",
        )  # fmt: skip

    def _kept(self, record: Record) -> Kept:
        """The record; what the office is known to have taken in waits no longer."""
        born = record.born
        return Kept(
            id=record.id,
            type=record.type,
            fields=record.fields,
            key=record.key,
            version=record.version,
            waiting=frozenset(
                f for f, p in record.pending.items() if p.held or p.seq > self._taken
            ),
            born_here=born is not None and (born.held or born.seq > self._taken),
            refused=frozenset(f for f, p in record.pending.items() if p.held),
            born_refused=born is not None and born.held,
        )

    @functools.cached_property
    def _taken(self) -> int:
        """The number up to which the office has taken in what was written online."""
        return progress.taken_upto(self._tenant)

    def _living(self, name: str, record: str) -> Record:
        self.register(name)
        try:
            return queries.living_record(self._tenant, name, record)
        except UnknownRecord as error:
            raise NoRecord(record=record) from error

    @functools.cached_property
    def _seen(self) -> dict[str, Register]:
        """The registers that the person may see, as the catalog was when the request came."""
        known = types(self._tenant)
        return {
            name: self._register(state) for name, state in known.items() if self._is_seen(state)
        }

    def _register(self, state: TypeState) -> Register:
        may = self._rights.level(state.type.name)
        if state.type.direction is Direction.UP:
            may = min(may, May.READ)
        return Register(named(state.type), may, loading=not state.loaded)

    def _is_seen(self, state: TypeState) -> bool:
        return state.synced and self._rights.level(state.type.name) >= May.READ


def _written(done: Writer, write: Write, new_id: str) -> str:
    """Does one write; the store's refusals are told as the pages know them."""
    try:
        if write.record is None:
            return done.create(NewRecord(write.type, dict(write.values or {}), new_id)).id
        if write.values is None:
            return done.delete(Deletion(write.type, write.record)).id
        if write.same is not None:
            _check_same(done, write.record, write.values, write.same)
        return done.edit(Edit(write.type, write.record, dict(write.values))).id
    except UnknownRecord as error:
        raise NoRecord(record=error.facts["record"]) from error
    except (UnknownType, TypeLoading) as error:
        raise NotAllowed(register=write.type) from error
    except Invalid as error:
        raise WrongValues(_errors(error)) from error
    except KeyTaken as error:
        raise WrongValues({"": BadValue("KEY_TAKEN")}) from error


def _check_same(done: Writer, record: str, values: Values, same: StillSame) -> None:
    stands = done.unit.record(record)
    if stands is None or not stands.alive:
        raise NoRecord(record=record)
    now = {f: stands.fields.get(f) for f in values}
    if changed := {f: cell for f, cell in now.items() if not same(f, cell)}:
        raise ChangedMeanwhile(changed)


def _ids_for(done: Writer, writes: Sequence[Write]) -> list[str]:
    """An id for each write, a new one where it makes a record; all that is concerned is read at once."""
    ids = [write.record or uuid_utils.uuid7().hex for write in writes]
    done.unit.load({*ids, *_named_in(writes)})
    return ids


def _named_in(writes: Sequence[Write]) -> set[str]:
    """What may be the records that the writes refer to."""
    given = {v for write in writes for v in (write.values or {}).values() if isinstance(v, str)}
    return {text for text in given if len(text) == RECORD_ID}


def _errors(error: Invalid) -> Mapping[str, BadValue]:
    found = {}
    listed: Any = error.facts["errors"]  # Any: as the API tells them
    for one in listed:
        facts = {k: v for k, v in one.items() if k not in ("field", "code", "detail")}
        found[one["field"]] = BadValue(one["code"], **facts)
    return found
