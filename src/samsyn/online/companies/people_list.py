"""The people of a company: members, invited, and employees who are neither."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import msgspec
from django.utils import timezone

from samsyn.core.catalog import Kind, RecordType
from samsyn.core.cells import Cell
from samsyn.core.listing import MAX_PAGE, Query
from samsyn.online.companies.invitations import open_ones
from samsyn.online.companies.models import Company, Member, OwnRole, Role
from samsyn.online.companies.rights import rights_of
from samsyn.records.catalogs import types
from samsyn.records.queries import living_records
from samsyn.records.tenant import Tenant

EMPLOYEES = ("employees", "employee", "anstallda", "anställda", "medarbetare")
"""Names by which a register of employees is known."""
ADDRESSES = ("email", "e-mail", "epost", "e-post", "mail")


class Listed(msgspec.Struct, frozen=True):
    """One line of the list; `status` is active, invited, lapsed or none."""

    status: str
    name: str
    email: str
    role: str = ""
    person: str = ""
    invitation: str = ""
    until: datetime.datetime | None = None


def listed(tenant: Tenant, company: Company) -> list[Listed]:
    """Everybody, members first, each by name."""
    employees = _employees(tenant)
    names = {one.email: one.name for one in employees}
    members, invited = _members(company, names), _invited(company, names)
    known = {one.email for one in (*members, *invited)}
    return [*members, *invited, *(one for one in employees if one.email not in known)]


def _members(company: Company, names: Mapping[str, str]) -> list[Listed]:
    found = Member.objects.filter(company=company).select_related("person")
    own = _own_roles(company)
    lines = [
        Listed(
            "active",
            m.person.name or names.get(m.person.email) or m.person.email,
            m.person.email,
            own.get(m.own_role, "") if m.role == Role.OWN else rights_of(m).name,
            person=m.person_id,
        )
        for m in found
    ]
    return sorted(lines, key=lambda one: one.name.casefold())


def _invited(company: Company, names: Mapping[str, str]) -> list[Listed]:
    now, own = timezone.now(), _own_roles(company)
    return [
        Listed(
            "invited" if i.expires > now else "lapsed",
            names.get(i.email) or i.email,
            i.email,
            own.get(i.own_role, "") if i.role == Role.OWN else str(Role(i.role).label),
            invitation=i.id,
            until=i.expires,
        )
        for i in open_ones(company).order_by("email")
    ]


def _own_roles(company: Company) -> dict[str, str]:
    return dict(OwnRole.objects.filter(company=company).values_list("id", "name"))


def _employees(tenant: Tenant) -> list[Listed]:
    """The employees in the company's own register, those with an address."""
    known = types(tenant)
    name = next((n for n in known if n.lower() in EMPLOYEES), None)
    if name is None:
        return []
    email = _email_field(known[name].type)
    if email is None:
        return []
    page = living_records(tenant, name, Query(limit=MAX_PAGE))
    lines = []
    for record in page.records:
        address = record.fields.get(email)
        if isinstance(address, str) and "@" in address:
            lines.append(Listed("none", _name(record.fields) or address, address.strip().lower()))
    return sorted(lines, key=lambda one: one.name.casefold())


def _email_field(record_type: RecordType) -> str | None:
    texts = (f.name for f in record_type.fields if f.kind is Kind.TEXT)
    return next((n for n in texts if n.lower().replace("_", "") in ADDRESSES), None)


def _name(fields: Mapping[str, Cell]) -> str:
    for name in ("name", "full_name", "namn"):
        if isinstance(fields.get(name), str):
            return str(fields[name])
    parts = [fields.get(n) for n in ("first_name", "last_name", "fornamn", "efternamn")]
    return " ".join(p for p in parts if isinstance(p, str))
