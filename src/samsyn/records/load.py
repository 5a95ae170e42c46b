"""Load: chunks of a table as it stood; new records go straight to the store, unparsed."""

from __future__ import annotations

from collections.abc import Sequence

from samsyn.core import merge
from samsyn.core.changes import Lost, Put
from samsyn.protocol import wire
from samsyn.protocol.messages import Chunk, ChunkAnswer, LoadedRecord
from samsyn.records import connections
from samsyn.records.catalogs import is_known
from samsyn.records.checks import RECORD_ID
from samsyn.records.connections import Caller
from samsyn.records.errors import BadRecord, CatalogUnknown, ChunkStale, UnknownType
from samsyn.records.rows import fields_of
from samsyn.records.tenant import as_list, one_of
from samsyn.records.unit import Origin, Source, Unit, company_unit


def load(caller: Caller, body: bytes, at: str) -> ChunkAnswer:
    """Take a chunk; harmless to repeat.

    Raises Fenced, ChunkStale, CatalogUnknown, UnknownType, BadRecord.
    """
    chunk = wire.decode(body, Chunk)
    origin = Origin(caller.connection)
    with company_unit(caller.tenant, Source.OFFICE, caller.computer, at, origin) as unit:
        now = connections.state(caller, lock=True)
        connections.check_fence(now, chunk.fence)
        if chunk.after_batch != now.batch:
            raise ChunkStale(after_batch=chunk.after_batch, batch=now.batch)
        if not is_known(caller.tenant, chunk.fingerprint):
            raise CatalogUnknown(fingerprint=chunk.fingerprint)
        if chunk.type not in unit.types:
            raise UnknownType(type=chunk.type)
        present = _present(unit, chunk)
        new = [record for record in chunk.records if record.id not in present]
        lost = _merge(unit, chunk, [r for r in chunk.records if r.id in present])
        _insert(unit, chunk, new)
        connections.heard(caller, now, chunk.floor, 0, at)
        if chunk.last:
            _complete(unit, chunk.type)
        return ChunkAnswer(
            inserted=len(new),
            merged=len(present),
            online_head=unit.online_head,
            lost=tuple(lost),
        )


def _present(unit: Unit, chunk: Chunk) -> set[str]:
    ids = [record.id for record in chunk.records]
    found = unit.tenant.rows(
        f"SELECT id FROM records_record WHERE company_id = %(company)s AND {one_of('id', 'ids')}",
        ids=as_list(ids),
    )
    return {row[0] for row in found}


def _merge(unit: Unit, chunk: Chunk, records: Sequence[LoadedRecord]) -> list[Lost]:
    unit.load(record.id for record in records)
    lost: list[Lost] = []
    for loaded in records:
        put = Put(
            type=chunk.type,
            id=loaded.id,
            key=loaded.key,
            fields=fields_of(bytes(loaded.fields).decode()),
            seen=chunk.seen,
            new=True,
        )
        decision = merge.office_state(unit.record(loaded.id), put, unit.next_seq, unit.floor)
        unit.take(loaded.id, decision, chunk.seen)
        lost.extend(decision.lost)
    return lost


def _insert(unit: Unit, chunk: Chunk, records: Sequence[LoadedRecord]) -> None:
    """New records, with a row of the change log each that carries no values."""
    for record in records:
        if not RECORD_ID.fullmatch(record.id) or bytes(record.fields)[:1] != b"{":
            raise BadRecord(record=record.id, detail="not a record")
    unit.insert_loaded(chunk.type, chunk.seen, records)


def _complete(unit: Unit, type_: str) -> None:
    unit.tenant.execute(
        "UPDATE records_type SET loaded = %(yes)s"
        " WHERE company_id = %(company)s AND name = %(name)s",
        name=type_,
        yes=True,
    )
