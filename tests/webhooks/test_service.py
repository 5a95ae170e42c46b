"""Webhooks of a running service: managed over the REST API, delivered at once, and after a kill."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest

from samsyn.core.changes import Put
from tests import postgres
from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import Service, records, running
from tests.waiting import until
from tests.webhooks.receiver import Receiver, receiving

EVENTS = ["record.created", "record.changed", "record.deleted"]
WAY = "webhooks"


@contextmanager
def serving(engine: str, home: Path, request: pytest.FixtureRequest) -> Iterator[Service]:
    """A service on that engine whose operator lets webhooks go to this machine."""
    with pytest.MonkeyPatch.context() as environment, ExitStack() as stack:
        environment.setenv("SAMSYN_ONLINE_WEBHOOKS_PRIVATE", "true")
        url = ""
        if engine == "postgresql":
            server: postgres.Server = request.getfixturevalue("pg_server")
            url = stack.enter_context(server.database(postgres.SERVICE))
        yield stack.enter_context(running(home, url))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """A service on each engine."""
    with serving(request.param, tmp_path_factory.mktemp("home"), request) as started:
        yield started


@pytest.fixture(scope="module")
def company(service: Service) -> Company:
    """A company whose first load is complete."""
    made = Company(service)
    made.load_all()
    return made


def body(receiver: Receiver, *events: str) -> dict[str, object]:
    """A webhook to this receiver."""
    return {"name": "Butiken", "url": receiver.url, "events": list(events or EVENTS)}


def test_what_is_written_on_either_side_is_told_at_once(
    company: Company, receiver: Receiver
) -> None:
    program = company.program
    made = program.send("POST", WAY, body(receiver)).json
    assert made["state"] == "on"
    new = program.create("contacts", name="Ny kund")
    company.office.push(Put("contacts", rid(2), (2,), {"phone": "08-22"}, seen=0))
    program.send("DELETE", records("contacts", new["id"]))
    until(lambda: len(receiver.once) == 3)
    assert receiver.events == ["record.created", "record.changed", "record.deleted"]
    assert [got.json["data"]["record"] for got in receiver.once] == [new["id"], rid(2), new["id"]]
    assert all(got.is_signed_by(made["secret"]) for got in receiver.got)
    log = program.get(f"{WAY}/{made['id']}/deliveries", limit=2)
    assert [one["status"] for one in log["deliveries"]] == [200, 200]
    assert log["deliveries"][0]["answer"] == "answered 200"
    assert program.get(f"{WAY}/{made['id']}/deliveries", before=log["next"])["next"] is None
    assert program.send("DELETE", f"{WAY}/{made['id']}").status == 204
    program.send("GET", f"{WAY}/{made['id']}").refused(404, "UNKNOWN_WEBHOOK")


def test_a_webhook_is_changed_tried_switched_off_and_on(
    company: Company, receiver: Receiver
) -> None:
    program = company.program
    made = program.send("POST", WAY, body(receiver)).json
    one = f"{WAY}/{made['id']}"
    changed = program.send("PATCH", one, {"name": "Kassan", "types": ["products"]}).json
    assert (changed["name"], changed["types"], changed["events"]) == (
        "Kassan",
        ["products"],
        EVENTS,
    )
    program.create("contacts", name="Ej för denna")
    sent = program.send("POST", f"{one}/test", {}, {"Idempotency-Key": "test-1"}).json
    assert program.send("POST", f"{one}/test", {}, {"Idempotency-Key": "test-1"}).json == sent
    until(lambda: receiver.events == ["webhook.test"])
    until(lambda: program.get(f"{one}/deliveries")["deliveries"][0]["state"] == "sent")
    again = program.send("POST", f"{one}/deliveries/{sent['no']}/again", {}).json
    assert again["message"] == sent["message"]
    until(lambda: len(receiver.got) == 2)
    secret = program.send("POST", f"{one}/secret", {}).json["secret"]
    assert program.send("PATCH", one, {"on": False}).json["state"] == "off"
    program.create("products", code="P50")
    assert program.send("PATCH", one, {"on": True}).json["state"] == "on"
    until(lambda: receiver.events == ["webhook.test", "record.created"])
    assert receiver.got[-1].is_signed_by(secret)
    assert receiver.got[-1].is_signed_by(made["secret"])
    assert [hook["id"] for hook in program.get(WAY)["webhooks"]] == [made["id"]]
    program.send("DELETE", one)


def test_after_a_kill_everything_comes_at_least_once_and_in_order(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On both engines at once: what a killed process was sending waits until its lease has run out."""
    with ExitStack() as stack:
        expected: list[tuple[Receiver, list[str]]] = []
        for engine in ("sqlite", "postgresql"):
            home = tmp_path_factory.mktemp("killed")
            company = Company(stack.enter_context(serving(engine, home, request)))
            company.load_all()
            receiver = stack.enter_context(receiving())
            expected.append((receiver, _killed_while_sending(company, receiver)))
        for receiver, new in expected:
            until(partial(_has_all, receiver, len(new)), timeout_s=90)
            assert [got.json["data"]["record"] for got in receiver.once] == new


def _has_all(receiver: Receiver, count: int) -> bool:
    return len(receiver.once) == count


def _killed_while_sending(company: Company, receiver: Receiver) -> list[str]:
    """The records that were made before the service was killed; it runs again."""
    program, service = company.program, company.service
    made = program.send("POST", WAY, body(receiver)).json
    receiver.answers = [200, 500]
    new = [program.create("contacts", name=f"Nr {n}")["id"] for n in range(5)]
    until(lambda: len(receiver.got) >= 2)
    port = int(service.url.rpartition(":")[2])
    service.stop(signal.SIGKILL)
    service.start(port)
    program.send("PATCH", f"{WAY}/{made['id']}", {"on": True})  # not to wait for the pause
    return new


def test_only_a_superusers_token_with_the_scope_manages_webhooks(
    company: Company, receiver: Receiver
) -> None:
    told = company.new_program("--scope", "delete").send("GET", WAY).refused(403, "MISSING_SCOPE")
    assert told["scope"] == "webhooks"
    other = company.service.command(
        "create-token", "--company", company.id, "--email", "standard@example.com"
    )
    program = company.new_program()
    program.token = other["token"]
    program.send("GET", WAY).refused(403, "ROLE_TOO_LOW")
    program.send("POST", WAY, body(receiver)).refused(403, "ROLE_TOO_LOW")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"url": "http://example.com/"}, 422, "BAD_WEBHOOK_URL"),
        ({"url": 5}, 422, "BAD_SHAPE"),
        ({"events": []}, 422, "BAD_EVENTS"),
        ({"events": ["record.seen"]}, 422, "BAD_EVENTS"),
        ({"events": ["record.created", "record.created"]}, 200, ""),
        ({"types": "contacts"}, 422, "BAD_SHAPE"),
        ({"name": "\n"}, 422, "BAD_NAME"),
        ({"secret": "mine"}, 422, "BAD_SHAPE"),
        ({"on": "yes"}, 422, "BAD_SHAPE"),
    ],
)
def test_what_is_wrong_with_a_webhook_is_told(
    company: Company, receiver: Receiver, change: dict[str, object], status: int, code: str
) -> None:
    program = company.program
    made = program.send("POST", WAY, body(receiver)).json
    answer = program.send("PATCH", f"{WAY}/{made['id']}", change)
    if code:
        answer.refused(status, code)
    else:
        assert answer.status == status, answer.body
    assert program.send("DELETE", f"{WAY}/{made['id']}").status == 204
