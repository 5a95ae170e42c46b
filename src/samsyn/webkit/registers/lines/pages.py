"""The lines of a record, as a part of its card and as a page: shown with their sum, or edited."""

from __future__ import annotations

from typing import Any

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from samsyn.core.listing import Condition, Op, Order, Query
from samsyn.webkit import drafts
from samsyn.webkit.drafts import FormId
from samsyn.webkit.fragments import page, wants_part
from samsyn.webkit.registers import entering
from samsyn.webkit.registers.addresses import Addresses, name_in
from samsyn.webkit.registers.book import (
    Book,
    ChangedMeanwhile,
    Kept,
    May,
    NotAllowed,
    OneRefused,
    Register,
    Through,
    WrongValues,
)
from samsyn.webkit.registers.drafting import AUTO
from samsyn.webkit.registers.guarding import of_book
from samsyn.webkit.registers.heading import heading_of
from samsyn.webkit.registers.lines import sums
from samsyn.webkit.registers.lines.form import MAX_LINES, MAX_NEW, NEW, LinesForm
from samsyn.webkit.registers.lines.sheets import (
    Sheet,
    currency_field,
    reckoned_fields,
    sheet_of,
)
from samsyn.webkit.registers.showing import Names, amount_text, labels, value_of

Context = dict[str, Any]  # Any: whatever the template shows


def shown_lines(book: Book, register: Register, kept: Kept) -> Context | None:
    """The lines of a record for its card; None where its register has none, or the person may not see them."""
    sheet = sheet_of(register.type, book.registers())
    return None if sheet is None else _Lines(book, register, kept, sheet).shown()


def told_with_lines(register: Register, lines: Context | None) -> frozenset[str]:
    """The fields of a record that stand below its lines, and nowhere else."""
    fields = () if lines is None else reckoned_fields(register.type)
    return frozenset(field.name for field in fields)


@require_http_methods(["GET", "POST"])
@of_book
def lines(request: HttpRequest, book: Book, register: str, record: str) -> HttpResponseBase:
    """The lines of a record: shown, or with `edit=yes` in a form."""
    found = book.register(name_in(register))
    kept, sheet = book.record(found.type.name, record), sheet_of(found.type, book.registers())
    if sheet is None:
        raise Http404
    made = _Lines(book, found, kept, sheet)
    if request.method != "POST" and request.GET.get("edit") != "yes":
        return made.page(request, made.shown())
    if not sheet.may_add:
        raise NotAllowed(register=sheet.register.type.name)
    return made.sent(request) if request.method == "POST" else made.opened(request)


