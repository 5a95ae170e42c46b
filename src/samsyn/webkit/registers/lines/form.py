"""The form of a record's lines: a row of controls for each, some empty rows for new ones."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.http import HttpRequest, QueryDict

from samsyn.core.cells import Cell
from samsyn.core.values import render
from samsyn.webkit.registers import entering
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.book import Book, Kept, StillSame, Write
from samsyn.webkit.registers.controls import Control
from samsyn.webkit.registers.lines.sheets import Sheet, price_of
from samsyn.webkit.registers.showing import title_of

MAX_LINES = 200
"""More are not edited on one page."""
MAX_NEW = 20
NEW = "new"


class Row(msgspec.Struct):
    """A line in the form."""

    id: str
    """The record's, or new0, new1 …"""
    kept: Kept | None
    controls: list[Control]
    away: bool = False
    """Whether it is to be taken away."""
    errors: list[str] = []

    @property
    def away_name(self) -> str:
        """The name under which a browser says so."""
        return f"l:{self.id}:away"

    @property
    def is_empty(self) -> bool:
        """Whether a new line says nothing yet."""
        return self.kept is None and all(c.value == c.was or not c.value for c in self.controls)

    @property
    def is_wrong(self) -> bool:
        """Whether something in it cannot be taken."""
        return bool(self.errors) or any(control.error for control in self.controls)


class LinesForm:
    """The lines of one record, as they are edited."""

    def __init__(
        self, book: Book, sheet: Sheet, parent: Kept, lines: Sequence[Kept], new: int
    ) -> None:
        self.book, self.sheet, self.parent = book, sheet, parent
        self.rows = [self._row(line.id, line) for line in lines]
        highest = max((self._number(line) for line in lines), default=0)
        self.rows += [
            self._row(f"{NEW}{n}", None, highest + n + 1) for n in range(min(new, MAX_NEW))
        ]
        self._complete()

    @property
    def controls(self) -> list[Control]:
        """Those of all rows."""
        return [control for row in self.rows for control in row.controls]

    @property
    def is_wrong(self) -> bool:
        """Whether something cannot be taken."""
        return any(row.is_wrong for row in self.rows)

    def show(self, sent: QueryDict) -> None:
        """Takes over what was written, to be shown once more; nothing is checked."""
        for row in self.rows:
            row.away = bool(sent.get(row.away_name))
            for control in row.controls:
                if control.name in sent and control.takes_text:
                    control.value = sent.get(control.name, "")
                    control.was = sent.get(control.was_name, control.was)
                    control.picked = sent.get(control.text_name, "")
        entering.fill_references(self.book, self.controls, keep_typed=True)

    def take(self, request: HttpRequest) -> list[Write]:
        """What was changed, as writes in the order of the rows; what is wrong stands at its control."""
        writes: list[Write] = []
        self._wrote: list[Row] = []
        for row in self.rows:
            row.away = bool(request.POST.get(row.away_name))
            given = entering.fill(self.book, row.controls, request, references=False)
            write = self._write(row, given)
            if write is not None:
                writes.append(write)
                self._wrote.append(row)
        entering.fill_references(self.book, self.controls)
        return writes

    def row_of(self, at: int) -> Row:
        """The row that made a write of `take`."""
        return self._wrote[at]

    def _write(self, row: Row, given: dict[str, object]) -> Write | None:
        name = self.sheet.register.type.name
        if row.kept is not None:
            if row.away:
                return Write(name, row.kept.id)
            return Write(name, row.kept.id, given, _same(row.controls)) if given else None
        if row.is_empty:
            _without_errors(row.controls)
            return None
        numbers = {c.field.name: c for c in row.controls}
        number = self.sheet.number
        if number is not None and number.name not in given and numbers[number.name].value:
            given[number.name] = entering.value_of(number, numbers[number.name].value)
        return Write(
            name,
            None,
            {self.sheet.parent.name: self.parent.id, **self._from_product(given), **given},
        )

    def _from_product(self, given: dict[str, object]) -> dict[str, object]:
        """Text and price of the product, where a new line does not say them."""
        field = self.sheet.product
        chosen = given.get(field.name) if field is not None else None
        product = self.book.records([chosen]).get(chosen) if isinstance(chosen, str) else None
        if product is None:
            return {}
        product_type = self.book.register(product.type).type
        told: dict[str, object] = {}
        if self.sheet.text is not None:
            told[self.sheet.text.name] = title_of(product_type, product)[
                : self.sheet.text.max_length
            ]
        price = price_of(product_type)
        if self.sheet.price is not None and price is not None:
            told[self.sheet.price.name] = render(price, product.fields.get(price.name))
        return told

    def _row(self, row_id: str, line: Kept | None, number: int = 0) -> Row:
        record_type = self.sheet.register.type
        fields = [f for f in self.sheet.columns if not record_type.is_read_only(f)]
        controls = entering.bare_controls(record_type, line, fields)
        for control in controls:
            control.prefix = f"l:{row_id}:"
            if line is None and control.field is self.sheet.number:
                control.value = control.was = str(number)
            if line is None and control.field in (self.sheet.text, self.sheet.price):
                control.required = control.required and self.sheet.product is None
        return Row(row_id, line, controls)

    def _number(self, line: Kept) -> int:
        cell = line.fields.get(self.sheet.number.name) if self.sheet.number else None
        return cell if isinstance(cell, int) else 0

    def _complete(self) -> None:
        entering.fill_references(self.book, self.controls)
        to = Addresses(self.book.root)
        for control in self.controls:
            if control.field.reference is not None:
                control.pick_url = to.pick(control.field.reference.type)


def _same(controls: Sequence[Control]) -> StillSame:
    by_name = {control.field.name: control for control in controls}

    def same(field: str, cell: Cell) -> bool:
        return entering.shows(by_name[field], cell)

    return same


def _without_errors(controls: Sequence[Control]) -> None:
    for control in controls:
        control.error = ""
