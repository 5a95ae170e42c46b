"""A desk in the demo company's office: where its business program reads and writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import apsw
import psycopg
from psycopg import sql

from samsyn.demo import schema
from samsyn.demo.company import Value

_BUSY_MS = 10_000


class Desk(Protocol):
    """What the business program does with its database; marks in statements are `?`."""

    def transaction(self) -> AbstractContextManager[None]:
        """All that is written within it is written together."""

    def row(self, statement: str, *values: Value) -> tuple[object, ...] | None:
        """The first row of the answer."""

    def write(self, statement: str, *values: Value) -> None:
        """Change what is there."""

    def enter(self, table: str, values: Mapping[str, Value]) -> int:
        """Enter a row in a table that numbers its rows; gives the number."""

    def close(self) -> None:
        """Leave the desk."""


class SqliteDesk:
    """A desk at a company database in an SQLite file that exists."""

    def __init__(self, path: Path | str) -> None:
        self._connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        self._connection.set_busy_timeout(_BUSY_MS)
        self._connection.pragma("foreign_keys", True)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Takes the write lock first, so that what is read within still holds when written."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def row(self, statement: str, *values: Value) -> tuple[object, ...] | None:
        """The first row of the answer."""
        cursor = self._connection.execute(statement, values)
        found: tuple[object, ...] | None = cursor.fetchone()
        cursor.close(force=True)
        return found

    def write(self, statement: str, *values: Value) -> None:
        """Change what is there."""
        self._connection.execute(statement, values)

    def enter(self, table: str, values: Mapping[str, Value]) -> int:
        """Enter a row in a table that numbers its rows; gives the number."""
        ((number,),) = self._connection.execute(_entry(table, values), (*values.values(),))
        assert isinstance(number, int)
        return number

    def close(self) -> None:
        """Leave the desk."""
        self._connection.close()


class PostgresDesk:
    """A desk at a company database in PostgreSQL."""

    def __init__(self, conninfo: str) -> None:
        self._connection = psycopg.connect(conninfo, autocommit=True)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written within it is written together."""
        with self._connection.transaction():
            yield

    def row(self, statement: str, *values: Value) -> tuple[object, ...] | None:
        """The first row of the answer."""
        return self._connection.execute(_marked(statement), values).fetchone()

    def write(self, statement: str, *values: Value) -> None:
        """Change what is there."""
        self._connection.execute(_marked(statement), values)

    def enter(self, table: str, values: Mapping[str, Value]) -> int:
        """Enter a row in a table that numbers its rows; gives the number."""
        found = self.row(_entry(table, values), *values.values())
        assert found is not None
        assert isinstance(found[0], int)
        return found[0]

    def close(self) -> None:
        """Leave the desk."""
        self._connection.close()


def _entry(table: str, values: Mapping[str, Value]) -> str:
    marks = ", ".join("?" * len(values))
    number = schema.table(table).number
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks}) RETURNING {number}"


def _marked(statement: str) -> sql.SQL:
    """The statement with PostgreSQL's marks; no text of ours holds a question or percent mark."""
    return sql.SQL(statement.replace("?", "%s"))
