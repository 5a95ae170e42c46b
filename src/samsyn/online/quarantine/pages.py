"""The pages of the quarantine: what the office or the service does not take, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from samsyn.core.clinic import Fix
from samsyn.online.access import here
from samsyn.online.api import mending
from samsyn.online.api.errors import KeyTaken
from samsyn.online.grants import Access
from samsyn.online.registers.book import book
from samsyn.protocol.messages import QuarantineEntry, Remedy
from samsyn.records import clinic_list
from samsyn.records.errors import (
    EntrySettled,
    FixIncomplete,
    FixUnfit,
    UnknownEntry,
    UnknownRecord,
)
from samsyn.records.tenant import snapshot
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.apart import Apart, Values
from samsyn.webkit.registers.book import Book, Register
from samsyn.webkit.registers.refusals import DATABASE_SPEAKS, refusal_words
from samsyn.webkit.registers.showing import key_text

ROWS = 50
IN_THE_FORM = frozenset({Fix.EDIT, Fix.NEW_KEY})
"""Carried out by saving the record's form with another value."""
ELSEWHERE = frozenset({Fix.EDIT_OFFICE, Fix.WAIT})
"""What nobody does here: the office's own program, or time."""


@require_GET
def listed(request: HttpRequest) -> HttpResponseBase:
    """What lies in quarantine, the oldest first, with the fixes that apply."""
    at, registers = here(request), book(request)
    after = request.GET.get("after", "")
    with snapshot():
        found = clinic_list.entries(at.tenant, ROWS + 1, after if after.isalnum() else "")
    values = Values(registers, _cells(found[:ROWS]), _named(found[:ROWS]))
    shown = [one for one in found[:ROWS] if one.type in values.registers]
    return render(
        request,
        "quarantine/list.html",
        {
            "entries": [_entry(registers, values, one) for one in shown],
            "next": found[ROWS - 1].id if len(found) > ROWS else None,
            "company": at.company.pk,
        },
    )


@require_POST
def mend(request: HttpRequest, entry: str) -> HttpResponseBase:
    """Carries out the fix that was chosen."""
    at, registers = here(request), book(request)
    told = request.POST.get("fix", "")
    if told not in {fix.value for fix in Fix if fix not in IN_THE_FORM | ELSEWHERE}:
        raise Http404
    try:
        kept = clinic_list.entry(at.tenant, entry)
        _check(registers, kept)
        wish = mending.Wish(entry, told, {}, request.POST.get("record") or None, ())
        mending.carry_out(Access(at.company.pk, at.person.email, at.rights), wish)
    except UnknownEntry as error:
        raise Http404 from error
    except EntrySettled:
        messages.info(request, _("It has been settled meanwhile; nothing needs to be done."))
    except (FixUnfit, FixIncomplete, KeyTaken, UnknownRecord):
        messages.error(
            request, _("That cannot be done here any more. See below what can be done now.")
        )
    else:
        messages.success(request, _done(Fix(told)))
    return redirect("quarantine", at.company.pk)


def _check(registers: Book, entry: QuarantineEntry) -> None:
    """404 unless the person may write in the entry's register."""
    if not any(r.type.name == entry.type and r.writable for r in registers.registers()):
        raise Http404


def _cells(entries: Sequence[QuarantineEntry]) -> list[Apart]:
    return [
        Apart(one.type, value.field, cell)
        for one in entries
        for value in one.values
        for cell in (value.office, value.online)
    ]


def _named(entries: Sequence[QuarantineEntry]) -> set[str]:
    """The records that the entries are about."""
    holders = {holder.record for one in entries for holder in one.holders}
    fixes = {fix.record for one in entries for fix in one.fixes if fix.record is not None}
    return {one.record for one in entries} | holders | fixes


def _entry(
    registers: Book, values: Values, one: QuarantineEntry
) -> dict[str, Any]:  # Any: whatever the template shows
    to, register = Addresses(registers.root), values.registers[one.type]
    waits_for = next((f.record for f in one.fixes if f.fix == Fix.WAIT.value), None)
    return {
        "id": one.id,
        "register": register.label,
        "title": values.title(one.record) or key_text(one.key) or _("a record"),
        "url": to.card(one.type, one.record) if values.kept(one.record) else "",
        "by_office": one.side == "office",
        "why": refusal_words(
            one.code,
            values.label(one.type, one.field) if one.field else _("A field"),
            values.title(waits_for) if waits_for else "",
        ),
        "said": one.reason if one.code in DATABASE_SPEAKS else "",
        "since": one.since,
        "values": [
            {
                "label": values.label(one.type, value.field),
                "office": values.text(Apart(one.type, value.field, value.office)),
                "online": values.text(Apart(one.type, value.field, value.online)),
            }
            for value in one.values
        ],
        "holders": [
            {
                "title": values.title(holder.record) or _("a record"),
                "url": to.card(one.type, holder.record) if values.kept(holder.record) else "",
                "fields": ", ".join(values.label(one.type, name) for name in holder.fields),
            }
            for holder in one.holders
        ],
        "under_way": one.state == "under_way",
        "aside": one.state == "aside",
        "fixed_by": one.fixed_by,
        "fixed_at": one.fixed_at,
        "edit": to.edit(one.type, one.record) if _is_editable(register, one) else "",
        "fixes": [_button(fix) for fix in one.fixes if register.writable and _is_button(fix)],
        "at_office": any(fix.fix == Fix.EDIT_OFFICE.value for fix in one.fixes),
    }


def _is_editable(register: Register, one: QuarantineEntry) -> bool:
    return register.writable and any(Fix(fix.fix) in IN_THE_FORM for fix in one.fixes)


def _is_button(fix: Remedy) -> bool:
    return Fix(fix.fix) not in IN_THE_FORM | ELSEWHERE


def _button(fix: Remedy) -> dict[str, str]:
    words = {
        Fix.TAKE_OFFICE: _("Let the office's value stand"),
        Fix.MERGE_WITH: _("Make it one record with %(title)s") % {"title": fix.title or ""},
        Fix.RETRY: _("Try again as it is"),
        Fix.SEND_AGAIN: _("Send it again as it is"),
        Fix.SKIP: _("Leave it"),
    }[Fix(fix.fix)]
    return {"fix": fix.fix, "record": fix.record or "", "words": words}


def _done(fix: Fix) -> str:
    return {
        Fix.TAKE_OFFICE: _("The office's value stands; the other is kept among the conflicts."),
        Fix.MERGE_WITH: _(
            "The two become one record; values that had no room are kept among the conflicts."
        ),
        Fix.RETRY: _("The office is asked once more."),
        Fix.SEND_AGAIN: _("The office sends it once more."),
        Fix.SKIP: _("Left; it stays in the history."),
    }[fix]
