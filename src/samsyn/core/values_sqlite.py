"""The cell that an SQLite column keeps of a value that another program sent."""

from __future__ import annotations

import json
import re
from decimal import Decimal

from samsyn.core import given
from samsyn.core.affinity import INTEGER_LIMIT, kept
from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field, Kind
from samsyn.core.cells import Cell
from samsyn.core.decimals import digits, plain
from samsyn.core.iso import read_date, read_moment, read_time

_UUID = re.compile(r"[0-9a-fA-F]{8}(-?)[0-9a-fA-F]{4}(\1[0-9a-fA-F]{4}){2}\1[0-9a-fA-F]{12}")


def parse(field: Field, value: object) -> Cell:
    """The cell after the column's affinity; BadValue for what the field's kind does not allow."""
    if isinstance(value, dict):
        if field.kind is not Kind.BLOB and value.keys() == {"base64"}:
            return kept(given.blob(value["base64"]), field.storage)
        if field.kind is Kind.BLOB and value.keys() == {"text"}:
            return kept(given.text(field, value["text"]), field.storage)
    return kept(_value(field, value), field.storage)


def _value(field: Field, value: object) -> int | float | str | bytes:
    match field.kind:
        case Kind.INTEGER:
            return given.integer(value, -INTEGER_LIMIT, INTEGER_LIMIT - 1)
        case Kind.DECIMAL:
            return _decimal(field, value)
        case Kind.REAL:
            return _real(value)
        case Kind.BOOLEAN:
            return int(given.boolean(value))
        case Kind.BLOB:
            return given.blob(value)
        case Kind.DATE:
            return _dated(given.text(field, value), "NOT_A_DATE")
        case Kind.DATETIME:
            return _dated(given.text(field, value), "NOT_A_DATETIME")
        case Kind.TIME:
            return _timed(given.text(field, value))
        case Kind.JSON:
            return _json(given.text(field, value))
        case Kind.UUID:
            return _uuid(given.text(field, value))
        case Kind.OTHER if not isinstance(value, str) or isinstance(value, given.Literal):
            return _any(value)
    return given.text(field, value)


def _decimal(field: Field, value: object) -> int | float | str:
    """Number columns keep an integer or a float: only what those hold exactly enough."""
    number = given.decimal(field, value)
    if field.storage == "TEXT":
        return plain(number, field.scale)
    if digits(number)[1] == 0 and abs(number) < INTEGER_LIMIT:
        return int(number)
    nearest = float(number)
    if abs(nearest) == float("inf"):
        raise BadValue("TOO_LARGE")
    if Decimal(repr(nearest)) != number:
        raise BadValue("TOO_PRECISE", digits=15)
    return nearest


def _real(value: object) -> float:
    number = given.real(value)
    if number != number:
        raise BadValue("WRONG_TYPE", expected="number")  # SQLite keeps NULL for NaN
    return number


def _dated(text: str, code: str) -> str:
    """A date or moment as SQLite's own functions write it: a blank between day and time."""
    try:
        if code == "NOT_A_DATE":
            return read_date(text).isoformat()
        read_moment(text)
    except ValueError as error:
        raise BadValue(code) from error
    return f"{text[:10]} {text[11:]}" if len(text) > 10 else text


def _timed(text: str) -> str:
    try:
        read_time(text)
    except ValueError as error:
        raise BadValue("NOT_A_TIME") from error
    return text


def _json(text: str) -> str:
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadValue("NOT_JSON") from error
    return text


def _uuid(text: str) -> str:
    if not _UUID.fullmatch(text):
        raise BadValue("NOT_A_UUID")
    return text


def _any(value: object) -> int | float:
    """A column without a type keeps what it is given: numbers beside text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return given.integer(value, -INTEGER_LIMIT, INTEGER_LIMIT - 1)
    if isinstance(value, given.Literal):
        return given.real(value)
    raise BadValue("WRONG_TYPE", expected="string or number")
