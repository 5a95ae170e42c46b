"""The registers of a small trading firm, as a catalog."""

from __future__ import annotations

from typing import TypedDict, Unpack

from samsyn.core.catalog import Field, KeyGiver, Kind, RecordType, Reference


class More(TypedDict, total=False):
    """What else may be said of a field."""

    required: bool
    nullable: bool
    read_only: bool
    generated: bool
    has_default: bool


def _number(name: str) -> Field:
    return Field(name, Kind.INTEGER, "INTEGER", read_only=True, nullable=False, has_default=True)


def _text(name: str, length: int = 60, **more: Unpack[More]) -> Field:
    return Field(name, Kind.TEXT, "TEXT", max_length=length, **more)


def _money(name: str, **more: Unpack[More]) -> Field:
    return Field(name, Kind.DECIMAL, "NUMERIC", precision=12, scale=2, **more)


def _to(name: str, type_: str, column: str, **more: Unpack[More]) -> Field:
    return Field(name, Kind.REFERENCE, "INTEGER", reference=Reference(type_, column), **more)


CONTACTS = RecordType(
    "contacts", 1, "contacts", ("contact_no",), KeyGiver.OFFICE,
    (
        _number("contact_no"),
        _text("name", required=True, nullable=False),
        _text("street"),
        _text("city"),
        _text("phone"),
        _text("email"),
        _money("credit_limit"),
        Field("currency", Kind.TEXT, "TEXT", choices=("SEK", "NOK", "EUR"), has_default=True),
        Field("customer_since", Kind.DATE, "NUMERIC"),
        Field("blocked", Kind.BOOLEAN, "NUMERIC", has_default=True),
        Field("logo", Kind.BLOB, "BLOB"),
        Field("notes", Kind.TEXT, "TEXT"),
    ),
    title="name",
)  # fmt: skip
PERSONS = RecordType(
    "persons", 2, "persons", ("id",), KeyGiver.OFFICE,
    (
        _number("id"),
        _to("contact_no", "contacts", "contact_no", required=True, nullable=False),
        _text("name", required=True, nullable=False),
    ),
    title="name",
)  # fmt: skip
ACTIVITIES = RecordType(
    "activities", 3, "activities", ("id",), KeyGiver.OFFICE,
    (
        _number("id"),
        _text("subject", required=True, nullable=False),
        Field("starts_at", Kind.DATETIME, "NUMERIC", required=True, nullable=False),
        Field("ends_at", Kind.DATETIME, "NUMERIC"),
        Field("all_day", Kind.BOOLEAN, "NUMERIC", has_default=True),
        _to("contact_no", "contacts", "contact_no"),
    ),
    title="subject",
)  # fmt: skip
PRODUCTS = RecordType(
    "products", 4, "products", ("product_no",), KeyGiver.PERSON,
    (
        _text("product_no", 20, required=True, nullable=False),
        _text("name", required=True, nullable=False),
        _money("price"),
    ),
    title="name",
)  # fmt: skip
ORDERS = RecordType(
    "orders", 5, "orders", ("order_no",), KeyGiver.OFFICE,
    (
        _number("order_no"),
        _to("contact_no", "contacts", "contact_no", required=True, nullable=False),
        Field("order_date", Kind.DATE, "NUMERIC", required=True, nullable=False),
        Field("currency", Kind.TEXT, "TEXT", choices=("SEK", "NOK", "JPY"), has_default=True),
        _money("net_amount", read_only=True),
        _money("total_amount", read_only=True),
    ),
)  # fmt: skip
LINES = RecordType(
    "order_lines", 6, "order_lines", ("line_id",), KeyGiver.OFFICE,
    (
        _number("line_id"),
        _to("order_no", "orders", "order_no", required=True, nullable=False),
        Field("line_no", Kind.INTEGER, "INTEGER", required=True, nullable=False),
        _to("product_no", "products", "product_no", required=True, nullable=False),
        _text("text", 120, required=True, nullable=False),
        Field("quantity", Kind.INTEGER, "INTEGER", has_default=True, nullable=False),
        _money("unit_price", required=True, nullable=False),
        Field("discount_percent", Kind.DECIMAL, "NUMERIC", precision=5, scale=2, has_default=True),
        _money("amount", generated=True, read_only=True),
    ),
    title="text",
)  # fmt: skip
TYPES = (CONTACTS, PERSONS, ACTIVITIES, PRODUCTS, ORDERS, LINES)
