"""Conditions on the fields of records, in the SQL of both engines.

A field may hold cells of several types (an SQLite column keeps text beside
numbers), so each comparison says whether it compares numbers or text.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable

import msgspec

from samsyn.core.catalog import Field, Kind
from samsyn.core.cells import FLOAT, Cell, to_value
from samsyn.records.tenant import is_postgresql

NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.REAL, Kind.BOOLEAN})
UNSEARCHED = frozenset({Kind.BLOB, Kind.REFERENCE, Kind.BOOLEAN})
NUMBER_TEXT = r"^[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?$"


class Op(enum.Enum):
    """How a field is compared; `contains` and `starts` do not tell upper and lower case apart."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    CONTAINS = "contains"
    STARTS = "starts"
    NULL = "null"


SIGNS = {Op.EQ: "=", Op.LT: "<", Op.LE: "<=", Op.GT: ">", Op.GE: ">="}


class Words:
    """The values that conditions bind, each under a name of its own."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def bind(self, value: object) -> str:
        """The placeholder of a value."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"

    def search(self, fields: Iterable[Field], text: str) -> str:
        """Any field shows the text; whole records without it are passed over first."""
        inside = json.dumps(text, ensure_ascii=False)[1:-1]
        whole = "fields::text" if is_postgresql() else "fields"
        searched = [f for f in fields if f.kind not in UNSEARCHED]
        any_field = " OR ".join(_holds(self, text_value(self, f), text) for f in searched)
        return f"{_holds(self, whole, inside)} AND ({any_field or 'false'})"


class Condition(msgspec.Struct, frozen=True):
    """One comparison of a field with a cell; for NULL the cell tells whether it is to be null."""

    field: Field
    op: Op
    cell: Cell

    def sql(self, words: Words) -> str:
        """The condition as SQL; its values are bound in `words`."""
        if self.op is Op.NULL:
            return (
                _is_null(words, self.field) if self.cell else f"NOT {_is_null(words, self.field)}"
            )
        if self.op in (Op.CONTAINS, Op.STARTS):
            return _holds(
                words, text_value(words, self.field), str(self.cell), self.op is Op.STARTS
            )
        value, mark = self._compared(words)
        if self.op is Op.NE:
            different = "IS DISTINCT FROM" if is_postgresql() else "IS NOT"
            return f"({value}) {different} {mark}"
        return f"({value}) {SIGNS[self.op]} {mark}"

    def _compared(self, words: Words) -> tuple[str, str]:
        """The field's value and the placeholder to compare it with."""
        given = to_value(self.cell)
        if is_number(self.field) and not isinstance(given, bytes):
            cast = "::numeric" if is_postgresql() else ""
            told = str(given) if is_postgresql() else _number(given)
            if isinstance(given, bool):
                told = int(given)
            return number_value(words, self.field), words.bind(told) + cast
        cast = "::text" if is_postgresql() else ""
        return text_value(words, self.field), words.bind(_text(given)) + cast


def is_number(field: Field) -> bool:
    """Whether the field's values compare as numbers."""
    return field.kind in NUMBERS


def sort_value(words: Words, field: Field) -> str:
    """The SQL expression to sort by."""
    return number_value(words, field) if is_number(field) else text_value(words, field)


def number_value(words: Words, field: Field) -> str:
    """The field's number as SQL; null where it holds none."""
    if is_postgresql():
        v = f"(fields -> {words.bind(field.name)}::text)"
        tag = f"{v} ->> '{FLOAT}'"
        return (
            f"CASE jsonb_typeof({v}) WHEN 'number' THEN ({v} #>> '{{}}')::numeric"
            f" WHEN 'boolean' THEN ({v})::boolean::int::numeric"
            f" WHEN 'string' THEN CASE WHEN ({v} #>> '{{}}') ~ '{NUMBER_TEXT}'"
            f" THEN ({v} #>> '{{}}')::numeric END"
            f" WHEN 'object' THEN ({tag})::numeric END"
        )
    path = words.bind(_path(field))
    return (
        f"CASE json_type(fields, {path})"
        f" WHEN 'text' THEN CAST(json_extract(fields, {path}) AS NUMERIC)"
        f" WHEN 'object' THEN samsyn_float(json_extract(fields, {path}))"
        f" ELSE json_extract(fields, {path}) END"
    )


def text_value(words: Words, field: Field) -> str:
    """The field's text as SQL, compared by code points; null for tagged cells."""
    if is_postgresql():
        v = f"(fields -> {words.bind(field.name)}::text)"
        return f"(CASE jsonb_typeof({v}) WHEN 'object' THEN NULL ELSE {v} #>> '{{}}' END) COLLATE \"C\""
    path = words.bind(_path(field))
    return (
        f"CASE json_type(fields, {path}) WHEN 'object' THEN NULL"
        f" ELSE CAST(json_extract(fields, {path}) AS TEXT) END"
    )


def _holds(words: Words, value: str, text: str, start: bool = False) -> str:
    """The value contains the text, or begins with it, whatever the case of letters."""
    if is_postgresql():
        place = f"position(lower({words.bind(text)}::text) in lower({value}))"
    else:
        place = f"instr(samsyn_lower({value}), samsyn_lower({words.bind(text)}))"
    return f"coalesce({place}, 0) {'= 1' if start else '> 0'}"


def _is_null(words: Words, field: Field) -> str:
    if is_postgresql():
        v = f"(fields -> {words.bind(field.name)}::text)"
        return f"({v} IS NULL OR jsonb_typeof({v}) = 'null')"
    path = words.bind(_path(field))
    return f"(coalesce(json_type(fields, {path}), 'null') = 'null')"


def _path(field: Field) -> str:
    """SQLite's JSON path of a field."""
    return "$." + json.dumps(field.name, ensure_ascii=False)


def _number(value: object) -> object:
    """A number to bind on SQLite; decimals of PostgreSQL offices come as text."""
    if isinstance(value, str):
        return int(value) if value.lstrip("-").isdigit() and len(value) < 19 else float(value)
    return value


def _text(value: object) -> object:
    return value if value is None or isinstance(value, str) else str(value)
