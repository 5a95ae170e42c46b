"""Values and keys on their way to and from PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any  # what psycopg binds

from samsyn.companydb.rows import Key, RowState
from samsyn.companydb.states import row_states
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell, RawText, to_value

_COPY_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copied(pairs: Sequence[tuple[Key, str]]) -> str:
    """Keys, whose parts are texts here, and record ids, as lines in COPY's text form."""
    lines = ["\t".join((*key, i)) for key, i in pairs]  # type: ignore[arg-type]  # a key's parts
    text = "\n".join(lines)
    width = len(pairs[0][0])
    plain = "\\" not in text and "\r" not in text and text.count("\n") == len(lines) - 1
    if plain and text.count("\t") == width * len(lines):
        return text + "\n"
    return "".join(
        "\t".join([*(str(part).translate(_COPY_ESCAPES) for part in key), i]) + "\n"
        for key, i in pairs
    )


def states_with_keys(
    record_type: RecordType,
    found: Sequence[Sequence[object]],
    only: Collection[str] | None = None,
) -> list[RowState]:
    """The states in rows that begin with the key as texts, which is what names them here."""
    return row_states(record_type, found, hex_of, only, keys_first=True)


def transposed(keys: Sequence[Key]) -> list[list[object]]:
    """The keys as one list for each key column, as unnest takes them."""
    return [list(column) for column in zip(*keys, strict=True)]


def hex_of(record_id: object) -> str:
    """A record id as cells and messages have it."""
    assert isinstance(record_id, str)
    return record_id.replace("-", "")


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
