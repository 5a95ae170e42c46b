"""The company's own program at the office, on each engine."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Protocol

import apsw
import psycopg

from proofs.kill.writes import Place

TABLES = {"contact": ("name", "phone", "note"), "visit": ("text", "place")}
"""The fields that are edited, by table; every row has a code that never changes."""
LOST = (apsw.Error, psycopg.Error)
"""What a program hears from a database that was killed, is full or is busy."""


class NoRow(Exception):
    """The row to be written is gone: nothing of the transaction was done."""


def schema(serial: str) -> list[str]:
    """Two tables, one referring to the other."""
    return [
        f"CREATE TABLE contact (id {serial}, code varchar(40) NOT NULL UNIQUE, name varchar(40),"
        " phone varchar(40), note varchar(40))",
        f"CREATE TABLE visit (id {serial}, code varchar(40) NOT NULL UNIQUE, contact integer NOT NULL"
        " REFERENCES contact, text varchar(40), place varchar(40))",
    ]


class Office(Protocol):
    """A connection that is made again after trouble."""

    def do(self, statements: list[tuple[str, tuple[object, ...]]]) -> None:
        """All in one transaction. Raises NoRow or one of LOST."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """An answer. Raises one of LOST."""

    def close(self) -> None:
        """Ends the connection."""


class SqliteOffice:
    """On a file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: apsw.Connection | None = None

    def do(self, statements: list[tuple[str, tuple[object, ...]]]) -> None:
        connection = self._opened()
        try:
            connection.execute("BEGIN IMMEDIATE")
            for sql, values in statements:
                asked = f"{sql} RETURNING code".replace("%s", "?")
                if not list(connection.execute(asked, values)):
                    raise NoRow
            connection.execute("COMMIT")
        except (apsw.Error, NoRow):
            with suppress(apsw.Error):
                connection.execute("ROLLBACK")
            raise

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return list(self._opened().execute(sql))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _opened(self) -> apsw.Connection:
        if self._connection is None:
            self._connection = apsw.Connection(self._path)
            self._connection.set_busy_timeout(5_000)
            self._connection.execute("PRAGMA foreign_keys = ON")
        return self._connection


class PostgresOffice:
    """On a server that comes and goes."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None

    def do(self, statements: list[tuple[str, tuple[object, ...]]]) -> None:
        with self._opened().transaction():
            for sql, values in statements:
                asked = f"{sql} RETURNING code".encode()
                if not self._opened().execute(asked, values).fetchall():
                    raise NoRow

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._opened().execute(sql.encode()).fetchall()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _opened(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._url, autocommit=True, connect_timeout=5)
            self._connection.execute("SET lock_timeout = '5s'")
        return self._connection


def standing(office: Office) -> dict[Place, str | None]:
    """Every field as it stands."""
    found: dict[Place, str | None] = {}
    for table, fields in TABLES.items():
        for code, *values in office.rows(f"SELECT code, {', '.join(fields)} FROM {table}"):
            found.update(
                ((table, code, field), value) for field, value in zip(fields, values, strict=True)
            )
            found[table, code, ""] = code
    return found
