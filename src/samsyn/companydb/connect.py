"""Opens a company database for sync, whichever engine it is."""

from __future__ import annotations

from samsyn.companydb.postgres import PostgresDb
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.sqlite import SqliteDb
from samsyn.companydb.urls import CompanyUrl, SqliteUrl


def open_company_db(url: CompanyUrl) -> CompanyDb:
    """The database, attached; raises NotAttached, DatabaseUnavailable, DatabaseBusy."""
    return SqliteDb(url) if isinstance(url, SqliteUrl) else PostgresDb(url)
