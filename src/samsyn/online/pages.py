"""The pages that come first: the start, the choice of a company, a company's own start."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from samsyn.online.access import here, person
from samsyn.online.companies.models import Member, Role


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
        {"id": m.company_id, "name": m.company.name, "role": role_words(Role(m.role))}
        for m in sorted(members, key=lambda m: m.company.name.casefold())
    ]
    return render(request, "companies/choose.html", {"companies": companies})


def company(request: HttpRequest) -> HttpResponseBase:
    """A company's start."""
    return render(request, "companies/company.html", {"here": here(request)})


def role_words(role: Role) -> str:
    """A role as people read it."""
    return str(role.label)
