"""The cell that a PostgreSQL column keeps of a value that another program sent."""

from __future__ import annotations

import json
import re

from samsyn.core import given
from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field, Kind
from samsyn.core.cells import Cell, from_bytes, from_float
from samsyn.core.decimals import float4, plain
from samsyn.core.iso import (
    Moment,
    clock_text,
    duration_text,
    read_date,
    read_moment,
    read_time,
    utc_text,
    zone_text,
)

INTEGERS = {
    "smallint": (-(2**15), 2**15 - 1),
    "integer": (-(2**31), 2**31 - 1),
    "bigint": (-(2**63), 2**63 - 1),
    "oid": (0, 2**32 - 1),
}
_UUID = re.compile(r"[0-9a-f]{8}(-?)[0-9a-f]{4}(\1[0-9a-f]{4}){2}\1[0-9a-f]{12}")
_DIGITS = re.compile(r"\((\d)\)")


def parse(field: Field, value: object) -> Cell:
    """The cell in the form in which PostgreSQL prints it; BadValue."""
    match field.kind:
        case Kind.INTEGER:
            return given.integer(value, *INTEGERS.get(field.storage, INTEGERS["bigint"]))
        case Kind.DECIMAL:
            return plain(given.decimal(field, value), field.scale)
        case Kind.REAL:
            return from_float(_real(field, value))
        case Kind.BOOLEAN:
            return given.boolean(value)
        case Kind.BLOB:
            return from_bytes(given.blob(value))
    return _text(field, given.text(field, value))


def _real(field: Field, value: object) -> float:
    number = given.real(value)
    if field.storage != "real" or number != number:
        return number
    try:
        return float4(number)
    except OverflowError as error:
        raise BadValue("TOO_LARGE") from error


def _text(field: Field, text: str) -> str:
    match field.kind:
        case Kind.DATE:
            return _dated(text)
        case Kind.DATETIME:
            return _moment(field, text)
        case Kind.TIME:
            return _time(field, text)
        case Kind.INTERVAL:
            return _interval(text)
        case Kind.UUID:
            return _uuid(text)
        case Kind.JSON:
            return _json(text)
    if field.storage.startswith("character("):
        return text.rstrip(" ")  # `::text` of a padded value has no padding
    return text


def _dated(text: str) -> str:
    try:
        return read_date(text).isoformat()
    except ValueError as error:
        raise BadValue("NOT_A_DATE") from error


def _moment(field: Field, text: str) -> str:
    try:
        moment = read_moment(text)
    except ValueError as error:
        raise BadValue("NOT_A_DATETIME") from error
    _check_digits(field, moment.digits)
    if _is_zoned(field, moment):
        if moment.zone is None or moment.time is None:
            raise BadValue("ZONE_REQUIRED")
        try:
            return utc_text(moment)
        except ValueError as error:
            raise BadValue("NOT_A_DATETIME") from error
    if moment.zone is not None:
        raise BadValue("ZONE_NOT_ALLOWED")
    clock = clock_text(moment.time) if moment.time is not None else "00:00:00"
    return f"{moment.day.isoformat()} {clock}"


def _time(field: Field, text: str) -> str:
    try:
        moment = read_time(text)
    except ValueError as error:
        raise BadValue("NOT_A_TIME") from error
    assert moment.time is not None
    _check_digits(field, moment.digits)
    if _is_zoned(field, moment):
        if moment.zone is None:
            raise BadValue("ZONE_REQUIRED")
        return clock_text(moment.time) + zone_text(moment.zone)
    if moment.zone is not None:
        raise BadValue("ZONE_NOT_ALLOWED")
    return clock_text(moment.time)


def _is_zoned(field: Field, moment: Moment) -> bool:
    """As the type says; a domain's name does not, so there the value does."""
    if " time zone" in field.storage:
        return "with time zone" in field.storage
    return moment.zone is not None


def _check_digits(field: Field, told: int) -> None:
    declared = _DIGITS.search(field.storage)
    allowed = int(declared[1]) if declared else 6
    if told > allowed:
        raise BadValue("TOO_PRECISE", scale=allowed)


def _interval(text: str) -> str:
    try:
        return duration_text(text)
    except ValueError as error:
        raise BadValue("NOT_AN_INTERVAL") from error


def _uuid(text: str) -> str:
    lower = text.lower()
    if not _UUID.fullmatch(lower):
        raise BadValue("NOT_A_UUID")
    bare = lower.replace("-", "")
    return "-".join((bare[:8], bare[8:12], bare[12:16], bare[16:20], bare[20:]))


def _json(text: str) -> str:
    try:
        json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadValue("NOT_JSON") from error
    return text


def _no_constant(name: str) -> None:
    raise ValueError(name)
