"""What registers and fields are called, for people: in their language where the words are known, and in a good order.

A catalog's labels are made of the names in the database, and so are English, Swedish
or whatever its maker spoke. The words that business programs use for the same few things are
known here; any other label stands as it is.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

import msgspec
from django.utils.translation import get_language, pgettext, pgettext_lazy

from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.webkit.registers.book import Register

NUMBER = re.compile(r"(?<=\w) (no|nr|id|code|number|key)$", re.IGNORECASE)
"""What names add to say that a reference is a number: a person is shown what it leads to."""
FIRST = (
    "contacts", "customers", "companies", "contact persons", "persons", "people", "activities",
    "calendar", "appointments", "tasks", "products", "articles", "items", "orders", "order lines",
    "order details", "invoices", "invoice lines", "projects", "time sheets", "employees", "suppliers",
)  # fmt: skip
"""The registers that people open most, in the order in which work meets them."""
FEW_FIELDS = 5


def named(record_type: RecordType) -> RecordType:
    """The type with labels for who reads now."""
    return _named(record_type, get_language())


@functools.lru_cache(maxsize=4096)
def _named(record_type: RecordType, language: str | None) -> RecordType:
    label = pgettext("register", record_type.label or record_type.name)
    fields = tuple(_named_field(field) for field in record_type.fields)
    lacking = tuple(pgettext("field", one) for one in record_type.lacking)
    return msgspec.structs.replace(record_type, label=label, fields=fields, lacking=lacking)


forget = _named.cache_clear
"""For whoever puts other translations in place."""


def _named_field(field: Field) -> Field:
    label = field.label or field.name
    if field.kind is Kind.REFERENCE:
        label = NUMBER.sub("", label)
    return msgspec.structs.replace(field, label=pgettext("field", label))


def in_order(registers: Iterable[Register]) -> list[Register]:
    """The registers as a person looks for them: those of daily work, the others, and at last short lists to choose from."""
    return sorted(registers, key=_place)  # which keeps the catalog's order among equals


def one_of(record_type: RecordType) -> str:
    """What stands before a record's number where that is all it is called by: *Order 1005*."""
    return str(ONE.get(_plain(record_type), record_type.label or record_type.name))


def _plain(record_type: RecordType) -> str:
    return record_type.name.rpartition(".")[2].replace("_", " ").casefold()


def _place(register: Register) -> tuple[int, int]:
    name = _plain(register.type)
    if name in FIRST:
        return (0, FIRST.index(name))
    refers = any(field.kind is Kind.REFERENCE for field in register.type.fields)
    is_list = not refers and len(register.type.fields) <= FEW_FIELDS
    return (2 if is_list else 1, 0)


