"""The tab *Synchronisation*: everything about a company's sync on one page, live."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from samsyn.agent import holding, lists, pausing
from samsyn.agent.certificates import summary
from samsyn.agent.pausing import wake_agent
from samsyn.agent.runlog import Noted
from samsyn.companydb import books, unseen
from samsyn.companydb.held import Held, Phase, Side
from samsyn.companydb.rows import CompanyDb
from samsyn.core.errors import SamsynError
from samsyn.office import agents
from samsyn.office.access import here
from samsyn.office.connection import computers
from samsyn.office.connection.words import error_words, held_words
from samsyn.office.people.rights import Area
from samsyn.office.registers.of_request import book
from samsyn.office.registers.opened import opened_for
from samsyn.office.standing import standing
from samsyn.office.synchronising import telling
from samsyn.office.synchronising.state import AWAY, State, describe
from samsyn.office.synchronising.windows import DAYS, ROWS, Window
from samsyn.webkit.fragments import page, wants_part
from samsyn.webkit.registers.book import May

FEW = 20
"""Conflicts and entries that the page shows; their own pages have all."""
UNCHANGED = 204
TO_THE_MINUTE = len("2026-11-30T14:03")
"""As the page shows times: the beats of an agent between two minutes are no news."""


@require_GET
def synchronisation(request: HttpRequest) -> HttpResponseBase:
    """The whole tab; where nothing has changed since the mark that is told, nothing is sent."""
    at = here(request)
    db = opened_for(request, at.opened.url).db
    if books.connection(db) is None:
        return redirect("online", at.opened.alias)
    state = describe(db, at.opened)
    mark = _mark(db, state)
    if wants_part(request) and request.GET.get("mark") == mark:
        return HttpResponse(status=UNCHANGED)
    registers, since = book(request), Window(DAYS, "", export=False).since
    # Where the service is known not to answer, nobody is kept waiting to learn it once more.
    asks = state.code not in AWAY
    told_of = lists.conflicts(db, since) if asks else lists.own_conflicts(db)
    recent = [row for row in told_of if row.at >= since]
    entries = lists.quarantine(db) if asks else lists.own_quarantine(db)
    runs = [run for run in books.runs(db, books.KEPT_RUNS) if run.at >= since]
    labels = {r.type.name: r.label for r in registers.registers()}
    verified = summary(db)
    told: dict[str, Any] = {  # Any: whatever the template shows
        "alias": at.opened.alias,
        "tab": "synchronisation",
        "superuser": at.rights.superuser,
        "may_mend": at.rights.area(Area.ONLINE) >= May.WRITE,
        "state": state,
        "mark": mark,
        "computers": computers.choosable(db),
        "conflicts": telling.conflicts(registers, recent[:FEW]),
        "conflict_count": len(recent),
        "days": telling.days(runs),
        "up": sum(run.up for run in runs),
        "down": sum(run.down for run in runs),
        "syncs": telling.syncs(books.runs(db, ROWS)),
        "away": not asks,
        "quarantine": telling.quarantine(registers, entries[:FEW]),
        "quarantine_count": len(entries),
        "held": [_held(one, waiting, labels) for one, waiting in holding.listed(db)],
        "verified": verified,
        "compared": [(labels.get(one.type, one.type), one) for one in verified.types],
        "asked": bool(unseen.asked(db)),
    }
    return page(request, "office_synchronising/synchronisation.html", told, block="live")


@require_GET
def state(request: HttpRequest) -> HttpResponseBase:
    """The state in the header, for pages that stand open."""
    at = here(request)
    told = standing(opened_for(request, at.opened.url), at.opened, may_look=True)
    return render(request, "webkit/sync_state.html", {"sync": told})


@require_POST
def computer(request: HttpRequest) -> HttpResponseBase:
    """Another computer syncs from now on."""
    at = here(request)
    try:
        computers.choose(
            opened_for(request, at.opened.url).db, request.POST.get("computer", "")[:64]
        )
        messages.success(request, _("The sync computer is chosen."))
    except SamsynError as error:
        messages.error(request, error_words(error))
    agents.look(at.opened.pk)
    return redirect("synchronisation", at.opened.alias)


@require_POST
def pause_or_resume(request: HttpRequest) -> HttpResponseBase:
    """A person's wish, that whichever agent runs follows."""
    at, paused = here(request), request.POST.get("paused") == "yes"
    try:
        pausing.pause(at.opened.url, paused=paused)
    except SamsynError as error:
        messages.error(request, error_words(error))
    agents.look(at.opened.pk)
    return redirect("synchronisation", at.opened.alias)


@require_POST
def verify(request: HttpRequest) -> HttpResponseBase:
    """Every register is compared, by the agent that runs, while work goes on."""
    at = here(request)
    db = opened_for(request, at.opened.url).db
    with db.transaction():
        for record_type in db.types.values():
            unseen.ask(db, record_type)
        wake_agent(db)
    messages.success(request, _("The comparison has begun; what it says comes here."))
    return redirect("synchronisation", at.opened.alias)


def _held(one: Held, waiting: int, labels: Mapping[str, str]) -> dict[str, object]:
    label = labels.get(one.type, one.type)
    return {
        "type": one.type,
        "label": label,
        "words": held_words(Noted(one.why, one.facts | {"type": label})),
        "since": one.since,
        "waiting": waiting,
        "decided": one.phase is not Phase.HELD,
        "schema": one.side is Side.SCHEMA,
    }


def _mark(db: CompanyDb, state: State) -> str:
    """Changes with whatever the page shows: all of it shows in the database, whoever has done it."""
    latest, verified = books.runs(db, 1), summary(db)
    seen = (
        state,
        latest,
        verified.at,
        len(verified.types),
        unseen.asked(db),
        books.cursor(db),
        [
            msgspec.structs.replace(c, last_seen=c.last_seen[:TO_THE_MINUTE])
            for c in computers.choosable(db)
        ],
    )
    return hashlib.blake2b(msgspec.json.encode(seen), digest_size=8).hexdigest()
