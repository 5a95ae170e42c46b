"""The forms of records: a new one, an edit, and suggestions for references."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from samsyn.webkit import drafts
from samsyn.webkit.drafts import FormId
from samsyn.webkit.fragments import page
from samsyn.webkit.registers import asking, drafting, entering
from samsyn.webkit.registers.addresses import Addresses, name_in
from samsyn.webkit.registers.book import (
    Book,
    ChangedMeanwhile,
    Kept,
    NotAllowed,
    Register,
    WrongValues,
)
from samsyn.webkit.registers.controls import Control
from samsyn.webkit.registers.guarding import of_book
from samsyn.webkit.registers.heading import heading_of
from samsyn.webkit.registers.lines.sheets import reckoned_fields, sheet_of
from samsyn.webkit.registers.sections import sections_of


@require_http_methods(["GET", "POST"])
@of_book
def new(request: HttpRequest, book: Book, register: str) -> HttpResponseBase:
    """The form of a new record, perhaps like another one."""
    form = _Form(request, book, name_in(register), None)
    if request.method == "POST":
        return form.sent()
    like = request.GET.get("copy", "")
    if like:
        form.copy(book.record(form.name, like))
    entering.give(book, form.controls, request.GET)
    return form.opened()


@require_http_methods(["GET", "POST"])
@of_book
def edit(request: HttpRequest, book: Book, register: str, record: str) -> HttpResponseBase:
    """The form of a record; a save sends only what the person changed."""
    name = name_in(register)
    form = _Form(request, book, name, book.record(name, record))
    return form.sent() if request.method == "POST" else form.opened()


@require_GET
@of_book
def pick(request: HttpRequest, book: Book, register: str) -> HttpResponseBase:
    """Suggestions for a reference, as options of a list box."""
    words = request.GET.get("q", "").strip().replace("\0", "")[: asking.MAX_TEXT]
    found = entering.suggestions(book, name_in(register), words)
    context = {"choices": found, "list": request.GET.get("list", "")[:100]}
    return page(request, "registers/suggestions.html", context)


def writable(book: Book, name: str) -> Register:
    """The register, where the person may write in it; NotAllowed."""
    found = book.register(name)
    if not found.writable:
        raise NotAllowed(register=name)
    return found


class _Form:
    """One request for the form of a record, or of a new one."""

    def __init__(self, request: HttpRequest, book: Book, name: str, kept: Kept | None) -> None:
        self.request, self.book, self.name, self.kept = request, book, name, kept
        self.register = writable(book, name)
        if kept is None and not self.register.makes:
            raise NotAllowed(register=name)
        self.reckoned = _reckoned(book, self.register)
        self.controls = entering.controls_of(book, self.register.type, kept, self.reckoned)
        self.id = drafting.form_id(name, kept.id if kept else "", request.GET)

    def copy(self, like: Kept) -> None:
        """Fills in what another record holds, but for its files and what the office gives."""
        self.controls = entering.controls_of(self.book, self.register.type, like, self.reckoned)
        for control in self.controls:
            control.was, control.has_file, control.shown = "", False, None

    def opened(self) -> HttpResponseBase:
        """The form as it is, or as the person left it."""
        return self._page(draft=drafting.restore(self.book, self.id, self.controls))

    def sent(self) -> HttpResponseBase:
        """Saves what was sent, or keeps it, or throws the draft away."""
        keep = self.request.POST.get("keep", "")
        if keep == "no":
            drafts.drop(self.book.whose, self.id)
            messages.info(self.request, _("The draft is thrown away."))
            return HttpResponseRedirect(self.request.get_full_path())
        if keep in (drafting.AUTO, drafting.BY_HAND):
            return self._keep(by_hand=keep == drafting.BY_HAND)
        given = entering.fill(self.book, self.controls, self.request)
        return self._refused() if self._has_errors else self._save(given)

    def _save(self, given: dict[str, object]) -> HttpResponseBase:
        try:
            record = self._write(given)
        except WrongValues as error:
            return self._refused(entering.accuse(self.controls, error.errors))
        except ChangedMeanwhile as error:
            entering.differ(self.controls, error.now)
            return self._refused(changed=True)
        drafts.drop(self.book.whose, self.id)
        _tell(self.request, self.book, new=self.kept is None, count=len(given))
        return HttpResponseRedirect(Addresses(self.book.root).card(self.name, record))

    def _write(self, given: dict[str, object]) -> str:
        if self.kept is None:
            return self.book.create(self.name, given)
        by_name = {control.field.name: control for control in self.controls}
        if given:
            self.book.edit(
                self.name,
                self.kept.id,
                given,
                lambda field, cell: entering.shows(by_name[field], cell),
            )
        return self.kept.id

    def _keep(self, *, by_hand: bool) -> HttpResponseBase:
        keep = drafting.keep if by_hand else drafting.keep_at_work
        done = keep(self.book, self.id, self.controls, self.request.POST)
        at = timezone.now() if done else None
        if not by_hand:
            return render(self.request, "registers/draft_state.html", {"kept": at, "asked": True})
        if done:
            messages.success(self.request, _("Kept as a draft. Only you see it."))
        else:
            messages.error(self.request, _("This is too much to be kept as a draft."))
        to = Addresses(self.book.root)
        return HttpResponseRedirect(to.card(self.name, self.kept.id) if self.kept else to.drafts)

    def _refused(
        self, errors: list[str] | None = None, *, changed: bool = False
    ) -> HttpResponseBase:
        """The form with what is wrong; it is kept as a draft, in case that it is left so."""
        drafting.keep(self.book, self.id, self.controls, self.request.POST)
        return self._page(errors=errors or [], changed=changed, status=422)

    @property
    def _has_errors(self) -> bool:
        return any(control.error for control in self.controls)

    def _page(
        self,
        *,
        errors: list[str] | None = None,
        changed: bool = False,
        draft: datetime.datetime | None = None,
        status: int = 200,
    ) -> HttpResponseBase:
        register, kept, to = self.register, self.kept, Addresses(self.book.root)
        for control in self.controls:
            if control.field.reference is not None:
                control.pick_url = to.pick(control.field.reference.type)
        title = heading_of(register.type, kept) if kept else register.label
        return page(
            self.request,
            "registers/form.html",
            {
                "register": register,
                "title": title,
                "new": kept is None,
                "sections": self._sections(),
                "errors": errors or [],
                "changed": changed,
                "draft": draft,
                "office": self.book.office,
                "multipart": any(control.kind == "file" for control in self.controls),
                "cancel_url": to.card(self.name, kept.id) if kept else to.list(self.name),
                "to": {"list": to.list(self.name)},
            },
            status=status,
        )

    def _sections(self) -> list[dict[str, object]]:
        by_name = {control.field.name: control for control in self.controls}
        return [
            {"title": section.title, "part": section.part.value, "controls": controls}
            for section in sections_of(self.register.type)
            if (
                controls := [
                    by_name[f.name] for f in section.fields if self._is_drawn(by_name, f.name)
                ]
            )
        ]

    def _is_drawn(self, by_name: dict[str, Control], field: str) -> bool:
        """Of what is only read, a form shows what stands there."""
        control = by_name[field]
        return control.kind != "shown" or control.shown is not None


def _reckoned(book: Book, register: Register) -> frozenset[str]:
    """The sums that the office's program reckons from lines: a form shows them, and takes none."""
    if sheet_of(register.type, book.registers()) is None:
        return frozenset()
    return frozenset(field.name for field in reckoned_fields(register.type))


def _tell(request: HttpRequest, book: Book, *, new: bool, count: int) -> None:
    """Says what was saved."""
    if new and book.office:
        messages.success(request, _("Saved."))
    elif new:
        messages.success(request, _("Saved here. The office gets it in a moment."))
    elif count:
        words = ngettext("%(n)d field saved.", "%(n)d fields saved.", count)
        messages.success(request, words % {"n": count})
    else:
        messages.info(request, _("Nothing was changed."))


def draft_address(book: Book, form: FormId) -> str:
    """Where a draft is gone on with."""
    to = Addresses(book.root)
    if form.kind == "edit":
        return to.edit(form.register, form.record)
    return to.new_as(form.register, form.record)
