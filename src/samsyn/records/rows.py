"""Between records as values and rows of the store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from samsyn.core.cells import Cell
from samsyn.core.record import Mark, Pending, Record
from samsyn.records.tenant import Row, Tenant, as_list, one_of

FEW = 50
"""Records that are found by their keys in any case; of more the planner is to think anew."""
STEP = 1_000
"""Records that are read at a time."""
COLUMNS = "id, type, key, version, alive, fields, pending"


class Waiting(msgspec.Struct, frozen=True, omit_defaults=True):
    """What of a record waits for the office, as the column `pending` keeps it."""

    pending: dict[str, Pending] = {}
    born: Mark | None = None
    died: Mark | None = None


_fields = msgspec.json.Decoder(dict[str, Any])  # Any: cells; ours were checked when they came
_key = msgspec.json.Decoder(tuple[Any, ...])  # Any: cells
_waiting = msgspec.json.Decoder(Waiting)
_encoder = msgspec.json.Encoder()


def to_json(value: object) -> str:
    """A value as JSON text."""
    return _encoder.encode(value).decode()


def fields_of(text: str) -> dict[str, Cell]:
    """The cells of a stored `fields` column."""
    return _fields.decode(text)


def key_of(text: str | None) -> tuple[Cell, ...] | None:
    """The key of a stored `key` column."""
    return None if text is None else _key.decode(text)


def record_of(row: Row) -> Record:
    """The record in a row of COLUMNS."""
    record_id, type_, key, version, alive, fields, pending = row
    waiting = Waiting() if pending is None else _waiting.decode(pending)
    return Record(
        id=record_id,
        type=type_,
        fields=fields_of(fields),
        key=key_of(key),
        version=version,
        alive=bool(alive),
        pending=waiting.pending,
        born=waiting.born,
        died=waiting.died,
    )


def row_of(record: Record) -> Row:
    """The row of COLUMNS for a record."""
    return (
        record.id,
        record.type,
        None if record.key is None else to_json(record.key),
        record.version,
        record.alive,
        to_json(record.fields),
        waiting_of(record),
    )


def waiting_of(record: Record) -> str | None:
    """The column `pending` of a record."""
    if record.at_rest:
        return None
    return to_json(Waiting(record.pending, record.born, record.died))


def records_by_id(tenant: Tenant, ids: list[str]) -> dict[str, Record]:
    """The records of those ids that the company has, living or deleted."""
    if not ids:
        return {}
    ask = tenant.rows_often if len(ids) <= FEW else tenant.rows
    found = ask(
        f"SELECT {COLUMNS} FROM records_record"
        f" WHERE company_id = %(company)s AND {one_of('id', 'ids')}",
        ids=as_list(ids),
    )
    return {row[0]: record_of(row) for row in found}


def records_waiting(tenant: Tenant, type_: str) -> Iterator[list[Record]]:
    """The records of a type of which something waits for the office, some at a time."""
    after = ""
    while rows := tenant.rows(
        f"SELECT {COLUMNS} FROM records_record WHERE company_id = %(company)s AND type = %(type)s"
        " AND pending IS NOT NULL AND id > %(after)s ORDER BY id LIMIT %(limit)s",
        type=type_,
        after=after,
        limit=STEP,
    ):
        yield [record_of(row) for row in rows]
        after = rows[-1][0]
