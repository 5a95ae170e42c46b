"""The office's own program: writes and reads the company database as if nobody synced it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import apsw
import psycopg

from bench.databases import TABLE
from samsyn.companydb.urls import CompanyUrl, SqliteUrl
from samsyn.demo.company import FIRST_CONTACT_NO

KEY = "contact_no"


class Program(Protocol):
    """A connection of the office's program."""

    def change(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """One statement for each row, all in one transaction."""

    def value(self, sql: str, *values: object) -> Any:  # Any: whatever the column holds
        """One value."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows."""

    def close(self) -> None:
        """Ends the connection."""


class SqliteProgram:
    """On SQLite."""

    def __init__(self, path: str) -> None:
        self._connection = apsw.Connection(path, flags=apsw.SQLITE_OPEN_READWRITE)
        self._connection.set_busy_timeout(10_000)
        self._connection.execute("PRAGMA foreign_keys = ON")

    def change(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(sql.replace("%s", "?"), rows)
        self._connection.execute("COMMIT")

    def value(self, sql: str, *values: object) -> Any:
        return self._connection.execute(sql.replace("%s", "?"), values).get

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return list(self._connection.execute(sql))

    def close(self) -> None:
        self._connection.close()


class PostgresProgram:
    """On PostgreSQL."""

    def __init__(self, conninfo: str) -> None:
        self._connection = psycopg.connect(conninfo, autocommit=True)

    def change(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(sql.encode(), rows)

    def value(self, sql: str, *values: object) -> Any:
        found = self._connection.execute(sql.encode(), values).fetchone()
        return None if found is None else found[0]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql.encode()).fetchall()

    def close(self) -> None:
        self._connection.close()


def program(url: CompanyUrl) -> Program:
    """The office's program on its database."""
    return SqliteProgram(url.path) if isinstance(url, SqliteUrl) else PostgresProgram(url.conninfo)


def contact_no(place: int) -> int:
    """The key of a contact by its place in the register."""
    return FIRST_CONTACT_NO + place


def set_field(program: Program, field: str, values: dict[int, str]) -> None:
    """One field of many contacts, in one transaction."""
    program.change(
        f"UPDATE {TABLE} SET {field} = %s WHERE {KEY} = %s",
        [(value, key) for key, value in values.items()],
    )


def field_of(program: Program, field: str, key: int) -> Any:  # Any: whatever the column holds
    """A field of one contact."""
    return program.value(f"SELECT {field} FROM {TABLE} WHERE {KEY} = %s", key)
