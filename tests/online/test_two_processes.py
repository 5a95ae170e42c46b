"""Several processes of one service on one PostgreSQL: what is written by one is told by the other at once."""

from __future__ import annotations

import re
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from samsyn.protocol import wire
from samsyn.protocol.messages import Wait
from tests import postgres
from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import Answer, Program, Service, records, running
from tests.online.visitor import Visitor
from tests.waiting import until

BOUND_S = 5.0
"""Far above what it takes, far below a held request's end: who was not woken is found out."""


@pytest.fixture(scope="module")
def both(
    pg_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Service, Service]]:
    """Two processes with one home on one database."""
    home: Path = tmp_path_factory.mktemp("home")
    with (
        pg_server.database(postgres.SERVICE) as url,
        running(home, url) as one,
        running(home, url) as other,
    ):
        yield one, other


def test_a_change_through_one_process_wakes_who_waits_at_the_other(
    both: tuple[Service, Service],
) -> None:
    one, other = both
    company = Company(one)
    company.load_all()
    company.office.url = other.url
    company.office.cursor = company.office.pull().upto
    took = [woken(company, company.program, f"Rond {n}") for n in range(5)]
    assert max(took) < BOUND_S
    print(f"woken after {statistics.median(took) * 1000:.1f} ms")  # noqa: T201 - a figure to look at


def test_what_one_process_was_told_the_other_knows(both: tuple[Service, Service]) -> None:
    one, other = both
    company = Company(one)
    company.load_all()
    elsewhere = Program(other.url, company.id, company.program.token)
    made = company.program.create("contacts", name="Skapad här")
    assert elsewhere.get(records("contacts", made["id"]))["fields"]["name"] == "Skapad här"
    other.command("companies", "suspend", company.id)
    assert company.program.send("GET", records("contacts")).status == 503
    one.command("companies", "resume", company.id)
    assert elsewhere.send("GET", records("contacts")).status == 200


def test_a_role_that_no_policy_is_asked_of_is_told_at_the_start(
    pg_server: postgres.Server, tmp_path: Path
) -> None:
    with pg_server.database() as url:
        service = Service(tmp_path, url)
        service.start()
        code, said = service.stop()
    assert code == 0
    assert "BYPASSRLS" in said


def test_wrong_passwords_at_one_process_count_at_the_other(both: tuple[Service, Service]) -> None:
    one, other = both
    owner = "throttled@example.com"
    one.command("create-company", "Berg", "--owner", owner)
    visitors = Visitor(one, owner), Visitor(other, owner)
    for turn in range(5):
        assert sign_in(visitors[turn % 2]).status == 200
    assert b"Too many attempts" in sign_in(visitors[1]).body


def sign_in(visitor: Visitor) -> Answer:
    """Try with a wrong password, from a browser where nobody is signed in."""
    visitor.cookies.clear()
    visitor.send("GET", "id/sign-in")
    told = {"login": "throttled@example.com", "password": "wrong wrong wrong"}
    return visitor.send("POST", "id/sign-in", told)


def woken(company: Company, program: Program, name: str) -> float:
    """Seconds from the answer to a change at one process until the request held at the other is answered."""
    since = company.office.cursor
    answered: list[tuple[float, int]] = []

    def wait() -> None:
        answer = company.office.wait(since)
        answered.append((time.monotonic(), wire.decode(answer.data, Wait).online_head))

    waiting = threading.Thread(target=wait)
    waiting.start()
    until(lambda: held(company.office.url) == 1)
    changed = program.send("PATCH", records("contacts", rid(1)), {"fields": {"name": name}})
    done = time.monotonic()
    assert changed.status == 200
    waiting.join(timeout=60)
    ((at, head),) = answered
    assert head > since
    company.office.cursor = company.office.pull().upto
    return at - done


def held(url: str) -> int:
    """How many requests that process holds."""
    text = urllib3.request("GET", f"{url}/metrics", timeout=30).data.decode()
    return int(re.findall(r"^samsyn_held_requests (\d+)$", text, re.MULTILINE)[0])
