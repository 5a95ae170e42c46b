"""The rows of orders and their lines, with sums that are right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

import msgspec

from samsyn.demo import goods, talk
from samsyn.demo.company import FIRST_ORDER_NO, Company, Contact, Row, Subject, moment, money

_DAYS = 730
_HOME = "SE"


class Line(msgspec.Struct, frozen=True):
    """One line of an order; amounts are in hundredths of the order's currency."""

    product: goods.Product
    quantity: int
    unit_price: int
    discount_percent: int

    @property
    def amount(self) -> int:
        """What the line comes to: always whole hundredths (see goods.price_in)."""
        return self.quantity * self.unit_price * (100 - self.discount_percent) // 100


class Order(msgspec.Struct, frozen=True):
    """One order with its lines."""

    order_no: int
    customer: Contact
    order_date: dt.date
    vat_percent: int
    lines: tuple[Line, ...]

    @property
    def net(self) -> int:
        """The sum of the lines."""
        return sum(line.amount for line in self.lines)

    @property
    def vat(self) -> int:
        """The tax on the sum, rounded half up."""
        return (self.net * self.vat_percent + 50) // 100


def lines_for(
    customer: Contact, products: tuple[goods.Product, ...], dice: Random
) -> tuple[Line, ...]:
    """What the customer orders: one to six articles, no article twice."""
    chosen = dice.sample(products, min(len(products), 1 + int(dice.random() ** 1.5 * 6)))
    return tuple(
        Line(
            product,
            _quantity(product, dice),
            goods.price_in(customer.currency, product.price_ore),
            customer.discount_percent,
        )
        for product in chosen
    )


def vat_percent(country: str) -> int:
    """The firm charges tax at home; a buyer in another country reckons it there."""
    return 25 if country == _HOME else 0


def order_rows(company: Company) -> Iterator[Row]:
    """The orders of the last two years, oldest first."""
    for n in range(company.sizes.orders if company.sizes.contacts else 0):
        order = _order(company, n)
        yield _order_row(company, order, company.dice(Subject.ORDER, company.sizes.orders + n))


def line_rows(company: Company) -> Iterator[Row]:
    """The lines of the same orders."""
    line_id = 0
    for n in range(company.sizes.orders if company.sizes.contacts else 0):
        order = _order(company, n)
        for line_no, line in enumerate(order.lines, start=1):
            line_id += 1
            yield (
                line_id,
                order.order_no,
                line_no,
                line.product.product_no,
                line.product.name,
                line.quantity,
                money(line.unit_price),
                line.discount_percent,
            )


def _order(company: Company, n: int) -> Order:
    dice = company.dice(Subject.ORDER, n)
    customer = company.customer(dice)
    return Order(
        order_no=FIRST_ORDER_NO + n,
        customer=customer,
        order_date=company.workday((n + dice.random()) / company.sizes.orders, _DAYS),
        vat_percent=vat_percent(customer.country),
        lines=lines_for(customer, company.products, dice),
    )


def _order_row(company: Company, order: Order, dice: Random) -> Row:
    customer = order.customer
    age = (company.today - order.order_date).days
    delivery = order.order_date + dt.timedelta(days=1 + int(dice.random() * 12))
    elsewhere = dice.random() < 0.12
    person = customer.first_person + int(dice.random() * customer.persons)
    return (
        order.order_no,
        customer.contact_no,
        person if customer.persons else None,
        company.employee(dice, "Försäljning").employee_id,
        None,
        _status(age, dice.random()),
        order.order_date.isoformat(),
        delivery.isoformat(),
        f"{1000 + int(dice.random() * 90000)}" if dice.random() < 0.5 else None,
        f"Bygge {1 + int(dice.random() * 30)}, {customer.address.street}" if elsewhere else None,
        customer.address.postal_code if elsewhere else None,
        customer.address.city if elsewhere else None,
        customer.currency,
        order.vat_percent,
        money(order.net),
        money(order.vat),
        money(order.net + order.vat),
        moment(order.order_date, 6 + int(dice.random() * 9), int(dice.random() * 60)),
        talk.ORDER_NOTES[int(dice.random() * len(talk.ORDER_NOTES))]
        if dice.random() < 0.15
        else None,
    )


def _status(age_days: int, chance: float) -> str:
    if age_days > 45:
        return "Makulerad" if chance < 0.04 else "Fakturerad"
    if age_days > 14:
        return "Fakturerad" if chance < 0.6 else "Levererad" if chance < 0.9 else "Order"
    return "Order" if chance < 0.6 else "Offert" if chance < 0.8 else "Levererad"


def _quantity(product: goods.Product, dice: Random) -> int:
    """More of what is cheap."""
    most = 40 if product.price_ore < 10_000 else 15 if product.price_ore < 50_000 else 4
    return 1 + int(dice.random() ** 2 * most)
