"""Fixtures: an empty record store on each engine, and a company with its office."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
os.environ.setdefault("SAMSYN_ONLINE_HOME", str(Path(tempfile.gettempdir()) / "samsyn-no-home"))
django.setup()

from samsyn.records.tenant import Tenant  # noqa: E402  # models need Django set up
from tests.records import stores  # noqa: E402  # as above
from tests.records.office import Office  # noqa: E402  # as above


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """An empty record store, which Django's default connection then is."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("pg_store_url")
    with stores.opened(url, tmp_path):
        yield


@pytest.fixture
def tenant(store: None) -> Tenant:
    """A company."""
    return Tenant("aaaaaaaaaaaa")


@pytest.fixture
def office(tenant: Tenant) -> Office:
    """The company's office, paired and greeted, with an empty database."""
    made = Office.paired(tenant)
    made.hello()
    return made
