"""Every endpoint of the sync API and what a stranger, a liar or an old program may send it (G9).

An endpoint that is not in the table makes a test fail, so a new one is asked too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import pytest
from django.http import HttpResponse

from samsyn.protocol import wire
from samsyn.protocol.messages import (
    BatchAnswer,
    Compare,
    FixOrder,
    HeldReport,
    PairAnswer,
    PairRequest,
)
from samsyn.protocol.restoring import Look, Told
from samsyn.protocol.undo import Choice, Reapply
from samsyn.records import pairing
from samsyn.records.clock import now_s
from samsyn.records.tenant import Tenant
from samsyn.records.urls import urlpatterns
from samsyn.records.worker import in_worker
from tests.records.office import Office, edit, loaded, rid
from tests.records.test_hostile_messages import dump
from tests.records.test_sync_api import Agent, code, message, run

OPEN = {"pair", "approval", "approval/wait"}
"""Asked by who has no connection yet; each looks at a code of its own."""
SECRET = "only Nordlund knows"
TOLD = Told("link-1", None, 0, 0, 0, "", 0, ("customer",))


class Request(NamedTuple):
    """A request that is well formed and names what another company has."""

    name: str
    body: bytes | None = None
    query: str = ""

    @property
    def address(self) -> str:
        return self.name + self.query


REQUESTS = [
    Request("hello", b"{}"),
    Request("push", b"{}", "?fence=1"),
    Request("load", b"{}"),
    Request("pull", None, "?since=0"),
    Request("wait", None, "?since=0"),
    Request("state", None, "?cursor=0"),
    Request("leaving", None, "?cursor=0"),
    Request("digests", None, "?type=customer"),
    Request("identities", None, "?type=customer&limit=10"),
    Request("records", None, "?type=customer&limit=10"),
    Request("conflicts"),
    Request("quarantine"),
    Request("ledger"),
    Request("history", None, f"?record={rid(1)}"),
    Request("undo/batches"),
    Request("compare", wire.encode(Compare("customer", 0, (rid(1),)))),
    Request("held", wire.encode(HeldReport(1, ()))),
    Request("users", b'{"fence": 1, "users": []}'),
    Request("quarantine/fix", wire.encode(FixOrder(rid(1), "skip"))),
    Request("conflicts/re-apply", wire.encode(Reapply("1.0"))),
    Request("undo/plan", wire.encode(Choice(by="Maria"))),
    Request("undo", wire.encode(Choice(by="Maria"))),
    Request("restore/look", wire.encode(Look(TOLD))),
    Request("restore/begin", b"{}"),
    Request("restore/reopen", b"{}"),
    Request("restore/rejoin", b"{}"),
    Request("disconnect", b"{}"),
]
BODIES = [
    b"",
    b"null",
    b"[]",
    b"7",
    b"{nonsense",
    b"\xff\xfe",
    b"[" * 50_000,
    b'"' + b"x" * 100_000 + b'"',
]
QUERIES = [
    "?since=x&type=&limit=-1&cursor=1e9&fence=0x1",
    "?since=-1",
    "?since=" + "9" * 400,
    "?type=%00&since=%ff",
]


async def ask(
    agent: Agent, one: Request, body: bytes | None = None, query: str | None = None
) -> HttpResponse:
    """The answer of an endpoint, to its own or another body and query."""
    address = one.name + (one.query if query is None else query)
    if one.body is None:
        return await agent.get(address)
    return await agent.post(address, one.body if body is None else body)


@pytest.fixture
def strangers() -> Tenant:
    """Another company of the same service."""
    return Tenant("bbbbbbbbbbbb")


def test_every_endpoint_is_in_the_table() -> None:
    known = {str(one.pattern) for one in urlpatterns}
    assert {one.name for one in REQUESTS} | OPEN == known


async def work_of_nordlund(agent: Agent, office: Office, tenant: Tenant) -> None:
    """A record with a value that nobody else may see, edited on both sides."""
    body = office.batch(office.new(1, name=SECRET, phone="1"))
    message(await agent.post("push?fence=1", body), BatchAnswer)
    await in_worker(edit, tenant, 1, phone=SECRET)


def test_nobody_gets_in_without_a_credential_or_with_an_ended_one(tenant: Tenant) -> None:
    async def work(agent: Agent, office: Office) -> None:
        await work_of_nordlund(agent, office, tenant)
        before = await in_worker(dump, tenant)
        for secret in ("", "nonsense", agent.headers["authorization"].removeprefix("Bearer ")[:-1]):
            for one in REQUESTS:
                if one.body == b"{}" and one.name != "disconnect":
                    continue  # read before the credential: what it says is told below
                answer = await ask(Agent(secret), one)
                assert (answer.status_code, code(answer)) == (401, "NOT_CONNECTED"), one
        assert await in_worker(dump, tenant) == before
        message(await agent.post("disconnect", b"{}"), dict)
        ended = await in_worker(dump, tenant)
        for one in REQUESTS:
            if one.body != b"{}" or one.name == "disconnect":
                answer = await ask(agent, one)
                assert (answer.status_code, code(answer)) == (401, "CONNECTION_REVOKED"), one
        assert await in_worker(dump, tenant) == ended

    run(tenant, work)


def test_what_cannot_be_read_has_a_code_and_changes_nothing(tenant: Tenant) -> None:
    async def work(agent: Agent, office: Office) -> None:
        await work_of_nordlund(agent, office, tenant)
        before = await in_worker(dump, tenant)
        for one in REQUESTS:
            if one.name in ("wait", "disconnect"):
                continue  # held; and its body says nothing
            spoils: list[bytes] | list[str] = BODIES if one.body is not None else QUERIES
            for spoilt in spoils:
                asked = (
                    ask(agent, one, body=spoilt)
                    if isinstance(spoilt, bytes)
                    else ask(agent, one, query=spoilt)
                )
                answer = await asked
                assert answer.status_code < 500, (one, spoilt[:40])
                if answer.status_code >= 300:
                    assert code(answer).isupper()
        assert await in_worker(dump, tenant) == before
        assert message(await agent.get("state", cursor=0), dict)["records"] == {"customer": 1}

    run(tenant, work)


def with_a_nul(body: bytes) -> Iterator[bytes]:
    """The message with a NUL in one text, each in turn."""

    def spoilt(whole: object) -> Iterator[object]:
        match whole:
            case str():
                yield whole + "\0"
            case dict():
                for name, inner in whole.items():
                    yield from ({**whole, name: other} for other in spoilt(inner))
            case list():
                for place, inner in enumerate(whole):
                    for other in spoilt(inner):
                        yield [*whole[:place], other, *whole[place + 1 :]]
            case _:
                return

    for other in spoilt(msgspec.json.decode(body)):
        yield msgspec.json.encode(other)


def test_a_nul_in_any_text_is_no_trouble_of_the_services(tenant: Tenant) -> None:
    """PostgreSQL has no room for one: it is told, or kept aside with its record."""

    async def work(agent: Agent, office: Office) -> None:
        await work_of_nordlund(agent, office, tenant)
        whole = {
            "hello": wire.encode(office.hello_message("link-2")),
            "push": office.batch(office.put(1, name="x")),
            "load": office.chunk(loaded(2, name="x")),
            "users": b'{"fence": 1, "users": [{"name": "x", "email": "x", "levels": {"x": "x"}}]}',
            "approval": b'{"computer": "x", "database": "x", "engine": "x"}',
            "pair": wire.encode(PairRequest("AAAA-AAAA", "x", "x", "sqlite")),
        }
        posted = [one for one in REQUESTS if one.body is not None and one.name != "disconnect"]
        for one in (*posted, *(Request(name, b"{}") for name in OPEN)):
            for body in with_a_nul(whole.get(one.name, one.body or b"{}")):
                answer = await ask(agent, one, body=body)
                assert answer.status_code < 500, (one.name, body)
        assert message(await agent.get("ledger"), dict)["difference"] == 0

    run(tenant, work)


def test_another_companys_ids_open_nothing_g9(tenant: Tenant, strangers: Tenant) -> None:
    async def work(agent: Agent, office: Office) -> None:
        await work_of_nordlund(agent, office, tenant)
        before = await in_worker(dump, tenant)
        theirs = await stranger(strangers)
        for one in REQUESTS:
            if one.name in ("wait", "disconnect"):
                continue
            answer = await ask(theirs, one)
            assert answer.status_code < 500, one
            body = wire.decompress(answer.content, answer.headers.get("Content-Encoding"))
            assert SECRET.encode() not in body, one
            assert rid(1).encode() not in body or answer.status_code >= 400, one
        assert await in_worker(dump, tenant) == before

    async def stranger(other: Tenant) -> Agent:
        pairing_code = await in_worker(pairing.make_code, other, "Främling", now_s())
        told = PairRequest(pairing_code, "DESK-9", "y.db", "sqlite")
        paired = message(await Agent().post("pair", wire.encode(told)), PairAnswer)
        theirs, office = Agent(paired.secret), await in_worker(Office.of_secret, paired.secret)
        message(await theirs.post("hello", wire.encode(office.hello_message("link-9"))), dict)
        return theirs

    run(tenant, work)


@pytest.mark.parametrize("spoken", [0, 2, 999, -1])
def test_another_version_of_the_protocol_is_told_which_is_spoken(
    tenant: Tenant, spoken: int
) -> None:
    async def work(agent: Agent, office: Office) -> None:
        before = await in_worker(dump, tenant)
        told = msgspec.structs.replace(office.hello_message("link-2"), protocol=spoken)
        answer = await agent.post("hello", wire.encode(told))
        assert (answer.status_code, code(answer)) == (400, "PROTOCOL_UNSUPPORTED")
        assert msgspec.json.decode(answer.content)["spoken"] == spoken
        assert await in_worker(dump, tenant) == before

    run(tenant, work)


def test_a_message_that_is_sent_again_has_the_effect_of_one(tenant: Tenant) -> None:
    """A batch that comes twice, or once more after the next one."""

    async def work(agent: Agent, office: Office) -> None:
        first = office.batch(office.new(1, name="one"))
        taken = message(await agent.post("push?fence=1", first), BatchAnswer)
        office.number, office.hash = taken.number, wire.body_hash(first)
        second = office.batch(office.put(1, name="two"))
        message(await agent.post("push?fence=1", second), BatchAnswer)
        after = await in_worker(dump, tenant)
        again = message(await agent.post("push?fence=1", second), BatchAnswer)
        assert again.number == 2
        late = await agent.post("push?fence=1", first)
        assert code(late) == "BATCH_GAP"
        assert await in_worker(dump, tenant) == after

    run(tenant, work)
