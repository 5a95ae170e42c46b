"""The panels that both programs have: what a company's registers say of its work and its trade."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from samsyn.webkit.desktop.contents import Row, rows
from samsyn.webkit.desktop.desk import SELDOM_S, Content, Panel
from samsyn.webkit.desktop.meaning import trade_in
from samsyn.webkit.desktop.sales import at_hand, best_customers, best_products
from samsyn.webkit.desktop.viewed import recently_viewed
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.book import Book, Register


def ways_in(book: Book, seen: list[Register], none: str) -> Iterator[Panel]:
    """What the person looked at last, and the registers; `none` is said where there are none."""
    yield Panel("viewed", _("Recently viewed"), "clock", lambda: recently_viewed(book))
    yield Panel("registers", _("Registers"), "list", lambda: _registers(book, seen, none))


def _registers(book: Book, seen: list[Register], none: str) -> Content:
    to = Addresses(book.root)
    return rows((Row(one.label, to.list(one.type.name)) for one in seen), none)


def of_the_trade(book: Book, seen: list[Register]) -> Iterator[Panel]:
    """The best customers and products, where the registers hold orders."""
    trade = trade_in(seen)
    if trade is None:
        return
    yield Panel(
        "customers",
        _("Best customers of 30 days"),
        "star",
        lambda: best_customers(book, trade),
        every_s=SELDOM_S,
        ready=lambda: at_hand(book, trade),
    )
    if trade.lines is not None:
        yield Panel(
            "products",
            _("Best-selling products of 30 days"),
            "box",
            lambda: best_products(book, trade),
            every_s=SELDOM_S,
            ready=lambda: at_hand(book, trade),
        )
