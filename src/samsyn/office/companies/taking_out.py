"""A company database out of this installation; an attached one, if wanted, as it was before Samsyn came."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from samsyn.companydb import attach as attaching
from samsyn.companydb import books
from samsyn.companydb.attach import DetachReport
from samsyn.companydb.attached import is_attached
from samsyn.companydb.opening import opened
from samsyn.companydb.urls import CompanyUrl
from samsyn.core.errors import SamsynError
from samsyn.office import agents
from samsyn.office.access import here
from samsyn.office.companies.models import CompanyDatabase, Origin
from samsyn.office.people.models import EmployeeLink, KeptOut, User
from samsyn.office.trouble import trouble_words
from samsyn.webkit.drafts import forget_company


class StillConnected(SamsynError):
    """A database that is connected is not detached: what waits in it would be lost."""

    code = "STILL_CONNECTED"


class TakingOut(forms.Form):
    """Whether the database keeps what Samsyn has put into it."""

    detach = forms.BooleanField(
        label=gettext_lazy("Also detach the database"),
        help_text=gettext_lazy(
            "Samsyn's tables and triggers are taken out of it, with what they remember: histories, conflicts, choices."
            " Its structure is then as it was before."
        ),
        required=False,
    )


@require_http_methods(["GET", "POST"])
def take_out(request: HttpRequest) -> HttpResponseBase:
    """Out of the list; the company's own tables stay as they are in any case."""
    company = here(request).opened
    form = TakingOut(request.POST or None) if company.origin == Origin.ATTACHED else None
    if request.method == "POST":
        wanted = form is not None and form.is_valid() and form.cleaned_data["detach"]
        try:
            report = _detached(company) if wanted else None
        except SamsynError as error:
            messages.error(request, _why_not(error))
            return redirect("take_out_company", company.alias)
        _forget(company)
        request.session.pop("company", None)
        _tell(request, company, report)
        return redirect("choose_company")
    told = {
        "title": _("Take %(company)s out of the list?") % {"company": company},
        "words": [
            _("The database stays where it is, with everything in it: %(place)s.")
            % {"place": company.url.text},
            _("A connection to Samsyn Online stays too: disconnect it first if it is to end."),
        ],
        "form": form,
        "action": _("Take out"),
        "danger": True,
        "cancel_url": reverse("company_details", args=[company.alias]),
    }
    return render(request, "webkit/confirm.html", told)


def _detached(company: CompanyDatabase) -> DetachReport:
    """Raises StillConnected and what opening raises; without effect where somebody has detached it already."""
    with agents.resting(company.pk):
        if _is_connected(company.url):
            raise StillConnected()
        return attaching.detach(company.url)


def _is_connected(url: CompanyUrl) -> bool:
    with opened(url, writing=False) as session:
        return is_attached(session) and books.connection(session) is not None


def _forget(company: CompanyDatabase) -> None:
    """All that this installation knows of the company."""
    EmployeeLink.objects.filter(company_id=company.pk).delete()
    KeptOut.objects.filter(company_id=company.pk).delete()
    forget_company(company.pk)
    User.objects.filter(last_company=company.alias).update(last_company="")
    company.delete()


def _tell(request: HttpRequest, company: CompanyDatabase, report: DetachReport | None) -> None:
    told = {"company": company.name}
    if report is None:
        messages.success(request, _("%(company)s is taken out of the list.") % told)
    elif report.left:
        told["left"] = ", ".join(report.left)
        messages.warning(
            request,
            _(
                "%(company)s is taken out of the list. This could not be taken out of its database: %(left)s. Who owns"
                " the database has to remove it."
            )
            % told,
        )
    else:
        messages.success(
            request,
            _(
                "%(company)s is taken out of the list, and nothing of Samsyn is left in its database."
            )
            % told,
        )


def _why_not(error: SamsynError) -> str:
    if isinstance(error, StillConnected):
        return _("The company is connected to Samsyn Online. Disconnect it first, then detach.")
    return trouble_words(error) or _("The database cannot be detached: %(code)s") % {
        "code": error.code
    }
