"""The pages of conflicts: what lost, who wrote it, and writing it once more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from samsyn.online.access import Here, here
from samsyn.online.conflicts.showing import row, values_of
from samsyn.online.notices import inbox
from samsyn.online.registers.book import book
from samsyn.records import clock, history
from samsyn.records.errors import CannotReapply, ChangedSince, UnknownConflict
from samsyn.records.history import ConflictView
from samsyn.records.reapply import reapply
from samsyn.records.tenant import Tenant, snapshot, writing
from samsyn.records.wanted import Wanted
from samsyn.webkit import filtering
from samsyn.webkit.csv_files import csv_file
from samsyn.webkit.filtering import Asked
from samsyn.webkit.preferences import back_to
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.apart import Apart, Values
from samsyn.webkit.registers.book import Book, Register
from samsyn.webkit.registers.outcomes import outcome_words
from samsyn.webkit.registers.showing import key_text, moment_text

ROWS, EXPORTED = 50, 500
USUAL_DAYS = 7
"""Older ones are asked for."""


@require_GET
def listed(request: HttpRequest) -> HttpResponseBase:
    """The company's conflicts, the newest first, with what can be done."""
    at, registers = here(request), book(request)
    seen = registers.registers()
    asked = filtering.asked(request.GET, seen, USUAL_DAYS)
    before = request.GET.get("before", "")
    with snapshot():
        found = history.conflicts(
            at.tenant, ROWS + 1, before if _is_place(before) else None, _wanted(at, seen, asked)
        )
    values = values_of(registers, found[:ROWS])
    bar = filtering.form(asked, seen, mine=True)
    bar["export"] = f"{reverse('export_conflicts', args=[at.company.pk])}?{request.GET.urlencode()}"
    return render(
        request,
        "conflicts/list.html",
        {
            "conflicts": [row(registers, values, one, at.person.email) for one in found[:ROWS]],
            "next": found[ROWS - 1].id if len(found) > ROWS else None,
            "company": at.company.pk,
            "filter": bar,
            "narrowed": asked.narrowed,
            "recent": asked.days is not None,
        },
    )


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """The same as a file, all of it."""
    at, registers = here(request), book(request)
    seen = registers.registers()
    wanted = _wanted(at, seen, filtering.asked(request.GET, seen, USUAL_DAYS))
    head = [
        _("Time"), _("Register"), _("Record"), _("Field"), _("The office"), _("By"),
        _("Online"), _("By"), _("What became of it"),
    ]  # fmt: skip
    return csv_file("conflicts", head, _exported(at, registers, wanted))


def _exported(at: Here, registers: Book, wanted: Wanted) -> Iterator[list[list[str]]]:
    before: str | None = None
    while True:
        with snapshot():
            found = history.conflicts(at.tenant, EXPORTED, before, wanted)
        if not found:
            return
        values = values_of(registers, found)
        yield [_line(values, one) for one in found]
        before = found[-1].id


def _line(values: Values, one: ConflictView) -> list[str]:
    name = one.field or ""
    return [
        moment_text(one.at),
        values.registers[one.type].label,
        values.title(one.record) or key_text(one.key),
        values.label(one.type, name),
        values.text(Apart(one.type, name, one.office)),
        one.office_by or "",
        values.text(Apart(one.type, name, one.online)),
        one.online_by or "",
        outcome_words(one.outcome),
    ]


def _wanted(at: Here, seen: Sequence[Register], asked: Asked) -> Wanted:
    since = asked.since()
    return Wanted(
        asked.types(seen),
        filtering.titles(seen),
        None if since is None else since.isoformat(),
        at.person.email if asked.mine else None,
        asked.search,
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
        return redirect(back_to(request, reverse("conflicts", args=[at.company.pk])))
    except ChangedSince:
        words = _(
            "Somebody has written there since. Your value would replace what stands there now."
        )
        return render(request, "conflicts/anyway.html", {"words": words, "company": at.company.pk})
    with writing():
        inbox.mark_about(tenant, at.person.pk, clock.now(), history.seq_of(conflict))
    messages.success(request, _("Written once more. The office gets it in a moment."))
    return redirect(Addresses(registers.root).card(done.type, done.record))


def _check(registers: Book, tenant: Tenant, conflict: str) -> None:
    """404 unless the person may write in the conflict's register."""
    one = history.conflict(tenant, conflict)
    seen = registers.registers()
    if one is None or not any(r.type.name == one.type and r.writable for r in seen):
        raise Http404


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
