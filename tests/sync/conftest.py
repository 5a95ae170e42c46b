"""Fixtures: a world of two sides on each pair of engines."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
os.environ.setdefault("SAMSYN_ONLINE_HOME", str(Path(tempfile.gettempdir()) / "samsyn-no-home"))
django.setup()

from tests.records import stores  # noqa: E402  # models need Django set up
from tests.sync.world import World  # noqa: E402

MakeWorld = Callable[[str], World]


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """The engine of the company database, and of the record store."""
    return str(request.param)


@pytest.fixture
def make_world(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[MakeWorld]:
    """Makes a connected world from the SQL of a company's schema; `serial` stands for its key."""
    if engine == "postgresql":
        new_pg: Callable[[], str] = request.getfixturevalue("new_pg")
        online, office = new_pg(), new_pg()
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
