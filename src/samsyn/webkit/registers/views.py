"""The register pages' views; a program puts them behind its rights (see `urls.py`)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from samsyn.core.catalog import Field, Kind
from samsyn.core.listing import NUMBERS, Condition, Op, Query
from samsyn.webkit.fragments import page
from samsyn.webkit.registers import asking, entering
from samsyn.webkit.registers.addresses import Addresses, name_in
from samsyn.webkit.registers.book import (
    BadList,
    Book,
    ChangedMeanwhile,
    Kept,
    May,
    NoRecord,
    NoRegister,
    NotAllowed,
    Register,
    WrongValues,
    book_of,
)
from samsyn.webkit.registers.entering import Control
from samsyn.webkit.registers.showing import (
    Names,
    bytes_of,
    content_type,
    labels,
    line_of,
    title_of,
    value_of,
)
from samsyn.webkit.registers.timeline import told_events

HITS = 5
"""Records of each register that a search in all of them shows."""
RELATED = 5
EVENTS = 25
P = ParamSpec("P")
View = Callable[..., HttpResponseBase]


def of_book(view: Callable[Concatenate[HttpRequest, Book, P], HttpResponseBase]) -> View:
    """The view gets the company's book; what is not there, or not this person's, is not found."""

    @functools.wraps(view)
    def made(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, book_of(request), *args, **kwargs)
        except (NoRegister, NoRecord, BadList) as error:
            raise Http404(error.code) from error
        except NotAllowed:
            return page(request, "registers/not_allowed.html", {}, status=403)

    return made


# --- lists ----------------------------------------------------------------------------


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
    asked = asking.asked(found.type, request.GET, _columns(request, name))
    if request.GET.getlist("column"):
        request.session[_columns_key(request, name)] = list(asked.columns)
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
                "cells": [
                    {
                        "label": called[field.name],
                        "value": value_of(field, kept, names, to, given_later=_later(register, field.name, kept)),
                        "waiting": field.name in kept.waiting,
                        "first": place == 0,
                        "number": _is_number(field),
                    }
                    for place, field in enumerate(fields)
                ],
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
        "to": {"list": to.list(record_type.name), "new": to.new(record_type.name),
               "export": _address(to.export(record_type.name), asked)},
    }  # fmt: skip


def _address(base: str, asked: asking.Asked, leaving_out: Condition | None = None) -> str:
    """An address with the list's search, filters and order."""
    told = [("where", asking.as_parameter(o)) for o in asked.conditions if o != leaving_out]
    if asked.search:
        told.append(("q", asked.search))
    if asked.order is not None:
        told.append(("sort", ("-" if asked.order.descending else "") + asked.order.field))
    return f"{base}?{urlencode(told)}" if told else base


def _is_number(field: Field) -> bool:
    return field.kind in NUMBERS and field.kind is not Kind.BOOLEAN


def _later(register: Register, field: str, kept: Kept) -> bool:
    return field in register.type.key and kept.key is None


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


def _columns_key(request: HttpRequest, name: str) -> str:
    return f"columns {book_of(request).root} {name}"


def _columns(request: HttpRequest, name: str) -> tuple[str, ...]:
    return tuple(request.session.get(_columns_key(request, name), ()))


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


# --- one record -----------------------------------------------------------------------


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
            "value": value_of(field, kept, names, to, given_later=_later(found, field.name, kept)),
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


# --- writing --------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@of_book
def new(request: HttpRequest, book: Book, register: str) -> HttpResponseBase:
    """The form of a new record, perhaps like another one."""
    name = name_in(register)
    found = _writable(book, name)
    to = Addresses(book.root)
    if request.method == "POST":
        controls = entering.controls_of(book, found.type, None)
        given = entering.fill(book, controls, request)
        if not _has_errors(controls):
            try:
                made = book.create(name, given)
            except WrongValues as error:
                return _form(
                    request, book, found, None, controls, entering.accuse(controls, error.errors)
                )
            messages.success(request, _("Saved here. The office gets it in a moment."))
            return HttpResponseRedirect(to.card(name, made))
        return _form(request, book, found, None, controls)
    like = request.GET.get("copy", "")
    kept = book.record(name, like) if like else None
    controls = entering.controls_of(book, found.type, kept)
    for control in controls:
        control.was = ""
        control.has_file = False
    entering.give(book, controls, request.GET)
    return _form(request, book, found, None, controls)


