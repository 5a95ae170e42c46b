"""How much of a list is shown: 7 days or 20 rows, and more by a filter."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Sequence

import msgspec
from django.http import HttpRequest, HttpResponse

DAYS, ROWS = 7, 20
PERIODS = (7, 30, 90, 365)
MOST = 1_000
"""Rows that a page shows; an export has all."""


class Window(msgspec.Struct, frozen=True):
    """What somebody wants to see: so many days back, with these words in it."""

    days: int
    search: str
    export: bool

    @property
    def since(self) -> str:
        """The moment from which on; as times are kept."""
        back = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=self.days)
        return back.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def has(self, texts: Iterable[object]) -> bool:
        """Whether the words stand in one of the texts."""
        wanted = self.search.casefold()
        return not wanted or any(wanted in str(text).casefold() for text in texts)


def window(request: HttpRequest) -> Window:
    """As the address says; 7 days and everything otherwise."""
    told = request.GET.get("days", "")
    days = int(told) if told.isascii() and told.isdigit() and len(told) < 5 else DAYS
    return Window(
        min(max(1, days), PERIODS[-1] * 10),
        request.GET.get("q", "")[:100].strip(),
        request.GET.get("as") == "csv",
    )


def as_csv(name: str, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A file that spreadsheets read: semicolons and a mark of UTF-8; no cell is a formula."""
    made = io.StringIO()
    made.write("\ufeff")
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    writer.writerow(titles)
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    answer = HttpResponse(made.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _plain(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in "=+-@\t\r" and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
