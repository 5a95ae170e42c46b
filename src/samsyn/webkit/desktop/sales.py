"""The panels of the best customers and products of 30 days, reckoned from orders and their lines."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.core.cells import Cell, to_value
from samsyn.webkit.desktop.contents import Ranked, ranking
from samsyn.webkit.desktop.desk import Content
from samsyn.webkit.desktop.meaning import Trade
from samsyn.webkit.desktop.shelf import Shelf
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.book import Book, Kept
from samsyn.webkit.registers.showing import title_of

DAYS = 30
BEST = 10
ORDERS = 20_000
"""So many of the newest orders are reckoned with, however large the company is."""
NO_SALE = frozenset(
    "offert makulerad quotation quote offer cancelled canceled lost draft utkast förlorad".split()
)
"""Orders of such a status are not sold."""
Sums = defaultdict[str, Decimal]


class Sold(msgspec.Struct, frozen=True):
    """What was sold in 30 days: the best customers and products by record, and in which currency."""

    customers: tuple[tuple[str, Decimal], ...]
    products: tuple[tuple[str, Decimal], ...]
    currency: str
    others: bool
    """Whether there are orders in other currencies, which are left out."""


_shelf: Shelf[Sold] = Shelf()


def best_customers(book: Book, trade: Trade) -> Content:
    """Customers by what they have ordered."""
    sold = _sold(book, trade)
    return _ranking(book, sold.customers, sold)


def best_products(book: Book, trade: Trade) -> Content:
    """Products by what was ordered of them."""
    sold = _sold(book, trade)
    return _ranking(book, sold.products, sold)


def at_hand(book: Book, trade: Trade) -> bool:
    """Whether nobody has to wait for the panels."""
    return _shelf.is_quick(_key(book, trade))


def _sold(book: Book, trade: Trade) -> Sold:
    return _shelf.get(_key(book, trade), lambda: _reckoned(book, trade))


def _key(book: Book, trade: Trade) -> str:
    """A company's address; who sees no order lines has no products reckoned."""
    return f"{book.root} {timezone.localdate()} {trade.lines is not None}"


def _reckoned(book: Book, trade: Trade) -> Sold:
    orders, currency, others = _orders(book, trade)
    by_customer: Sums = defaultdict(Decimal)
    for one in orders:
        _add(by_customer, one.fields.get(trade.customer.name), one.fields.get(trade.amount.name))
    by_product: Sums = defaultdict(Decimal)
    if trade.lines is not None and orders:
        lines = trade.lines
        name = lines.register.type.name
        for one in book.holding(name, lines.order.name, [order.id for order in orders]):
            _add(by_product, one.fields.get(lines.product.name), one.fields.get(lines.amount.name))
    return Sold(_best(by_customer), _best(by_product), currency, others)


def _orders(book: Book, trade: Trade) -> tuple[list[Kept], str, bool]:
    """The orders of 30 days in the currency that most of them have; the currency; whether others were left out."""
    since = timezone.localdate() - datetime.timedelta(days=DAYS)
    found = book.since(trade.orders.type.name, trade.date.name, since.isoformat(), ORDERS)
    orders = [one for one in found if _is_sale(trade, one.fields)]
    if trade.currency is None:
        return orders, "", False
    currencies = Counter(_text(one.fields.get(trade.currency.name)) for one in orders)
    main = currencies.most_common(1)[0][0] if currencies else ""
    left = [one for one in orders if _text(one.fields.get(trade.currency.name)) == main]
    return left, main, len(left) < len(orders)


def _is_sale(trade: Trade, fields: Mapping[str, Cell]) -> bool:
    return trade.status is None or _text(fields.get(trade.status.name)).casefold() not in NO_SALE


def _best(sums: Sums) -> tuple[tuple[str, Decimal], ...]:
    best = sorted(sums, key=lambda one: -sums[one])[:BEST]
    return tuple((one, sums[one]) for one in best if sums[one] > 0)


def _ranking(book: Book, best: Sequence[tuple[str, Decimal]], sold: Sold) -> Content:
    named = book.records(one for one, _sum in best)
    types = {r.type.name: r.type for r in book.registers()}
    to = Addresses(book.root)
    ranked = [
        Ranked(title_of(types[kept.type], kept), value, to.card(kept.type, one))
        for one, value in best
        if (kept := named.get(one)) is not None
    ]
    note = _("Orders in other currencies are not counted.") if sold.others else ""
    return ranking(ranked, _("Nothing was ordered in the last 30 days."), sold.currency, note)


def _add(sums: Sums, of: Cell, amount: Cell) -> None:
    if isinstance(of, str):
        sums[of] += _number(amount)


def _number(cell: Cell) -> Decimal:
    try:
        return Decimal(str(to_value(cell)))
    except InvalidOperation:
        return Decimal(0)


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else ""
