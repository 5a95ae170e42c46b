"""The book of a request: the registers of the page's company database, as its user may use them."""

from __future__ import annotations

from django.http import HttpRequest

from samsyn.office.access import here
from samsyn.office.registers.book import OfficeBook
from samsyn.office.registers.opened import opened_for


def book(request: HttpRequest) -> OfficeBook:
    """The registers of the page's company database, as its user may use them."""
    at = here(request)
    opened = opened_for(request, at.opened.url)
    return OfficeBook(opened, at.whose, str(at.user), at.rights, at.opened.alias)
