"""A company as the scope of every statement: none runs without one."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from django.db import InterfaceError, OperationalError, connection, transaction

from samsyn.records import prepared, wall
from samsyn.records.errors import BadCompany, StoreBusy

Row = tuple[Any, ...]  # Any, here and below: what columns and parameters hold
COMPANY_ID = re.compile(r"[a-z2-7]{12}")


class Tenant(msgspec.Struct, frozen=True):
    """One company's part of the store; BadCompany for what is no company id."""

    company: str

    def __post_init__(self) -> None:
        if not COMPANY_ID.fullmatch(self.company):
            raise BadCompany(company=self.company)

    def rows(self, sql: str, **values: Any) -> list[Row]:
        """All rows of a query that names %(company)s."""
        wall.enter(self.company)
        with connection.cursor() as cursor:
            cursor.execute(_scoped(sql), {"company": self.company, **values})
            return list(cursor.fetchall())

    def rows_often(self, sql: str, **values: Any) -> list[Row]:
        """The same of a query that is asked at every request: its text is always the same, and its keys find the rows."""
        wall.enter(self.company)
        with prepared.cursor() as cursor:
            cursor.execute(_scoped(sql), {"company": self.company, **values})
            return list(cursor.fetchall())

    def execute_often(self, sql: str, **values: Any) -> None:
        """Run a statement of every request, likewise."""
        wall.enter(self.company)
        with prepared.cursor() as cursor:
            cursor.execute(_scoped(sql), {"company": self.company, **values})

    def row(self, sql: str, **values: Any) -> Row | None:
        """The first row, or None."""
        found = self.rows(sql, **values)
        return found[0] if found else None

    def execute(self, sql: str, **values: Any) -> int:
        """Run a statement that names %(company)s; the number of rows it touched."""
        wall.enter(self.company)
        with connection.cursor() as cursor:
            cursor.execute(_scoped(sql), {"company": self.company, **values})
            return int(cursor.rowcount)

    def insert(
        self, table: str, columns: Sequence[str], rows: Iterable[Row], otherwise: str = ""
    ) -> None:
        """Insert rows; the company is put before each."""
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join(["%s"] * len(columns))
        sql = f"INSERT INTO {table} (company_id, {names}) VALUES (%s, {marks}){otherwise}"
        wall.enter(self.company)
        with connection.cursor() as cursor:
            cursor.executemany(sql, [(self.company, *row) for row in rows])


def _scoped(sql: str) -> str:
    assert "%(company)s" in sql, "a statement without a company"
    return sql


def is_postgresql() -> bool:
    """Which of the two engines the store runs on."""
    return connection.vendor == "postgresql"


def one_of(column: str, name: str) -> str:
    """The condition that a column is among the ids of the parameter `name`, made by `as_list`."""
    if is_postgresql():
        return f"{column} = ANY(string_to_array(%({name})s, ','))"
    return f"{column} IN (SELECT value FROM json_each(%({name})s))"


def as_list(ids: Sequence[str]) -> str:
    """Ids as one parameter; psycopg's own lists cost more than the query."""
    return ",".join(ids) if is_postgresql() else msgspec.json.encode(ids).decode()


def among(expression: str, name: str) -> str:
    """The condition that a text is among those of the parameter `name`, made by `texts_as_list`."""
    if is_postgresql():
        return f"{expression} IN (SELECT jsonb_array_elements_text(%({name})s::jsonb))"
    return f"{expression} IN (SELECT value FROM json_each(%({name})s))"


def texts_as_list(texts: Sequence[str]) -> str:
    """Texts of any letters as one parameter."""
    return msgspec.json.encode(texts).decode()


class _Joined(threading.local):
    """Whether this thread is inside `together`."""

    on = False


_joined = _Joined()


@contextmanager
def together() -> Iterator[None]:
    """A write transaction that what is done inside joins, so that all of it is committed at once."""
    with writing():
        _joined.on = True
        try:
            yield
        finally:
            _joined.on = False


@contextmanager
def writing() -> Iterator[None]:
    """A write transaction of its own, or the one around it (`together`); StoreBusy where the database is locked or away."""
    if _joined.on:
        yield
        return
    try:
        with transaction.atomic(durable=True):
            yield
    except (OperationalError, InterfaceError) as error:
        raise StoreBusy(detail=str(error).strip()) from error


@contextmanager
def snapshot() -> Iterator[None]:
    """Reads that all see one moment; they never wait for a writer. Inside `together` they see its work."""
    if _joined.on:
        yield
        return
    try:
        if is_postgresql():
            with transaction.atomic(durable=True):
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                yield
            return
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    except (OperationalError, InterfaceError) as error:
        raise StoreBusy(detail=str(error).strip()) from error
