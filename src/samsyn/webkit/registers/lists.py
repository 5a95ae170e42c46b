"""The pages of lists: all registers, a register's records, a search in all of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from samsyn.core.catalog import Field, Kind
from samsyn.core.listing import NUMBERS, Condition, Op, Query
from samsyn.webkit.choices import choose, chosen, forget
from samsyn.webkit.fragments import page
from samsyn.webkit.registers import asking, drafting
from samsyn.webkit.registers.addresses import Addresses, name_in
from samsyn.webkit.registers.book import (
    BadList,
    Book,
    Kept,
    Register,
)
from samsyn.webkit.registers.calendar.spans import span_of
from samsyn.webkit.registers.guarding import of_book
from samsyn.webkit.registers.places import written_at
from samsyn.webkit.registers.showing import (
    Names,
    given_later,
    labels,
    line_of,
    title_of,
    value_of,
)

MAX_COLUMNS = 60
BRIEF = 3
"""Values beside the title in a row of a narrow screen."""
HITS = 5
"""Records of each register that a search in all of them shows."""


@require_GET
@of_book
def registers(request: HttpRequest, book: Book) -> HttpResponseBase:
    """All registers of the company."""
    to = Addresses(book.root)
    shown = [{"register": one, "url": to.list(one.type.name)} for one in book.registers()]
    return page(request, "registers/registers.html", {"registers": shown, "search": to.search})


@require_GET
@of_book
def records(request: HttpRequest, book: Book, register: str) -> HttpResponseBase:
    """A register's list."""
    name = name_in(register)
    found = book.register(name)
    asked = asking.asked(
        found.type, request.GET, chosen(book.whose, _columns_key(name), tuple[str, ...], ())
    )
    try:
        listed = book.page(name, asked.query)
    except BadList:
        return HttpResponseRedirect(Addresses(book.root).list(name))
    return page(
        request,
        "registers/list.html",
        _list_context(book, found, asked, listed.records, listed.next),
        block="results",
    )


def _list_context(
    book: Book,
    register: Register,
    asked: asking.Asked,
    listed: list[Kept],
    further: str | None,
) -> dict[str, Any]:  # Any: whatever the template shows
    record_type = register.type
    to = Addresses(book.root)
    names = Names(book, [r.type for r in book.registers()], listed)
    fields = [record_type.field(name) for name in asked.columns]
    sortable = asking.sortable(record_type)
    called = labels(record_type)
    return {
        "register": register,
        "asked": asked,
        "columns": [
            {
                "label": called[field.name],
                "number": _is_number(field),
                "sort": _next_order(asked, field.name) if field.name in sortable else "",
                "order": _order_of(asked, field.name),
            }
            for field in fields
        ],
        "rows": [
            {
                "kept": kept,
                "url": to.card(record_type.name, kept.id),
                "title": title_of(record_type, kept),
                "cells": _with_brief([
                    {
                        "label": called[field.name],
                        "value": value_of(field, kept, names, to, given_later=given_later(register, field.name, kept)),
                        "waiting": field.name in kept.waiting,
                        "first": place == 0,
                        "number": _is_number(field),
                    }
                    for place, field in enumerate(fields)
                ]),
            }
            for kept in listed
        ],
        "conditions": [
            {
                "words": _condition_words(book, register, one),
                "parameter": asking.as_parameter(one),
                "without": _address(to.list(record_type.name), asked, leaving_out=one),
            }
            for one in asked.conditions
        ],
        "choosable": [
            {"name": f.name, "label": called[f.name], "chosen": f.name in asked.columns}
            for f in record_type.shown
        ],
        "filterable": [
            {"name": f.name, "label": called[f.name]}
            for f in record_type.shown
            if f.kind not in (Kind.BLOB, Kind.REFERENCE, Kind.JSON)
        ],
        "operators": [{"value": op.value, "label": asking.words(op)} for op in Op],
        "next": further,
        "to": {"list": to.list(record_type.name), "drafts": to.drafts, "new": to.new(record_type.name),
               "columns": _address(to.columns(record_type.name), asked),
               "import": to.import_(record_type.name),
               "export": _address(to.export(record_type.name), asked),
               "excel": _address(to.export(record_type.name), asked, form="xlsx")},
        "calendar": _address(to.calendar(record_type.name), asked)
        if span_of(record_type) is not None
        else "",
        "drafts": drafting.count(book, record_type.name) if register.writable else 0,
        "written_at": written_at(book, record_type),
        "office": book.office,
    }  # fmt: skip


