"""The page of a company's details."""

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
from samsyn.office.people.rights import Area
from samsyn.office.refusals import no_access
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
