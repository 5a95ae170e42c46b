"""Fixtures: an empty service on each engine, or on SQLite where the engine does not matter."""

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

from tests.pages.serving import empty_service  # noqa: E402  # Django must be set up


@pytest.fixture
def service(tmp_path: Path) -> Iterator[None]:
    """An empty service on SQLite."""
    with empty_service("", tmp_path):
        yield


@pytest.fixture(params=["sqlite", "postgresql"])
def service_on_both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """An empty service on each engine."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("pg_store_url")
    with empty_service(url, tmp_path):
        yield
