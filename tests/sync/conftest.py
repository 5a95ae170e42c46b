"""Fixtures: a world of two sides on each pair of engines."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import django
import pytest

from samsyn.companydb.attach import References

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
os.environ.setdefault("SAMSYN_ONLINE_HOME", str(Path(tempfile.gettempdir()) / "samsyn-no-home"))
django.setup()

from tests.records import stores  # noqa: E402  # models need Django set up
from tests.sync.offices import Office  # noqa: E402  # the same
from tests.sync.world import World  # noqa: E402  # the same

MakeWorld = Callable[[str], World]
"""From the SQL of a schema."""
OpenWorld = Callable[..., World]
"""From the URL of a company database that is there: `World.attached`."""
OpenStore = Callable[[str], None]
"""Opens a record store of an engine."""


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """The engine of the company database, and of the record store."""
    return str(request.param)


@pytest.fixture
def make_world(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeWorld]:
    """Makes a connected world from the SQL of a company's schema; `serial` stands for its key."""
    if engine == "postgresql":
        new_pg: Callable[[], str] = request.getfixturevalue("new_pg")
        online, office = str(request.getfixturevalue("pg_store_url")), new_pg()
    else:
        online, office = "", str(tmp_path / "company.db")
    made: list[World] = []
    with stores.opened(online, tmp_path):

        def make(schema: str) -> World:
            made.append(World.made(office, schema))
            return made[-1]

        yield make
        for world in made:
            world.close()


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Two items, told and at rest; a module that needs another world has its own."""
    made = make_world("CREATE TABLE item (id serial, name text, note text)")
    made.office("INSERT INTO item (name, note) VALUES ('one', 'a'), ('two', 'b')")
    made.settle()
    return made


@pytest.fixture
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenStore]:
    """Opens the record store on an engine, for worlds of `open_world`."""
    with ExitStack() as stack:

        def store(engine: str) -> None:
            online = request.getfixturevalue("pg_store_url") if engine == "postgresql" else ""
            stack.enter_context(stores.opened(online, tmp_path))

        yield store


@pytest.fixture
def open_world(open_store: OpenStore) -> Iterator[OpenWorld]:
    """Attaches and connects a company database; the store is to be open."""
    with ExitStack() as stack:

        def world(text: str, references: References | None = None) -> World:
            made = World.attached(text, references)
            stack.callback(made.close)
            return made

        yield world


@pytest.fixture
def office(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    """An empty database of each engine."""
    if engine == "sqlite":
        return Office(engine, str(tmp_path / "office.db"))
    return Office(engine, request.getfixturevalue("new_pg")())
