"""A company's details go along in its backup: written into the copy of its database, so that they are sealed with it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from samsyn.companydb import books
from samsyn.companydb.kept import BooksDamaged
from samsyn.companydb.opening import opened
from samsyn.companydb.urls import SqliteUrl
from samsyn.office.companies.models import CompanyDatabase

FACT = "office_details"
"""The fact of the company's details, in a backup."""
FIELDS = ("name", "org_no", "street", "postal_code", "city", "country", "phone", "email")


class Details(msgspec.Struct, frozen=True):
    """Who the company is, and how its database came to be."""

    origin: str
    name: str
    org_no: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = "SE"
    phone: str = ""
    email: str = ""

    def fields(self) -> dict[str, str]:
        """The details by their names."""
        return {name: str(getattr(self, name)) for name in FIELDS}


def details_of(company: CompanyDatabase) -> Details:
    """The company's details as this installation has them."""
    told = {name: getattr(company, name) for name in FIELDS}
    return Details(company.origin, **told)


def write(file: Path, details: Details) -> None:
    """Puts the details into the copy of a database."""
    with opened(SqliteUrl(str(file)), writing=True) as copy, copy.transaction():
        books.set_fact(copy, FACT, details)


def read(file: Path) -> Details | None:
    """The details in the database of a backup; None in one that was made before they went along."""
    try:
        with opened(SqliteUrl(str(file)), writing=False) as session:
            return books.fact(session, FACT, Details, None)
    except BooksDamaged:
        return None
