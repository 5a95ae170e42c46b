"""Writes the demo company to a PostgreSQL database."""

from __future__ import annotations

import datetime as dt

import psycopg
from psycopg import sql

from samsyn.core.errors import SamsynError
from samsyn.demo.company import DEFAULT_CONTACTS, DEFAULT_SEED, Company, Sizes
from samsyn.demo.rows import rows
from samsyn.demo.schema import TABLES, Engine, Table, create_rules, create_tables


class DemoTablesExist(SamsynError):
    """A demo company is never written beside tables of the same names; fact: table."""

    code = "DEMO_TABLES_EXIST"


def write_postgres(
    conninfo: str,
    *,
    today: dt.date,
    seed: int = DEFAULT_SEED,
    contacts: int = DEFAULT_CONTACTS,
    sizes: Sizes | None = None,
) -> Company:
    """Make the company's tables in the first schema of the search path, in one transaction.

    `sizes` says more than `contacts` does. Raises DemoTablesExist.
    """
    company = Company(seed, sizes or Sizes.for_contacts(contacts), today)
    with psycopg.connect(conninfo) as connection:
        _refuse_taken(connection)
        for statement in create_tables(Engine.POSTGRESQL):
            connection.execute(sql.SQL(statement))
        for table in TABLES:
            _copy(connection, company, table)
        for statement in create_rules(Engine.POSTGRESQL):
            connection.execute(sql.SQL(statement))
    return company


def _refuse_taken(connection: psycopg.Connection) -> None:
    names = [t.name for t in TABLES]
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relname = ANY(%s)"
        " AND relnamespace = current_schema()::regnamespace LIMIT 1",
        [names],
    ).fetchone()
    if found is not None:
        raise DemoTablesExist(table=found[0])


def _copy(connection: psycopg.Connection, company: Company, table: Table) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
    with connection.cursor().copy(statement) as copy:
        for row in rows(company, table.name):
            copy.write_row(row)
    if table.number is not None:
        _go_on_numbering(connection, table)


def _go_on_numbering(connection: psycopg.Connection, table: Table) -> None:
    """The next row entered gets the number after the last one written."""
    assert table.number is not None
    connection.execute(
        sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), max({})) FROM {}").format(
            sql.Literal(table.name),
            sql.Literal(table.number),
            sql.Identifier(table.number),
            sql.Identifier(table.name),
        )
    )