@require_http_methods(["GET", "POST"])
@of_book
def edit(request: HttpRequest, book: Book, register: str, record: str) -> HttpResponseBase:
    """The form of a record; a save sends only what the person changed."""
    name = name_in(register)
    found, kept = _writable(book, name), book.record(name, record)
    controls = entering.controls_of(book, found.type, kept)
    if request.method != "POST":
        return _form(request, book, found, kept, controls)
    given = entering.fill(book, controls, request)
    by_name = {control.field.name: control for control in controls}
    if _has_errors(controls):
        return _form(request, book, found, kept, controls)
    try:
        if given:
            book.edit(name, record, given, lambda f, cell: entering.shows(by_name[f], cell))
    except WrongValues as error:
        return _form(request, book, found, kept, controls, entering.accuse(controls, error.errors))
    except ChangedMeanwhile as error:
        entering.differ(controls, error.now)
        return _form(request, book, found, kept, controls, changed=True)
    if given:
        words = ngettext("%(n)d field saved.", "%(n)d fields saved.", len(given)) % {
            "n": len(given)
        }
        messages.success(request, words)
    else:
        messages.info(request, _("Nothing was changed."))
    return HttpResponseRedirect(Addresses(book.root).card(name, record))


@require_http_methods(["GET", "POST"])
@of_book
def delete(request: HttpRequest, book: Book, register: str, record: str) -> HttpResponseBase:
    """The question before a record is deleted, with what belongs to it; then it is done."""
    name = name_in(register)
    found, kept = _writable(book, name), book.record(name, record)
    title, to = title_of(found.type, kept), Addresses(book.root)
    if request.method == "POST":
        book.delete(name, record)
        messages.success(
            request,
            _(
                "%(title)s is deleted. If the office cannot delete it, it comes back with the reason."
            )
            % {"title": title},
        )
        return HttpResponseRedirect(to.list(name))
    context = {
        "title": _("Delete %(title)s?") % {"title": title},
        "words": [_("It is deleted at the office too. What belongs to it may keep it alive: then it comes back, and you are told why.")],
        "action": _("Delete"),
        "danger": True,
        "cancel_url": to.card(name, record),
    }  # fmt: skip
    return page(request, "webkit/confirm.html", context)


@require_GET
@of_book
def pick(request: HttpRequest, book: Book, register: str) -> HttpResponseBase:
    """Suggestions for a reference, as options of a list box."""
    words = request.GET.get("q", "").strip().replace("\0", "")[: asking.MAX_TEXT]
    found = entering.suggestions(book, name_in(register), words)
    context = {"choices": found, "list": request.GET.get("list", "")[:100]}
    return page(request, "registers/suggestions.html", context)


def _writable(book: Book, name: str) -> Register:
    found = book.register(name)
    if not found.writable:
        raise NotAllowed(register=name)
    return found


def _has_errors(controls: list[Control]) -> bool:
    return any(control.error for control in controls)


def _form(
    request: HttpRequest,
    book: Book,
    register: Register,
    kept: Kept | None,
    controls: list[Control],
    errors: list[str] | None = None,
    *,
    changed: bool = False,
) -> HttpResponseBase:
    name = register.type.name
    to = Addresses(book.root)
    for control in controls:
        if control.field.reference is not None:
            control.pick_url = to.pick(control.field.reference.type)
    wrong = bool(errors) or _has_errors(controls)
    return page(
        request,
        "registers/form.html",
        {
            "register": register,
            "title": title_of(register.type, kept) if kept else register.label,
            "new": kept is None,
            "controls": controls,
            "errors": errors or [],
            "changed": changed,
            "multipart": any(control.kind == "file" for control in controls),
            "cancel_url": to.card(name, kept.id) if kept else to.list(name),
            "to": {"list": to.list(name)},
        },
        status=422 if wrong or changed else 200,
    )
