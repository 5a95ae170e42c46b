"""The book of a request: the registers of the page's company database, as its user may use them."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from samsyn.office.access import here
from samsyn.office.people.rights import Area
from samsyn.office.registers.book import OfficeBook
from samsyn.office.registers.opened import opened_for
from samsyn.webkit.registers.book import May


def book(request: HttpRequest) -> OfficeBook:
    """The registers of the page's company database, as its user may use them."""
    at = here(request)
    alias, opened = at.opened.alias, opened_for(request, at.opened.url)

    def again(conflict: str) -> str:
        return reverse("sync_again", args=[alias, conflict])

    may_again = at.rights.area(Area.ONLINE) >= May.WRITE
    return OfficeBook(
        opened, at.whose, str(at.user), at.rights, alias, again if may_again else None
    )
