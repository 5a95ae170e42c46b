"""The pages that take a record out of use: deleting it, and switching it off and on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.core.cells import Cell
from samsyn.webkit.fragments import page
from samsyn.webkit.registers.activeness import may_switch
from samsyn.webkit.registers.addresses import Addresses, name_in
from samsyn.webkit.registers.book import Book, ChangedMeanwhile, May, NotAllowed, WrongValues
from samsyn.webkit.registers.edits import writable
from samsyn.webkit.registers.entering import accuse
from samsyn.webkit.registers.guarding import of_book
from samsyn.webkit.registers.heading import heading_of
from samsyn.webkit.registers.relating import referring


@require_http_methods(["GET", "POST"])
@of_book
def delete(request: HttpRequest, book: Book, register: str, record: str) -> HttpResponseBase:
    """The question before a record is deleted, with what belongs to it; then it is done."""
    name = name_in(register)
    found, kept = writable(book, name), book.record(name, record)
    if found.may < May.FULL:
        raise NotAllowed(register=name)
    title, to = heading_of(found.type, kept), Addresses(book.root)
    if request.method == "POST":
        return _delete(request, book, name, record, title)
    lists = referring(book, kept, empty_too=False)
    context = {
        "register": found,
        "title": title,
        "lists": lists,
        "held": any(told["required"] for told in lists),
        "office": book.office,
        "switch_url": to.switch(name, record) if _is_on(book, name, record) else "",
        "cancel_url": to.card(name, record),
        "to": {"list": to.list(name)},
    }
    return page(request, "registers/delete.html", context)


@require_POST
@of_book
def switch(request: HttpRequest, book: Book, register: str, record: str) -> HttpResponseBase:
    """Takes a record out of use, or into use again: nothing else of it changes."""
    name = name_in(register)
    found, kept = writable(book, name), book.record(name, record)
    active, title = may_switch(found), heading_of(found.type, kept)
    if active is None:
        raise NotAllowed(register=name)
    on = request.POST.get("on") == "yes"

    def same(_field: str, cell: Cell) -> bool:
        return cell == kept.fields.get(active.field.name)

    try:
        book.edit(name, record, {active.field.name: active.shows(on)}, same)
    except ChangedMeanwhile:
        messages.info(request, _("Somebody else has just changed it."))
    except WrongValues as error:
        messages.error(request, " ".join(accuse([], error.errors)))
    else:
        words = _("%(title)s is in use again.") if on else _("%(title)s is taken out of use.")
        messages.success(request, words % {"title": title})
    return HttpResponseRedirect(Addresses(book.root).card(name, record))


def _delete(
    request: HttpRequest, book: Book, name: str, record: str, title: str
) -> HttpResponseBase:
    to = Addresses(book.root)
    try:
        book.delete(name, record)
    except WrongValues as error:
        messages.error(request, " ".join(accuse([], error.errors)))
        return HttpResponseRedirect(to.card(name, record))
    words = (
        _("%(title)s is deleted.")
        if book.office
        else _(
            "%(title)s is deleted. If the office cannot delete it, it comes back with the reason."
        )
    )
    messages.success(request, words % {"title": title})
    return HttpResponseRedirect(to.list(name))


def _is_on(book: Book, name: str, record: str) -> bool:
    active = may_switch(book.register(name))
    return active is not None and active.is_on(book.record(name, record))
