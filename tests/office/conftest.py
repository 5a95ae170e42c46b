"""One office program for each test process, with users of every kind and the sample company."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.office.running import PASSWORD, Office, Person, office_running


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A running program with its first user and the sample company."""
    with office_running(tmp_path_factory.mktemp("office")) as started:
        first = Person(started.url)
        told = {"name": "Anna Berg", "username": "anna", "password": PASSWORD}
        assert first.post("/welcome", **told).status == 302
        assert first.post("/companies/sample").to == "/c/sample"
        yield started


@pytest.fixture
def anna(office: Office) -> Person:
    """The first user, signed in: a superuser."""
    someone = Person(office.url)
    assert someone.sign_in("anna").status == 302
    return someone
