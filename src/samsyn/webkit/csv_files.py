"""A list as a file of comma-separated values, line by line, as spreadsheets of the reader's language take it."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from django.utils import formats, timezone, translation

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that a spreadsheet takes for a formula."""


class _Line:
    """Takes one line of the csv module and gives it back."""

    def write(self, line: str) -> str:
        return line


def csv_file(
    name: str, head: Sequence[str], pages: Iterable[Sequence[Sequence[str]]]
) -> StreamingHttpResponse:
    """The answer that a browser saves under the name; each page of lines is asked for while it is sent."""
    texts = _texts(head, iter(pages), translation.get_language(), timezone.get_current_timezone())
    answer = StreamingHttpResponse(texts, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _texts(
    head: Sequence[str],
    pages: Iterator[Sequence[Sequence[str]]],
    language: str | None,
    zone: datetime.tzinfo,
) -> Iterator[str]:
    """The file's lines; by the time they are sent, the request's language is no longer the thread's."""
    with translation.override(language):
        comma = formats.get_format("DECIMAL_SEPARATOR") == ","
    writer = csv.writer(_Line(), delimiter=";" if comma else ",")
    yield "\N{ZERO WIDTH NO-BREAK SPACE}"  # spreadsheets take the file for UTF-8 by it
    yield writer.writerow(head)
    while True:
        with translation.override(language), timezone.override(zone):
            page = next(pages, None)
        if page is None:
            return
        for line in page:
            yield writer.writerow([_safe(text) for text in line])


def _safe(text: str) -> str:
    """No text becomes a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
