"""Writes what another program asks for: each call is one transaction, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import msgspec
import uuid_utils

from samsyn.core.catalog import KeyGiver, RecordType
from samsyn.core.cells import Cell
from samsyn.core.record import Record
from samsyn.online.api import checking
from samsyn.online.api.errors import KeyTaken, TypeLoading
from samsyn.online.api.shapes import key_shape
from samsyn.online.grants import Access
from samsyn.records import clock
from samsyn.records.errors import UnknownRecord, UnknownType
from samsyn.records.queries import living_with
from samsyn.records.tenant import Tenant
from samsyn.records.unit import Source, Unit, company_unit
from samsyn.webkit.registers.book import May


class NewRecord(msgspec.Struct, frozen=True):
    """A record to be made; without an id it gets one."""

    type: str
    fields: dict[str, object]
    id: str | None = None


class Edit(msgspec.Struct, frozen=True):
    """Fields to be changed."""

    type: str
    id: str
    fields: dict[str, object]
    if_version: int | None = None


class Deletion(msgspec.Struct, frozen=True):
    """A record to be deleted."""

    type: str
    id: str
    if_version: int | None = None


class Writer:
    """One transaction of one program in one company; made by `writer`."""

    def __init__(
        self, unit: Unit, access: Access, check_size: Callable[[RecordType], None]
    ) -> None:
        self.unit = unit
        self.access = access
        self.engine = unit.engine
        self.check_size = check_size
        self._keys: set[tuple[str, tuple[str, ...]]] = set()

    def create(self, new: NewRecord) -> Record:
        """A new record; UnknownType, TypeLoading, Invalid, KeyTaken, RecordExists."""
        record_type = self.writable(new.type)
        cells = checking.cells_of_new(self._rules(record_type), new.fields)
        record_id = new.id or uuid_utils.uuid7().hex
        self._check_key(record_type, record_id, cells)
        return self.unit.create(new.type, cells, record_id)

    def edit(self, edit: Edit) -> Record:
        """The record with other values; UnknownRecord, VersionMismatch and those of `create`."""
        cells = self.cells_of(edit.type, edit.id, edit.fields)
        return self.unit.edit(edit.id, cells, edit.if_version)

    def cells_of(self, type_: str, record_id: str, fields: Mapping[str, object]) -> dict[str, Cell]:
        """The cells of an edit, checked against the catalog; UnknownRecord, Invalid, KeyTaken."""
        record_type = self.writable(type_)
        record = self._living(type_, record_id)
        cells = checking.cells_of_edit(self._rules(record_type), fields, record.fields)
        if any(name in record_type.key for name in cells):
            self._check_key(record_type, record_id, {**record.fields, **cells})
        return cells

    def delete(self, deletion: Deletion) -> Record:
        """The record, deleted; UnknownRecord, VersionMismatch."""
        self.writable(deletion.type, May.FULL)
        self._living(deletion.type, deletion.id)
        return self.unit.delete(deletion.id, deletion.if_version)

    def writable(self, name: str, level: May = May.WRITE) -> RecordType:
        """The type, if it can be written to; UnknownType, MissingScope, RoleTooLow, TypeLoading."""
        state = self.unit.types.get(name)
        if state is None or not state.synced:
            raise UnknownType(type=name)
        self.access.need(name, level)
        self.check_size(state.type)
        if not state.loaded:
            raise TypeLoading(type=name)
        return state.type

    def _living(self, type_: str, record_id: str) -> Record:
        record = self.unit.record(record_id)
        if record is None or not record.alive or record.type != type_:
            raise UnknownRecord(record=record_id)
        return record

    def _rules(self, record_type: RecordType) -> checking.Rules:
        return checking.Rules(record_type, self.engine, self._living_types)

    def _living_types(self, ids: set[str]) -> Mapping[str, str]:
        self.unit.load(ids)
        found = {i: self.unit.record(i) for i in ids}
        return {
            i: record.type for i, record in found.items() if record is not None and record.alive
        }

    def _check_key(
        self, record_type: RecordType, record_id: str, cells: Mapping[str, Cell]
    ) -> None:
        """KeyTaken where another living record has the key that a person gives."""
        if record_type.key_giver is not KeyGiver.PERSON:
            return
        key = {name: cells.get(name) for name in record_type.key}
        if None in key.values():
            return
        written = (record_type.name, tuple(map(repr, key.values())))
        other = living_with(self.unit.tenant, record_type, key, record_id)
        if other is not None and self._still_has(other, key):
            raise KeyTaken(key=key_shape(tuple(key.values())), record=other)
        if written in self._keys:
            raise KeyTaken(key=key_shape(tuple(key.values())))
        self._keys.add(written)

    def _still_has(self, record_id: str, key: Mapping[str, Cell]) -> bool:
        """Whether a stored record has the key still, after what this transaction did to it."""
        now = self.unit.record(record_id)
        return now is not None and now.alive and all(now.fields.get(n) == c for n, c in key.items())


@contextmanager
def writer(
    access: Access, check_size: Callable[[RecordType], None], source: Source = Source.REST
) -> Iterator[Writer]:
    """A transaction on behalf of a person; committed at the end, or nothing is done."""
    with company_unit(Tenant(access.company), source, access.by, clock.now()) as unit:
        yield Writer(unit, access, check_size)
