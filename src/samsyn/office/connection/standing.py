"""How a company database is connected: to which company online, by whom, and who answers for it."""

from __future__ import annotations

from contextlib import closing

import msgspec

from samsyn.companydb import books
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.urls import CompanyUrl

RESPONSIBLE = "responsible"


class Responsible(msgspec.Struct, frozen=True):
    """Who answers for the connection: it is kept in the company database, and travels with it."""

    user: str
    """The user's name at the office."""
    email: str
    """The Samsyn ID, or the employee's address."""
    at: str


def responsible(db: CompanyDb) -> Responsible | None:
    """Who answers for the connection; None before anybody has connected by the pages."""
    return books.fact(db, RESPONSIBLE, Responsible, None)


def make_responsible(db: CompanyDb, told: Responsible) -> None:
    """Somebody else answers from now on."""
    with db.transaction():
        books.set_fact(db, RESPONSIBLE, told)


def forget_responsible(url: CompanyUrl) -> None:
    """Nobody answers for a connection that has ended."""
    with closing(open_company_db(url)) as db, db.transaction():
        books.set_fact(db, RESPONSIBLE, None)
