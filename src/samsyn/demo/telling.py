"""Tells in English and Swedish what happened in the demo company's office."""

from __future__ import annotations

from decimal import Decimal

import msgspec

_NARROW_GAP = "\N{NO-BREAK SPACE}"


class Happening(msgspec.Struct, frozen=True):
    """One edit that was made: the record it was about, and a sentence in both languages."""

    table: str
    key: int | str
    english: str
    swedish: str


def amount(value: object, currency: str) -> tuple[str, str]:
    """An amount of money as an English and as a Swedish reader writes it."""
    exact = Decimal(str(value))
    whole = exact == exact.to_integral_value()
    digits = f"{exact:,.0f}" if whole else f"{exact:,.2f}"
    unit = "kr" if currency == "SEK" else currency
    spaced = digits.replace(",", _NARROW_GAP)
    return f"{spaced}{_NARROW_GAP}{unit}", f"{spaced.replace('.', ',')}{_NARROW_GAP}{unit}"


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many}"
