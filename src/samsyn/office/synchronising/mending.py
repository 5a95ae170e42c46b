"""What a person does about one conflict or one change in quarantine."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.agent import clinic, lists, undoing
from samsyn.agent.clinic import NoSuchEntry, ValueWrong
from samsyn.agent.service import ServiceRefused
from samsyn.companydb.rows import CompanyDb
from samsyn.core.bad_value import BadValue
from samsyn.core.clinic import Fix
from samsyn.core.errors import SamsynError
from samsyn.office.access import here
from samsyn.office.connection.words import error_words
from samsyn.office.registers.of_request import book
from samsyn.office.registers.opened import opened_for
from samsyn.webkit.preferences import back_to
from samsyn.webkit.registers.book import May
from samsyn.webkit.registers.faults import error_words as value_words

SINCE = "CHANGED_SINCE"
VALUE = "value:"
NUMBER_LENGTH = 20


@require_POST
def again(request: HttpRequest, conflict: str) -> HttpResponseBase:
    """Writes what lost once more; where somebody has written there since, asks first."""
    at, anyway = here(request), request.POST.get("anyway") == "yes"
    db = opened_for(request, at.opened.url).db
    on = back_to(request, reverse("synchronisation", args=[at.opened.alias]))
    _check_writes(request, db, conflict)
    try:
        done = undoing.reapply(db, conflict[:40], anyway=anyway)
    except ServiceRefused as error:
        if error.problem == SINCE:
            told = {"alias": at.opened.alias, "next": on}
            return render(request, "office_synchronising/anyway.html", told)
        messages.error(request, error_words(error))
    except SamsynError as error:
        messages.error(request, error_words(error))
    else:
        words = _("Written once more. It comes here with the next sync.")
        messages.success(request, words if done.new else _("It was written once more before."))
    return redirect(on)


def _check_writes(request: HttpRequest, db: CompanyDb, conflict: str) -> None:
    """Raises Http404 where the conflict is of a register that the user may not write in."""
    row = next((one for one in lists.conflicts(db) if one.id == conflict), None)
    if row is not None and book(request).register(row.type).may < May.WRITE:
        raise Http404


@require_POST
def fix(request: HttpRequest, number: str) -> HttpResponseBase:
    """Carries out the fix that was chosen for a change in quarantine."""
    at, told = here(request), request.POST.get("fix", "")
    if told not in {one.value for one in Fix}:
        raise Http404
    db = opened_for(request, at.opened.url).db
    texts = {
        name.removeprefix(VALUE): str(text)
        for name, text in request.POST.items()
        if name.startswith(VALUE)
    }
    try:
        entry = clinic.find(db, number[:NUMBER_LENGTH])
        if book(request).register(entry.type).may < May.WRITE:
            raise Http404
        clinic.mend(db, number, Fix(told), texts, request.POST.get("record") or None)
    except NoSuchEntry:
        messages.info(request, _("It has been settled meanwhile; nothing needs to be done."))
    except ValueWrong as error:
        facts = {name: fact for name, fact in error.facts.items() if name != "problem"}
        messages.error(request, value_words(BadValue(str(error.facts["problem"]), **facts)))
    except SamsynError as error:
        messages.error(request, error_words(error))
    else:
        messages.success(request, _("It is being mended; the next sync shows what became of it."))
    return redirect("synchronisation", at.opened.alias)
