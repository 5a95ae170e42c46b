"""Fixtures for every part's tests: a real PostgreSQL and real databases."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from tests import memory, postgres
from tests.online.running import Service

# A shared machine is slow at times; the blob repeats a failure anywhere.
settings.register_profile("samsyn", deadline=None, print_blob=True)
settings.register_profile("thorough", deadline=None, print_blob=True, max_examples=2000)
settings.load_profile(os.environ.get("SAMSYN_TEST_PROFILE", "samsyn"))

# pytest's own variable: where the folders of `tmp_path` are made.
if in_memory := memory.folder():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(in_memory))


@pytest.fixture(scope="session")
def pg_server() -> Iterator[postgres.Server]:
    """One PostgreSQL for each test process, started by the first test that needs it."""
    wanted = os.environ.get("SAMSYN_TEST_PG")
    with postgres.running(int(wanted) if wanted else None, in_memory=True) as server:
        yield server


@pytest.fixture
def new_pg(pg_server: postgres.Server) -> Iterator[Callable[[], str]]:
    """Gives the URL of another new, empty database at each call."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(pg_server.database())


@pytest.fixture
def pg_url(new_pg: Callable[[], str]) -> str:
    """The URL of a new, empty database."""
    return new_pg()


@pytest.fixture(scope="session")
def pg_store(pg_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database with the service's tables and nothing in them; to be copied."""
    url = pg_server.create(postgres.SERVICE)
    Service(tmp_path_factory.mktemp("store"), url).command("list-companies")
    return url


@pytest.fixture
def pg_store_url(pg_server: postgres.Server, pg_store: str) -> Iterator[str]:
    """The URL of a new, empty store as the service has it: of an ordinary role."""
    with pg_server.database(postgres.SERVICE, like=pg_store) as url:
        yield url


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real programs' databases; to be copied, never to be written to."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("SAMSYN_SHARED_DATA") or beside)
    if not folder.is_dir():
        pytest.skip(
            "no folder of real databases (SAMSYN_SHARED_DATA): skipped, not counted as passed"
        )
    return folder
