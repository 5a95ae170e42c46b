"""Decimal numbers in their plain text form, exact."""

from __future__ import annotations

import re
import struct
from decimal import Decimal

_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,5}))?", re.ASCII)
MAX_DIGITS = 1_000
"""Before and after the point; PostgreSQL's own limits are higher, a person's lower."""


def read(text: str) -> Decimal:
    """The number in a text; ValueError where it is none or has too many digits."""
    found = _DECIMAL.fullmatch(text)
    if found is None or len(text) > 2 * MAX_DIGITS or abs(int(found[1] or 0)) > MAX_DIGITS:
        raise ValueError(text[:100])
    number = Decimal(text)
    whole, after = digits(number)
    if whole > MAX_DIGITS or after > MAX_DIGITS:
        raise ValueError(text[:100])
    return number


def digits(number: Decimal) -> tuple[int, int]:
    """How many digits it needs before and after the point; zeros at the end say nothing."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    figures = "".join(map(str, number.as_tuple().digits)).lstrip("0")
    if not figures:
        return 0, 0
    said = figures.rstrip("0")
    return max(0, len(figures) + exponent), max(0, -(exponent + len(figures) - len(said)))


def plain(number: Decimal, scale: int | None = None) -> str:
    """Without exponent; with `scale` digits after the point where that loses nothing.

    Without a scale the digits after the point stay as they were given.
    """
    text = format(number, "f").lstrip("+")
    whole, _, after = text.partition(".")
    if scale is not None and digits(number)[1] <= scale:
        after = after[:scale].ljust(scale, "0")
    negative = whole.startswith("-") and (any(c != "0" for c in whole[1:] + after))
    whole = whole.lstrip("-").lstrip("0") or "0"
    return f"{'-' if negative else ''}{whole}{'.' if after else ''}{after}"


def float4(value: float) -> float:
    """The nearest single-precision number, as its shortest text reads; OverflowError."""
    single: float = struct.unpack("<f", struct.pack("<f", value))[0]
    for figures in range(1, 10):
        short = float(f"{single:.{figures}g}")
        if _single(short) == single:
            return short
    return single


def _single(value: float) -> float | None:
    try:
        narrowed: float = struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return None
    return narrowed
