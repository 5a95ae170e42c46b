"""Pause and resume: a person's wish, kept in the company database, that a running agent follows."""

from __future__ import annotations

from samsyn.agent.greeting import connection_of
from samsyn.companydb import books
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.urls import CompanyUrl


def pause(url: CompanyUrl, *, paused: bool) -> None:
    """Pauses or resumes; harmless to repeat. Raises NotConnected."""
    db = open_company_db(url)
    try:
        connection_of(db)
        with db.transaction():
            books.set_fact(db, "paused", True if paused else None)
            wake_agent(db)
    finally:
        db.close()


def wake_agent(db: CompanyDb) -> None:
    """Lets an agent that runs look again at commit; on SQLite any commit does that."""
    if db.engine == "postgresql":
        db.run("NOTIFY samsyn")
