"""From what a driver gives for a row to its cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from samsyn.companydb.rows import Key, RowState
from samsyn.core.catalog import RecordType
from samsyn.core.cells import PLAIN_TYPES, Cell, from_value


def row_state(
    record_type: RecordType, row: Sequence[object], record_id: Callable[[object], str]
) -> RowState:
    """The state in a row selected by `row_sql.RowSql.selected`; `record_id` reads an id."""
    width = len(record_type.key)
    key: Key = tuple(row[:width])
    fields: dict[str, Cell] = {}
    unresolved: dict[str, object] = {}
    place = width
    for field in record_type.fields:
        value = row[place]
        place += 1
        if field.reference is None:
            fields[field.name] = (
                value  # type: ignore[assignment]  # a plain type is its own cell
                if type(value) in PLAIN_TYPES
                else from_value(value)
            )
            continue
        target = row[place]
        place += 1
        if target is not None:
            fields[field.name] = record_id(target)
        else:
            fields[field.name] = None
            if value is not None:
                unresolved[field.name] = value
    return RowState(key, tuple(from_value(v) for v in key), fields, unresolved)
