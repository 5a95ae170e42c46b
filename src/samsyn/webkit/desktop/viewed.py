"""The panel of the records that the reader has looked at last."""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from samsyn.webkit import choices
from samsyn.webkit.desktop.contents import Row, rows
from samsyn.webkit.desktop.desk import Content
from samsyn.webkit.registers.addresses import Addresses, name_in
from samsyn.webkit.registers.book import Book, Whose, book_of
from samsyn.webkit.registers.heading import heading_of

CHOICE = "viewed"
KEPT = 20

Seen = list[tuple[str, str]]
"""Type and record, the newest first."""


def noting(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A card's view that notes which record was looked at, when it was shown."""

    @functools.wraps(view)
    def noted(request: HttpRequest, register: str, record: str, **more: str) -> HttpResponseBase:
        answer = view(request, register=register, record=record, **more)
        if answer.status_code == 200 and request.method == "GET":
            note(book_of(request).whose, name_in(register), record)
        return answer

    return noted


def note(whose: Whose, type_name: str, record: str) -> None:
    """The record stands first among those that were looked at."""
    before = _seen(whose)
    now = [(type_name, record), *(one for one in before if one[1] != record)][:KEPT]
    if now == before:
        return
    try:
        choices.choose(whose, CHOICE, now)
    except OperationalError:
        return  # a database that is busy is no reason not to show the card


def recently_viewed(book: Book) -> Content:
    """The records, those that are still there and that the reader may see."""
    seen = _seen(book.whose)
    named = book.records(record for _type, record in seen)
    registers = {r.type.name: r for r in book.registers()}
    to = Addresses(book.root)
    found = [
        Row(
            heading_of(registers[kept.type].type, kept),
            to.card(kept.type, kept.id),
            registers[kept.type].label,
        )
        for _type, record in seen
        if (kept := named.get(record)) is not None
    ]
    return rows(found, _("Records that you open are listed here."))


def _seen(whose: Whose) -> Seen:
    return choices.chosen(whose, CHOICE, Seen, [])
