"""Writes the demo company to an SQLite file."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import apsw

from samsyn.core.errors import SamsynError
from samsyn.demo.company import DEFAULT_CONTACTS, DEFAULT_SEED, Company, Sizes
from samsyn.demo.rows import rows
from samsyn.demo.schema import TABLES, Engine, Table, create_rules, create_tables


class DemoFileExists(SamsynError):
    """A demo company is never written over a file; fact: path."""

    code = "DEMO_FILE_EXISTS"


def write_sqlite(
    path: Path | str,
    *,
    today: dt.date,
    seed: int = DEFAULT_SEED,
    contacts: int = DEFAULT_CONTACTS,
    sizes: Sizes | None = None,
) -> Company:
    """Make the company database at a path where there is no file yet.

    `sizes` says more than `contacts` does. The file appears under its name
    only when it is whole. Raises DemoFileExists.
    """
    path = Path(path)
    if path.exists():
        raise DemoFileExists(path=str(path))
    company = Company(seed, sizes or Sizes.for_contacts(contacts), today)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    connection = apsw.Connection(str(part))
    try:
        _fill(connection, company)
    finally:
        connection.close()
    os.replace(part, path)
    return company


def _fill(connection: apsw.Connection, company: Company) -> None:
    # Nobody sees the file before it is whole, so it needs no journal of its own.
    connection.pragma("journal_mode", "off")
    connection.pragma("synchronous", 0)
    connection.pragma("foreign_keys", False)
    with connection:
        for statement in create_tables(Engine.SQLITE):
            connection.execute(statement)
        for table in TABLES:
            connection.executemany(_insert(table), rows(company, table.name))
        for statement in create_rules(Engine.SQLITE):
            connection.execute(statement)


def _insert(table: Table) -> str:
    marks = ", ".join("?" * len(table.columns))
    return f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({marks})"