ONE = {
    "invoice lines": pgettext_lazy("one", "Invoice line"),
    "invoices": pgettext_lazy("one", "Invoice"),
    "order lines": pgettext_lazy("one", "Order line"),
    "orders": pgettext_lazy("one", "Order"),
    "time sheets": pgettext_lazy("one", "Time sheet"),
}
"""One record of the registers whose records have a number and no name."""
KNOWN = (
    pgettext_lazy("register", "Activities"),
    pgettext_lazy("register", "Articles"),
    pgettext_lazy("register", "Categories"),
    pgettext_lazy("register", "Companies"),
    pgettext_lazy("register", "Contact persons"),
    pgettext_lazy("register", "Contact statuses"),
    pgettext_lazy("register", "Contacts"),
    pgettext_lazy("register", "Customers"),
    pgettext_lazy("register", "Employees"),
    pgettext_lazy("register", "Invoice lines"),
    pgettext_lazy("register", "Invoices"),
    pgettext_lazy("register", "Order details"),
    pgettext_lazy("register", "Order lines"),
    pgettext_lazy("register", "Orders"),
    pgettext_lazy("register", "Product groups"),
    pgettext_lazy("register", "Products"),
    pgettext_lazy("register", "Project members"),
    pgettext_lazy("register", "Projects"),
    pgettext_lazy("register", "Shippers"),
    pgettext_lazy("register", "Suppliers"),
    pgettext_lazy("register", "Time sheets"),
    pgettext_lazy("field", "Active"),
    pgettext_lazy("field", "Activity ID"),
    pgettext_lazy("field", "Activity type"),
    pgettext_lazy("field", "Address"),
    pgettext_lazy("field", "All day"),
    pgettext_lazy("field", "Amount"),
    pgettext_lazy("field", "Approved by"),
    pgettext_lazy("field", "Billable"),
    pgettext_lazy("field", "Blocked"),
    pgettext_lazy("field", "Budget"),
    pgettext_lazy("field", "City"),
    pgettext_lazy("field", "Company name"),
    pgettext_lazy("field", "Contact"),
    pgettext_lazy("field", "Contact no"),
    pgettext_lazy("field", "Contact type"),
    pgettext_lazy("field", "Cost price"),
    pgettext_lazy("field", "Country"),
    pgettext_lazy("field", "Credit limit"),
    pgettext_lazy("field", "Currency"),
    pgettext_lazy("field", "Customer"),
    pgettext_lazy("field", "Customer since"),
    pgettext_lazy("field", "Delivery city"),
    pgettext_lazy("field", "Delivery date"),
    pgettext_lazy("field", "Delivery postal code"),
    pgettext_lazy("field", "Delivery street"),
    pgettext_lazy("field", "Department"),
    pgettext_lazy("field", "Description"),
    pgettext_lazy("field", "Discontinued"),
    pgettext_lazy("field", "Discount"),
    pgettext_lazy("field", "Discount percent"),
    pgettext_lazy("field", "Done"),
    pgettext_lazy("field", "Done at"),
    pgettext_lazy("field", "EAN"),
    pgettext_lazy("field", "Email"),
    pgettext_lazy("field", "Employee"),
    pgettext_lazy("field", "Employee ID"),
    pgettext_lazy("field", "Ends at"),
    pgettext_lazy("field", "Ends on"),
    pgettext_lazy("field", "Entered at"),
    pgettext_lazy("field", "Fax"),
    pgettext_lazy("field", "First name"),
    pgettext_lazy("field", "Group"),
    pgettext_lazy("field", "Group code"),
    pgettext_lazy("field", "Hired on"),
    pgettext_lazy("field", "Hourly rate"),
    pgettext_lazy("field", "Hours"),
    pgettext_lazy("field", "Initials"),
    pgettext_lazy("field", "Job title"),
    pgettext_lazy("field", "Last name"),
    pgettext_lazy("field", "Line ID"),
    pgettext_lazy("field", "Line no"),
    pgettext_lazy("field", "Main contact"),
    pgettext_lazy("field", "Manager"),
    pgettext_lazy("field", "Mobile"),
    pgettext_lazy("field", "Name"),
    pgettext_lazy("field", "Net amount"),
    pgettext_lazy("field", "Newsletter"),
    pgettext_lazy("field", "Notes"),
    pgettext_lazy("field", "Order"),
    pgettext_lazy("field", "Order date"),
    pgettext_lazy("field", "Order no"),
    pgettext_lazy("field", "Org no"),
    pgettext_lazy("field", "Our reference"),
    pgettext_lazy("field", "Payment days"),
    pgettext_lazy("field", "Percent done"),
    pgettext_lazy("field", "Person"),
    pgettext_lazy("field", "Person ID"),
    pgettext_lazy("field", "Phone"),
    pgettext_lazy("field", "Postal code"),
    pgettext_lazy("field", "Price"),
    pgettext_lazy("field", "Priority"),
    pgettext_lazy("field", "Product"),
    pgettext_lazy("field", "Product no"),
    pgettext_lazy("field", "Project"),
    pgettext_lazy("field", "Project no"),
    pgettext_lazy("field", "Project type"),
    pgettext_lazy("field", "Quantity"),
    pgettext_lazy("field", "Role"),
    pgettext_lazy("field", "Shelf"),
    pgettext_lazy("field", "Sort order"),
    pgettext_lazy("field", "Starts at"),
    pgettext_lazy("field", "Starts on"),
    pgettext_lazy("field", "Status"),
    pgettext_lazy("field", "Status code"),
    pgettext_lazy("field", "Stock"),
    pgettext_lazy("field", "Street"),
    pgettext_lazy("field", "Subject"),
    pgettext_lazy("field", "Supplier"),
    pgettext_lazy("field", "Text"),
    pgettext_lazy("field", "Their order"),
    pgettext_lazy("field", "Time sheet ID"),
    pgettext_lazy("field", "Total amount"),
    pgettext_lazy("field", "Unit"),
    pgettext_lazy("field", "Unit price"),
    pgettext_lazy("field", "VAT amount"),
    pgettext_lazy("field", "VAT percent"),
    pgettext_lazy("field", "Website"),
    pgettext_lazy("field", "Weight kg"),
    pgettext_lazy("field", "Work date"),
    pgettext_lazy("field", "Work type"),
)
"""The words whose Swedish is in the translations; they are collected from here."""
