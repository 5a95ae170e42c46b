"""Company databases of both engines to try attach on, with the little they must do alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import apsw
import psycopg

from samsyn.companydb.urls import CompanyUrl, PostgresUrl, SqliteUrl


class Company(Protocol):
    """A database that some other program writes to."""

    url: CompanyUrl

    def run(self, sql: str) -> None:
        """Statements, each committed by itself."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The answer to a query."""


class SqliteCompany:
    """A file of its own; every statement through a new connection, as by another program."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url: CompanyUrl = SqliteUrl(str(path))
        self.run("")

    def run(self, sql: str) -> None:
        self.rows(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        connection = apsw.Connection(str(self.path))
        try:
            return list(connection.execute(sql))
        finally:
            connection.close()


class PostgresCompany:
    """A database of its own on the tests' server."""

    def __init__(self, url: str) -> None:
        self.address = url
        self.url: CompanyUrl = PostgresUrl(url)

    def run(self, sql: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(sql.encode())

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.address, autocommit=True) as connection:
            return connection.execute(sql.encode()).fetchall()
