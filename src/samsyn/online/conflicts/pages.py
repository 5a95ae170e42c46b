"""The pages of conflicts: what lost, who wrote it, and writing it once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from samsyn.core.catalog import Field
from samsyn.online.access import here
from samsyn.online.registers.book import book
from samsyn.records import clock, history
from samsyn.records.errors import CannotReapply, ChangedSince, UnknownConflict
from samsyn.records.history import ConflictView
from samsyn.records.reapply import reapply
from samsyn.records.tenant import Tenant
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.book import Book, Kept, Register
from samsyn.webkit.registers.showing import key_text, plain_cell, title_of

ROWS = 50


@require_GET
def listed(request: HttpRequest) -> HttpResponseBase:
    """The company's conflicts, the newest first, with what can be done."""
    at, registers = here(request), book(request)
    before = request.GET.get("before", "")
    found = history.conflicts(
        Tenant(at.company.pk), ROWS + 1, before if _is_place(before) else None
    )
    shown = [one for one in found[:ROWS] if one.type in _by_name(registers)]
    kept = registers.records({one.record for one in shown} | _referred(registers, shown))
    return render(
        request,
        "conflicts/list.html",
        {
            "conflicts": [_row(registers, one, kept, at.person.email) for one in shown],
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
    register = None if one is None else _by_name(registers).get(one.type)
    if register is None or not register.writable:
        raise Http404


def _row(
    registers: Book, one: ConflictView, kept: Mapping[str, Kept], me: str
) -> dict[str, Any]:  # Any: whatever the template shows
    register = _by_name(registers)[one.type]
    record = kept.get(one.record)
    field = next((f for f in register.type.fields if f.name == one.field), None)
    return {
        "id": one.id,
        "register": register.label,
        "title": title_of(register.type, record) if record else key_text(one.key) or _("a record"),
        "url": Addresses(registers.root).card(one.type, one.record) if record else "",
        "label": one.field if field is None else field.label or field.name,
        "office": _shown(registers, field, one.office, kept),
        "online": _shown(registers, field, one.online, kept),
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


def _by_name(registers: Book) -> dict[str, Register]:
    return {register.type.name: register for register in registers.registers()}


def _referred(registers: Book, shown: Sequence[ConflictView]) -> set[str]:
    """The records that values of reference fields name."""
    known = _by_name(registers)
    names: set[str] = set()
    for one in shown:
        field = next((f for f in known[one.type].type.fields if f.name == one.field), None)
        if field is not None and field.reference is not None:
            names |= {cell for cell in (one.office, one.online) if isinstance(cell, str)}
    return names


def _shown(
    registers: Book, field: Field | None, cell: Any, kept: Mapping[str, Kept]
) -> str:  # Any: a cell
    if field is not None and field.reference is not None and isinstance(cell, str):
        record = kept.get(cell)
        return (
            _("not shown")
            if record is None
            else title_of(_by_name(registers)[record.type].type, record)
        )
    return plain_cell(field, cell).short


def _is_place(text: str) -> bool:
    return 0 < len(text) <= 40 and set(text) <= set("0123456789.")
