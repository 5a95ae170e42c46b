"""*Update connection*: a new credential, and the plan of a restore with its choices."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samsyn.agent import home, pairing, restore_plan, undoing, updating
from samsyn.agent.lease import this_computer
from samsyn.agent.restore_plan import Plan, PlannedRecord, TakenIn
from samsyn.agent.runner import connected_service
from samsyn.agent.underway import Choice
from samsyn.companydb import books
from samsyn.core.errors import SamsynError
from samsyn.office import agents
from samsyn.office.access import here
from samsyn.office.connection import asking
from samsyn.office.connection.words import error_words
from samsyn.office.people.rights import Area
from samsyn.office.registers.of_request import book
from samsyn.office.registers.opened import opened_for
from samsyn.protocol.restoring import Standing
from samsyn.protocol.undo import Choice as UndoChoice
from samsyn.webkit.fragments import page, wants_part
from samsyn.webkit.registers.apart import Apart, Values
from samsyn.webkit.registers.book import May

SHOWN = 200
"""Records of the plan that a page shows; the numbers are of all."""
Told = dict[str, Any]  # Any: whatever a template shows


@require_GET
def update(request: HttpRequest) -> HttpResponseBase:
    """How both sides stand, what differs, and what each choice would do."""
    at = here(request)
    db = opened_for(request, at.opened.url).db
    known = books.connection(db)
    if known is None:
        return redirect("online", at.opened.alias)
    told: Told = {
        "alias": at.opened.alias,
        "known": known,
        "elsewhere": home.elsewhere(db, this_computer()),
        "attempt": asking.current(at.opened, renews=True),
        "may_choose": at.rights.area(Area.DATABASES) >= May.WRITE,
    }
    try:
        with closing(connected_service(db)) as service:
            told |= _planned(request, restore_plan.plan(db, service))
    except SamsynError as error:
        told |= {"trouble": error_words(error), "code": _code(error)}
    return render(request, "office_connection/update.html", told)


@require_POST
def ask(request: HttpRequest) -> HttpResponseBase:
    """Ask for approval of another credential."""
    at = here(request)
    known = books.connection(opened_for(request, at.opened.url).db)
    if known is None:
        return redirect("online", at.opened.alias)
    try:
        asking.begin(at.opened, at.user, known.online, known)
    except SamsynError as error:
        messages.error(request, error_words(error))
        return redirect("update_connection", at.opened.alias)
    return redirect("update_id", at.opened.alias)


@require_GET
def samsyn_id(request: HttpRequest) -> HttpResponseBase:
    """The code; when it is approved, the connection has its new credential at once."""
    at = here(request)
    attempt, trouble = asking.current(at.opened, renews=True), ""
    if attempt is None:
        return redirect("update_connection", at.opened.alias)
    try:
        attempt = asking.watch(attempt, asking.HOLD_S if wants_part(request) else 0.0)
        if attempt.answer == asking.APPROVED:
            with agents.resting(at.opened.pk):
                pairing.renew(at.opened.url, attempt.secret, this_computer())
            attempt.delete()
            messages.success(request, _("The connection has a new key."))
            return _on(request, reverse("update_connection", args=[at.opened.alias]))
    except SamsynError as error:
        trouble = error_words(error)
    told = {
        "alias": at.opened.alias,
        "attempt": attempt,
        "answer_url": asking.answer_url(attempt),
        "trouble": trouble,
        "again_url": reverse("update_ask", args=[at.opened.alias]),
        "go_on_url": request.path,
    }
    return page(request, "office_connection/update_id.html", told, block="answer")


@require_POST
def choose(request: HttpRequest) -> HttpResponseBase:
    """Carry out what was chosen; after any trouble the same again goes on."""
    at, told = here(request), request.POST.get("choice", "")
    choice = {"bring_back": Choice.BRING_BACK, "backup": Choice.BACKUP_IS_TRUTH}.get(told)
    if choice is None:
        return redirect("update_connection", at.opened.alias)
    try:
        with agents.resting(at.opened.pk):
            updating.update(at.opened.url, this_computer(), choice)
    except SamsynError as error:
        messages.error(request, error_words(error))
        return redirect("update_connection", at.opened.alias)
    messages.success(
        request, _("Done. Both sides are being brought together; within 7 days it can be undone.")
    )
    return redirect("synchronisation", at.opened.alias)


@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest) -> HttpResponseBase:
    """Take back what the choice wrote, where nobody has changed it since."""
    at = here(request)
    db = opened_for(request, at.opened.url).db
    wish = UndoChoice(restore=True)
    try:
        if request.method == "POST":
            done = undoing.undo(db, wish)
            count = done.done or 0
            words = ngettext(
                "%(count)s change is taken back.", "%(count)s changes are taken back.", count
            )
            messages.success(request, words % {"count": count})
            return redirect("synchronisation", at.opened.alias)
        planned = undoing.planned(db, wish)
    except SamsynError as error:
        messages.error(request, error_words(error))
        return redirect("update_connection", at.opened.alias)
    values = Values(book(request), [])
    steps = [
        {
            "title": step.title or step.type,
            "label": values.label(step.type, step.field) if step.field else "",
            "stays": step.why_not is not None,
        }
        for step in planned.steps[:SHOWN]
    ]
    told = {"alias": at.opened.alias, "steps": steps}
    return render(request, "office_connection/update_undo.html", told)


def _planned(request: HttpRequest, plan: Plan) -> Told:
    registers = book(request)
    some = plan.records[:SHOWN]
    cells = [
        Apart(r.type, f.field, cell)
        for r in some
        for f in r.fields
        for cell in (f.office, f.online)
    ]
    values = Values(registers, cells)
    return {
        "plan": plan,
        "same": plan.standing is Standing.SAME,
        "office_back": plan.standing is Standing.OFFICE_BACK,
        "records": [_record(values, one) for one in some],
        "more": max(0, len(plan.records) - SHOWN),
        "taken_in": [_taken_in(values, one) for one in plan.taken_in],
    }


def _taken_in(values: Values, one: TakenIn) -> Told:
    register = values.registers.get(one.type)
    labels = (values.label(one.type, field) for field in one.fields)
    return {"register": register.label if register else one.type, "fields": ", ".join(labels)}


def _record(values: Values, one: PlannedRecord) -> Told:
    register = values.registers.get(one.type)
    return {
        "title": one.title or _("a record"),
        "register": register.label if register else one.type,
        "what": one.what,
        "by": _("the office") if one.by_office else one.by or "",
        "at": one.at,
        "clash": one.clash,
        "fields": [
            {
                "label": values.label(one.type, f.field),
                "office": values.text(Apart(one.type, f.field, f.office)),
                "online": values.text(Apart(one.type, f.field, f.online)),
                "by": _("the office") if f.by_office else f.by or "",
                "clash": f.clash,
            }
            for f in one.fields
        ],
    }


def _code(error: SamsynError) -> str:
    return str(error.facts.get("problem") or error.code)


def _on(request: HttpRequest, url: str) -> HttpResponseBase:
    return HttpResponse(headers={"HX-Redirect": url}) if wants_part(request) else redirect(url)
