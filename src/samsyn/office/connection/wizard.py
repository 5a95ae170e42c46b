"""The wizard *Connect*: criteria, Samsyn ID, registers, sync computer, plan, first load.

Each step is a page of its own and shows what is so far; whoever leaves comes back to where it stands.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samsyn.agent import pairing
from samsyn.agent.clock import now_text
from samsyn.agent.lease import this_computer
from samsyn.agent.pausing import pause
from samsyn.companydb import attach as attaching
from samsyn.companydb import books
from samsyn.core.errors import SamsynError
from samsyn.office import agents
from samsyn.office.access import Here, here
from samsyn.office.companies.choosing import needed_words
from samsyn.office.companies.models import Origin
from samsyn.office.connection import asking, computers, registers_form
from samsyn.office.connection.address import service_address
from samsyn.office.connection.loading import progress_of
from samsyn.office.connection.looking_up import looked_up
from samsyn.office.connection.models import Attempt
from samsyn.office.connection.standing import Responsible, make_responsible
from samsyn.office.connection.words import error_words
from samsyn.office.people.rights import Area
from samsyn.office.registers.opened import opened_for
from samsyn.webkit.fragments import page, wants_part
from samsyn.webkit.registers.book import May

STEPS = ("criteria", "id", "registers", "computer", "plan", "loading")
LEAST_BYTES = 1024
"""Less is not worth telling apart."""
Told = dict[str, Any]  # Any: whatever a template shows


@require_GET
def criteria(request: HttpRequest) -> HttpResponseBase:
    """Step 1: what must be true."""
    at = here(request)
    if books.connection(opened_for(request, at.opened.url).db) is not None:
        return redirect("online", at.opened.alias)
    looked = looked_up(request, at, reverse("connect", args=[at.opened.alias]))
    told = _told(at, "criteria") | {
        "criteria": looked.shown,
        "unmet": looked.unmet,
        "met": looked.met,
        "attempt": asking.current(at.opened, renews=False),
    }
    return page(request, "office_connection/step_criteria.html", told, block="criteria")


@require_POST
def ask(request: HttpRequest) -> HttpResponseBase:
    """Ask for approval, unless a criterion is not met any more."""
    at = here(request)
    if not looked_up(request, at, "").met:
        return redirect("connect", at.opened.alias)
    try:
        asking.begin(at.opened, at.user, service_address())
    except SamsynError as error:
        messages.error(request, error_words(error))
        return redirect("connect", at.opened.alias)
    return redirect("connect_id", at.opened.alias)


@require_GET
def samsyn_id(request: HttpRequest) -> HttpResponseBase:
    """Step 2: the code, and whether somebody has answered."""
    at = here(request)
    attempt, trouble = asking.current(at.opened, renews=False), ""
    if attempt is None:
        return redirect("connect", at.opened.alias)
    try:
        attempt = asking.watch(attempt, asking.HOLD_S if wants_part(request) else 0.0)
    except SamsynError as error:
        trouble = error_words(error)
    if attempt.answer == asking.APPROVED and wants_part(request):
        return HttpResponse(headers={"HX-Redirect": request.path})
    told = _told(at, "id") | {
        "attempt": attempt,
        "answer_url": asking.answer_url(attempt),
        "trouble": trouble,
        "again_url": reverse("connect_ask", args=[at.opened.alias]),
        "go_on_url": reverse("connect_registers", args=[at.opened.alias]),
    }
    return page(request, "office_connection/step_id.html", told, block="answer")


@require_http_methods(["GET", "POST"])
def registers(request: HttpRequest) -> HttpResponseBase:
    """Step 3: which way each register goes."""
    at = here(request)
    if (stop := _not_yet(at)) is not None:
        return stop
    db = opened_for(request, at.opened.url).db
    if request.method == "POST":
        try:
            registers_form.change(at.opened.url, registers_form.chosen(request.POST, db))
            return redirect("connect_computer", at.opened.alias)
        except SamsynError as error:
            messages.error(request, needed_words(error) or error_words(error))
            return redirect("connect_registers", at.opened.alias)
    told = _told(at, "registers") | {
        "attempt": asking.current(at.opened, renews=False),
        "registers": registers_form.going(db),
        "directions": registers_form.directions(),
        "aside": registers_form.left_aside(attaching.plan(at.opened.url)),
        "may_choose": _may_choose(at),
    }
    return render(request, "office_connection/step_registers.html", told)


def _may_choose(at: Here) -> bool:
    """Whether registers and fields may be left out: of a database that Samsyn has not made itself."""
    attached = at.opened.origin == Origin.ATTACHED
    return attached and at.rights.area(Area.DATABASES) >= May.WRITE


@require_http_methods(["GET", "POST"])
def computer(request: HttpRequest) -> HttpResponseBase:
    """Step 4: which computer syncs."""
    at = here(request)
    if (stop := _not_yet(at)) is not None:
        return stop
    db = opened_for(request, at.opened.url).db
    computers.note_this(db)
    if request.method == "POST":
        try:
            computers.choose(db, request.POST.get("computer", "")[:64])
            return redirect("connect_plan", at.opened.alias)
        except SamsynError as error:
            messages.error(request, error_words(error))
    listed = computers.choosable(db)
    told = _told(at, "computer") | {
        "computers": listed,
        "chosen": next((one.id for one in listed if one.chosen), this_computer().id),
    }
    return render(request, "office_connection/step_computer.html", told)


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponseBase:
    """Step 5: what will happen; then it does."""
    at = here(request)
    if (stop := _not_yet(at)) is not None:
        return stop
    attempt = asking.current(at.opened, renews=False)
    assert attempt is not None, "checked"
    if request.method == "POST":
        if not looked_up(request, at, "").met:
            return redirect("connect", at.opened.alias)
        return _connected(request, at, attempt, later=request.POST.get("when") == "later")
    db = opened_for(request, at.opened.url).db
    planned = attaching.plan(at.opened.url)
    listed = computers.choosable(db)
    told = _told(at, "plan") | {
        "attempt": attempt,
        "registers": registers_form.going(db),
        "directions": dict(registers_form.directions()),
        "aside": registers_form.left_aside(planned),
        "records": sum(one.records for one in registers_form.going(db)),
        "time": _time(max(1, round(planned.cost.first_load_s))),
        "bytes": max(LEAST_BYTES, planned.cost.first_load_wire_bytes),
        "computer": next((one.name for one in listed if one.chosen), ""),
    }
    return render(request, "office_connection/step_plan.html", told)


@require_GET
def loading(request: HttpRequest) -> HttpResponseBase:
    """Step 6: the first load, live; it goes on whether anybody looks or not."""
    at = here(request)
    db = opened_for(request, at.opened.url).db
    if books.connection(db) is None:
        return redirect("online", at.opened.alias)
    told = _told(at, "loading") | {"progress": progress_of(db, at.opened)}
    return page(request, "office_connection/step_loading.html", told, block="progress")


@require_POST
def give_up(request: HttpRequest) -> HttpResponseBase:
    """Leave the wizard: the question is forgotten."""
    at = here(request)
    Attempt.objects.filter(company=at.opened, renews=False).delete()
    return redirect("online", at.opened.alias)


def _connected(
    request: HttpRequest, at: Here, attempt: Attempt, *, later: bool
) -> HttpResponseBase:
    try:
        with agents.resting(at.opened.pk):
            url, me = at.opened.url, this_computer()
            made = pairing.connect(url, attempt.online, attempt.secret, me)
            pause(at.opened.url, paused=later)
            db = opened_for(request, at.opened.url).db
            make_responsible(db, Responsible(str(at.user), attempt.email, now_text()))
    except SamsynError as error:
        messages.error(request, error_words(error))
        return redirect("connect_plan", at.opened.alias)
    attempt.delete()
    if made.newcomer:
        messages.warning(request, _newcomer())
    if later:
        messages.success(request, _("Connected. The sync is paused until you resume it."))
        return redirect("synchronisation", at.opened.alias)
    return redirect("connect_loading", at.opened.alias)


def _newcomer() -> str:
    return _(
        "The company has had a database before, and this one does not know how far that had come: it is"
        " another one, or older. What came since is brought into it. Where it holds something that nobody"
        " knows, that stands, and what it overrides lies among the conflicts. What is missing in it is held"
        " until you decide."
    )


def _time(seconds: int) -> str:
    """So long as people say it."""
    if seconds < 90:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    minutes = round(seconds / 60)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def _not_yet(at: Here) -> HttpResponseBase | None:
    """Back to the step that comes first, where there is no approval to go on with."""
    attempt = asking.current(at.opened, renews=False)
    if attempt is None:
        return redirect("connect", at.opened.alias)
    if attempt.answer != asking.APPROVED:
        return redirect("connect_id", at.opened.alias)
    return None


def _told(at: Here, step: str) -> Told:
    titles = {
        "criteria": _("Criteria"),
        "id": _("Samsyn ID"),
        "registers": _("Registers"),
        "computer": _("Sync computer"),
        "plan": _("Plan"),
        "loading": _("First load"),
    }
    number = STEPS.index(step)
    steps = [
        {"title": titles[name], "done": n < number, "now": n == number, "number": n + 1}
        for n, name in enumerate(STEPS)
    ]
    return {"alias": at.opened.alias, "company": at.opened, "steps": steps, "step": step}
