"""From a column to a field of the catalog."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from samsyn.companydb.naming import label
from samsyn.companydb.quoting import postgres_name
from samsyn.companydb.schema import Check, Column, Given
from samsyn.companydb.sqlite_sql import plain_name, tokens
from samsyn.companydb.urls import Engine
from samsyn.core.catalog import Field, Kind

POSTGRES_KINDS = {
    Kind.INTEGER: "int2 int4 int8",
    Kind.DECIMAL: "numeric",
    Kind.REAL: "float4 float8",
    Kind.BOOLEAN: "bool",
    Kind.TEXT: "text varchar bpchar name citext char",
    Kind.DATE: "date",
    Kind.DATETIME: "timestamp timestamptz",
    Kind.TIME: "time timetz",
    Kind.INTERVAL: "interval",
    Kind.BLOB: "bytea",
    Kind.JSON: "json jsonb",
    Kind.UUID: "uuid",
}
KIND_OF = {base: kind for kind, bases in POSTGRES_KINDS.items() for base in bases.split()}

SQLITE_KINDS = (
    (r"BOOL", Kind.BOOLEAN),
    (r"DATE.*TIME|TIMESTAMP", Kind.DATETIME),
    (r"DATE", Kind.DATE),
    (r"^TIME", Kind.TIME),
    (r"DEC|NUMERIC|MONEY|CURRENCY", Kind.DECIMAL),
    (r"UUID|GUID|UNIQUEIDENTIFIER", Kind.UUID),
    (r"JSON", Kind.JSON),
    (r"INT", Kind.INTEGER),
    (r"CHAR|CLOB|TEXT", Kind.TEXT),
    (r"BLOB|BINARY|IMAGE", Kind.BLOB),
    (r"REAL|FLOA|DOUB", Kind.REAL),
)
FITS: dict[Kind, Callable[[object], bool]] = {
    Kind.BOOLEAN: lambda v: v in (0, 1) and isinstance(v, int),
    Kind.DATETIME: lambda v: isinstance(v, str) and re.match(r"\d{4}-\d\d-\d\d", v) is not None,
    Kind.DATE: lambda v: isinstance(v, str) and re.match(r"\d{4}-\d\d-\d\d", v) is not None,
    Kind.TIME: lambda v: isinstance(v, str) and re.match(r"\d{1,2}:\d\d", v) is not None,
    Kind.DECIMAL: lambda v: isinstance(v, int | float),
    Kind.UUID: lambda v: (
        isinstance(v, str) and re.fullmatch(r"\{?[0-9a-fA-F-]{32,36}\}?", v) is not None
    ),
    Kind.JSON: lambda v: isinstance(v, str),
    Kind.INTEGER: lambda v: isinstance(v, int),
    Kind.TEXT: lambda v: isinstance(v, str),
    Kind.BLOB: lambda v: isinstance(v, bytes),
    Kind.REAL: lambda v: isinstance(v, int | float),
}
"""Whether a stored value is what the declared type promises."""
STORED = ((int, Kind.INTEGER), (float, Kind.REAL), (str, Kind.TEXT), (bytes, Kind.BLOB))


def field_of(
    engine: Engine, column: Column, checks: Sequence[Check], values: Sequence[object]
) -> Field:
    """The field of a column; `values` are samples of it that are not null."""
    kind = _postgres_kind(column) if engine == "postgresql" else _sqlite_kind(column, values)
    given = column.given is not Given.NOBODY
    length = column.max_length
    if length is not None and any(isinstance(v, str) and len(v) > length for v in values):
        length = None  # SQLite does not enforce it, and this program does not keep it
    decimal = kind is Kind.DECIMAL
    has_default = column.default is not None or given
    return Field(
        name=column.name,
        kind=kind,
        storage=column.storage,
        label=label(column.name),
        required=column.not_null and not has_default and not column.generated,
        nullable=not column.not_null,
        read_only=column.generated or given,
        generated=column.generated,
        has_default=has_default,
        max_length=length if kind is Kind.TEXT else None,
        precision=column.precision if decimal else None,
        scale=column.scale if decimal else None,
        choices=column.labels or _choices(engine, column, checks, values),
    )


def _postgres_kind(column: Column) -> Kind:
    if column.category == "e":
        return Kind.ENUM
    if column.base.startswith("_"):
        return Kind.ARRAY
    return KIND_OF.get(column.base, Kind.OTHER)


def _sqlite_kind(column: Column, values: Sequence[object]) -> Kind:
    """What the declared type says, unless the values say otherwise."""
    declared = column.declared.upper()
    for pattern, kind in SQLITE_KINDS:
        if re.search(pattern, declared) and all(FITS[kind](value) for value in values):
            return kind
    for stored, kind in STORED:
        if values and all(isinstance(value, stored) for value in values):
            return kind
    if not declared or not values:
        return Kind.OTHER
    numbers = all(isinstance(value, int | float) for value in values)
    return Kind.REAL if numbers else Kind.OTHER


def _choices(
    engine: Engine, column: Column, checks: Sequence[Check], values: Sequence[object]
) -> tuple[str, ...]:
    for check in checks:
        read = _sqlite_choices if engine == "sqlite" else _postgres_choices
        found = read(column.name, check.expression)
        if found and all(value in found for value in values):
            return found
    return ()


def _sqlite_choices(column: str, expression: str) -> tuple[str, ...]:
    """The texts of `column IN ('a', 'b')`; nothing for any other expression."""
    pieces = tokens(expression)
    if len(pieces) < 5 or (plain_name(pieces[0]) or "").lower() != column.lower():
        return ()
    if pieces[1].text.upper() != "IN" or pieces[2].text != "(" or pieces[-1].text != ")":
        return ()
    inside = pieces[3:-1]
    if any(piece.kind != "text" for piece in inside[::2]):
        return ()
    if any(piece.text != "," for piece in inside[1::2]):
        return ()
    return tuple(piece.text[1:-1].replace("''", "'") for piece in inside[::2])


def _postgres_choices(column: str, expression: str) -> tuple[str, ...]:
    """The texts of `column IN ('a', 'b')` as PostgreSQL writes it: = ANY (ARRAY[…])."""
    named = "|".join({re.escape(column), re.escape(postgres_name(column))})
    cast = r"(?:::[\w ]+(?:\[\])?)?"
    value = rf"'(?:[^']|'')*'{cast}"
    found = re.fullmatch(
        rf"\(*(?:{named})\)?{cast} = ANY \(+ARRAY\[({value}(?:, {value})*)\]\)?{cast}\)+",
        expression,
    )
    if found is None:
        return ()
    return tuple(v.replace("''", "'") for v in re.findall(r"'((?:[^']|'')*)'", found[1]))
