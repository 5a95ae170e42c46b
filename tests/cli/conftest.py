"""A running service for all tests of a process, and an office with a demo database for each."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from samsyn.demo.sqlite import write_sqlite
from tests.cli.office import Office
from tests.online.running import Service, running

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """`samsyn online serve` on a free port."""
    with running(tmp_path_factory.mktemp("online")) as started:
        yield started


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo company; to be copied."""
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    write_sqlite(path, today=TODAY, contacts=30)
    return path


@pytest.fixture
def office(tmp_path: Path, demo_file: Path, service: Service) -> Office:
    """An office with the demo company's database, and a company of its own online."""
    database = tmp_path / "företag.sqlite"
    shutil.copy(demo_file, database)
    return Office(tmp_path / "home", database, service)
