"""Small edits of orders, order lines and products."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random

from samsyn.demo import goods
from samsyn.demo.company import Value, money, utc_moment
from samsyn.demo.desk import Desk
from samsyn.demo.picking import any_employee, any_of, any_product, whole
from samsyn.demo.telling import Happening, amount, counted
from samsyn.demo.trade import vat_percent

_MOST_LINES = 4
_NEXT = {
    "Offert": ("Order", "is accepted", "är antagen"),
    "Order": ("Levererad", "is delivered", "är levererad"),
    "Levererad": ("Fakturerad", "is invoiced", "är fakturerad"),
}


def order_entered(desk: Desk, dice: Random, now: dt.datetime) -> Happening | None:
    """A customer orders some products."""
    found = any_of(
        desk,
        dice,
        "contacts",
        "contact_no, name, currency, country, discount_percent",
        "contact_type <> ? AND blocked = FALSE",
        "Leverantör",
    )
    if found is None or any_product(desk, dice, "product_no") is None:
        return None
    contact_no, name, currency = whole(found[0]), found[1], str(found[2])
    seller = any_employee(desk, dice)
    order_no = desk.enter(
        "orders",
        {
            "contact_no": contact_no,
            "our_reference": seller[0] if seller else None,
            "order_date": now.date().isoformat(),
            "delivery_date": (now.date() + dt.timedelta(days=dice.randint(1, 9))).isoformat(),
            "currency": currency,
            "vat_percent": vat_percent(str(found[3])),
            "entered_at": utc_moment(now),
        },
    )
    lines = _enter_lines(desk, dice, order_no, currency, int(Decimal(str(found[4]))))
    english, swedish = amount(_total(desk, order_no), currency)
    return Happening(
        "orders",
        order_no,
        f"Order {order_no} for {name}: {counted(lines, 'line', 'lines')}, {english}",
        f"Order {order_no} till {name}: {counted(lines, 'rad', 'rader')}, {swedish}",
    )


def order_advanced(desk: Desk, dice: Random, now: dt.datetime) -> Happening | None:
    """An order goes on to its next status."""
    found = any_of(
        desk,
        dice,
        "orders",
        "order_no, status, (SELECT name FROM contacts c WHERE c.contact_no = orders.contact_no)",
        "status IN (?, ?, ?)",
        *_NEXT,
    )
    if found is None:
        return None
    order_no, name = whole(found[0]), found[2]
    status, english, swedish = _NEXT[str(found[1])]
    desk.write("UPDATE orders SET status = ? WHERE order_no = ?", status, order_no)
    return Happening(
        "orders",
        order_no,
        f"Order {order_no} for {name} {english}",
        f"Order {order_no} till {name} {swedish}",
    )


def line_changed(desk: Desk, dice: Random, now: dt.datetime) -> Happening | None:
    """A customer wants more of something that is not delivered yet."""
    found = any_of(
        desk,
        dice,
        "order_lines",
        "line_id, order_no, text, quantity",
        "order_no IN (SELECT order_no FROM orders WHERE status IN (?, ?))",
        "Offert",
        "Order",
    )
    if found is None:
        return None
    line_id, order_no, text, before = whole(found[0]), whole(found[1]), found[2], whole(found[3])
    quantity = before + dice.randint(1, 6)
    desk.write("UPDATE order_lines SET quantity = ? WHERE line_id = ?", quantity, line_id)
    currency = desk.row("SELECT currency FROM orders WHERE order_no = ?", order_no)
    assert currency is not None
    english, swedish = amount(_total(desk, order_no), str(currency[0]))
    return Happening(
        "order_lines",
        line_id,
        f"Order {order_no}: {quantity} × {text} instead of {before}, in all {english}",
        f"Order {order_no}: {quantity} × {text} i stället för {before}, totalt {swedish}",
    )


def price_changed(desk: Desk, dice: Random, now: dt.datetime) -> Happening | None:
    """A product gets dearer, to the whole krona."""
    found = any_product(desk, dice, "product_no, name, price")
    if found is None:
        return None
    product_no, name, before = str(found[0]), found[1], Decimal(str(found[2]))
    price = int(before * (100 + dice.randint(2, 7)) / 100) + 1
    desk.write("UPDATE products SET price = ? WHERE product_no = ?", f"{price}.00", product_no)
    (old, gammalt), (new, nytt) = amount(before, "SEK"), amount(price, "SEK")
    return Happening(
        "products",
        product_no,
        f"{name} now costs {new} (was {old})",
        f"{name} kostar nu {nytt} (förut {gammalt})",
    )


def stock_counted(desk: Desk, dice: Random, now: dt.datetime) -> Happening | None:
    """Somebody has counted what is on a shelf."""
    found = any_product(desk, dice, "product_no, name, unit, stock")
    if found is None:
        return None
    product_no, name, unit = str(found[0]), found[1], found[2]
    stock = max(0, whole(found[3]) + dice.choice((-7, -4, -3, -2, -1, 1, 2, 24, 48)))
    desk.write("UPDATE products SET stock = ? WHERE product_no = ?", stock, product_no)
    return Happening(
        "products",
        product_no,
        f"Stock of {name} counted: {stock} {unit}",
        f"Lagret av {name} räknat: {stock} {unit}",
    )


def _enter_lines(desk: Desk, dice: Random, order_no: int, currency: str, discount: int) -> int:
    """Enter some lines, no product twice; gives how many."""
    taken: set[str] = set()
    for _ in range(dice.randint(1, _MOST_LINES)):
        found = any_product(desk, dice, "product_no, name, price")
        assert found is not None
        product_no, price = str(found[0]), Decimal(str(found[2]))
        if product_no in taken:
            continue
        taken.add(product_no)
        line: dict[str, Value] = {
            "order_no": order_no,
            "line_no": len(taken),
            "product_no": product_no,
            "text": str(found[1]),
            "quantity": dice.choice((1, 1, 2, 3, 4, 5, 10, 20)),
            "unit_price": money(goods.price_in(currency, int(price * 100))),
            "discount_percent": discount,
        }
        desk.enter("order_lines", line)
    return len(taken)


def _total(desk: Desk, order_no: int) -> object:
    """What the business program's own triggers have reckoned."""
    found = desk.row("SELECT total_amount FROM orders WHERE order_no = ?", order_no)
    assert found is not None
    return found[0]
