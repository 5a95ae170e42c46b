"""The pages of company databases: choosing one, making, opening or attaching another."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samsyn.office.access import here
from samsyn.office.companies.forms import CompanyDetails, Registering
from samsyn.office.companies.making import free_alias, make_company, make_sample
from samsyn.office.companies.models import CompanyDatabase, Registration, registration
from samsyn.office.people.admitting import companies_of
from samsyn.office.people.rights import Area
from samsyn.webkit.preferences import back_to
from samsyn.webkit.registers.book import May


@require_GET
def choose(request: HttpRequest) -> HttpResponseBase:
    """The company databases of the installation."""
    companies = list(companies_of(here(request).user).order_by("name"))
    may_add = here(request).rights.area(Area.DATABASES) >= May.WRITE
    told = {
        "companies": companies,
        "may_add": may_add,
        "none": not CompanyDatabase.objects.exists(),
    }
    return render(request, "office_companies/choose.html", told)


@require_GET
def add(request: HttpRequest) -> HttpResponseBase:
    """The three ways to another company database."""
    may_restore = here(request).rights.area(Area.DATABASES) >= May.FULL
    told = {"first": not CompanyDatabase.objects.exists(), "may_restore": may_restore}
    return render(request, "office_companies/add.html", told)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponseBase:
    """A new company."""
    form = CompanyDetails(request.POST or None)
    if request.method == "POST" and form.is_valid():
        details = form.cleaned_data
        made = make_company(free_alias(details["name"]), details)
        messages.success(request, _("%(company)s is ready.") % {"company": made.name})
        return redirect("company", made.alias)
    return render(request, "office_companies/create.html", {"form": form})


@require_POST
def sample(request: HttpRequest) -> HttpResponseBase:
    """The sample company, made where it is not there yet."""
    found = CompanyDatabase.objects.filter(origin="sample").first()
    made = found or make_sample(timezone.localdate(), _("Sample company"))
    return redirect("company", made.alias)


@require_http_methods(["GET", "POST"])
def register_installation(request: HttpRequest) -> HttpResponseBase:
    """To whom the installation is registered: ends the evaluation."""
    form = Registering(request.POST or None)
    if request.method == "POST" and form.is_valid():
        Registration.objects.update_or_create(
            pk=1, defaults={**form.cleaned_data, "at": timezone.now()}
        )
        messages.success(request, _("The installation is registered."))
        return redirect(back_to(request, reverse("registration")))
    told = {"form": form, "next": request.GET.get("next", ""), "registered": registration()}
    return render(request, "office_companies/registration.html", told)
