"""A service on each engine, started once, and a new company with its office for every test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from samsyn.core.cells import Cell
from tests import postgres
from tests.online.office import NASTY, Loaded, Office, rid
from tests.online.running import Program, Service, running

_numbers = itertools.count(1)


class Company:
    """A company of the service: its office and a program that may write."""

    def __init__(
        self, service: Service, name: str = "Nordlund & Söner AB", owner: str = ""
    ) -> None:
        self.service = service
        self.owner = owner or f"owner{next(_numbers)}@example.com"
        made, code, token = service.commands(
            ("create-company", name, "--owner", self.owner),
            ("pairing-code", "--company", "{company}"),
            ("create-token", "--company", "{company}", "--email", self.owner),
        )
        self.id: str = made["company"]
        self.office = Office(service.url, code["code"])
        self.program = Program(service.url, self.id, token["token"])

    def new_program(self, *options: str) -> Program:
        """A program with a token of its own."""
        told = ("--company", self.id, "--email", self.owner, *options)
        token = self.service.command("create-token", *told)["token"]
        return Program(self.service.url, self.id, token)

    def load_all(self) -> None:
        """Ten contacts, two products, one line: the first load is complete."""
        contacts: list[Loaded] = [
            (
                rid(n),
                (n,),
                {"id": n, "name": f"Kund {n:02}", "visits": 11 - n, "status": "lead",
                 "discount": n + 0.5, "parent": rid(1) if n > 1 else None},
            )
            for n in range(1, 11)
        ]  # fmt: skip
        self.office.load("contacts", *contacts)
        products: list[Loaded] = [
            (rid(100 + n), (f"P{n}",), {"code": f"P{n}", "name": "Ö"}) for n in (1, 2)
        ]
        self.office.load("products", *products)
        line: dict[str, Cell] = {"contact": rid(1), "product": rid(101), 'count "of"': 3}
        self.office.load(NASTY, (rid(200), (1, "P1"), line))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """A running service."""
    home: Path = tmp_path_factory.mktemp("home")
    if request.param == "sqlite":
        with running(home) as started:
            yield started
        return
    server: postgres.Server = request.getfixturevalue("pg_server")
    with server.database(postgres.SERVICE) as url, running(home, url) as started:
        yield started


@pytest.fixture(scope="module")
def company(service: Service) -> Company:
    """A company whose first load is complete."""
    made = Company(service)
    made.load_all()
    return made


@pytest.fixture(scope="module")
def other(service: Service) -> Company:
    """Another company with records of the same ids and types of the same names."""
    made = Company(service)
    made.load_all()
    return made
