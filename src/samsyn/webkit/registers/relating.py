"""What refers to a record, register by register."""

from __future__ import annotations

from typing import Any

from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.core.listing import Condition, Op, Order, Query
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.book import Book, Kept, Register
from samsyn.webkit.registers.lines.sheets import sheet_of
from samsyn.webkit.registers.showing import line_of, title_of

SHOWN = 5
"""Records of each register that are shown of what refers to one."""


def referring(book: Book, kept: Kept, *, empty_too: bool) -> list[dict[str, Any]]:  # Any: as shown
    """For each reference of a register to the record's: the first that refer, and where to see all.

    With `empty_too` also registers of which none does, where the person may make one; but not
    the lines that its card shows as such.
    """
    to = Addresses(book.root)
    sheet = sheet_of(book.register(kept.type).type, book.registers()) if empty_too else None
    return [
        told
        for register in book.registers()
        if sheet is None or register.type.name != sheet.register.type.name
        for field in register.type.fields
        if field.reference is not None and field.reference.type == kept.type
        if (told := _told(book, to, register, field, kept, empty_too)) is not None
    ]


def _told(
    book: Book, to: Addresses, register: Register, field: Field, kept: Kept, empty_too: bool
) -> dict[str, Any] | None:  # Any: as shown
    condition = Condition(field.name, Op.EQ, kept.id)
    newest = newest_first(register.type)
    listed = book.page(
        register.type.name,
        Query(filter=(condition,), sort=(newest,) if newest else (), limit=SHOWN),
    )
    may_add = register.makes and not register.type.is_read_only(field)
    if not listed.records and not (empty_too and may_add):
        return None
    return {
        "register": register,
        "field": field.label or field.name,
        "required": register.type.is_required(field),
        "rows": [
            {
                "title": title_of(register.type, one),
                "url": to.card(one.type, one.id),
                "more": line_of(register.type, one, field.name),
            }
            for one in listed.records
        ],
        "all": to.list(register.type.name, condition),
        "more": listed.next is not None,
        "new": to.new(register.type.name, **{f"v:{field.name}": kept.id}) if may_add else "",
    }


def newest_first(record_type: RecordType) -> Order | None:
    """An order that puts the newest first where the records have a moment or a day."""
    for kind in (Kind.DATETIME, Kind.DATE):
        for field in record_type.shown:
            if field.kind is kind:
                return Order(field.name, descending=True)
    return None
