"""A company's data, for its superusers: all of it as a file, and the company's end."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.online.access import here
from samsyn.online.companies.models import Company
from samsyn.online.operating import care, exporting
from samsyn.online.operating.exporting import TooManyExports
from samsyn.online.operating.forms import ByName
from samsyn.online.refusals import busy

KINDS = {"zip": "application/zip", "sqlite": "application/vnd.sqlite3"}


def data(request: HttpRequest) -> HttpResponseBase:
    """What can be taken along, and the date of the end where there is one."""
    found = care.care_of(here(request).company.pk)
    return render(request, "operating/data.html", {"care": found})


@require_POST
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The whole company as a file, sent while it is made."""
    return exported(request, here(request).company, kind)


def exported(request: HttpRequest, company: Company, kind: str) -> HttpResponseBase:
    """The same of any company; who may is the caller's to say."""
    if kind not in KINDS:
        raise Http404
    now, database = timezone.now(), kind == "sqlite"
    work = exporting.office_database(company) if database else exporting.archive(company, now)
    try:
        blocks = exporting.sent(work)
    except TooManyExports:
        return busy(request)
    exporting.note(company, database=database, by=str(request.user.email), now=now)  # type: ignore[union-attr]  # signed in
    answer = StreamingHttpResponse(blocks, content_type=KINDS[kind])
    answer.headers["Content-Disposition"] = exporting.disposition(company, now, database=database)
    return answer


def end(request: HttpRequest) -> HttpResponseBase:
    """Ask for the company to be deleted, in a while."""
    at, now = here(request), timezone.now()
    form = ByName(at.company.name, request.POST or None)
    when = care.ordinary_end(now)
    if request.method == "POST" and form.is_valid():
        care.decide_deletion(at.company, when, at.person.email, now)
        messages.success(request, _("The company will be deleted. A letter tells its superusers."))
        return redirect("company_data", at.company.pk)
    told = {
        "title": _("Delete %(company)s?") % {"company": at.company.name},
        "words": [
            _(
                "In %(days)s days everything of the company is deleted here: registers, change log,"
                " conflicts and members. Until then it can be used and kept."
            )
            % {"days": (when - now).days},
            _("What the office has is not touched."),
        ],
        "form": form,
        "action": _("Delete the company"),
        "danger": True,
        "cancel_url": reverse("company_data", args=[at.company.pk]),
    }
    return render(request, "webkit/confirm.html", told)


@require_POST
def stay(request: HttpRequest) -> HttpResponseBase:
    """The company stays."""
    at = here(request)
    care.cancel_deletion(at.company, at.person.email, timezone.now())
    messages.success(request, _("The company stays."))
    return redirect("company_data", at.company.pk)
