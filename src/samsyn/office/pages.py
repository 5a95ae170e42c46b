"""The page that comes first: the way to a company."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from samsyn.office.access import here
from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.people.admitting import companies_of
from samsyn.office.people.rights import Area
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.book import May


@require_GET
def start(request: HttpRequest) -> HttpResponseBase:
    """On to the company that was open last, to the only one, or to choose."""
    at = here(request)
    mine = companies_of(at.user)
    aliases = list(mine.values_list("alias", flat=True)[:2])
    if not CompanyDatabase.objects.exists() and at.rights.area(Area.DATABASES) >= May.WRITE:
        return redirect("add_company")
    last = at.user.last_company
    if not mine.filter(alias=last).exists():
        last = aliases[0] if len(aliases) == 1 else ""
    if not last:
        return redirect("choose_company")
    if at.user.start_page and at.rights.register(at.user.start_page) >= May.READ:
        root = reverse("registers", args=[last]) + "/"
        return redirect(Addresses(root).list(at.user.start_page))
    return redirect("company", last)