class _Lines:
    """The lines of one record, for one request."""

    def __init__(self, book: Book, register: Register, kept: Kept, sheet: Sheet) -> None:
        self.book, self.register, self.kept, self.sheet = book, register, kept, sheet
        order = () if sheet.number is None else (Order(sheet.number.name),)
        belongs = Condition(sheet.parent.name, Op.EQ, kept.id)
        listed = book.page(
            sheet.register.type.name, Query(filter=(belongs,), sort=order, limit=MAX_LINES)
        )
        self.lines, self.more = listed.records, listed.next is not None
        self.id = FormId("lines", sheet.register.type.name, kept.id)

    # --- shown -----------------------------------------------------------------------

    def shown(self) -> Context:
        """What the card shows."""
        sheet, to = self.sheet, Addresses(self.book.root)
        names = Names(self.book, [r.type for r in self.book.registers()], self.lines)
        currency = self._currency
        amounts = [sums.amount_of(sheet, line, currency) for line in self.lines]
        return {
            **self._frame(),
            "columns": [{"label": label, "number": number} for label, number in self._heads()],
            "rows": [
                {
                    "url": to.card(line.type, line.id),
                    "waiting": bool(line.waiting) or line.born_here,
                    "cells": [
                        {
                            "label": labels(sheet.register.type)[field.name],
                            "value": value_of(field, line, names, to),
                            "number": number,
                        }
                        for field, (_label, number) in zip(
                            sheet.columns, self._heads(), strict=True
                        )
                    ],
                    "amount": _amount(amount, currency),
                    "by_office": amount.by_office,
                }
                for line, amount in zip(self.lines, amounts, strict=True)
            ],
            "amount_label": labels(sheet.register.type)[sheet.amount.name],
            "total": amount_text(sums.total_of(amounts, currency), sums.decimals_of(currency)),
            "currency": currency,
            "reckoned_here": any(not a.by_office for a in amounts),
            "office_sums": self._office_sums(names),
            "width": len(sheet.columns),
        }

    def _office_sums(self, names: Names) -> list[Context]:
        to, called = Addresses(self.book.root), labels(self.register.type)
        return [
            {"label": called[field.name], "value": value_of(field, self.kept, names, to)}
            for field in reckoned_fields(self.register.type)
        ]

    def _heads(self) -> list[tuple[str, bool]]:
        called = labels(self.sheet.register.type)
        numbers = {self.sheet.quantity, self.sheet.price, self.sheet.discount}
        return [(called[f.name], f in numbers) for f in self.sheet.columns]

    @property
    def _currency(self) -> str:
        field = currency_field(self.register.type)
        cell = None if field is None else self.kept.fields.get(field.name)
        return cell if isinstance(cell, str) else ""

    def _frame(self) -> Context:
        to = Addresses(self.book.root)
        name, record = self.register.type.name, self.kept.id
        belongs = Condition(self.sheet.parent.name, Op.EQ, self.kept.id)
        return {
            "lines_register": self.sheet.register,
            "may_edit": self.sheet.may_add and not self.more,
            "more": self.more,
            "title": heading_of(self.register.type, self.kept),
            "office": self.book.office,
            "lines_url": to.lines(name, record),
            "card_url": to.card(name, record),
            "all_url": to.list(self.sheet.register.type.name, belongs),
        }

    # --- edited ----------------------------------------------------------------------

    def opened(self, request: HttpRequest) -> HttpResponseBase:
        """The form as it is, or as the person left it."""
        draft = drafts.kept(self.book.whose, self.id, timezone.now())
        form = self._form(1)
        if draft is not None:
            sent = QueryDict(mutable=True)
            sent.update(msgspec.json.decode(draft.content, type=dict[str, str]))
            form = self._form(max(1, _new_rows(sent)))
            form.show(sent)
        return self._edit_page(request, form, draft=None if draft is None else draft.saved)

    def sent(self, request: HttpRequest) -> HttpResponseBase:
        """Saves the lines, or adds an empty one, or keeps or throws away the draft."""
        if request.POST.get("keep") == AUTO:
            done = self._keep(request.POST)
            kept = timezone.now() if done else None
            return render(request, "registers/draft_state.html", {"kept": kept, "asked": True})
        do, new = request.POST.get("do", ""), _new_rows(request.POST)
        if do == "throw":
            drafts.drop(self.book.whose, self.id)
            return self._done(request)
        if do == "add":
            form = self._form(new + 1)
            form.show(request.POST)
            self._keep(request.POST)
            return self._edit_page(request, form)
        return self._save(request, self._form(new))

    def _save(self, request: HttpRequest, form: LinesForm) -> HttpResponseBase:
        writes = form.take(request)
        if form.is_wrong:
            return self._refused(request, form)
        try:
            if writes:
                self.book.write(writes, Through.FORM)
        except OneRefused as error:
            row = form.row_of(error.at)
            match error.cause:
                case WrongValues(errors=errors):
                    row.errors = entering.accuse(row.controls, errors)
                case ChangedMeanwhile(now=now):
                    entering.differ(row.controls, now)
                    row.errors = [_("Somebody changed this line while you wrote. Save once more to write over it.")]  # fmt: skip
                case _:
                    row.errors = [_("The line is gone.")]
            return self._refused(request, form)
        drafts.drop(self.book.whose, self.id)
        words = ngettext("%(n)d line saved.", "%(n)d lines saved.", len(writes))
        messages.success(request, words % {"n": len(writes)}) if writes else messages.info(request, _("Nothing was changed."))  # fmt: skip
        return self._done(request)

    def _refused(self, request: HttpRequest, form: LinesForm) -> HttpResponseBase:
        self._keep(request.POST)
        return self._edit_page(request, form, status=422)

    def _done(self, request: HttpRequest) -> HttpResponseBase:
        to = Addresses(self.book.root).card(self.register.type.name, self.kept.id)
        return HttpResponseRedirect(to)

    def _keep(self, sent: QueryDict) -> bool:
        content = {name: sent.get(name, "") for name in sent if name.startswith("l:")}
        return drafts.keep(self.book.whose, self.id, content, timezone.now())

    def _form(self, new: int) -> LinesForm:
        return LinesForm(self.book, self.sheet, self.kept, self.lines, new)

    def _edit_page(
        self, request: HttpRequest, form: LinesForm, *, draft: object = None, status: int = 200
    ) -> HttpResponseBase:
        fields = form.rows[0].controls if form.rows else []
        context = {
            **self._frame(),
            "editing": True,
            "columns": [
                {"label": c.label, "number": c.kind == "number", "required": c.required}
                for c in fields
            ],
            "rows": form.rows,
            "may_delete": self.sheet.register.may >= May.FULL,
            "may_add_row": _count_new(form) < MAX_NEW and len(form.rows) < MAX_LINES,
            "wrong": form.is_wrong,
            "draft": draft,
        }
        return self.page(request, context, status=status)

    def page(self, request: HttpRequest, context: Context, status: int = 200) -> HttpResponseBase:
        """The page, or for htmx its block."""
        # htmx shows what is sent with 200 alone.
        shown = 200 if wants_part(request) else status
        return page(request, "registers/lines.html", context, block="lines", status=shown)


def _new_rows(sent: QueryDict) -> int:
    told = {name.split(":")[1] for name in sent if name.startswith(f"l:{NEW}")}
    return min(len(told), MAX_NEW)


def _count_new(form: LinesForm) -> int:
    return sum(row.kept is None for row in form.rows)


def _amount(amount: sums.Amount, currency: str) -> str:
    if amount.value is None:
        return ""
    return amount_text(amount.value, sums.decimals_of(currency))
