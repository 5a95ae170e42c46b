"""Where a list of records goes on, and the values it is asked for."""

from __future__ import annotations

import base64
import binascii
from decimal import Decimal, InvalidOperation

import msgspec

from samsyn.core.catalog import Field, RecordType
from samsyn.records.errors import BadQuery, UnknownField

SortValue = int | float | str | None


class Position(msgspec.Struct, frozen=True, array_like=True):
    """The last record of a page: its values of the sort order, and its id."""

    values: tuple[SortValue, ...]
    id: str


def encode_cursor(position: Position) -> str:
    """The position as an opaque word for a URL."""
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode().rstrip("=")


def decode_cursor(cursor: str, levels: int) -> Position:
    """The position in a cursor; BadQuery where it belongs to another list or to none."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        position = msgspec.json.decode(raw, type=Position)
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise BadQuery(detail="not a cursor of this list") from error
    if len(position.values) != levels:
        raise BadQuery(detail="the cursor belongs to another sort order")
    return position


def field_of(record_type: RecordType, name: str) -> Field:
    """The field of that name; UnknownField."""
    try:
        return record_type.field(name)
    except KeyError as error:
        raise UnknownField(type=record_type.name, field=name) from error


def number(value: object, field: str) -> str:
    """A number as exact text; BadQuery where the value is none."""
    if isinstance(value, bool):
        return str(int(value))
    if field and isinstance(value, str) and value.lower() in ("true", "false"):
        return str(int(value.lower() == "true"))
    try:
        exact = Decimal(str(value))
    except InvalidOperation as error:
        raise BadQuery(field=field, detail="not a number") from error
    if not exact.is_finite() or len(str(exact)) > 400:
        raise BadQuery(field=field, detail="not a number")
    return format(exact, "f")
