"""Which field of a register tells that a record is in use no more, if one does."""

from __future__ import annotations

import re

import msgspec

from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.core.cells import Cell
from samsyn.webkit.registers.book import Kept, Register

_ON = re.compile(r"(is_|ist_|är_)?(active|aktiv|enabled|in_use)", re.IGNORECASE)
_OFF = re.compile(
    r"(is_|ist_|är_)?(inactive|inaktiv|disabled|blocked|spärrad|sparrad|discontinued|utgått|utgatt|archived"
    r"|arkiverad|retired|gesperrt|obsolete)",
    re.IGNORECASE,
)


class Activeness(msgspec.Struct, frozen=True):
    """A yes-or-no field, and the answer that means that the record is in use."""

    field: Field
    on: bool

    def is_on(self, kept: Kept) -> bool:
        """Whether the record is in use; one that does not say is."""
        cell = kept.fields.get(self.field.name)
        return _truth(cell) is not (not self.on)

    def shows(self, on: bool) -> bool:
        """The field's value for a record that is to be in use, or not."""
        return self.on if on else not self.on


def activeness_of(record_type: RecordType) -> Activeness | None:
    """The field that tells; None where the register has none, or more than one might be it."""
    found = [
        Activeness(field, on)
        for field in record_type.fields
        if field.kind is Kind.BOOLEAN
        for pattern, on in ((_ON, True), (_OFF, False))
        if pattern.fullmatch(field.name)
    ]
    return found[0] if len(found) == 1 else None


def may_switch(register: Register) -> Activeness | None:
    """The field, where the person may write it."""
    found = activeness_of(register.type)
    if found is None or not register.writable or register.type.is_read_only(found.field):
        return None
    return found


def _truth(cell: Cell) -> bool | None:
    return bool(cell) if isinstance(cell, bool | int) else None
