"""The pages that write: a new record, an edit, a deletion, and suggestions for references."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from samsyn.webkit.fragments import page
from samsyn.webkit.registers import asking, entering
from samsyn.webkit.registers.addresses import Addresses, name_in
from samsyn.webkit.registers.book import (
    Book,
    ChangedMeanwhile,
    Kept,
    NotAllowed,
    Register,
    WrongValues,
)
from samsyn.webkit.registers.entering import Control
from samsyn.webkit.registers.guarding import of_book
from samsyn.webkit.registers.showing import (
    title_of,
)


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
