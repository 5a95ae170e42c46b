"""The company that stands around a page: that of its address, else the one that was opened last, else the only one."""

from __future__ import annotations

from django.http import HttpRequest

from samsyn.office.access import here
from samsyn.office.companies.models import CompanyDatabase


def framed_company(request: HttpRequest) -> CompanyDatabase | None:
    """The company; None before one has been opened."""
    at = here(request)
    if at.company is not None:
        return at.company
    alias = request.session.get("company") or at.user.last_company
    found = list(CompanyDatabase.objects.filter(alias=alias)) or CompanyDatabase.objects.all()[:2]
    return found[0] if len(found) == 1 else None
