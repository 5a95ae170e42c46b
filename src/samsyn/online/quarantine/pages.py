"""The pages of the quarantine: what the office or the service does not take, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from samsyn.core.clinic import Fix
from samsyn.online.access import Here, here
from samsyn.online.api import mending
from samsyn.online.api.errors import KeyTaken
from samsyn.online.grants import Access
from samsyn.online.quarantine.showing import ELSEWHERE, IN_THE_FORM, row, values_of
from samsyn.online.registers.book import book
from samsyn.protocol.messages import QuarantineEntry
from samsyn.records import clinic_list
from samsyn.records.errors import (
    EntrySettled,
    FixIncomplete,
    FixUnfit,
    UnknownEntry,
    UnknownRecord,
)
from samsyn.records.tenant import snapshot
from samsyn.records.wanted import Wanted
from samsyn.webkit import filtering
from samsyn.webkit.csv_files import csv_file
from samsyn.webkit.filtering import Asked
from samsyn.webkit.registers.book import Book, Register
from samsyn.webkit.registers.showing import moment_text

ROWS, EXPORTED = 50, 500


@require_GET
def listed(request: HttpRequest) -> HttpResponseBase:
    """What lies in quarantine, the oldest first, with the fixes that apply; or what has left it."""
    at, registers = here(request), book(request)
    seen, settled = registers.registers(), request.GET.get("state") == "settled"
    asked = filtering.asked(request.GET, seen, None)
    after = request.GET.get("after", "")
    with snapshot():
        found = clinic_list.entries(
            at.tenant,
            ROWS + 1,
            after if after.isalnum() else "",
            resolved=settled,
            wanted=_wanted(seen, asked),
        )
    values = values_of(registers, found[:ROWS])
    bar = filtering.form(asked, seen, mine=False) | {"settled": settled, "may_settled": True}
    bar["export"] = (
        f"{reverse('export_quarantine', args=[at.company.pk])}?{request.GET.urlencode()}"
    )
    return render(
        request,
        "quarantine/list.html",
        {
            "entries": [row(registers, values, one) for one in found[:ROWS]],
            "next": found[ROWS - 1].id if len(found) > ROWS else None,
            "company": at.company.pk,
            "filter": bar,
            "narrowed": asked.narrowed or asked.days is not None or settled,
        },
    )


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """The same as a file, all of it."""
    at, registers = here(request), book(request)
    seen = registers.registers()
    wanted = _wanted(seen, filtering.asked(request.GET, seen, None))
    settled = request.GET.get("state") == "settled"
    head = [
        _("Since"), _("Register"), _("Record"), _("Why"), _("The database says:"),
        _("Field"), _("The office"), _("Online"),
    ]  # fmt: skip
    return csv_file("quarantine", head, _exported(at, registers, wanted, settled))


def _exported(
    at: Here, registers: Book, wanted: Wanted, settled: bool
) -> Iterator[list[list[str]]]:
    after = ""
    while True:
        with snapshot():
            found = clinic_list.entries(at.tenant, EXPORTED, after, resolved=settled, wanted=wanted)
        if not found:
            return
        values = values_of(registers, found)
        yield [line for one in found for line in _lines(row(registers, values, one))]
        after = found[-1].id


def _lines(told: dict[str, Any]) -> list[list[str]]:  # Any: a row of the list
    """A line for each value at stake, one at least."""
    begins = [
        moment_text(told["since"]),
        told["register"],
        told["title"],
        told["why"],
        told["said"],
    ]
    values = told["values"] or [{"label": "", "office": "", "online": ""}]
    return [[*begins, one["label"], one["office"], one["online"]] for one in values]


def _wanted(seen: Sequence[Register], asked: Asked) -> Wanted:
    since = asked.since()
    return Wanted(
        asked.types(seen),
        filtering.titles(seen),
        None if since is None else since.isoformat(),
        search=asked.search,
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
