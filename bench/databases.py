"""The contact registers that are measured: made once, copied for each measurement."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from samsyn.companydb import attach
from samsyn.companydb.urls import CompanyUrl, Engine, parse
from samsyn.demo.company import DEFAULT_SEED, Sizes
from samsyn.demo.postgres import write_postgres
from samsyn.demo.sqlite import write_sqlite
from tests import postgres

TODAY = dt.date(2026, 11, 23)
TABLE = "contacts"
TABLES = (TABLE, "employees", "contact_statuses")
"""The register and what it refers to."""


class Databases:
    """Copies of registers of any size on both engines; all gone at the end."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        self.folder = folder
        self._stack = stack
        self._server: postgres.Server | None = None
        self._made: dict[tuple[Engine, int, bool], str] = {}
        self._number = 0

    def company(self, engine: Engine, contacts: int, *, captured: bool = True) -> CompanyUrl:
        """A fresh copy of a register, attached or as it was."""
        template = self._template(engine, contacts, captured)
        if engine == "postgresql":
            name = self._create(template.rpartition("/")[2])
            return parse(self.server.url(name))
        path = self.path("company.sqlite")
        shutil.copy(template, path)
        return parse(str(path))

    def empty_postgres(self) -> str:
        """The URL of a new, empty database."""
        return self.server.url(self._create("template1"))

    def store_postgres(self) -> str:
        """The URL of a new, empty database for a service, whose role is an ordinary one."""
        return self.server.create(postgres.SERVICE)

    def path(self, name: str) -> Path:
        """A path at which there is nothing yet."""
        self._number += 1
        return self.folder / f"{self._number}-{name}"

    @property
    def server(self) -> postgres.Server:
        """One PostgreSQL for the company and the service, started when it is first needed."""
        if self._server is None:
            running = postgres.running(in_memory=True)
            self._server = self._stack.enter_context(running)
        return self._server

    def _template(self, engine: Engine, contacts: int, captured: bool) -> str:
        known = (engine, contacts, captured)
        if known not in self._made:
            if captured:
                url = self.company(engine, contacts, captured=False)
                attach.attach(attach.plan(url, TABLES))
                self._made[known] = _address(url)
            else:
                self._made[known] = self._written(engine, contacts)
        return self._made[known]

    def _written(self, engine: Engine, contacts: int) -> str:
        sizes = Sizes.contacts_only(contacts)
        if engine == "postgresql":
            address = self.empty_postgres()
            write_postgres(address, today=TODAY, seed=DEFAULT_SEED, sizes=sizes)
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute("ANALYZE")
            return address
        path = self.path("template.sqlite")
        write_sqlite(path, today=TODAY, seed=DEFAULT_SEED, sizes=sizes)
        return str(path)

    def _create(self, template: str) -> str:
        self._number += 1
        name = f"bench_{self._number}"
        with psycopg.connect(self.server.url("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        return name


def _address(url: CompanyUrl) -> str:
    """The text that names the database again; there is no password in it."""
    return url.text


@contextlib.contextmanager
def databases(folder: Path) -> Iterator[Databases]:
    """The registers, for the length of a run."""
    with contextlib.ExitStack() as stack:
        yield Databases(folder, stack)
