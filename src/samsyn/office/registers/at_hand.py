"""The registers of the company that stands around a page, for pages that lie in no company."""

from __future__ import annotations

from django.http import HttpRequest

from samsyn.core.errors import SamsynError
from samsyn.office.framed import framed_company
from samsyn.office.people.rights import Rights
from samsyn.office.registers.opened import opened_for
from samsyn.webkit.registers.book import May, Register
from samsyn.webkit.registers.naming import in_order, named


def registers_at_hand(request: HttpRequest, rights: Rights | None = None) -> list[tuple[str, str]]:
    """By name and label, as people look for them; with rights only those that may be read.

    None where no company is open, or its database cannot be.
    """
    company = framed_company(request)
    if company is None:
        return []
    try:
        types = opened_for(request, company.url).db.types.values()
    except SamsynError:
        return []
    seen = (t for t in types if rights is None or rights.register(t.name) >= May.READ)
    return [
        (one.type.name, one.label) for one in in_order(Register(named(t), May.READ) for t in seen)
    ]
