"""Values and keys on their way to and from PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any  # what psycopg binds

from samsyn.companydb.rows import Key, RowState
from samsyn.companydb.states import row_states
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell, RawText, to_value

_COPY_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copied(part: object) -> str:
    """A part of a key, which is a text here, in COPY's text form."""
    return str(part).translate(_COPY_ESCAPES)


def states_with_keys(
    record_type: RecordType,
    found: Sequence[Sequence[object]],
    only: Collection[str] | None = None,
) -> list[RowState]:
    """The states in rows that begin with the key as texts, which is what names them here."""
    width = len(record_type.key)
    states = row_states(record_type, [row[width:] for row in found], hex_of, only)
    return [
        RowState(tuple(row[:width]), state.shown_key, state.fields, state.unresolved)
        for row, state in zip(found, states, strict=True)
    ]


def transposed(keys: Sequence[Key]) -> list[list[object]]:
    """The keys as one list for each key column, as unnest takes them."""
    return [list(column) for column in zip(*keys, strict=True)]


def hex_of(record_id: object) -> str:
    """A record id as cells and messages have it."""
    assert isinstance(record_id, uuid.UUID)
    return record_id.hex


def bound(cell: Cell) -> Any:  # Any: what psycopg binds
    """Values go as untyped text, so that the column's own type reads them and cuts nothing."""
    value = to_value(cell)
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case RawText():
            return value.decode("utf-8", "replace")
        case bytes():
            return "\\x" + value.hex()
        case float():
            return repr(value)
    return str(value)
