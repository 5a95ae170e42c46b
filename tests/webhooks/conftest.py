"""A company with its office in this process, on each engine, and a way to send that is the test's own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
os.environ.setdefault("SAMSYN_ONLINE_HOME", str(Path(tempfile.gettempdir()) / "samsyn-no-home"))
django.setup()

from samsyn.online.companies.models import Company  # noqa: E402  # Django must be set up
from samsyn.online.webhooks.sending import Tried  # noqa: E402  # as above
from samsyn.records.tenant import Tenant  # noqa: E402  # as above
from tests.pages.people import new_company  # noqa: E402  # as above
from tests.pages.serving import empty_service  # noqa: E402  # as above
from tests.records.office import Office  # noqa: E402  # as above
from tests.webhooks.receiver import Got, Receiver, receiving  # noqa: E402  # as above


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """An empty service on each engine."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("pg_store_url")
    with empty_service(url, tmp_path):
        yield


@pytest.fixture
def company(store: None) -> Company:
    """A company with a superuser."""
    return new_company("Ett AB", "owner@example.com")


@pytest.fixture
def office(company: Company) -> Office:
    """Its office, connected."""
    made = Office.paired(Tenant(company.pk))
    made.hello()
    return made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on this machine."""
    with receiving() as running:
        yield running


class Line:
    """A way to send that keeps what goes over it; `answers` are given in turn, then 200."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.answers: list[Tried] = []

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Tried:
        self.got.append(Got(headers, body))
        return self.answers.pop(0) if self.answers else Tried(200, "", 3, "ok")

    @property
    def events(self) -> list[str]:
        """What went over it."""
        return [got.event for got in self.got]


@pytest.fixture
def line() -> Line:
    """A line that is up."""
    return Line()
