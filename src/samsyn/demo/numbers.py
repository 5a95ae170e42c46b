"""Organisation numbers, article numbers and telephone numbers that look right and reach nobody.

Organisation numbers have the right check digits and lie in the parts of each
country's series where real firms are rarest. Telephone numbers are the Swedish
ones reserved for fiction, and for the neighbours such as no subscriber has.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

_BLOCK = 100_000
_STRIDE = 38_197
"""Has no factor in common with the block: n → n·stride is a permutation of it."""

_NORWAY_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_DENMARK_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
_FINLAND_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)

_DIGITS_OF_DOUBLE = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

_SWEDISH_LINES = (
    ("08-465 004 {:02}", 0, 99),
    ("031-390 06 {:02}", 0, 99),
    ("040-628 04 {:02}", 0, 99),
    ("0980-319 2{:02}", 0, 99),
)
_LINES = {"NO": "+47 10 {:02} {:02} {:02}", "DK": "+45 10 {:02} {:02} {:02}"}


def org_no(country: str, n: int, shift: int) -> str:
    """The nth organisation number of a country: never the same for two n and one shift."""
    block, place = divmod(n, _BLOCK)
    scattered = (place * _STRIDE + shift) % _BLOCK
    match country:
        case "SE":
            digits = f"{5599 - block}{scattered:05}"
            return f"{digits[:6]}-{digits[6:]}{luhn(digits)}"
        case "FI":
            digits, check = _weighted(f"{9 - block}", scattered, _FINLAND_WEIGHTS)
            return f"{digits}-{check}"
        case "NO":
            digits, check = _weighted(f"{85 - block}", scattered, _NORWAY_WEIGHTS)
            return f"{digits[:3]} {digits[3:6]} {digits[6:]}{check}"
        case "DK":
            digits, check = _weighted(f"{9 - block}", scattered, _DENMARK_WEIGHTS)
            return f"{digits}{check}"
    raise ValueError(country)


def luhn(digits: str) -> int:
    """The check digit that makes `digits` followed by it pass the Luhn test."""
    doubled = sum(_DIGITS_OF_DOUBLE[int(d)] for d in digits[::-2])
    return -(doubled + sum(map(int, digits[-2::-2]))) % 10


def ean13(digits: str) -> str:
    """The article number of twelve digits with its check digit added."""
    total = sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(digits))
    return f"{digits}{-total % 10}"


def _weighted_check(digits: Iterable[int], weights: Iterable[int]) -> int:
    """The modulus 11 check digit of Norway, Denmark and Finland; 10 where there is none."""
    return -sum(d * w for d, w in zip(digits, weights, strict=True)) % 11


def _weighted(prefix: str, scattered: int, weights: tuple[int, ...]) -> tuple[str, int]:
    """The digits for a number and their check digit, as one of two neighbours always has one.

    Of two numbers that differ only in the last digit at most one lacks a
    check digit, because neighbours' sums differ by less than eleven.
    """
    room = len(weights) - len(prefix)
    for candidate in (2 * scattered, 2 * scattered + 1):
        digits = f"{prefix}{candidate:0{room}}"
        check = _weighted_check((int(d) for d in digits), weights)
        if check < 10:
            return digits, check
    raise AssertionError(prefix, scattered)


def line_no(country: str, dice: Random) -> str:
    """A telephone number of a firm."""
    if country == "SE":
        text, low, high = _SWEDISH_LINES[int(dice.random() * len(_SWEDISH_LINES))]
        return text.format(low + int(dice.random() * (high - low + 1)))
    n = int(dice.random() * 1_000_000)
    if country == "FI":
        return f"+358 9 0{n // 10000:02} {n % 10000:04}"
    return _LINES[country].format(n // 10000, n // 100 % 100, n % 100)


def mobile_no(country: str, dice: Random) -> str:
    """A mobile number of a person."""
    if country != "SE":
        return line_no(country, dice)
    return f"070-174 06 {5 + int(dice.random() * 95):02}"
