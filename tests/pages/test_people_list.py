"""The list of a company's people: members, invited, and employees who are neither."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from samsyn.core.catalog import Catalog, Field, KeyGiver, Kind, RecordType
from samsyn.core.cells import Cell
from samsyn.core.record import Record
from samsyn.online.companies import invitations
from samsyn.online.companies.accounts import add_member
from samsyn.online.companies.models import Role
from samsyn.online.companies.people_list import listed
from samsyn.records.catalogs import complete, store_catalog
from samsyn.records.store import put_records
from samsyn.records.tenant import Tenant, writing
from tests.pages.people import NOW, STANDARD, new_company, signed_in

EMPLOYEES = RecordType(
    "employees",
    1,
    "employees",
    ("id",),
    KeyGiver.OFFICE,
    (
        Field("id", Kind.INTEGER, "INTEGER"),
        Field("first_name", Kind.TEXT, "TEXT"),
        Field("last_name", Kind.TEXT, "TEXT"),
        Field("email", Kind.TEXT, "TEXT"),
    ),
)
PEOPLE = (
    ("Anna", "Anna@example.com"),
    ("Bo", "bo@example.com"),
    ("Cy", None),
    ("Di", "di@example.com"),
)


def test_people_are_told_by_the_names_of_employees_and_each_once(service: None) -> None:
    company = new_company("Ett AB", "anna@example.com")
    tenant = Tenant(company.pk)
    with writing():
        store_catalog(tenant, Catalog("sqlite", (EMPLOYEES,)), NOW.isoformat())
        complete(tenant, "employees")
        for number, (first, email) in enumerate(PEOPLE, 1):
            fields: dict[str, Cell] = {
                "id": number,
                "first_name": first,
                "last_name": "Ek",
                "email": email,
            }
            put_records(
                tenant, [(None, Record(f"{number:032x}", "employees", fields, (number,), number))]
            )
    invitations.invite(company, "bo@example.com", STANDARD, "", "anna", timezone.now())
    invitations.invite(company, "out@example.com", STANDARD, "", "anna", NOW.replace(year=2020))
    told = [(one.status, one.name, one.email) for one in listed(tenant, company)]
    assert told == [
        ("active", "Anna Ek", "anna@example.com"),
        ("invited", "Bo Ek", "bo@example.com"),
        ("lapsed", "out@example.com", "out@example.com"),
        ("none", "Di Ek", "di@example.com"),
    ]


def test_a_company_without_a_register_of_employees_has_its_members(service: None) -> None:
    company = new_company("Ett AB", "anna@example.com")
    assert [one.email for one in listed(Tenant(company.pk), company)] == ["anna@example.com"]


def test_the_list_costs_as_many_queries_for_many_as_for_few(service: None) -> None:
    company = new_company("Ett AB", "anna@example.com")
    client = signed_in("anna@example.com")
    costs = []
    for numbers in (range(2), range(2, 20)):
        for number in numbers:
            add_member(company, f"m{number}@example.com", Role.STANDARD, NOW)
            invitations.invite(
                company, f"i{number}@example.com", STANDARD, "", "anna", timezone.now()
            )
        with CaptureQueriesContext(connection) as asked:
            page = client.get(f"/c/{company.pk}/members")
        assert page.content.count(b"<tr>") == 2 + 2 * (numbers[-1] + 1)
        costs.append(len(asked))
    assert costs[0] == costs[1]
