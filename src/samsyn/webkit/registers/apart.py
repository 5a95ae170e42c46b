"""Values shown apart from their record's card: in conflicts, in the quarantine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from samsyn.core.catalog import Field, RecordType
from samsyn.core.cells import Cell
from samsyn.webkit.registers.book import Book, Kept, Register
from samsyn.webkit.registers.heading import heading_of
from samsyn.webkit.registers.showing import plain_cell, title_of


class Apart(NamedTuple):
    """A cell, and where it belongs."""

    type: str
    field: str
    cell: Cell


class Values:
    """Shows cells in words; the records that they or others name are read at once."""

    def __init__(self, book: Book, cells: Iterable[Apart], records: Iterable[str] = ()) -> None:
        self.registers: Mapping[str, Register] = {r.type.name: r for r in book.registers()}
        named = {
            one.cell
            for one in cells
            if isinstance(one.cell, str) and self._is_reference(self.field(one.type, one.field))
        }
        self._kept = book.records(named | set(records))

    def field(self, type_name: str, name: str | None) -> Field | None:
        """The field, or None where the reader does not see it or it is gone."""
        register = self.registers.get(type_name)
        fields = register.type.fields if register is not None else ()
        return next((field for field in fields if field.name == name), None)

    def label(self, type_name: str, name: str) -> str:
        """What people call the field."""
        field = self.field(type_name, name)
        return name if field is None else field.label or name

    def text(self, one: Apart) -> str:
        """The cell in words; a record by its title, unless it is hidden from the reader."""
        field = self.field(one.type, one.field)
        if self._is_reference(field) and isinstance(one.cell, str):
            kept = self.kept(one.cell)
            return _("not shown") if kept is None else title_of(self._type(kept), kept)
        return plain_cell(field, one.cell).short

    def title(self, record: str) -> str:
        """What a record is called, *Order 1005*; empty where it is gone or hidden from the reader."""
        kept = self.kept(record)
        return "" if kept is None else heading_of(self._type(kept), kept)

    def unnamed(self, type_name: str) -> str:
        """What stands for a new record of which nothing is known here but its register."""
        register = self.registers[type_name].label
        return _("New in %(register)s") % {"register": register}

    def kept(self, record: str) -> Kept | None:
        """A record that was asked for, where the reader may see it."""
        return self._kept.get(record)

    def _type(self, kept: Kept) -> RecordType:
        return self.registers[kept.type].type

    @staticmethod
    def _is_reference(field: Field | None) -> bool:
        return field is not None and field.reference is not None
