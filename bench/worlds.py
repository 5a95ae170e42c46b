"""A company database, connected to a service that runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import msgspec

from bench.databases import TABLE, Databases
from bench.office import Program, contact_no, program
from bench.online import PostgresStore, Rest, SqliteStore, Store
from bench.processes import SERVICE, Child, child, told
from samsyn.agent.http import HttpService
from samsyn.companydb import books
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.rows import Key
from samsyn.companydb.urls import CompanyUrl, Engine
from samsyn.core.catalog import RecordType
from samsyn.protocol.messages import PairRequest


class Pair(msgspec.Struct, frozen=True):
    """The engines of the company database and of the service's store."""

    office: Engine
    online: Engine

    @property
    def name(self) -> str:
        """For a column's head."""
        names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        return f"{names[self.office]} ↔ {names[self.online]}"


class World:
    """Both sides of one company."""

    def __init__(self, stack: ExitStack, databases: Databases, pair: Pair, contacts: int) -> None:
        self._stack = stack
        self._databases = databases
        self.url: CompanyUrl = databases.company(pair.office, contacts)
        home = databases.path("home")
        where = ["--home", str(home)]
        store = None
        if pair.online == "postgresql":
            store = databases.store_postgres()
            where += ["--database", store]
        serve = [*SERVICE, "serve", "--port", "0", "--json", *where]
        self.service: Child = stack.enter_context(child(serve, databases.path("service.log")))
        online = str(self.service.answer()["url"])
        self.company = str(
            told("create-company", "Bench AB", "--owner", "owner@example.com", *where)["company"]
        )
        code = str(told("pairing-code", "--company", self.company, *where)["code"])
        email = ["--email", "owner@example.com"]
        token = str(told("create-token", "--company", self.company, *email, *where)["token"])
        self.rest = Rest(online, self.company, token)
        self.store: Store = PostgresStore(store) if store else SqliteStore(home / "online.sqlite")
        stack.callback(self.store.close)
        self.program: Program = program(self.url)
        stack.callback(self.program.close)
        self._connect(online, code)

    def agent(self) -> Child:
        """A new agent process, ready to be asked."""
        address = self.url.text
        command = [sys.executable, "-m", "bench.agent", address]
        started = self._stack.enter_context(child(command, self._databases.path("agent.log")))
        started.answer()
        return started

    def records(self, places: list[int]) -> dict[int, str]:
        """The record ids of contacts, by key."""
        db = open_company_db(self.url)
        text = db.engine == "postgresql"
        keys: dict[Key, int] = {(str(no) if text else no,): no for no in map(contact_no, places)}
        found = db.ids_of(self._type(list(db.types.values())), list(keys))
        db.close()
        return {keys[key]: record for key, record in found.items()}

    @staticmethod
    def _type(types: list[RecordType]) -> RecordType:
        return next(t for t in types if t.table == TABLE)

    def _connect(self, online: str, code: str) -> None:
        service = HttpService(online)
        db = open_company_db(self.url)
        made = service.pair(PairRequest(code, "bench", "contacts", db.engine))
        with db.transaction():
            connection = books.Connection(
                made.connection, made.secret, online, made.company, made.company_name
            )
            books.set_fact(db, "connection", connection)
        db.close()
        service.close()


@contextmanager
def world(databases: Databases, pair: Pair, contacts: int) -> Iterator[World]:
    """Both sides, connected; nothing is loaded yet."""
    with ExitStack() as stack:
        yield World(stack, databases, pair, contacts)
