"""The page of a company's details, and what becomes of its database in this installation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from samsyn.office.access import here
from samsyn.office.companies.forms import CompanyDetails
from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.people.models import EmployeeLink, KeptOut, User
from samsyn.office.people.rights import Area
from samsyn.office.refusals import no_access
from samsyn.webkit.drafts import forget_company
from samsyn.webkit.preferences import back_to
from samsyn.webkit.registers.book import May

FIELDS = ("name", "org_no", "street", "postal_code", "city", "country", "phone", "email")


@require_http_methods(["GET", "POST"])
def details(request: HttpRequest) -> HttpResponseBase:
    """Name, number, address, telephone and e-mail of the company."""
    at = here(request)
    company, may_write = at.opened, at.rights.area(Area.COMPANY) >= May.WRITE
    if request.method == "POST" and not may_write:
        return no_access(request)
    initial = {name: getattr(company, name) for name in FIELDS}
    form = CompanyDetails(request.POST or None, initial=initial)
    for field in form.fields.values():
        field.disabled = not may_write
    if request.method == "POST" and form.is_valid():
        CompanyDatabase.objects.filter(pk=company.pk).update(**form.cleaned_data)
        messages.success(request, _("The company's details are saved."))
        return redirect(back_to(request, reverse("company_details", args=[company.alias])))
    told = {
        "form": form,
        "company": company,
        "may_write": may_write,
        "next": request.GET.get("next", ""),
    }
    return render(request, "office_companies/details.html", told)


@require_http_methods(["GET", "POST"])
def take_out(request: HttpRequest) -> HttpResponseBase:
    """A company database out of the list of this installation; the database itself stays as it is."""
    company = here(request).opened
    if request.method == "POST":
        EmployeeLink.objects.filter(company_id=company.pk).delete()
        KeptOut.objects.filter(company_id=company.pk).delete()
        forget_company(company.pk)
        User.objects.filter(last_company=company.alias).update(last_company="")
        company.delete()
        request.session.pop("company", None)
        messages.success(request, _("%(company)s is taken out of the list.") % {"company": company})
        return redirect("choose_company")
    told = {
        "title": _("Take %(company)s out of the list?") % {"company": company},
        "words": [
            _("The database stays where it is, with everything in it: %(place)s.")
            % {"place": company.url.text},
            _("A connection to Samsyn Online stays too: disconnect it first if it is to end."),
        ],
        "action": _("Take out"),
        "danger": True,
        "cancel_url": reverse("company_details", args=[company.alias]),
    }
    return render(request, "webkit/confirm.html", told)
