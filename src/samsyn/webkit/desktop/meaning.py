"""Which register of a catalog is that of employees, activities, orders: by names that programs use, and by what refers to what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.webkit.registers.book import Register

EMPLOYEES = "employees employee anställda anstallda medarbetare staff".split()
ACTIVITIES = "activities activity aktiviteter aktivitet tasks uppgifter appointments".split()
CUSTOMERS = "contacts contact customers customer kunder kund kontakter clients companies".split()
ORDERS = "orders order salesorders ordrar försäljningsordrar forsaljningsordrar sales".split()
PRODUCTS = "products product produkter artiklar articles items".split()

ADDRESSES = "email epost mail emailaddress".split()
DONE = "done completed finished klar utförd utford avslutad".split()
STARTS = "startsat start startdate begins startar starttid date datum due duedate".split()
DATES = "orderdate orderdatum date datum enteredat created createdat".split()
AMOUNTS = "netamount net nettobelopp amount belopp totalamount total sum summa".split()
CURRENCIES = "currency valuta currencycode".split()
STATUSES = "status orderstatus state".split()
MOMENTS = (Kind.DATE, Kind.DATETIME)
SUMS = (Kind.DECIMAL, Kind.REAL)


class Work(msgspec.Struct, frozen=True):
    """A register of activities: whose each is, when it begins, and whether it is done."""

    register: Register
    whose: Field
    starts: Field
    done: Field | None


class Trade(msgspec.Struct, frozen=True):
    """A register of orders, and that of their lines where there is one."""

    orders: Register
    customer: Field
    date: Field
    amount: Field
    currency: Field | None
    status: Field | None
    lines: Lines | None


class Lines(msgspec.Struct, frozen=True):
    """A register of order lines: of which order, of which product, how much."""

    register: Register
    order: Field
    product: Field
    amount: Field


def employees_in(registers: Iterable[Register]) -> tuple[Register, Field] | None:
    """The register of employees, and the field with their e-mail addresses."""
    found = _named(registers, EMPLOYEES)
    email = None if found is None else _field(found.type, ADDRESSES, (Kind.TEXT,))
    return None if found is None or email is None else (found, email)


def work_in(registers: Sequence[Register]) -> Work | None:
    """The register of activities that belong to employees."""
    found, employees = _named(registers, ACTIVITIES), _named(registers, EMPLOYEES)
    if found is None or employees is None:
        return None
    whose = _reference(found.type, employees)
    starts = _field(found.type, STARTS, MOMENTS)
    if whose is None or starts is None:
        return None
    return Work(found, whose, starts, _field(found.type, DONE, (Kind.BOOLEAN,)))


def trade_in(registers: Sequence[Register]) -> Trade | None:
    """The register of orders, where each has a customer, a date and an amount."""
    orders, customers = _named(registers, ORDERS), _named(registers, CUSTOMERS)
    if orders is None or customers is None:
        return None
    customer = _reference(orders.type, customers)
    date = _field(orders.type, DATES, MOMENTS)
    amount = _field(orders.type, AMOUNTS, SUMS)
    if customer is None or date is None or amount is None:
        return None
    return Trade(
        orders,
        customer,
        date,
        amount,
        _field(orders.type, CURRENCIES, (Kind.TEXT,)),
        _field(orders.type, STATUSES, (Kind.TEXT,)),
        _lines(registers, orders),
    )


def _lines(registers: Sequence[Register], orders: Register) -> Lines | None:
    """The register whose records name an order and a product."""
    products = _named(registers, PRODUCTS)
    if products is None:
        return None
    for one in registers:
        order, product = _reference(one.type, orders), _reference(one.type, products)
        amount = _field(one.type, AMOUNTS, SUMS)
        if order is not None and product is not None and amount is not None:
            return Lines(one, order, product, amount)
    return None


def _named(registers: Iterable[Register], names: Sequence[str]) -> Register | None:
    known = {plain(one.type.name): one for one in registers}
    return next((known[name] for name in names if name in known), None)


def _field(record_type: RecordType, names: Sequence[str], kinds: Sequence[Kind]) -> Field | None:
    known = {plain(field.name): field for field in record_type.fields if field.kind in kinds}
    return next((known[name] for name in names if name in known), None)


def _reference(record_type: RecordType, to: Register) -> Field | None:
    fields = (f for f in record_type.fields if f.reference is not None)
    return next((f for f in fields if f.reference and f.reference.type == to.type.name), None)


def plain(name: str) -> str:
    """A name as programs write it in many ways: without a schema, case, blanks and dashes."""
    return "".join(c for c in name.rpartition(".")[2].casefold() if c.isalnum())
