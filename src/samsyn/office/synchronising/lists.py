"""The lists beyond their defaults: more days, with words in them, and as files."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from samsyn.agent import lists as of_agent
from samsyn.companydb import books
from samsyn.companydb.rows import CompanyDb
from samsyn.office.access import here
from samsyn.office.people.rights import Area
from samsyn.office.registers.of_request import book
from samsyn.office.registers.opened import opened_for
from samsyn.office.synchronising import telling
from samsyn.office.synchronising.windows import MOST, PERIODS, Window, window
from samsyn.webkit.csv_files import csv_file
from samsyn.webkit.registers.book import May


@require_GET
def conflicts(request: HttpRequest) -> HttpResponseBase:
    """Conflicts, and how each was handled."""
    at, wanted = here(request), window(request)
    db = opened_for(request, at.opened.url).db
    since = wanted.since
    rows = [row for row in of_agent.conflicts(db, since) if row.at >= since]
    found = [
        one
        for one in telling.conflicts(book(request), rows)
        if wanted.has((one["title"], one["label"], one["office"], one["online"], one["online_by"]))
    ]
    if wanted.export:
        titles = [
            _("Time"), _("Register"), _("Record"), _("Field"), _("The office"), _("Online"),
            _("Written online by"), _("How it was handled"), _("Written once more"),
        ]  # fmt: skip
        names = "at register title label office online online_by outcome again".split()
        return csv_file(f"conflicts-{at.opened.alias}", titles, [_rows(found, names)])
    may_mend = at.rights.area(Area.ONLINE) >= May.WRITE
    told = _told(request, wanted, found) | {"conflicts": found[:MOST], "may_mend": may_mend}
    return render(request, "office_synchronising/conflicts.html", told)


@require_GET
def history(request: HttpRequest) -> HttpResponseBase:
    """Records up and down by day."""
    at, wanted = here(request), window(request)
    runs = _runs(opened_for(request, at.opened.url).db, wanted)
    found = [day for day in telling.days(runs) if wanted.has((day["computer"], day["date"]))]
    if wanted.export:
        titles = [_("Date"), _("Computer"), _("Up"), _("Down")]
        names = "date computer up down".split()
        return csv_file(f"history-{at.opened.alias}", titles, [_rows(found, names)])
    told = _told(request, wanted, found) | {"days": found[:MOST]}
    return render(request, "office_synchronising/history.html", told)


@require_GET
def log(request: HttpRequest) -> HttpResponseBase:
    """Every sync."""
    at, wanted = here(request), window(request)
    runs = _runs(opened_for(request, at.opened.url).db, wanted)
    found = [
        one
        for one in telling.syncs(runs)
        if wanted.has((one["words"], one["computer"], one["message"]))
    ]
    if wanted.export:
        titles = [_("Time"), _("Status"), _("Up"), _("Down"), _("Computer"), _("Message")]
        names = "at words up down computer message".split()
        return csv_file(f"syncs-{at.opened.alias}", titles, [_rows(found, names)])
    told = _told(request, wanted, found) | {"syncs": found[:MOST]}
    return render(request, "office_synchronising/log.html", told)


def _runs(db: CompanyDb, wanted: Window) -> list[books.Run]:
    since = wanted.since
    return [run for run in books.runs(db, books.KEPT_RUNS) if run.at >= since]


def _rows(found: list[dict[str, Any]], names: list[str]) -> list[list[str]]:
    return [[_text(one[name]) for name in names] for one in found]


def _text(value: object) -> str:
    """As people read it."""
    match value:
        case bool():
            return _("yes") if value else _("no")
        case datetime.date():
            return formats.date_format(value, "SHORT_DATE_FORMAT")
        case int():
            return str(value)
    return "" if value is None else str(value)


def _told(
    request: HttpRequest, wanted: Window, found: list[dict[str, Any]]
) -> dict[str, Any]:  # Any: whatever a template shows
    periods = sorted({*PERIODS, wanted.days})
    return {
        "alias": here(request).opened.alias,
        "tab": "synchronisation",
        "window": wanted,
        "periods": periods,
        "count": len(found),
        "more": len(found) > MOST,
    }
