"""A list as a file of comma-separated values, as large as it is."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import msgspec
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import formats
from django.views.decorators.http import require_GET

from samsyn.core.catalog import Kind
from samsyn.core.listing import MAX_PAGE
from samsyn.webkit.registers import asking
from samsyn.webkit.registers.addresses import Addresses, name_in
from samsyn.webkit.registers.book import Book
from samsyn.webkit.registers.guarding import of_book
from samsyn.webkit.registers.showing import Names, labels, value_of

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that a spreadsheet takes for a formula."""


class _Line:
    """Takes one line of the csv module and gives it back."""

    def write(self, line: str) -> str:
        return line


@require_GET
@of_book
def export(request: HttpRequest, book: Book, register: str) -> HttpResponseBase:
    """The list as it is filtered and sorted, with all its fields; numbers as spreadsheets of the language read them."""
    name = name_in(register)
    found = book.register(name)
    asked = asking.asked(found.type, request.GET)
    answer = StreamingHttpResponse(
        _lines(book, name, asked), content_type="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file_name(found.label)}.csv"'
    return answer


def _lines(book: Book, name: str, asked: asking.Asked) -> Iterator[str]:
    record_type = book.register(name).type
    fields = [f for f in record_type.shown if f.kind is not Kind.BLOB]
    types, to = [r.type for r in book.registers()], Addresses(book.root)
    comma = formats.get_format("DECIMAL_SEPARATOR") == ","
    writer = csv.writer(_Line(), delimiter=";" if comma else ",")
    called = labels(record_type)
    yield "\N{ZERO WIDTH NO-BREAK SPACE}"  # spreadsheets take the file for UTF-8 by it
    yield writer.writerow([called[field.name] for field in fields])
    query = msgspec.structs.replace(asked.query, cursor=None, limit=MAX_PAGE)
    while True:
        page = book.page(name, query)
        names = Names(book, types, page.records)
        for kept in page.records:
            row = [value_of(field, kept, names, to) for field in fields]
            yield writer.writerow([_safe(v.text, v.kind) for v in row])
        if page.next is None:
            return
        query = msgspec.structs.replace(query, cursor=page.next)


def _safe(text: str, kind: str) -> str:
    """No text becomes a formula; numbers without the blanks that group them."""
    if kind == "number":
        return "".join(text.split())
    return f"'{text}" if text.startswith(FORMULA) else text


def _file_name(label: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in label).strip("-") or "list"
