"""A list as a file: comma-separated values or an Excel workbook, as large as it is."""

from __future__ import annotations

import csv
import datetime
import functools
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import formats, timezone, translation
from django.views.decorators.http import require_GET

from samsyn.core.catalog import Field, Kind
from samsyn.core.cells import Cell
from samsyn.core.listing import NUMBERS
from samsyn.core.values import render
from samsyn.webkit import security_log
from samsyn.webkit.registers import asking, moments
from samsyn.webkit.registers.addresses import Addresses, name_in
from samsyn.webkit.registers.book import Book, Kept
from samsyn.webkit.registers.guarding import of_book
from samsyn.webkit.registers.paging import pages
from samsyn.webkit.registers.showing import Names, Value, labels, value_of
from samsyn.webkit.security_log import Event
from samsyn.webkit.tables.workbook import Entry, workbook

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that a spreadsheet takes for a formula."""
LEFT_OUT = frozenset({Kind.BLOB})
DIGITS = 15
"""More of them a spreadsheet would round: such a number is written as text."""
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = list[tuple[Field, Kept, Callable[[], Value]]]
"""Of each field what it is, whose, and how it is shown: what is not asked for is not made."""


class _Line:
    """Takes one line of the csv module and gives it back."""

    def write(self, line: str) -> str:
        return line


@require_GET
@of_book
def export(request: HttpRequest, book: Book, register: str) -> HttpResponseBase:
    """The list as it is filtered and sorted, with all its fields; `as=xlsx` for Excel."""
    name = name_in(register)
    found = book.register(name)
    asked = asking.asked(found.type, request.GET)
    fields = [field for field in found.type.shown if field.kind not in LEFT_OUT]
    head = [labels(found.type)[field.name] for field in fields]
    rows = _rows(book, name, fields, asked)
    security_log.told(Event.EXPORTED, what=name, path=request.path)
    if request.GET.get("as") == "xlsx":
        made = workbook(found.label, head, ([_entry(*one) for one in row] for row in rows))
        return _file(made, EXCEL, f"{_file_name(found.label)}.xlsx")
    return _file(
        _csv_lines(head, rows), "text/csv; charset=utf-8", f"{_file_name(found.label)}.csv"
    )


def _file(pieces: Iterator[str | bytes], kind: str, name: str) -> HttpResponseBase:
    answer = StreamingHttpResponse(_in_this_language(pieces), content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _in_this_language(pieces: Iterator[str | bytes]) -> Iterator[str | bytes]:
    """The pieces, each made as the reader's language and zone want it: they are made after the view."""
    language, zone = translation.get_language() or "en", timezone.get_current_timezone()

    def made() -> Iterator[str | bytes]:
        while True:
            with translation.override(language), timezone.override(zone):
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    return made()


def _rows(book: Book, name: str, fields: list[Field], asked: asking.Asked) -> Iterator[Row]:
    types, to = [r.type for r in book.registers()], Addresses(book.root)
    for page in pages(book, name, asked.query):
        names = Names(book, types, page.records)
        for kept in page.records:
            yield [
                (field, kept, functools.partial(value_of, field, kept, names, to))
                for field in fields
            ]


def _csv_lines(head: list[str], rows: Iterator[Row]) -> Iterator[str | bytes]:
    """Numbers and separators as spreadsheets of the language read them."""
    comma = formats.get_format("DECIMAL_SEPARATOR") == ","
    written: Callable[[list[str]], str] = csv.writer(
        _Line(), delimiter=";" if comma else ","
    ).writerow
    yield "\N{ZERO WIDTH NO-BREAK SPACE}"  # spreadsheets take the file for UTF-8 by it
    yield written([_safe(told, "") for told in head])
    for row in rows:
        yield written([_safe(value.text, value.kind) for _, _, shown in row for value in [shown()]])


def _safe(text: str, kind: str) -> str:
    """No text becomes a formula; numbers without what groups their digits."""
    if kind == "number":
        return "".join(text.replace(formats.get_format("THOUSAND_SEPARATOR"), "").split())
    return f"'{text}" if text.startswith(FORMULA) else text


def _entry(field: Field, kept: Kept, shown: Callable[[], Value]) -> Entry:
    """A value as a spreadsheet holds it: numbers and dates as such, all else as people read it."""
    cell = kept.fields.get(field.name)
    if cell is None or cell == "":
        return None
    entry: Entry = None
    if field.kind in NUMBERS and field.kind is not Kind.BOOLEAN:
        entry = _number(str(render(field, cell)))
    elif field.kind is Kind.DATE:
        entry = _day(cell)
    elif field.kind is Kind.DATETIME:
        entry = moments.local(cell)
    return shown().text if entry is None else entry


def _day(cell: Cell) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(cell))
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    try:
        exact = Decimal(text)
    except InvalidOperation:
        return None
    fits = exact.is_finite() and len(exact.as_tuple().digits) <= DIGITS
    return exact if fits else None


def _file_name(label: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in label).strip("-") or "list"
