"""The people of a company: members, invited, and employees who are neither."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import msgspec
from django.utils import timezone

from samsyn.core.catalog import Kind, RecordType
from samsyn.core.cells import Cell
from samsyn.core.listing import MAX_PAGE, Query
from samsyn.online.companies.demanding import closed_out
from samsyn.online.companies.invitations import open_ones
from samsyn.online.companies.models import Company, Member, OwnRole, Role
from samsyn.online.companies.office_rights import Beside, Office, shown
from samsyn.online.companies.rights import rights
from samsyn.online.registers.labels import labels
from samsyn.records.catalogs import types
from samsyn.records.office_people import Told, office_people
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
    office: Beside | None = None
    """The person's rights at the office, where he is a user of its program."""
    closed_out: bool = False
    """The company demands a second factor, and the member has none."""


def listed(tenant: Tenant, company: Company) -> list[Listed]:
    """Everybody, members first, each by name."""
    return people(tenant, company)[0]


def people(tenant: Tenant, company: Company) -> tuple[list[Listed], Told | None]:
    """Everybody, and what the office told of its users; None where it never did."""
    told = office_people(tenant)
    office = Office(told, labels(tenant))
    outside = _employees(tenant, office)
    names = {one.email: one.name for one in outside}
    own = {role.id: role for role in OwnRole.objects.filter(company=company)}
    members = _members(company, names, own, office)
    invited = _invited(company, names, own, office)
    known = {one.email for one in (*members, *invited)}
    return [*members, *invited, *(one for one in outside if one.email not in known)], told


def _members(
    company: Company, names: Mapping[str, str], own: Mapping[str, OwnRole], office: Office
) -> list[Listed]:
    found = Member.objects.filter(company=company).select_related("person")
    closed = closed_out(company)
    lines = []
    for m in found:
        given = rights(Role(m.role), own.get(m.own_role))
        name = m.person.name or names.get(m.person.email) or m.person.email
        beside = office.beside(m.person.email, given)
        lines.append(
            Listed(
                "active",
                name,
                m.person.email,
                given.name,
                person=m.person_id,
                office=beside,
                closed_out=m.person_id in closed,
            )
        )
    return sorted(lines, key=lambda one: one.name.casefold())


def _invited(
    company: Company, names: Mapping[str, str], own: Mapping[str, OwnRole], office: Office
) -> list[Listed]:
    now = timezone.now()
    lines = []
    for i in open_ones(company).order_by("email"):
        given = rights(Role(i.role), own.get(i.own_role))
        lines.append(
            Listed(
                "invited" if i.expires > now else "lapsed",
                names.get(i.email) or i.email,
                i.email,
                given.name,
                invitation=i.id,
                until=i.expires,
                office=office.beside(i.email, given),
            )
        )
    return lines


def _employees(tenant: Tenant, office: Office) -> list[Listed]:
    """The users of the office's program and the employees in the company's register, each once; those with an address."""
    names = _employee_names(tenant)
    for address, user in office.users.items():
        names.setdefault(address, shown(user.name).strip() or address)
    lines = [
        Listed("none", name, address, office=office.beside(address, None))
        for address, name in names.items()
    ]
    return sorted(lines, key=lambda one: one.name.casefold())


def _employee_names(tenant: Tenant) -> dict[str, str]:
    """The employees in the company's register by their addresses."""
    known = types(tenant)
    name = next((n for n in known if n.lower() in EMPLOYEES), None)
    if name is None:
        return {}
    email = _email_field(known[name].type)
    if email is None:
        return {}
    page = living_records(tenant, name, Query(limit=MAX_PAGE))
    found: dict[str, str] = {}
    for record in page.records:
        address = record.fields.get(email)
        if isinstance(address, str) and "@" in address:
            found.setdefault(address.strip().lower(), _name(record.fields) or address)
    return found


def _email_field(record_type: RecordType) -> str | None:
    texts = (f.name for f in record_type.fields if f.kind is Kind.TEXT)
    return next((n for n in texts if n.lower().replace("_", "") in ADDRESSES), None)


def _name(fields: Mapping[str, Cell]) -> str:
    for name in ("name", "full_name", "namn"):
        if isinstance(fields.get(name), str):
            return str(fields[name])
    parts = [fields.get(n) for n in ("first_name", "last_name", "fornamn", "efternamn")]
    return " ".join(p for p in parts if isinstance(p, str))
