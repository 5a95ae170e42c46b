"""The record store as the register pages ask for it, for one person in one company."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from samsyn.core.bad_value import BadValue
from samsyn.core.listing import Query
from samsyn.core.record import Record
from samsyn.online.access import here
from samsyn.online.api.errors import Invalid, KeyTaken, TypeLoading
from samsyn.online.api.writing import Deletion, Edit, NewRecord, Writer, writer
from samsyn.online.companies.rights import Rights
from samsyn.online.companies.tokens import Access
from samsyn.records import history, queries
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
    Page,
    Register,
    StillSame,
    Values,
    WrongValues,
)


def book(request: HttpRequest) -> OnlineBook:
    """The registers of the page's company, as its visitor may use them."""
    at = here(request)
    root = reverse("registers", args=[at.company.pk]) + "/"
    return OnlineBook(at.company.pk, at.person.email, at.rights, root)


class OnlineBook:
    """See `webkit.registers.book.Book`."""

    office = False

    def __init__(self, company: str, by: str, rights: Rights, root: str) -> None:
        self._tenant = Tenant(company)
        self._access = Access(company, by, read_only=False)  # _writing() asks for each register
        self._rights = rights
        self.root = root

    def registers(self) -> list[Register]:
        known = types(self._tenant).values()
        return [self._register(state) for state in known if self._is_seen(state)]

    def register(self, name: str) -> Register:
        state = types(self._tenant).get(name)
        if state is None or not self._is_seen(state):
            raise NoRegister(register=name)
        return self._register(state)

    def page(self, name: str, query: Query) -> Page:
        self.register(name)
        try:
            with snapshot():
                found = queries.living_records(self._tenant, name, query)
        except (BadQuery, UnknownField) as error:
            raise BadList(detail=str(error)) from error
        return Page([_kept(record) for record in found.records], found.next)

    def record(self, name: str, record: str) -> Kept:
        self.register(name)
        try:
            return _kept(queries.living_record(self._tenant, name, record))
        except UnknownRecord as error:
            raise NoRecord(record=record) from error

    def records(self, ids: Iterable[str]) -> dict[str, Kept]:
        seen = {register.type.name for register in self.registers()}
        found = records_by_id(self._tenant, sorted(set(ids)))
        return {i: _kept(r) for i, r in found.items() if r.alive and r.type in seen}

    def events(self, name: str, record: str, before: int | None, limit: int) -> list[Event]:
        self.record(name, record)
        with snapshot():
            changes = history.history(self._tenant, record, before, limit)
            lost = history.conflicts_of_record(self._tenant, record)
        by_change: dict[int, list[Lost]] = {}
        for one in lost:
            by_change.setdefault(one.office_seq, []).append(_lost(one))
        return [
            Event(
                change.seq,
                change.at,
                change.action,
                change.source,
                change.by,
                change.fields or {},
                tuple(by_change.get(change.seq, ())),
            )
            for change in changes
        ]

    def create(self, name: str, values: Values) -> str:
        with self._writing(name) as done:
            return done.create(NewRecord(name, dict(values))).id

    def edit(self, name: str, record: str, values: Values, same: StillSame) -> None:
        with self._writing(name) as done:
            stands = done.unit.record(record)
            if stands is None or not stands.alive:
                raise NoRecord(record=record)
            now = {f: stands.fields.get(f) for f in values}
            if changed := {f: cell for f, cell in now.items() if not same(f, cell)}:
                raise ChangedMeanwhile(changed)
            done.edit(Edit(name, record, dict(values)))

    def delete(self, name: str, record: str) -> None:
        if self.register(name).may < May.FULL:
            raise NotAllowed(register=name)
        with self._writing(name) as done:
            done.delete(Deletion(name, record))

    @contextmanager
    def _writing(self, name: str) -> Iterator[Writer]:
        """A transaction of the pages; the store's refusals are told as the pages know them."""
        if not self.register(name).writable:
            raise NotAllowed(register=name)
        try:
            with writer(self._access, lambda _: None, Source.WEB) as done:
                yield done
        except UnknownRecord as error:
            raise NoRecord(record=error.facts["record"]) from error
        except (UnknownType, TypeLoading) as error:
            raise NotAllowed(register=name) from error
        except Invalid as error:
            raise WrongValues(_errors(error)) from error
        except KeyTaken as error:
            raise WrongValues({"": BadValue("KEY_TAKEN")}) from error

    def _register(self, state: TypeState) -> Register:
        may = self._rights.level(state.type.name)
        return Register(state.type, may, loading=not state.loaded)

    def _is_seen(self, state: TypeState) -> bool:
        return state.synced and self._rights.level(state.type.name) >= May.READ


def _errors(error: Invalid) -> Mapping[str, BadValue]:
    found = {}
    listed: Any = error.facts["errors"]  # Any: as the API tells them
    for one in listed:
        facts = {k: v for k, v in one.items() if k not in ("field", "code", "detail")}
        found[one["field"]] = BadValue(one["code"], **facts)
    return found


def _kept(record: Record) -> Kept:
    waiting = frozenset(record.pending)
    return Kept(
        id=record.id,
        type=record.type,
        fields=record.fields,
        key=record.key,
        version=record.version,
        waiting=waiting,
        born_here=record.born is not None,
    )


def _lost(one: history.ConflictView) -> Lost:
    again = one.kept == "office" and one.reapplied_seq is None
    return Lost(
        one.id, one.field, one.office, one.online, one.kept, one.online_by, one.outcome, again
    )
