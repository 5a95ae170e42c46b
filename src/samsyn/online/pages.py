"""The pages that come first: the start, the choice of a company, how its office stands."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from samsyn.online.access import here, person
from samsyn.online.companies.models import Member
from samsyn.online.companies.rights import rights_of
from samsyn.online.freshness import standing
from samsyn.records import suspension
from samsyn.records.tenant import Tenant
from samsyn.webkit.fragments import page


def start(request: HttpRequest) -> HttpResponseBase:
    """What this is; or, signed in, on to the person's company."""
    if not request.user.is_authenticated:
        return render(request, "companies/welcome.html")
    someone = person(request)
    members = Member.objects.filter(person_id=someone.pk)
    mine = list(members.values_list("company_id", flat=True)[:2])
    if someone.default_company and members.filter(company_id=someone.default_company):
        return redirect("company", someone.default_company)
    if len(mine) == 1:
        return redirect("company", mine[0])
    return redirect("choose_company")


def choose_company(request: HttpRequest) -> HttpResponseBase:
    """The companies that the person is a member of."""
    members = Member.objects.filter(person_id=person(request).pk).select_related("company")
    companies = [
        {
            "id": m.company_id,
            "name": m.company.name,
            "role": rights_of(m).name,
            "suspended": suspension.suspended(Tenant(m.company_id)) is not None,
            "default": m.company_id == person(request).default_company,
        }
        for m in sorted(members, key=lambda m: m.company.name.casefold())
    ]
    return render(request, "companies/choose.html", {"companies": companies})


def office(request: HttpRequest) -> HttpResponseBase:
    """How the company's office stands to the service."""
    told = {"standing": standing(here(request).tenant)}
    return page(request, "companies/sync.html", told, block="state")


def office_state(request: HttpRequest) -> HttpResponseBase:
    """The same in a line, for pages that stand open."""
    at = here(request)
    address = [at.company.pk]
    state = standing(
        at.tenant, reverse("office", args=address), reverse("office_state", args=address)
    ).state
    return render(request, "webkit/sync_state.html", {"sync": state})
