"""The unit of work through which every writer goes: numbers, records, change log, conflicts together.

The company's counter row is locked first and held to the end, so the number
order of the change log is its commit order, without gaps, and whatever is read
after the lock is what the merge decides on. One lock means no deadlock.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec
from django.db import transaction

from samsyn.core import merge
from samsyn.core.catalog import Direction, KeyGiver, RecordType
from samsyn.core.cells import Cell
from samsyn.core.changes import Lost
from samsyn.core.merge import Action, Decision
from samsyn.core.record import Record
from samsyn.records import befalling, freezing, marks, prepared, progress, references, store
from samsyn.records.catalogs import TypeState, types_at
from samsyn.records.errors import (
    FromOffice,
    RecordExists,
    UnknownField,
    UnknownRecord,
    UnknownType,
    VersionMismatch,
)
from samsyn.records.rows import records_by_id, records_waiting, to_json
from samsyn.records.tenant import Tenant, is_postgresql, writing
from samsyn.records.wakeup import telling_others, told_of_write
from samsyn.records.wakeup import told as told_here


class Source(enum.Enum):
    """Where a change comes from; everything but `office` is to be told to the office."""

    OFFICE = "office"
    REST = "rest"
    WEB = "web"
    IMPORT = "import"
    UNDO = "undo"
    REAPPLY = "reapply"
    SERVICE = "service"


PROGRAMS = frozenset([Source.REST, Source.IMPORT, Source.SERVICE])
"""Whose writes may be answers to another program's, and go on for ever."""


class Origin(msgspec.Struct, frozen=True):
    """The connection, and the number of the batch or chunk, that brought office changes."""

    connection: str
    batch: int | None = None
    chunk: int | None = None


