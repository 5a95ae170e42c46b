"""Amounts of lines and their sum, exact, rounded as the currency is."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import msgspec

from samsyn.core.catalog import Field
from samsyn.core.values import render
from samsyn.webkit.registers.book import Kept
from samsyn.webkit.registers.lines.sheets import Sheet

WITHOUT_PARTS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())
IN_THOUSANDS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
"""Currencies of ISO 4217 whose parts are none, or thousandths; all others have hundredths."""
HUNDRED = Decimal(100)


class Amount(msgspec.Struct, frozen=True):
    """The amount of a line; `by_office` where the office has reckoned it as the line stands."""

    value: Decimal | None
    by_office: bool


def decimals_of(currency: str) -> int:
    """How many decimals an amount of a currency has."""
    told = currency.strip().upper()
    return 0 if told in WITHOUT_PARTS else 3 if told in IN_THOUSANDS else 2


def rounded(value: Decimal, currency: str) -> Decimal:
    """An amount as it is paid: half a part is rounded up."""
    return value.quantize(Decimal(1).scaleb(-decimals_of(currency)), ROUND_HALF_UP)


def amount_of(sheet: Sheet, line: Kept, currency: str) -> Amount:
    """The office's amount of a line; where it waits for what was written here, reckoned here."""
    told = number_in(sheet.amount, line)
    factors = {f.name for f in (sheet.quantity, sheet.price, sheet.discount) if f is not None}
    if told is not None and not (line.waiting & factors) and not line.born_here:
        return Amount(told, by_office=True)
    reckoned = _reckoned(sheet, line)
    if reckoned is None:
        return Amount(told, by_office=False)
    return Amount(rounded(reckoned, currency), by_office=False)


def total_of(amounts: Iterable[Amount], currency: str) -> Decimal:
    """The sum of the lines' amounts."""
    known = (amount.value for amount in amounts if amount.value is not None)
    return rounded(sum(known, Decimal()), currency)


def number_in(field: Field, kept: Kept) -> Decimal | None:
    """The number that a record holds in a field, exact; None where it holds none."""
    told = render(field, kept.fields.get(field.name))
    if told is None or isinstance(told, bool | dict | list):
        return None
    try:
        exact = Decimal(str(told))
    except InvalidOperation:
        return None
    return exact if exact.is_finite() else None


def _reckoned(sheet: Sheet, line: Kept) -> Decimal | None:
    if sheet.price is None:
        return None
    quantity, price = number_in(sheet.quantity, line), number_in(sheet.price, line)
    if quantity is None or price is None:
        return None
    discount = number_in(sheet.discount, line) if sheet.discount is not None else None
    return quantity * price * (HUNDRED - (discount or 0)) / HUNDRED
