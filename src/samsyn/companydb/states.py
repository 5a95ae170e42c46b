"""From what a driver gives for rows to their cells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from samsyn.companydb.rows import RowState
from samsyn.core.catalog import RecordType
from samsyn.core.cells import from_values


def row_states(
    record_type: RecordType,
    rows: Sequence[Sequence[object]],
    record_id: Callable[[object], str],
    only: Collection[str] | None = None,
    *,
    keys_first: bool = False,
) -> list[RowState]:
    """The states in rows selected by `row_sql.RowSql.selecting`; `record_id` reads an id.

    What is selected after the fields is left alone.
    `only` names the fields that were selected, where not all were; with
    `keys_first` the columns that name the row come before those of its key.

    Column by column: whether values are their own cells is asked once a
    column, not once a value.
    """
    columns = list(zip(*rows, strict=True))
    if not columns:
        return []
    width = len(record_type.key)
    keys = zip(*columns[:width], strict=True)
    if keys_first:
        columns = columns[width:]
    shown = zip(*map(from_values, columns[:width]), strict=True)
    cells = []
    unresolved: dict[int, dict[str, object]] = {}
    rest = iter(columns[width:])
    fields = [f for f in record_type.fields if only is None or f.name in only]
    for field in fields:
        values = next(rest)
        if field.reference is None:
            cells.append(from_values(values))
            continue
        targets = next(rest)
        cells.append([None if target is None else record_id(target) for target in targets])
        for number, target in enumerate(targets):
            if target is None and values[number] is not None:
                unresolved.setdefault(number, {})[field.name] = values[number]
    names = [field.name for field in fields]
    if not fields:
        return [RowState(key, key_cells, {}) for key, key_cells in zip(keys, shown, strict=True)]
    return [
        RowState(key, key_cells, dict(zip(names, row, strict=True)), unresolved.get(number, {}))
        for number, (key, key_cells, row) in enumerate(
            zip(keys, shown, zip(*cells, strict=True), strict=True)
        )
    ]