class Unit:
    """One transaction of one company; made by `company_unit`."""

    def __init__(
        self,
        tenant: Tenant,
        source: Source,
        by: str | None,
        at: str,
        origin: Origin | None = None,
    ) -> None:
        self.tenant, self.source, self.by, self.at, self.origin = tenant, source, by, at, origin
        begun = _lock_counter(tenant)
        self.head, self.online_head, self.floor = begun.head, begun.online_head, begun.floor or 0
        self.engine, self._catalog = begun.engine, begun.catalog
        """The engine of the office's database: sqlite, postgresql, or empty before the first hello."""
        self._started = (self.head, self.online_head)
        self.batch = origin.batch if origin else self.head + 1
        """The office's batch; of online work, the number of its first change."""
        self._mark = None if source is Source.OFFICE else marks.fresh()
        self._types: dict[str, TypeState] | None = None
        self._read: dict[str, Record | None] = {}
        self._now: dict[str, Record | None] = {}
        self._changes: list[store.ChangeRow] = []
        self._conflicts: list[store.ConflictRow] = []
        self.news: list[befalling.News] = []
        """What befell people's work, to be told when the unit is written."""

    # --- reading ---------------------------------------------------------------------

    @property
    def types(self) -> dict[str, TypeState]:
        """The company's record types, as they were when the unit began."""
        if self._types is None:
            self._types = types_at(self.tenant, self._catalog)
        return self._types

    def load(self, ids: Iterable[str]) -> None:
        """Read records in one go that `record` will be asked for."""
        missing = [record_id for record_id in dict.fromkeys(ids) if record_id not in self._now]
        found = records_by_id(self.tenant, missing)
        for record_id in missing:
            self._read[record_id] = self._now[record_id] = found.get(record_id)

    def waiting(self, type_: str) -> Iterator[Record]:
        """The records of a type of which something waits for the office, as they stand in this unit."""
        for found in records_waiting(self.tenant, type_):
            self.load(record.id for record in found)
            for record in found:
                yield self.record(record.id) or record

    def record(self, record_id: str) -> Record | None:
        """The record as it stands in this unit, living or deleted."""
        if record_id not in self._now:
            self.load([record_id])
        return self._now[record_id]

    @property
    def next_seq(self) -> int:
        """The number that the next change gets."""
        return self.head + 1

    # --- online writers --------------------------------------------------------------

    def create(self, type_: str, fields: Mapping[str, Cell], record_id: str) -> Record:
        """A new record; UnknownType, UnknownField, RecordExists. Fields left out are null."""
        record_type = self._checked(type_, fields)
        if self.record(record_id) is not None:
            raise RecordExists(record=record_id)
        whole = {f.name: fields.get(f.name) for f in record_type.fields}
        new = Record(record_id, type_, whole, key=_given_key(record_type, whole))
        return self._done(merge.online_create(new, self.next_seq, self.by, self.at))

    def edit(
        self, record_id: str, fields: Mapping[str, Cell], if_version: int | None = None
    ) -> Record:
        """Other values for some fields; UnknownRecord, UnknownField, VersionMismatch."""
        record = self._living(record_id, if_version)
        record_type = self._checked(record.type, fields)
        decision = merge.online_edit(record, fields, self.next_seq, self.floor, self.by, self.at)
        if self.source in PROGRAMS:
            turning = freezing.oscillating(self.tenant, record, fields)
            decision = merge.frozen(decision, turning) if turning else decision
        after = decision.record
        if after is not None and any(name in record_type.key for name in decision.written):
            key = _given_key(record_type, after.fields)
            renamed = msgspec.structs.replace(after, key=key or after.key)
            decision = msgspec.structs.replace(decision, record=renamed)
        return self._done(decision)

    def delete(self, record_id: str, if_version: int | None = None) -> Record:
        """The record deleted; UnknownRecord, VersionMismatch."""
        record = self._living(record_id, if_version)
        return self._done(merge.online_delete(record, self.next_seq, self.floor, self.by, self.at))

    def restore(self, record_id: str) -> Record:
        """A deleted record as it was, living again; UnknownRecord, UnknownType."""
        record = self.record(record_id)
        if record is None:
            raise UnknownRecord(record=record_id)
        self._checked(record.type, {})
        return self._done(merge.online_restore(record, self.next_seq, self.floor, self.by, self.at))

    # --- every writer ----------------------------------------------------------------

    def take(
        self,
        record_id: str,
        decision: Decision,
        seen: int | None = None,
        seen_by_field: Mapping[str, int] | None = None,
        reason: str | None = None,
        derived: Sequence[str] = (),
        whole: str | None = None,
        by: str | None = None,
    ) -> None:
        """Take a decision of the merge into the unit: number, record, log row, conflicts.

        `by` is who at the office wrote it, where that is known.
        """
        by = by or self.by
        before = self.record(record_id)
        after = decision.record
        if after != before:
            self._now[record_id] = after
        if decision.action is None:
            return
        assert after is not None, "a change of the log has a record"
        self.head += 1
        if self.source is not Source.OFFICE:
            self.online_head = self.head
        self._changes.append(
            (
                self.head,
                after.type,
                record_id,
                decision.action.value,
                self.source.value,
                by,
                self.at,
                to_json(decision.written),
                seen,
                to_json(seen_by_field) if seen_by_field else None,
                self.origin.connection if self.origin else None,
                self.batch,
                _whole(before) if decision.action is Action.DELETE else whole,
                to_json(derived) if derived else None,
                self._mark,
                self.origin.chunk if self.origin else None,
            )
        )
        for lost in decision.lost:
            self._conflicts.append(self._conflict(lost, reason, by))

    def tell_again(self, type_: str, record_id: str) -> None:
        """A row of the log without values: the office is told of the record once more."""
        self.head += 1
        if self.source is not Source.OFFICE:
            self.online_head = self.head
        row: store.ChangeRow = (
            self.head, type_, record_id, Action.UPDATE.value, self.source.value, self.by, self.at,
            "{}", None, None, None, None, None, None, self._mark, None,
        )  # fmt: skip
        self._changes.append(row)

    def insert_loaded(self, type_: str, seen: int, records: Sequence[store.LoadedRow]) -> None:
        """Insert office records that are not there yet, each with a log row without values."""
        store.insert_loaded(
            self.tenant,
            store.Loading(
                type=type_,
                first_seq=self.next_seq,
                author=self.by,
                at=self.at,
                seen=seen,
                connection=self.origin.connection if self.origin else None,
                chunk=self.origin.chunk if self.origin else None,
            ),
            records,
        )
        if self.types[type_].loaded:
            references.add_loaded(self.tenant, records)
        self.head += len(records)

    def flush(self) -> None:
        """Write everything; the transaction commits after."""
        now = ((self._read[i], r) for i, r in self._now.items() if r is not None)
        touched = [(before, r) for before, r in now if r is not before]
        with prepared.together():
            store.put_records(self.tenant, touched)
            for before, record in touched:
                if freezing.note(self.tenant, self.at, before, record):
                    self.news += befalling.of_refused(record, self.at, self.at, frozen=True)
            store.add_changes(self.tenant, self._changes)
            store.add_conflicts(self.tenant, self._conflicts)
            self.flush_counter()
        decider = None if self.source is Source.OFFICE else self.by
        self.news += befalling.of_conflicts(self._conflicts, decider)
        befalling.tell(self.tenant, self.news)

    def flush_counter(self) -> None:
        """Write the counter and, where the office is to be told, wake it after commit."""
        if (self.head, self.online_head) == self._started:
            return
        if self.source is Source.OFFICE:
            progress.count(self.tenant, self.at, up=self.head - self._started[0])
        told = self.online_head != self._started[1]
        self.tenant.execute_often(
            "UPDATE records_company SET head = %(head)s, online_head = %(online_head)s"
            f" WHERE company_id = %(company)s{telling_others('online_head') if told else ''}",
            head=self.head,
            online_head=self.online_head,
        )
        transaction.on_commit(lambda: told_of_write(self.tenant.company))
        if told:
            transaction.on_commit(lambda: told_here(self.tenant.company, self.online_head))

    # --- helpers ---------------------------------------------------------------------

    def _checked(self, type_: str, fields: Mapping[str, Cell]) -> RecordType:
        state = self.types.get(type_)
        if state is None or not state.synced:
            raise UnknownType(type=type_)
        for name in fields:
            if name not in state.names:
                raise UnknownField(type=type_, field=name)
        _check_direction(state)
        return state.type

    def _living(self, record_id: str, if_version: int | None) -> Record:
        record = self.record(record_id)
        if record is None or not record.alive:
            raise UnknownRecord(record=record_id)
        if if_version is not None and record.version != if_version:
            raise VersionMismatch(record=record_id, version=record.version, wanted=if_version)
        if record.type in self.types:
            _check_direction(self.types[record.type])
        return record

    def _done(self, decision: Decision) -> Record:
        assert decision.record is not None, "online work always leaves a record"
        self.take(decision.record.id, decision)
        return decision.record

    def _conflict(self, lost: Lost, reason: str | None, by: str | None) -> store.ConflictRow:
        number = sum(1 for row in self._conflicts if row[0] == self.head)
        return (
            self.head,
            number,
            lost.type,
            lost.record,
            None if lost.key is None else to_json(lost.key),
            lost.field,
            to_json(lost.base),
            to_json(lost.office),
            to_json(lost.online),
            lost.online_seq,
            lost.online_by,
            lost.online_at,
            by,
            self.at,
            lost.kept,
            lost.outcome,
            reason,
            to_json(lost.group) if lost.group else None,
        )


