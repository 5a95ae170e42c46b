"""The criteria of the page's company and user, with everything looked up now."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from django.conf import settings
from django.http import HttpRequest

from samsyn.office.access import Here
from samsyn.office.companies import checks
from samsyn.office.companies.models import CompanyDatabase, registration
from samsyn.office.connection import probing
from samsyn.office.connection.address import service_address
from samsyn.office.connection.criteria import Criterion, Details, Facts, Who, all_met, criteria
from samsyn.office.connection.criteria_words import Shown, links, shown
from samsyn.office.people.links import employee_id
from samsyn.office.registers.of_request import book
from samsyn.webkit.desktop.meaning import employees_in
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.showing import title_of


class Looked(msgspec.Struct, frozen=True):
    """The criteria as they stand now, and in words."""

    criteria: tuple[Criterion, ...]
    shown: tuple[Shown, ...]

    @property
    def met(self) -> bool:
        """Whether nothing keeps from connecting."""
        return all_met(self.criteria)

    @property
    def unmet(self) -> int:
        """How many criteria are not met."""
        return sum(not one.met for one in self.criteria)


class Employee(msgspec.Struct, frozen=True):
    """The employee whom a user is, with the address of the card."""

    name: str
    email: str
    url: str


def looked_up(request: HttpRequest, at: Here, back: str) -> Looked:
    """Every criterion of the page's company, for its user; `back` is where a mended one leads to."""
    employee = employee_of(request, at)
    facts = _facts(at, employee)
    found = criteria(facts)
    places = links(at.opened.alias, employee.url if employee else "")
    return Looked(found, tuple(shown(one, places, back) for one in found))


def employee_of(request: HttpRequest, at: Here) -> Employee | None:
    """The employee whom the page's user is in its company; None without a link, or where the employee is gone."""
    employee = employee_id(at.opened.pk, at.user.pk)
    if employee is None:
        return None
    registers = book(request)
    kept = registers.records([employee]).get(employee)
    if kept is None:
        return None
    found = employees_in(registers.registers())
    email = kept.fields.get(found[1].name) if found and found[0].type.name == kept.type else None
    name = title_of(registers.register(kept.type).type, kept)
    card = Addresses(registers.root).card(kept.type, kept.id)
    return Employee(name, email if isinstance(email, str) else "", card)


def _facts(at: Here, employee: Employee | None) -> Facts:
    company = at.opened
    others = CompanyDatabase.objects.exclude(pk=company.pk).exclude(origin="sample")
    return Facts(
        who=Who(
            str(at.user),
            at.user.is_active,
            at.rights.superuser,
            employee.name if employee else None,
            employee.email if employee else "",
            probing.is_email(employee.email) if employee else False,
        ),
        details=details_of(company),
        registered=registration() is not None,
        sample=company.is_sample,
        allowed=settings.SAMSYN_CONNECTED_AT_MOST,
        others=tuple(one.name for one in others if probing.is_connected(one.url)),
        fit=probing.fit(company.url),
        service=probing.reached(service_address()),
        sqlite=probing.sqlite_libraries(company.url),
    )


def details_of(company: CompanyDatabase) -> Details:
    """Which of a company's details are there and what they should be."""
    postal = _is(lambda: checks.postal_code(company.postal_code, company.country))
    return Details(
        name=bool(company.name.strip()),
        address=bool(company.street.strip() and company.city.strip()) and postal,
        phone=_is(lambda: checks.phone(company.phone, company.country)),
        email=_is(lambda: checks.email(company.email)),
        org_no=_is(lambda: checks.org_no(company.org_no, company.country)),
    )


def _is(check: Callable[[], str]) -> bool:
    try:
        check()
    except checks.NotOne:
        return False
    return True
