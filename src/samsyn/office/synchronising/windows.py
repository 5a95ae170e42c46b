"""How much of a list is shown: 7 days or 20 rows, and more by a filter."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import msgspec
from django.http import HttpRequest

from samsyn.core.listing import words

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
        """Whether each of the words stands in one of the texts."""
        folded = [str(text).casefold() for text in texts]
        return all(any(word in text for text in folded) for word in words(self.search.casefold()))


def window(request: HttpRequest) -> Window:
    """As the address says; 7 days and everything otherwise."""
    told = request.GET.get("days", "")
    days = int(told) if told.isascii() and told.isdigit() and len(told) < 5 else DAYS
    return Window(
        min(max(1, days), PERIODS[-1] * 10),
        request.GET.get("q", "")[:100].strip(),
        request.GET.get("as") == "csv",
    )