@contextmanager
def company_unit(
    tenant: Tenant,
    source: Source,
    by: str | None,
    at: str,
    origin: Origin | None = None,
) -> Iterator[Unit]:
    """One write transaction of a company; all of it is committed at the end, or none."""
    with writing():
        unit = Unit(tenant, source, by, at, origin)
        yield unit
        unit.flush()


class _Begun(msgspec.Struct, frozen=True):
    """What every unit begins with, read by the statement that locks the company: one, for it holds up all others."""

    head: int
    online_head: int
    engine: str
    catalog: str
    floor: int | None


def _lock_counter(tenant: Tenant) -> _Begun:
    """The company's row, locked until the transaction ends, and the office's floor.

    A floor that grows while we wait for the lock may be missed: the older one
    lets more wait than need be, and decides nothing wrong (core.record.settled).
    """
    query = (
        "SELECT head, online_head, engine, catalog, (SELECT max(floor) FROM records_connection AS c"
        " WHERE c.company_id = %(company)s AND revoked IS NULL)"
        " FROM records_company WHERE company_id = %(company)s"
    )
    query += " FOR UPDATE OF records_company" if is_postgresql() else ""
    found = tenant.rows_often(query)
    if not found:
        tenant.execute(
            "INSERT INTO records_company (company_id, head, online_head, name, engine)"
            " VALUES (%(company)s, 0, 0, '', '') ON CONFLICT DO NOTHING"
        )
        found = tenant.rows_often(query)
    return _Begun(*found[0])


def _check_direction(state: TypeState) -> None:
    if state.type.direction is Direction.UP:
        raise FromOffice(type=state.type.name)


def _given_key(record_type: RecordType, fields: Mapping[str, Cell]) -> tuple[Cell, ...] | None:
    """The key where a person gives it in plain fields; None while the office has to."""
    if record_type.key_giver is KeyGiver.OFFICE:
        return None
    names = {f.name for f in record_type.fields if f.reference is None and not f.read_only}
    if not all(name in names for name in record_type.key):
        return None
    key = tuple(fields.get(name) for name in record_type.key)
    return None if None in key else key


def _whole(record: Record | None) -> str | None:
    return None if record is None else to_json({"key": record.key, "fields": record.fields})
