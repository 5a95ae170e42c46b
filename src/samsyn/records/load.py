"""Load: chunks of a table as it stood; new records go straight to the store, unparsed."""

from __future__ import annotations

from contextlib import suppress

import msgspec
from django.db import transaction

from samsyn.core import merge
from samsyn.core.cells import Cell
from samsyn.core.changes import Lost, Put
from samsyn.core.groups import marked
from samsyn.core.record import Record
from samsyn.protocol import wire
from samsyn.protocol.messages import ChunkAnswer, Cursor, Mark, Number
from samsyn.records import connections, marks, quarantine, references
from samsyn.records.catalogs import complete, is_known
from samsyn.records.checks import RECORD_ID
from samsyn.records.connections import Caller, ConnectionState, Position
from samsyn.records.errors import BadRecord, CatalogUnknown, ChunkStale, UnknownType
from samsyn.records.newcomer import free_numbers
from samsyn.records.store import LoadedRow
from samsyn.records.tenant import as_list, one_of
from samsyn.records.unit import Origin, Source, Unit, company_unit


class Parsed(msgspec.Struct, frozen=True):
    """Key and fields of a record that is there already, to be merged."""

    key: tuple[Cell, ...]
    fields: dict[str, Cell]


class RawRecord(msgspec.Struct, frozen=True, array_like=True):
    """A LoadedRecord of which nothing but the id is parsed."""

    id: str
    key: msgspec.Raw
    fields: msgspec.Raw


class RawChunk(msgspec.Struct, frozen=True):
    """A Chunk of such records."""

    type: str
    fence: Number
    seen: Number
    floor: Number
    after_batch: Number
    fingerprint: str
    records: tuple[RawRecord, ...]
    last: bool
    mark: Mark = ""
    number: Number = 0


def load(caller: Caller, body: bytes, at: str) -> ChunkAnswer:
    """Take a chunk; one that comes late or twice changes nothing. A record that cannot be stored goes to quarantine alone (G5).

    Raises Fenced, StateDiverged, ChunkStale, CatalogUnknown, UnknownType.
    """
    chunk = wire.decode(body, RawChunk)
    origin = Origin(caller.connection, chunk=chunk.number or None)
    with company_unit(caller.tenant, Source.OFFICE, caller.computer, at, origin) as unit:
        now = connections.state(caller, lock=True)
        connections.check_fence(now, chunk.fence)
        marks.check(caller.tenant, Cursor(chunk.seen, chunk.mark))
        if _is_stale(chunk, now):
            raise ChunkStale(after_batch=chunk.after_batch, batch=now.batch)
        if not is_known(caller.tenant, chunk.fingerprint):
            raise CatalogUnknown(fingerprint=chunk.fingerprint)
        if chunk.type not in unit.types:
            raise UnknownType(type=chunk.type)
        taking = _Taking(unit, chunk)
        lost = taking.merge()
        new = taking.insert()
        left_out = quarantine.keep_left_out(unit, taking.left_out)
        quarantine.resolve_loaded(unit, [r.id for r in chunk.records if r.id not in left_out])
        told = Position(min(chunk.seen, unit.head), min(chunk.floor, unit.head), chunk.fence)
        connections.heard(caller, now, told, at)
        connections.has_taken(caller, now, chunk.number)
        if chunk.last and now.newcomer:
            free_numbers(unit, chunk.type)
        if chunk.last and not unit.types[chunk.type].loaded:
            complete(unit.tenant, chunk.type)
            transaction.on_commit(lambda: references.is_loaded(unit.tenant))
        return ChunkAnswer(
            inserted=new,
            merged=len(taking.present),
            online_head=unit.online_head,
            lost=tuple(lost),
            left_out=tuple(left_out.values()),
            number=chunk.number,
        )


def _is_stale(chunk: RawChunk, now: ConnectionState) -> bool:
    """Read before something that has come since: a batch, online work that was taken, a later chunk.

    Who hears it reads again under another number: a number that comes twice is late.
    """
    is_late = 0 < chunk.number <= now.chunk
    return is_late or chunk.after_batch != now.batch or chunk.seen < now.cursor


class _Taking:
    """A chunk on its way into the store."""

    def __init__(self, unit: Unit, chunk: RawChunk) -> None:
        self.unit, self.chunk = unit, chunk
        self.present = _present(unit, chunk)
        self.left_out: list[tuple[Put, str]] = []

    def merge(self) -> list[Lost]:
        """Records that are there: by the merge rules."""
        unit = self.unit
        there = [record for record in self.chunk.records if record.id in self.present]
        unit.load(record.id for record in there)
        lost: list[Lost] = []
        state = unit.types[self.chunk.type]
        names, groups = state.names, state.type.groups
        for loaded in there:
            try:
                put = _put(self.chunk, loaded)
            except BadRecord as error:
                self._leave_out(loaded, error)
                continue
            record = unit.record(loaded.id)
            assert record is not None, "it is there"
            put = _without_gone(put, record, names)
            decision = merge.office_state(record, put, unit.next_seq, unit.floor, groups)
            decision = msgspec.structs.replace(decision, lost=marked(groups, decision.lost))
            unit.take(loaded.id, decision, self.chunk.seen)
            lost.extend(decision.lost)
        return lost

    def insert(self) -> int:
        """New records: stored as they came, each with a row of the log without values; how many."""
        rows: list[LoadedRow] = []
        for record in self.chunk.records:
            if record.id in self.present:
                continue
            try:
                rows.append(_row(record))
            except BadRecord as error:
                self._leave_out(record, error)
        self.unit.insert_loaded(self.chunk.type, self.chunk.seen, rows)
        return len(rows)

    def _leave_out(self, record: RawRecord, error: BadRecord) -> None:
        put = Put(self.chunk.type, record.id, (), {}, self.chunk.seen, new=True)
        with suppress(BadRecord):
            put = _put(self.chunk, record)  # what can be read of it is kept
        self.left_out.append((put, str(error.facts["detail"])))


def _present(unit: Unit, chunk: RawChunk) -> set[str]:
    ids = [record.id for record in chunk.records]
    found = unit.tenant.rows(
        f"SELECT id FROM records_record WHERE company_id = %(company)s AND {one_of('id', 'ids')}",
        ids=as_list(ids),
    )
    return {row[0] for row in found}


def _without_gone(put: Put, record: Record, names: frozenset[str]) -> Put:
    """A field that the office has dropped or left out holds nothing there: its value leaves the record."""
    gone: dict[str, Cell] = {field: None for field in record.fields if field not in names}
    return msgspec.structs.replace(put, fields=put.fields | gone)


def _put(chunk: RawChunk, loaded: RawRecord) -> Put:
    try:
        whole = b'{"key":%b,"fields":%b}' % (bytes(loaded.key), bytes(loaded.fields))
        parsed = wire.decode(whole, Parsed)
    except wire.BadBody as error:
        raise BadRecord(record=loaded.id, detail="not a record") from error
    return Put(chunk.type, loaded.id, parsed.key, parsed.fields, chunk.seen, new=True)


def _row(record: RawRecord) -> LoadedRow:
    try:
        key, fields = bytes(record.key).decode(), bytes(record.fields).decode()
    except UnicodeDecodeError as error:
        raise BadRecord(record=record.id, detail="not UTF-8") from error
    if fields[:1] != "{" or key[:1] != "[" or not RECORD_ID.fullmatch(record.id):
        raise BadRecord(record=record.id, detail="not a record")
    if "\\u0000" in fields or "\\u0000" in key:
        raise BadRecord(record=record.id, detail="NUL in plain text")
    return record.id, key, fields
