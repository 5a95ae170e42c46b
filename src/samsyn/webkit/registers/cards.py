"""The pages of one record: its card, what belongs to it, what happened to it, its files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from samsyn.core.catalog import Kind
from samsyn.core.listing import Condition, Op, Query
from samsyn.webkit.fragments import page
from samsyn.webkit.registers.addresses import Addresses, name_in
from samsyn.webkit.registers.book import (
    Book,
    May,
)
from samsyn.webkit.registers.guarding import of_book
from samsyn.webkit.registers.showing import (
    Names,
    bytes_of,
    content_type,
    given_later,
    labels,
    line_of,
    title_of,
    value_of,
)
from samsyn.webkit.registers.timeline import told_events

RELATED = 5
"""Records of each register that a card shows of what belongs to it."""
EVENTS = 25


@require_GET
@of_book
def card(request: HttpRequest, book: Book, register: str, record: str) -> HttpResponseBase:
    """A record with all that belongs to it."""
    name = name_in(register)
    found, kept = book.register(name), book.record(name, record)
    to = Addresses(book.root)
    names = Names(book, [r.type for r in book.registers()], [kept])
    called = labels(found.type)
    values = [
        {
            "label": called[field.name],
            "value": value_of(
                field, kept, names, to, given_later=given_later(found, field.name, kept)
            ),
            "waiting": field.name in kept.waiting,
            "long": field.kind in (Kind.BLOB, Kind.JSON),
        }
        for field in found.type.shown
    ]
    return page(
        request,
        "registers/card.html",
        {
            "register": found,
            "kept": kept,
            "title": title_of(found.type, kept),
            "values": values,
            "may_delete": found.may >= May.FULL and not found.loading,
            "to": {
                "list": to.list(name),
                "edit": to.edit(name, record),
                "copy": f"{to.new(name)}?copy={record}",
                "delete": to.delete(name, record),
                "related": to.related(name, record),
                "history": to.history(name, record),
            },
        },
    )


@require_GET
@of_book
def related(request: HttpRequest, book: Book, register: str, record: str) -> HttpResponseBase:
    """What refers to a record, register by register; a part of its card, and a page of its own."""
    name = name_in(register)
    kept = book.record(name, record)
    known = book.registers()
    to = Addresses(book.root)
    lists = []
    for other in known:
        for field in other.type.fields:
            if field.reference is None or field.reference.type != name:
                continue
            condition = Condition(field.name, Op.EQ, kept.id)
            listed = book.page(other.type.name, Query(filter=(condition,), limit=RELATED))
            if not listed.records and not other.writable:
                continue
            lists.append(
                {
                    "register": other,
                    "field": field.label or field.name,
                    "rows": [
                        {
                            "title": title_of(other.type, one),
                            "url": to.card(one.type, one.id),
                            "more": line_of(other.type, one, field.name),
                        }
                        for one in listed.records
                    ],
                    "all": to.list(other.type.name, condition),
                    "more": listed.next is not None,
                    "new": to.new(other.type.name, **{f"v:{field.name}": kept.id})
                    if other.writable and not other.type.is_read_only(field)
                    else "",
                }
            )
    context = {
        "lists": lists,
        "title": title_of(book.register(name).type, kept),
        "card": to.card(name, record),
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
        "title": title_of(found.type, kept),
        "card": to.card(name, record),
        "history": to.history(name, record),
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
