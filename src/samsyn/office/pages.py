"""The page that comes first: the way to a company."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from samsyn.office.access import here
from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.people.rights import Area
from samsyn.webkit.registers.book import May


@require_GET
def start(request: HttpRequest) -> HttpResponseBase:
    """On to the company that was open last, to the only one, or to choose."""
    at = here(request)
    aliases = list(CompanyDatabase.objects.values_list("alias", flat=True)[:2])
    if not aliases and at.rights.area(Area.DATABASES) >= May.WRITE:
        return redirect("add_company")
    last = at.user.last_company
    if last and CompanyDatabase.objects.filter(alias=last).exists():
        return redirect("company", last)
    if len(aliases) == 1:
        return redirect("company", aliases[0])
    return redirect("choose_company")
