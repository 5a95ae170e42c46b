"""What a company's registers are called, for pages that name them all."""

from __future__ import annotations

from samsyn.records.catalogs import types
from samsyn.records.tenant import Tenant
from samsyn.webkit.registers.book import May, Register
from samsyn.webkit.registers.naming import in_order, named


def labels(tenant: Tenant) -> dict[str, str]:
    """The names of the synced record types, each with its label in the reader's language, in the order of the menu."""
    known = [Register(named(s.type), May.READ) for s in types(tenant).values() if s.synced]
    return {one.type.name: one.label for one in in_order(known)}
