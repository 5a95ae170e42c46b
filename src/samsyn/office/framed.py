"""The company that stands around a page: that of its address, else the one that was opened last, else the only one."""

from __future__ import annotations

from django.http import HttpRequest

from samsyn.office.access import here
from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.people.admitting import companies_of


def framed_company(request: HttpRequest) -> CompanyDatabase | None:
    """The company; None before one has been opened."""
    at = here(request)
    if at.company is not None:
        return at.company
    alias = request.session.get("company") or at.user.last_company
    mine = companies_of(at.user)
    found = list(mine.filter(alias=alias)) or list(mine[:2])
    return found[0] if len(found) == 1 else None
