"""The Python value in what another program sent: exact, of the right type, and within limits."""

from __future__ import annotations

import base64
import binascii
import math
from decimal import Decimal

from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field
from samsyn.core.decimals import digits, read

FLOATS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
MAX_BLOB_BYTES = 32 * 1024 * 1024
MAX_TEXT = 4_000_000


class Literal(str):
    """A JSON number with a fraction or an exponent, as it was written."""

    __slots__ = ()


def integer(value: object, low: int, high: int) -> int:
    """A whole number in range; BadValue WRONG_TYPE, TOO_LARGE."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadValue("WRONG_TYPE", expected="integer")
    if not low <= value <= high:
        raise BadValue("TOO_LARGE", minimum=low, maximum=high)
    return value


def real(value: object) -> float:
    """A float, or one of the names NaN, Infinity, -Infinity; BadValue WRONG_TYPE, TOO_LARGE."""
    if isinstance(value, str) and not isinstance(value, Literal):
        if value in FLOATS:
            return FLOATS[value]
        raise BadValue("WRONG_TYPE", expected="number")
    if isinstance(value, bool) or not isinstance(value, int | Literal):
        raise BadValue("WRONG_TYPE", expected="number")
    try:
        number = float(value)
    except OverflowError as error:
        raise BadValue("TOO_LARGE") from error
    if math.isinf(number):
        raise BadValue("TOO_LARGE")
    return number


def decimal(field: Field, value: object) -> Decimal:
    """An exact number within the declared digits, from a string or a JSON number; BadValue."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadValue("WRONG_TYPE", expected="decimal as a string")
    if isinstance(value, int) and abs(value) >= 10**1000:
        raise BadValue("TOO_LARGE")
    try:
        number = read(str(value))
    except ValueError as error:
        raise BadValue("NOT_A_DECIMAL") from error
    whole, after = digits(number)
    if field.precision is not None:
        scale = field.scale or 0
        if after > scale:
            raise BadValue("TOO_PRECISE", scale=scale)
        if whole > field.precision - scale:
            raise BadValue("TOO_LARGE", precision=field.precision, scale=scale)
    return number


def text(field: Field, value: object) -> str:
    """A string no longer than declared; BadValue WRONG_TYPE, TOO_LONG."""
    if not isinstance(value, str) or isinstance(value, Literal):
        raise BadValue("WRONG_TYPE", expected="string")
    limit = MAX_TEXT if field.max_length is None else field.max_length
    if len(value) > limit:
        raise BadValue("TOO_LONG", limit=limit, length=len(value))
    return value


def boolean(value: object) -> bool:
    """True or false; BadValue WRONG_TYPE."""
    if not isinstance(value, bool):
        raise BadValue("WRONG_TYPE", expected="boolean")
    return value


def blob(value: object) -> bytes:
    """The bytes of a base64 string; BadValue WRONG_TYPE, NOT_BASE64, TOO_LONG."""
    if not isinstance(value, str) or isinstance(value, Literal):
        raise BadValue("WRONG_TYPE", expected="base64 string")
    try:
        raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadValue("NOT_BASE64") from error
    if len(raw) > MAX_BLOB_BYTES:
        raise BadValue("TOO_LONG", limit=MAX_BLOB_BYTES, length=len(raw))
    return raw
