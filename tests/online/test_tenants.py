"""G9: no company sees another, and a token can do no more than it says."""

from __future__ import annotations

import pytest

from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import Program, records

REQUESTS: list[tuple[str, str, object]] = [
    ("GET", "types", None),
    ("GET", records("contacts"), None),
    ("POST", records("contacts"), {"name": "x"}),
    ("GET", records("contacts", rid(1)), None),
    ("PATCH", records("contacts", rid(1)), {"phone": "x"}),
    ("DELETE", records("contacts", rid(1)), None),
    ("POST", "batch", {"operations": []}),
    ("GET", "changes", None),
    ("GET", "conflicts", None),
    ("GET", "quarantine", None),
    ("GET", f"quarantine/{rid(1)}", None),
    ("POST", f"quarantine/{rid(1)}/retry", {}),
]
WRITES = [request for request in REQUESTS if request[0] != "GET"]


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
def test_g9_a_token_opens_its_own_company_alone(
    company: Company, other: Company, method: str, path: str, body: object
) -> None:
    stranger = Program(company.program.url, company.id, other.program.token)
    nowhere = Program(company.program.url, "a" * 12, other.program.token)
    there = stranger.send(method, path, body).refused(404, "UNKNOWN_COMPANY")
    none = nowhere.send(method, path, body).refused(404, "UNKNOWN_COMPANY")
    assert {**there, "company": ""} == {**none, "company": ""}


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
def test_nothing_is_told_without_a_token(
    company: Company, method: str, path: str, body: object
) -> None:
    good = company.program.token
    assert good is not None
    for token in (None, "", "x", good[:-1], good + "x", good.upper(), "samsyn_a_b_c", "å"):
        told = None if token == "å" else token
        headers = {"Authorization": b"Bearer \xc3\xa5".decode("latin-1")} if token == "å" else {}
        stranger = Program(company.program.url, company.id, told)
        answer = stranger.send(method, path, body, headers)
        answer.refused(401, "UNAUTHORIZED")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_a_read_only_token_cannot_write(
    company: Company, method: str, path: str, body: object
) -> None:
    before = company.program.get("changes", since=0, limit=1)["head"]
    reader = company.new_program("--read-only")
    reader.send(method, path, body).refused(403, "READ_ONLY_TOKEN")
    assert reader.get(records("contacts", rid(1)))["key"] == 1
    assert company.program.get("changes", since=0, limit=1)["head"] == before


def test_g9_what_one_company_writes_another_does_not_get(company: Company, other: Company) -> None:
    made = company.program.create("contacts", name="Bara här")
    other.program.send("GET", records("contacts", made["id"])).refused(404, "UNKNOWN_RECORD")
    link = {"name": "x", "parent": made["id"]}
    problem = other.program.send("POST", records("contacts"), link).refused(422, "INVALID")
    assert problem["errors"][0]["code"] == "UNKNOWN_REFERENCE"
    before = other.program.get(records("contacts", rid(1)))
    company.program.send("PATCH", records("contacts", rid(1)), {"phone": "hemligt"})
    assert other.program.get(records("contacts", rid(1))) == before
    assert made["id"] not in [c.id for c in other.office.pull().changes]
