"""Chunks of a table in key order, as they stand, with an identity for every row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from samsyn.companydb.references import resolved
from samsyn.companydb.rows import CompanyDb, Key, RowState
from samsyn.core.catalog import Kind, RecordType
from samsyn.core.cells import Cell
from samsyn.protocol import wire

SLICE_ROWS = 1_000
SLICE_ROWS_WITH_BLOBS = 16


class LoadChunk(msgspec.Struct, frozen=True):
    """Some rows of a table, encoded as a list of `LoadedRecord`; `after` is where to go on."""

    count: int
    records: msgspec.Raw
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
    parts: list[bytes] = []
    count = size = 0
    step = min(slice_rows(record_type), limit)
    for rows in slices(db, record_type, start, step):
        some = encoded(db, record_type, rows, new_id)
        parts.append(bytes(some)[1:-1])
        count += len(rows)
        size += len(bytes(some))
        after = rows[-1][0].shown_key
        if count + step > limit or size > wire.CHUNK_BYTES:
            break
    else:
        return LoadChunk(count, _joined(parts), after, last=True)
    return LoadChunk(count, _joined(parts), after, last=False)


def encoded(
    db: CompanyDb,
    record_type: RecordType,
    rows: Sequence[tuple[RowState, str | None]],
    new_id: Callable[[], str],
) -> msgspec.Raw:
    """Rows as a list of `LoadedRecord`, each with an identity; inside a transaction."""
    ids = identified(db, record_type, rows, new_id)
    states = resolved(db, record_type, (state for state, _ in rows), new_id)
    told = [(i, state.shown_key, state.fields) for i, state in zip(ids, states, strict=True)]
    return msgspec.Raw(wire.encode(told))


def slices(
    db: CompanyDb, record_type: RecordType, after: Key | None, step: int
) -> Iterator[list[tuple[RowState, str | None]]]:
    """The rows after a key with their record ids, `step` at a time."""
    while rows := db.rows_after(record_type, after, step):
        yield rows
        after = rows[-1][0].key


def identified(
    db: CompanyDb,
    record_type: RecordType,
    rows: Sequence[tuple[RowState, str | None]],
    new_id: Callable[[], str],
) -> list[str]:
    """The record ids of rows, with new ones where there were none."""
    ids = [record or new_id() for _, record in rows]
    fresh = [
        (state.key, made) for (state, known), made in zip(rows, ids, strict=True) if known is None
    ]
    db.identify(record_type, fresh)
    return ids


def slice_rows(record_type: RecordType) -> int:
    """How many rows of the type lie in memory at a time."""
    blobs = any(field.kind is Kind.BLOB for field in record_type.fields)
    return SLICE_ROWS_WITH_BLOBS if blobs else SLICE_ROWS


def _joined(parts: Sequence[bytes]) -> msgspec.Raw:
    return msgspec.Raw(b"[" + b",".join(parts) + b"]")
