"""Chunks of a table in key order, as they stand, with an identity for every row."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from samsyn.companydb.references import resolved
from samsyn.companydb.rows import CompanyDb, Key
from samsyn.core.catalog import Kind, RecordType
from samsyn.core.cells import Cell
from samsyn.protocol import wire

SLICE_ROWS = 1_000
SLICE_ROWS_WITH_BLOBS = 16


class LoadChunk(msgspec.Struct, frozen=True):
    """Some rows of a table: (id, key as people know it, fields); `after` is where to go on."""

    records: list[tuple[str, tuple[Cell, ...], dict[str, Cell]]]
    after: tuple[Cell, ...] | None
    last: bool


def read_chunk(
    db: CompanyDb,
    record_type: RecordType,
    after: tuple[Cell, ...] | None,
    new_id: Callable[[], str],
    limit: int = wire.CHUNK_RECORDS,
) -> LoadChunk:
    """The next rows after a key, as many as fit a message; inside a transaction."""
    start = None if after is None else db.key_of_cells(record_type, after)
    keys = db.chunk_keys(record_type, start, limit)
    known = identified(db, record_type, keys, new_id)
    records: list[tuple[str, tuple[Cell, ...], dict[str, Cell]]] = []
    size = 0
    step = slice_rows(record_type)
    for place in range(0, len(keys), step):
        part = keys[place : place + step]
        states = db.read(record_type, part)
        resolved(db, record_type, states.values(), new_id)
        for key in part:
            if key in states:
                state = states[key]
                records.append((known[key], state.shown_key, state.fields))
        size += len(wire.encode([fields for _, _, fields in records[-len(part) :]]))
        if size > wire.CHUNK_BYTES and place + step < len(keys):
            return LoadChunk(records, records[-1][1], last=False)
    end = records[-1][1] if records else after
    return LoadChunk(records, end, last=len(keys) < limit)


def identified(
    db: CompanyDb, record_type: RecordType, keys: list[Key], new_id: Callable[[], str]
) -> dict[Key, str]:
    """The record ids of keys, with new ones where there were none."""
    known = db.ids_of(record_type, keys)
    fresh = [(key, new_id()) for key in keys if key not in known]
    db.identify(record_type, fresh)
    return known | dict(fresh)


def slice_rows(record_type: RecordType) -> int:
    """How many rows of the type lie in memory at a time."""
    blobs = any(field.kind is Kind.BLOB for field in record_type.fields)
    return SLICE_ROWS_WITH_BLOBS if blobs else SLICE_ROWS
