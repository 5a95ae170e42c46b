"""Load: chunks of a table as it stood; new records go straight to the store, unparsed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from samsyn.core import merge
from samsyn.core.cells import Cell
from samsyn.core.changes import Lost, Put
from samsyn.core.groups import marked
from samsyn.protocol import wire
from samsyn.protocol.messages import ChunkAnswer
from samsyn.records import connections
from samsyn.records.catalogs import complete, is_known
from samsyn.records.checks import RECORD_ID
from samsyn.records.connections import Caller
from samsyn.records.errors import BadRecord, CatalogUnknown, ChunkStale, UnknownType
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
    fence: int
    seen: int
    floor: int
    after_batch: int
    fingerprint: str
    records: tuple[RawRecord, ...]
    last: bool


def load(caller: Caller, body: bytes, at: str) -> ChunkAnswer:
    """Take a chunk; harmless to repeat.

    Raises Fenced, ChunkStale, CatalogUnknown, UnknownType, BadRecord.
    """
    chunk = wire.decode(body, RawChunk)
    origin = Origin(caller.connection)
    with company_unit(caller.tenant, Source.OFFICE, caller.computer, at, origin) as unit:
        now = connections.state(caller, lock=True)
        connections.check_fence(now, chunk.fence)
        if chunk.after_batch != now.batch or chunk.seen < now.cursor:
            raise ChunkStale(after_batch=chunk.after_batch, batch=now.batch)
        if not is_known(caller.tenant, chunk.fingerprint):
            raise CatalogUnknown(fingerprint=chunk.fingerprint)
        if chunk.type not in unit.types:
            raise UnknownType(type=chunk.type)
        present = _present(unit, chunk)
        new = [record for record in chunk.records if record.id not in present]
        lost = _merge(unit, chunk, [r for r in chunk.records if r.id in present])
        _insert(unit, chunk, new)
        connections.heard(caller, now, min(chunk.floor, unit.head), 0, at)
        if chunk.last and not unit.types[chunk.type].loaded:
            complete(unit.tenant, chunk.type)
        return ChunkAnswer(
            inserted=len(new),
            merged=len(present),
            online_head=unit.online_head,
            lost=tuple(lost),
        )


def _present(unit: Unit, chunk: RawChunk) -> set[str]:
    ids = [record.id for record in chunk.records]
    found = unit.tenant.rows(
        f"SELECT id FROM records_record WHERE company_id = %(company)s AND {one_of('id', 'ids')}",
        ids=as_list(ids),
    )
    return {row[0] for row in found}


def _merge(unit: Unit, chunk: RawChunk, records: Sequence[RawRecord]) -> list[Lost]:
    """Records that are there: by the merge rules."""
    unit.load(record.id for record in records)
    lost: list[Lost] = []
    groups = unit.types[chunk.type].type.groups
    for loaded in records:
        put = _put(chunk, loaded)
        record = unit.record(loaded.id)
        decision = merge.office_state(record, put, unit.next_seq, unit.floor, groups)
        decision = msgspec.structs.replace(decision, lost=marked(groups, decision.lost))
        unit.take(loaded.id, decision, chunk.seen)
        lost.extend(decision.lost)
    return lost


def _put(chunk: RawChunk, loaded: RawRecord) -> Put:
    try:
        whole = b'{"key":%b,"fields":%b}' % (bytes(loaded.key), bytes(loaded.fields))
        parsed = wire.decode(whole, Parsed)
    except wire.BadBody as error:
        raise BadRecord(record=loaded.id, detail=str(error.facts["detail"])) from error
    return Put(chunk.type, loaded.id, parsed.key, parsed.fields, chunk.seen, new=True)


def _insert(unit: Unit, chunk: RawChunk, records: Sequence[RawRecord]) -> None:
    """New records: stored as they came, each with a row of the change log without values."""
    unit.insert_loaded(chunk.type, chunk.seen, [_row(record) for record in records])


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
