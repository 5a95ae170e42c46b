"""Values as other programs send and get them: JSON by kind, checked against the catalog.

Decimals travel as strings, dates and times as ISO 8601, blobs as base64, JSON
documents as their text, references as record ids. What a database holds
beside its declared type is shown as it is: text in a number's field as a
string, bytes as `{"base64": …}`, a reference that leads nowhere as
`{"key": …}`. Sending such a value back unchanged keeps it as it is.
"""

from __future__ import annotations

import base64
import re
from decimal import Decimal
from typing import TypeAlias

from samsyn.core import values_postgres, values_sqlite
from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field, Kind
from samsyn.core.cells import BYTES, FLOAT, KEY, TEXT, Cell, RawText, to_value
from samsyn.core.decimals import plain
from samsyn.core.given import Literal

Plain: TypeAlias = None | bool | int | float | str | list[object] | dict[str, object]

_MOMENT = re.compile(
    r"(\d{4,}-\d\d-\d\d) (\d\d:\d\d(?::\d\d(?:\.\d+)?)?)([+-]\d\d(?::?\d\d){0,2}|Z)?"
)
FLOAT_NAMES = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


# --- showing -------------------------------------------------------------------------


def render(field: Field, cell: Cell) -> Plain:
    """The value that other programs get for a cell of the field."""
    if isinstance(cell, dict):
        return _render_tagged(field, cell)
    match field.kind:
        case Kind.DECIMAL if not isinstance(cell, bool) and cell is not None:
            return _render_decimal(field, cell)
        case Kind.BOOLEAN if cell in (0, 1) and not isinstance(cell, float):
            return bool(cell)
        case Kind.DATETIME if isinstance(cell, str):
            return _render_moment(cell)
        case Kind.BLOB if isinstance(cell, str):
            return {"text": cell}
    return cell


def render_key(cell: Cell) -> Plain:
    """A part of the office's key, whatever the field's kind."""
    if not isinstance(cell, dict):
        return cell
    value = to_value(cell)
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    return FLOAT_NAMES.get(repr(value), value) if isinstance(value, float) else value


def _render_tagged(field: Field, cell: Cell) -> Plain:
    assert isinstance(cell, dict)
    ((tag, inner),) = cell.items()
    value = to_value(cell)
    if tag == KEY:
        return {"key": render_key(inner if not isinstance(inner, dict) else dict(inner))}
    if tag == FLOAT and isinstance(value, float):
        named = FLOAT_NAMES.get(repr(value))
        if named is None and field.kind is Kind.DECIMAL:
            return _render_decimal(field, value)
        return named or value
    if tag == TEXT and isinstance(value, str):
        return value
    assert isinstance(value, bytes)
    shown = base64.b64encode(value).decode()
    if field.kind is Kind.BLOB and tag == BYTES and not isinstance(value, RawText):
        return shown
    return {"base64": shown}


def _render_decimal(field: Field, cell: int | float | str) -> Plain:
    if isinstance(cell, str):
        return cell
    return plain(Decimal(repr(cell)), field.scale)


def _render_moment(cell: str) -> str:
    found = _MOMENT.fullmatch(cell)
    if found is None:
        return cell
    day, clock, zone = found.groups()
    return f"{day}T{clock}{'Z' if zone == '+00' else _full_zone(zone or '')}"


def _full_zone(zone: str) -> str:
    """+02 → +02:00."""
    return f"{zone}:00" if len(zone) == 3 else zone


# --- reading -------------------------------------------------------------------------


def parse(field: Field, engine: str, value: object) -> Cell:
    """The cell that the office's engine would store for a value; BadValue says what is wrong.

    `value` comes from JSON: None, bool, int, str, list, dict, and a number
    with a fraction or an exponent as a `given.Literal`. Whether a reference's
    record exists is for the caller to see.
    """
    if value is None:
        if not field.nullable or field.required:
            raise BadValue("NOT_NULL")
        return None
    if field.kind is Kind.REFERENCE:
        return record_id(value)
    if isinstance(value, str) and not isinstance(value, Literal):
        _check_text(value, engine)
    if engine == "sqlite":
        cell = values_sqlite.parse(field, value)
    else:
        cell = values_postgres.parse(field, value)
    if field.choices and _as_text(cell) not in field.choices:
        raise BadValue("NOT_A_CHOICE", choices=list(field.choices))
    return cell


def record_id(value: object) -> str:
    """A record's id from its dashed or plain form; BadValue NOT_A_REFERENCE."""
    if isinstance(value, str) and not isinstance(value, Literal):
        found = re.fullmatch(
            r"([0-9a-fA-F]{8})(-?)([0-9a-fA-F]{4})\2([0-9a-fA-F]{4})\2([0-9a-fA-F]{4})\2([0-9a-fA-F]{12})",
            value,
        )
        if found is not None:
            return value.replace("-", "").lower()
    raise BadValue("NOT_A_REFERENCE")


def _check_text(value: str, engine: str) -> None:
    if engine != "sqlite" and "\0" in value:
        raise BadValue("NUL_NOT_ALLOWED")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadValue("NOT_TEXT") from error


def _as_text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return plain(Decimal(repr(cell)))
    return str(cell)