def _with_brief(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:  # Any: as shown
    """The cells, with the first few marked that a narrow screen shows beside the title."""
    left = BRIEF
    for cell in cells[1:]:
        cell["brief"] = left > 0 and cell["value"].kind != "empty"
        left -= cell["brief"]
    return cells


def _address(
    base: str, asked: asking.Asked, leaving_out: Condition | None = None, form: str = ""
) -> str:
    """An address with the list's search, filters and order."""
    told = [("where", asking.as_parameter(o)) for o in asked.conditions if o != leaving_out]
    if asked.search:
        told.append(("q", asked.search))
    if form:
        told.append(("as", form))
    if asked.order is not None:
        told.append(("sort", ("-" if asked.order.descending else "") + asked.order.field))
    return f"{base}?{urlencode(told)}" if told else base


def _is_number(field: Field) -> bool:
    return field.kind in NUMBERS and field.kind is not Kind.BOOLEAN


def _next_order(asked: asking.Asked, name: str) -> str:
    order = asked.order
    return (
        f"-{name}" if order is not None and order.field == name and not order.descending else name
    )


def _order_of(asked: asking.Asked, name: str) -> str:
    if asked.order is None or asked.order.field != name:
        return ""
    return "descending" if asked.order.descending else "ascending"


def _condition_words(book: Book, register: Register, one: Condition) -> str:
    field = register.type.field(one.field)
    label = field.label or field.name
    if one.op is Op.NULL:
        return f"{label} {asking.words(one.op) if one.value else _('has a value')}"
    value = str(one.value)
    if field.kind is Kind.REFERENCE:
        kept = book.records([value]).get(value)
        value = title_of(book.register(kept.type).type, kept) if kept else _("not shown")
    if field.kind is Kind.BOOLEAN:
        value = _("Yes") if one.value else _("No")
    return f"{label} {asking.words(one.op)} {value}"


@require_POST
@of_book
def choose_columns(request: HttpRequest, book: Book, register: str) -> HttpResponseBase:
    """Keeps which columns the person wants to see in the list; none means the usual ones."""
    name = name_in(register)
    known = {field.name for field in book.register(name).type.fields}
    wanted = [c for c in request.POST.getlist("column") if c in known][:MAX_COLUMNS]
    if wanted and "usual" not in request.POST:
        choose(book.whose, _columns_key(name), wanted)
    else:
        forget(book.whose, _columns_key(name))
    told = f"?{request.META['QUERY_STRING']}" if request.META["QUERY_STRING"] else ""
    return HttpResponseRedirect(Addresses(book.root).list(name) + told)


def _columns_key(name: str) -> str:
    return f"columns {name}"


@require_GET
@of_book
def search(request: HttpRequest, book: Book) -> HttpResponseBase:
    """A search in all registers: the first hits of each."""
    to = Addresses(book.root)
    words = request.GET.get("q", "").strip().replace("\0", "")[: asking.MAX_TEXT]
    hits = []
    for register in book.registers() if words else []:
        found = book.page(register.type.name, Query(search=words, limit=HITS))
        if found.records:
            rows = [
                {
                    "title": title_of(register.type, kept),
                    "url": to.card(kept.type, kept.id),
                    "more": line_of(register.type, kept),
                }
                for kept in found.records
            ]
            more = f"{to.list(register.type.name)}?{urlencode({'q': words})}" if found.next else ""
            hits.append({"register": register, "rows": rows, "more": more})
    context = {"words": words, "hits": hits, "search": to.search}
    return page(request, "registers/search.html", context, block="results")
