"""The pages of one record: its card, what belongs to it, what happened to it, its files."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from samsyn.core.catalog import Kind
from samsyn.webkit import drafts
from samsyn.webkit.drafts import FormId
from samsyn.webkit.fragments import page, wants_part
from samsyn.webkit.registers.activeness import activeness_of, may_switch
from samsyn.webkit.registers.addresses import Addresses, name_in
from samsyn.webkit.registers.book import (
    Book,
    Fate,
    Kept,
    May,
    Register,
    Sent,
)
from samsyn.webkit.registers.guarding import of_book
from samsyn.webkit.registers.heading import heading_of
from samsyn.webkit.registers.lines.pages import shown_lines, told_with_lines
from samsyn.webkit.registers.moments import moment
from samsyn.webkit.registers.places import written_at
from samsyn.webkit.registers.relating import referring
from samsyn.webkit.registers.sections import sections_of
from samsyn.webkit.registers.showing import (
    Names,
    bytes_of,
    content_type,
    given_later,
    labels,
    value_of,
)
from samsyn.webkit.registers.timeline import told_events

CAME_THROUGH = "came-through"
"""What pages hear when a change that they waited for has come to the other side; the header listens too."""
EVENTS = 25
NOTES = 3
SOON_S, LATER_S = 2, 30
"""Seconds until an open card looks anew: while an office at work would have taken the change, and after."""
SOON_FOR = datetime.timedelta(minutes=1)


@require_GET
@of_book
def card(request: HttpRequest, book: Book, register: str, record: str) -> HttpResponseBase:
    """A record with all that belongs to it."""
    name = name_in(register)
    # What became of the change is asked first: a card read since may know more, but never less.
    sent = book.sent(name, record)
    found, kept = book.register(name), book.record(name, record)
    to = Addresses(book.root)
    names = Names(book, [r.type for r in book.registers()], [kept])
    active, lines = activeness_of(found.type), shown_lines(book, found, kept)
    draft = drafts.kept(book.whose, FormId("edit", name, record), timezone.now())
    again_s = _again_s(sent, timezone.now())
    shown = page(
        request,
        "registers/card.html",
        {
            "register": found,
            "kept": kept,
            "title": heading_of(found.type, kept),
            "sections": _sections(
                book, found, kept, names, to, but_not=told_with_lines(found, lines)
            ),
            "lines": lines,
            "written_at": written_at(book, found.type),
            "office": book.office,
            "may_delete": found.may >= May.FULL and not found.loading,
            "out_of_use": active is not None and not active.is_on(kept),
            "may_switch": may_switch(found) is not None,
            "sent": sent,
            "again_s": again_s,
            "came_through": CAME_THROUGH,
            "notes": book.notes(name, record)[:NOTES],
            "draft": draft if found.writable else None,
            "to": {
                "card": to.card(name, record),
                "list": to.list(name),
                "edit": to.edit(name, record),
                "copy": f"{to.new(name)}?copy={record}",
                "delete": to.delete(name, record),
                "switch": to.switch(name, record),
                "related": to.related(name, record),
                "history": to.history(name, record),
            },
        },
        block="record",
    )
    if wants_part(request) and not again_s:
        shown.headers["HX-Trigger"] = CAME_THROUGH
    return shown


def _again_s(sent: Sent | None, now: datetime.datetime) -> int:
    """How soon an open card looks anew for whether the other side has taken the change; 0: it has its answer."""
    if sent is None or sent.way.fate is not Fate.WAITING:
        return 0
    since = moment(sent.at)
    return SOON_S if since is not None and now - since < SOON_FOR else LATER_S


def _sections(
    book: Book, register: Register, kept: Kept, names: Names, to: Addresses, but_not: frozenset[str]
) -> list[dict[str, Any]]:  # Any: as the template shows them
    called, record_type = labels(register.type), register.type
    elsewhere = bool(written_at(book, record_type))
    return [
        {
            "title": section.title,
            "values": [
                {
                    "label": called[field.name],
                    "value": value_of(
                        field, kept, names, to, given_later=given_later(register, field.name, kept)
                    ),
                    "waiting": field.name in kept.waiting,
                    "refused": field.name in kept.refused,
                    "long": field.kind in (Kind.BLOB, Kind.JSON),
                    "read_only": record_type.is_read_only(field) and not elsewhere,
                }
                for field in section.fields
                if field.name not in but_not
            ],
        }
        for section in sections_of(record_type)
    ]


@require_GET
@of_book
def related(request: HttpRequest, book: Book, register: str, record: str) -> HttpResponseBase:
    """What refers to a record, register by register; a part of its card, and a page of its own."""
    name = name_in(register)
    kept = book.record(name, record)
    context = {
        "lists": referring(book, kept, empty_too=True),
        "title": heading_of(book.register(name).type, kept),
        "card": Addresses(book.root).card(name, record),
    }
    return page(request, "registers/related.html", context, block="results")


@require_GET
@of_book
def history(request: HttpRequest, book: Book, register: str, record: str) -> HttpResponseBase:
    """What happened to a record, the newest first; a part of its card, and a page of its own."""
    name = name_in(register)
    found, kept = book.register(name), book.record(name, record)
    before = request.GET.get("before", "")
    upto = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    events = book.events(name, record, upto, EVENTS + 1)
    to = Addresses(book.root)
    context = {
        "events": told_events(book, found.type, events[:EVENTS]),
        "older": events[EVENTS - 1].no if len(events) > EVENTS else None,
        "title": heading_of(found.type, kept),
        "card": to.card(name, record),
        "history": to.history(name, record),
        "office": book.office,
    }
    return page(request, "registers/history.html", context, block="results")


@require_GET
@of_book
def file(
    request: HttpRequest, book: Book, register: str, record: str, field: str
) -> HttpResponseBase:
    """The bytes of a field: a picture is shown, anything else is saved."""
    name = name_in(register)
    kept = book.record(name, record)
    cell = kept.fields.get(name_in(field))
    if cell is None:
        raise Http404
    data = bytes_of(cell)
    kind = content_type(data)
    answer = HttpResponse(data, content_type=kind)
    where = "inline" if kind.startswith("image/") else "attachment"
    answer.headers["Content-Disposition"] = f'{where}; filename="{record[:12]}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
