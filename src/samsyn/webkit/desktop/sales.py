"""The panels of the best customers and products of 30 days, reckoned from orders and their lines."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec.structs import replace

from samsyn.core.cells import Cell, to_value
from samsyn.core.listing import MAX_PAGE, Condition, Op, Order, Query
from samsyn.webkit.desktop.contents import Ranked, ranking
from samsyn.webkit.desktop.desk import Content
from samsyn.webkit.desktop.meaning import Trade
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.book import Book, Kept
from samsyn.webkit.registers.showing import title_of

DAYS = 30
BEST = 10
ORDERS = 2_000
"""So many of the newest orders are reckoned with, however large the company is."""
NO_SALE = frozenset(
    "offert makulerad quotation quote offer cancelled canceled lost draft utkast förlorad".split()
)
"""Orders of such a status are not sold."""


def best_customers(book: Book, trade: Trade) -> Content:
    """Customers by what they have ordered."""
    orders, currency, note = _sold(book, trade)
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for one in orders:
        _add(sums, one.fields.get(trade.customer.name), one.fields.get(trade.amount.name))
    return _ranking(book, trade, sums, currency, note)


def best_products(book: Book, trade: Trade) -> Content:
    """Products by what was ordered of them."""
    orders, currency, note = _sold(book, trade)
    lines = trade.lines
    assert lines is not None, "the panel is there only with lines"
    name = lines.register.type.name
    found = book.holding(name, lines.order.name, [one.id for one in orders]) if orders else []
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for one in found:
        _add(sums, one.fields.get(lines.product.name), one.fields.get(lines.amount.name))
    return _ranking(book, trade, sums, currency, note)


def _sold(book: Book, trade: Trade) -> tuple[list[Kept], str, str]:
    """The orders of 30 days in the currency that most of them have; the currency; what was left out."""
    since = timezone.localdate() - datetime.timedelta(days=DAYS)
    query = Query(
        filter=(Condition(trade.date.name, Op.GE, since.isoformat()),),
        sort=(Order(trade.date.name, descending=True),),
        limit=MAX_PAGE,
    )
    orders: list[Kept] = []
    while True:
        page = book.page(trade.orders.type.name, query)
        orders += [one for one in page.records if _is_sale(trade, one.fields)]
        if page.next is None or len(orders) >= ORDERS:
            break
        query = replace(query, cursor=page.next)
    if trade.currency is None:
        return orders, "", ""
    currencies = Counter(_text(one.fields.get(trade.currency.name)) for one in orders)
    main = currencies.most_common(1)[0][0] if currencies else ""
    left = [one for one in orders if _text(one.fields.get(trade.currency.name)) == main]
    others = len(orders) - len(left)
    note = _("Orders in other currencies are not reckoned in.") if others else ""
    return left, main, note


def _is_sale(trade: Trade, fields: Mapping[str, Cell]) -> bool:
    return trade.status is None or _text(fields.get(trade.status.name)).casefold() not in NO_SALE


def _ranking(
    book: Book, trade: Trade, sums: Mapping[str, Decimal], currency: str, note: str
) -> Content:
    best = sorted(sums, key=lambda one: -sums[one])[:BEST]
    named = book.records(best)
    types = {r.type.name: r.type for r in book.registers()}
    to = Addresses(book.root)
    ranked = [
        Ranked(title_of(types[kept.type], kept), sums[one], to.card(kept.type, one))
        for one in best
        if (kept := named.get(one)) is not None and sums[one] > 0
    ]
    return ranking(ranked, _("Nothing was ordered in the last 30 days."), currency, note)


def _add(sums: defaultdict[str, Decimal], of: Cell, amount: Cell) -> None:
    if isinstance(of, str):
        sums[of] += _number(amount)


def _number(cell: Cell) -> Decimal:
    try:
        return Decimal(str(to_value(cell)))
    except InvalidOperation:
        return Decimal(0)


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else ""
