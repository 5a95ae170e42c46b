"""The pages of conflicts: what lost, who wrote it, and writing it once more."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from samsyn.online.access import here
from samsyn.online.registers.book import book
from samsyn.records import clock, history
from samsyn.records.errors import CannotReapply, ChangedSince, UnknownConflict
from samsyn.records.history import ConflictView
from samsyn.records.reapply import reapply
from samsyn.records.tenant import Tenant
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.apart import Apart, Values
from samsyn.webkit.registers.book import Book
from samsyn.webkit.registers.showing import key_text

ROWS = 50


@require_GET
def listed(request: HttpRequest) -> HttpResponseBase:
    """The company's conflicts, the newest first, with what can be done."""
    at, registers = here(request), book(request)
    before = request.GET.get("before", "")
    found = history.conflicts(
        Tenant(at.company.pk), ROWS + 1, before if _is_place(before) else None
    )
    values = Values(
        registers,
        [Apart(o.type, o.field or "", cell) for o in found[:ROWS] for cell in (o.office, o.online)],
        {one.record for one in found[:ROWS]},
    )
    shown = [one for one in found[:ROWS] if one.type in values.registers]
    return render(
        request,
        "conflicts/list.html",
        {
            "conflicts": [_row(registers, values, one, at.person.email) for one in shown],
            "next": found[ROWS - 1].id if len(found) > ROWS else None,
            "company": at.company.pk,
        },
    )


@require_http_methods(["POST"])
def again(request: HttpRequest, conflict: str) -> HttpResponseBase:
    """Writes what lost once more; where somebody has written there since, asks first."""
    at, registers = here(request), book(request)
    anyway = request.POST.get("anyway") == "yes"
    tenant = Tenant(at.company.pk)
    _check(registers, tenant, conflict)
    try:
        done = reapply(tenant, conflict, at.person.email, clock.now(), anyway=anyway)
    except UnknownConflict as error:
        raise Http404 from error
    except CannotReapply as error:
        messages.error(request, _why(str(error.facts.get("why", ""))))
        return redirect("conflicts", at.company.pk)
    except ChangedSince:
        words = _(
            "Somebody has written there since. Your value would replace what stands there now."
        )
        return render(request, "conflicts/anyway.html", {"words": words, "company": at.company.pk})
    messages.success(request, _("Written once more. The office gets it in a moment."))
    return redirect(Addresses(registers.root).card(done.type, done.record))


def _check(registers: Book, tenant: Tenant, conflict: str) -> None:
    """404 unless the person may write in the conflict's register."""
    one = history.conflict(tenant, conflict)
    seen = registers.registers()
    if one is None or not any(r.type.name == one.type and r.writable for r in seen):
        raise Http404


def _row(
    registers: Book, values: Values, one: ConflictView, me: str
) -> dict[str, Any]:  # Any: whatever the template shows
    register, name = values.registers[one.type], one.field or ""
    alive = values.kept(one.record) is not None
    return {
        "id": one.id,
        "register": register.label,
        "title": values.title(one.record) or key_text(one.key) or _("a record"),
        "url": Addresses(registers.root).card(one.type, one.record) if alive else "",
        "label": values.label(one.type, name),
        "office": values.text(Apart(one.type, name, one.office)),
        "online": values.text(Apart(one.type, name, one.online)),
        "office_won": one.kept == "office",
        "office_by": one.office_by,
        "online_by": one.online_by,
        "mine": one.online_by == me,
        "at": one.at,
        "outcome": outcome_words(one.outcome),
        "again": one.reapplied_seq is not None,
        "may_again": register.writable and one.reapplied_seq is None,
    }


def outcome_words(outcome: str) -> str:
    """What became of it."""
    return {
        "office_value": _("The office's value stands."),
        "office_deleted": _("The office deleted the record."),
        "deletion_undone": _("Deleted online and changed at the office: the record lives."),
        "delete_refused": _("The office cannot delete it, so it came back."),
        "given_up": _("The office could not take it, and somebody let it go."),
        "online_value": _("The online value stands, by the rule of this field."),
        "stale_form": _(
            "Saved at the office from a form that was opened before the online value came."
        ),
        "field_gone": _("The office has dropped the field."),
        "merged": _("Two records became one; this value had no room there."),
    }.get(outcome, outcome)


def _why(code: str) -> str:
    return {
        "RECORD_GONE": _("The record is gone; nothing is left to write it to."),
        "TYPE_GONE": _("The office no longer has that register or field."),
    }.get(
        code,
        _(
            "The value cannot be written once more: the record has changed too much. Open it and write what you want."
        ),
    )


def _is_place(text: str) -> bool:
    return 0 < len(text) <= 40 and set(text) <= set("0123456789.")
