"""A register that is held: what letting go would do, and a person's decision."""

from __future__ import annotations

from contextlib import closing

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from samsyn.agent import holding
from samsyn.agent.holding import NotHeld, Plan
from samsyn.agent.runlog import Noted
from samsyn.agent.runner import connected_service
from samsyn.companydb.rows import CompanyDb
from samsyn.core.errors import SamsynError
from samsyn.office.access import here
from samsyn.office.connection.words import error_words, held_words
from samsyn.office.registers.of_request import book
from samsyn.office.registers.opened import opened_for
from samsyn.webkit.registers.apart import Apart, Values
from samsyn.webkit.registers.showing import key_text


@require_http_methods(["GET", "POST"])
def held(request: HttpRequest, type: str) -> HttpResponseBase:
    """The plan; and *let it go on* or *take it back*."""
    at = here(request)
    db = opened_for(request, at.opened.url).db
    if request.method == "POST":
        _decide(request, db, type)
        return redirect("synchronisation", at.opened.alias)
    try:
        with closing(connected_service(db)) as service:
            plan = holding.plan(db, service, type)
    except NotHeld as error:
        raise Http404 from error
    except SamsynError as error:
        messages.error(request, error_words(error))
        return redirect("synchronisation", at.opened.alias)
    told = {"alias": at.opened.alias, "type": type, **_shown(request, plan)}
    return render(request, "office_synchronising/held.html", told)


def _decide(request: HttpRequest, db: CompanyDb, type_name: str) -> None:
    try:
        match request.POST.get("what"):
            case "release":
                holding.release(db, type_name)
                messages.success(request, _("It goes on with the next sync."))
            case "undo":
                holding.undo(db, type_name)
                messages.success(request, _("The other side's values are being put back."))
    except SamsynError as error:
        messages.error(request, error_words(error))


def _shown(request: HttpRequest, plan: Plan) -> dict[str, object]:
    name = plan.held.type
    cells = [Apart(name, f, c) for row in plan.rows for f, pair in row.fields.items() for c in pair]
    values = Values(book(request), cells)
    register = values.registers.get(name)
    label = register.label if register else name
    return {
        "register": label,
        "words": held_words(Noted(plan.held.why, plan.held.facts | {"type": label})),
        "schema": plan.held.side.value == "schema",
        "from_office": plan.held.side.value == "office",
        "more": plan.more,
        "rows": [
            {
                "title": row.name or key_text(row.key) or _("a record"),
                "operation": row.operation,
                "fields": [
                    {
                        "label": values.label(name, field),
                        "now": values.text(Apart(name, field, now)),
                        "then": values.text(Apart(name, field, then)),
                    }
                    for field, (now, then) in row.fields.items()
                ],
            }
            for row in plan.rows
        ],
    }
