"""Whatever is wrong with a request, its refusal is a problem document with a stable code (RFC 9457)."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest
import urllib3

from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.routes import METHODS, SYNC, filled, routes

API = [route for route in routes() if route.startswith("api/")]
TAKES_ANYTHING = {f"{SYNC}disconnect"}
"""What needs no body: it would be done."""
OPEN = {"api/v1/openapi.json"}
"""Told to everybody, whatever the method."""
BODIES: list[tuple[bytes, dict[str, str]]] = [
    (b"", {"Content-Type": "application/json"}),
    (b"{", {"Content-Type": "application/json"}),
    (b'{"a": NaN}', {"Content-Type": "application/json"}),
    (b'"\xff"', {"Content-Type": "application/json"}),
    (b"[" * 100_000, {"Content-Type": "application/json"}),
    (b"[]", {"Content-Type": "application/json"}),
    (b"{}", {"Content-Type": "text/plain"}),
    (b"--x", {"Content-Type": "multipart/form-data; boundary=x"}),
    (b"{}", {"Content-Type": "application/json", "Content-Encoding": "br"}),
    (b"no zstd", {"Content-Type": "application/json", "Content-Encoding": "zstd"}),
]


pytestmark = pytest.mark.parametrize("service", ["sqlite"], indirect=True)


class Stranger:
    """Asks anything of a company's service."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._pool = urllib3.PoolManager(retries=False, timeout=60)

    def ask(
        self, method: str, route: str, secret: str, body: bytes | None, headers: Mapping[str, str]
    ) -> urllib3.BaseHTTPResponse:
        names = {"company": self._company.id, "type": "contacts", "id": rid(1)}
        names |= {"fix": "retry", "no": "1"}
        told = {"Authorization": f"Bearer {secret}"} if secret else {}
        return self._pool.request(
            method,
            f"{self._company.service.url}/{filled(route, **names)}",
            body=body,
            headers={**told, **headers},
        )

    def secret_for(self, route: str) -> str:
        company = self._company
        return company.office.secret if route.startswith(SYNC) else str(company.program.token)


def checked(status: int, content_type: str | None, body: bytes) -> str:
    """The code of a problem document that is as it should be."""
    assert status < 500, body
    assert content_type == "application/problem+json", (status, body)
    problem = json.loads(body)
    assert problem["status"] == status
    assert problem["type"] == f"urn:samsyn:problem:{problem['code'].lower()}"
    assert re.fullmatch(r"[A-Z][A-Z_]+", problem["code"]), problem
    assert problem["title"]
    assert problem["detail"]
    return str(problem["code"])


def test_there_are_addresses_to_ask(company: Company) -> None:
    assert len(API) > 35


@pytest.mark.parametrize("route", API)
def test_a_method_that_is_not_taken_and_a_missing_credential_have_their_codes(
    company: Company, route: str
) -> None:
    stranger, taken = Stranger(company), 0
    for method in METHODS:
        for secret in ("", "samsyn_no_token", stranger.secret_for(route)):
            if secret == stranger.secret_for(route) and route in TAKES_ANYTHING:
                continue
            answer = stranger.ask(method, route, secret, None, {})
            if answer.status < 400:
                taken += 1
                continue
            code = checked(answer.status, answer.headers["Content-Type"], answer.data)
            if answer.status == 405:
                assert code == "METHOD_NOT_ALLOWED"
                assert method not in answer.headers["Allow"]
            if answer.status == 401:
                assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert taken <= 3 or route in OPEN, "one method at most is answered, unless it is for everybody"


@pytest.mark.parametrize("route", [route for route in API if route not in TAKES_ANYTHING])
def test_a_body_that_is_none_has_its_code_and_changes_nothing(company: Company, route: str) -> None:
    stranger = Stranger(company)
    before = company.program.get("changes", since=0, limit=1)["head"]
    for body, headers in BODIES:
        answer = stranger.ask("POST", route, stranger.secret_for(route), body, headers)
        if answer.status >= 400:
            checked(answer.status, answer.headers["Content-Type"], answer.data)
    assert company.program.get("changes", since=0, limit=1)["head"] == before


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("api/nothing", 404, "NOT_FOUND"),
        ("api/v1/nothing", 404, "NOT_FOUND"),
        ("api/sync/v1/nothing", 404, "NOT_FOUND"),
        ("api/sync/v2/hello", 404, "NOT_FOUND"),
        ("api/sync/v1/pull?since=" + "1" * 20_000, 414, "ADDRESS_TOO_LONG"),
        ("api/sync/v1/pull?since=%ff", 400, "BAD_QUERY"),
    ],
)
def test_an_address_that_leads_nowhere_has_its_code(
    company: Company, address: str, status: int, code: str
) -> None:
    answer = Stranger(company).ask("GET", address, "", None, {})
    assert answer.status == status
    assert checked(answer.status, answer.headers["Content-Type"], answer.data) == code


@pytest.mark.parametrize("route", ["api/sync/v1/push", "api/v1/companies/<company>/batch"])
def test_a_body_beyond_the_hard_limit_has_its_code(company: Company, route: str) -> None:
    stranger = Stranger(company)
    answer = stranger.ask("POST", route, stranger.secret_for(route), b" " * 70_000_000, {})
    assert checked(answer.status, answer.headers["Content-Type"], answer.data) == "BODY_TOO_LARGE"


START = b"POST /api/sync/v1/hello HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    "told",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"no http at all\r\n\r\n",
        START + b"Content-Length: ten\r\n\r\n{}",
        START + b"Content-Length: -1\r\n\r\n{}",
        START + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
        START + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        START + b"Content-Length: 2\r\nbad header\r\n\r\n{}",
    ],
)
def test_what_is_no_http_is_answered_by_a_problem_too(company: Company, told: bytes) -> None:
    status, head, body = spoken(company, told)
    assert status == 400
    assert checked(status, head["content-type"], body) == "BAD_REQUEST"
    assert company.program.get("types")


@pytest.mark.parametrize("length", [b"1000", b"3"])
def test_a_body_shorter_than_it_says_is_not_taken(company: Company, length: bytes) -> None:
    before = company.program.get("changes", since=0, limit=1)["head"]
    where = urlsplit(company.service.url)
    with socket.create_connection((where.hostname, where.port or 0), timeout=30) as near:
        near.sendall(START + b"Content-Length: " + length + b"\r\n\r\n{}")
    assert company.program.get("changes", since=0, limit=1)["head"] == before


def spoken(company: Company, told: bytes) -> tuple[int, dict[str, str], bytes]:
    """The status, headers and body that raw bytes get for an answer."""
    where = urlsplit(company.service.url)
    with socket.create_connection((where.hostname, where.port or 0), timeout=30) as near:
        near.sendall(told)
        heard = b""
        while more := near.recv(65536):
            heard += more
    head, _, body = heard.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = (line.partition(": ")[::2] for line in lines)
    return int(first.split()[1]), {name.lower(): value for name, value in fields}, body
