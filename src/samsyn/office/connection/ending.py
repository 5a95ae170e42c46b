"""*Disconnect*: what stops, what becomes of the copy online, what waits; then the end, by who shows who he is."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from samsyn.agent import pairing
from samsyn.agent.leaving import leaving
from samsyn.companydb import books
from samsyn.companydb.rows import CompanyDb
from samsyn.core.errors import SamsynError
from samsyn.office import agents
from samsyn.office.access import Here, here
from samsyn.office.connection.models import Attempt
from samsyn.office.connection.standing import forget_responsible
from samsyn.office.connection.waiting import waiting
from samsyn.office.connection.words import error_words
from samsyn.office.people.throttling import count_wrong, must_wait
from samsyn.office.registers.of_request import book
from samsyn.office.registers.opened import opened_for
from samsyn.office.synchronising.state import AWAY, describe
from samsyn.protocol.messages import Leaving
from samsyn.webkit.registers.addresses import Addresses

LISTED = 5_000
"""Of more changes than that only the number is told: nobody reads a list of them, and it would take minutes to make."""


class EndForm(forms.Form):
    """Who wants the end shows once more who he is."""

    password = forms.CharField(
        label=gettext_lazy("Your password in this program"),
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    force = forms.BooleanField(
        label=gettext_lazy("Also where Samsyn Online does not answer"),
        help_text=gettext_lazy("The connection is then to be revoked online by hand."),
        required=False,
    )


@require_http_methods(["GET", "POST"])
def disconnect(request: HttpRequest) -> HttpResponseBase:
    """The whole of it on one page: what happens, what waits, an export first, and the end."""
    at = here(request)
    db = opened_for(request, at.opened.url).db
    known = books.connection(db)
    if known is None:
        return redirect("online", at.opened.alias)
    form = EndForm(request.POST or None)
    trouble = ""
    if request.method == "POST" and form.is_valid():
        if (wrong := _wrong(request, at, form.cleaned_data["password"])) is not None:
            form.add_error("password", wrong)
        else:
            date = _date(_leaving(at, db))
            trouble = _ended(at, force=form.cleaned_data["force"])
            if not trouble:
                messages.success(request, _farewell(known.company_name, date))
                return redirect("online", at.opened.alias)
    told = _told(request, at, db) | {"known": known, "form": form, "trouble": trouble}
    told["copy_url"] = f"{known.online}/c/{known.company}/data"
    return render(request, "office_connection/disconnect.html", told)


def _told(
    request: HttpRequest, at: Here, db: CompanyDb
) -> dict[str, Any]:  # Any: whatever the template shows
    registers, end = book(request), _leaving(at, db)
    many = pairing.unsent_changes(db)
    some, count = waiting(db, registers) if many <= LISTED else ([], 0)
    to = Addresses(registers.root)
    return {
        "alias": at.opened.alias,
        "waiting": some,
        "count": count,
        "many": many if many > LISTED else 0,
        "more": max(0, count - len(some)),
        "leaving": end,
        "deleted_on": _date(end),
        "exports": [
            {"label": one.label, "url": f"{to.export(one.type.name)}?as=xlsx"}
            for one in registers.registers()
        ],
    }


def _leaving(at: Here, db: CompanyDb) -> Leaving | None:
    """What the end means online; a service that is known not to answer is not waited for once more."""
    return None if describe(db, at.opened).code in AWAY else leaving(db)


def _date(told: Leaving | None) -> str:
    if told is None or told.deleted_at is None:
        return ""
    local = timezone.localtime(datetime.datetime.fromisoformat(told.deleted_at))
    return formats.date_format(local, "DATE_FORMAT")


def _farewell(company: str, date: str) -> str:
    words = _("Disconnected from %(company)s. The company's data here is untouched.")
    if date:
        words = f"{words} {_('The copy online is deleted on %(date)s.')}"
    return words % {"company": company, "date": date}


def _wrong(request: HttpRequest, at: Here, password: str) -> str | None:
    """Why somebody has not shown who he is; wrong passwords count as those at the door do."""
    address = request.META.get("REMOTE_ADDR", "")
    if must_wait(at.user.username, address):
        return _("Too many wrong passwords. Wait five minutes and try again.")
    if not at.user.check_password(password):
        count_wrong(at.user.username, address)
        return _("This is not your password.")
    return None


def _ended(at: Here, *, force: bool) -> str:
    """Ends it; why not, where that could not be."""
    try:
        with agents.resting(at.opened.pk):
            pairing.disconnect(at.opened.url, force=force)
            forget_responsible(at.opened.url)
    except SamsynError as error:
        return error_words(error)
    Attempt.objects.filter(company=at.opened).delete()
    return ""
