"""Links a user to an employee of the company that is open."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import ClassVar

import msgspec
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from samsyn.core.errors import SamsynError
from samsyn.core.listing import Query
from samsyn.office.access import here
from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.framed import framed_company
from samsyn.office.people.models import EmployeeLink, User, key_of
from samsyn.office.people.operating import UnknownUser
from samsyn.office.people.rights import FIXED, Access
from samsyn.office.registers.book import OfficeBook
from samsyn.office.registers.opened import Opened, opened_for
from samsyn.webkit.desktop.meaning import employees_in
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.book import Kept, Register, Whose
from samsyn.webkit.registers.showing import title_of

MANY = 500
"""Employees to choose among; a larger firm finds them by the e-mail address."""


class EmployeeChoice(msgspec.Struct, frozen=True):
    """Which employees of a company a user may be linked to."""

    company: CompanyDatabase
    user: User
    register: Register
    employees: Sequence[tuple[str, str]]
    """Record id and name of those whom no other user is."""
    chosen: str
    suggested: bool
    """Whether the one who is chosen has the user's e-mail address, and nobody has decided yet."""
    suggestion: str
    """Whoever has the e-mail address; empty where nobody has, or another user is that employee."""
    new_url: str
    """Where a new employee is made, with the user's name and address."""

    def take(self, employee: str) -> None:
        """Link the user to the employee of that id, or to none."""
        with transaction.atomic():
            EmployeeLink.objects.filter(company_id=self.company.pk, user=self.user).delete()
            if employee in {key for key, _name in self.employees}:
                EmployeeLink.objects.create(
                    company_id=self.company.pk,
                    user=self.user,
                    register=self.register.type.name,
                    employee=employee,
                )


class NoSuchCompany(SamsynError):
    """No company database has that short name: `company`."""

    code: ClassVar[str] = "UNKNOWN_OFFICE_COMPANY"


class UnknownEmployee(SamsynError):
    """No employee has that e-mail address, or another user is that employee: `email`."""

    code: ClassVar[str] = "UNKNOWN_EMPLOYEE"


def link(username: str, alias: str, email: str) -> str:
    """The user is the employee of a company who has that e-mail address: the employee's name.

    A user without a name of his own gets it. Raises UnknownUser, NoSuchCompany, UnknownEmployee.
    """
    user = User.objects.filter(key=key_of(username)).first()
    company = CompanyDatabase.objects.filter(alias=alias).first()
    if user is None:
        raise UnknownUser(user=username)
    if company is None:
        raise NoSuchCompany(company=alias)
    with closing(Opened(company.url)) as opened:
        book = _whole_book(opened, company, user)
        choice = _choice(book, company, user, email)
        if choice is None or not choice.suggestion:
            raise UnknownEmployee(email=email)
        name = _name_of(choice.register, book.record(choice.register.type.name, choice.suggestion))
    choice.take(choice.suggestion)
    if user.name in ("", user.username):
        user.name = name
        user.save(update_fields=["name"])
    return name


def choice_for(request: HttpRequest, user: User) -> EmployeeChoice | None:
    """The choice in the company that is open; None where it has no register of employees."""
    company = framed_company(request)
    if company is None:
        return None
    try:
        book = _whole_book(opened_for(request, company.url), company, here(request).user)
        return _choice(book, company, user, user.email)
    except SamsynError:
        return None


def linked_names(request: HttpRequest, company: CompanyDatabase) -> dict[str, str]:
    """What the employees are called that users are linked to, by the users' ids."""
    links = dict(
        EmployeeLink.objects.filter(company_id=company.pk).values_list("user_id", "employee")
    )
    if not links:
        return {}
    try:
        book = _whole_book(opened_for(request, company.url), company, here(request).user)
        types = {register.type.name: register.type for register in book.registers()}
        found = book.records(links.values())
    except SamsynError:
        return {}
    return {
        user: title_of(types[found[record].type], found[record])
        for user, record in links.items()
        if record in found
    }


def _choice(
    book: OfficeBook, company: CompanyDatabase, user: User, email: str
) -> EmployeeChoice | None:
    """The choice, with the employee of an e-mail address suggested."""
    found = employees_in(book.registers())
    if found is None:
        return None
    register, address = found
    others = EmployeeLink.objects.filter(company_id=company.pk).exclude(user=user)
    taken = set(others.values_list("employee", flat=True))
    listed = book.page(register.type.name, Query(limit=MANY)).records
    mine = EmployeeLink.objects.filter(company_id=company.pk, user=user).first()
    same = book.holding(register.type.name, address.name, [email]) if email else []
    suggested = next((one.id for one in same if one.id not in taken), "")
    employees = {one.id: title_of(register.type, one) for one in [*listed, *same]}
    free = [(key, name) for key, name in employees.items() if key not in taken]
    to = Addresses(reverse("registers", args=[company.alias]) + "/")
    return EmployeeChoice(
        company,
        user,
        register,
        sorted(free, key=lambda one: one[1].casefold()),
        mine.employee if mine else suggested,
        mine is None and bool(suggested),
        suggested,
        to.new(register.type.name, **_given(register, address.name, user)),
    )


def _name_of(register: Register, employee: Kept) -> str:
    """First and last name where the register has them, else what names an employee there."""
    parts = (employee.fields.get(name) for name in ("first_name", "last_name"))
    return " ".join(p for p in parts if isinstance(p, str) and p) or title_of(
        register.type, employee
    )


def _given(register: Register, address: str, user: User) -> dict[str, str]:
    """The values of a new employee that the user's own tell."""
    names = {field.name for field in register.type.fields}
    first, _, last = user.name.partition(" ")
    given = {"first_name": first, "last_name": last, "name": user.name, address: user.email}
    return {f"v:{name}": value for name, value in given.items() if name in names and value}


def _whole_book(opened: Opened, company: CompanyDatabase, someone: User) -> OfficeBook:
    """The company's book with all its registers: whoever keeps users sees who the employees are."""
    whose = Whose(company.pk, someone.pk)
    return OfficeBook(opened, whose, str(someone), FIXED[Access.SUPERUSER], company.alias)
