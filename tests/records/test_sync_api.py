"""The endpoints: credentials, bodies both ways, problem documents, the held request."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import AsyncClient

from samsyn.online.asgi import lean
from samsyn.protocol import PATH, wire
from samsyn.protocol.messages import (
    BatchAnswer,
    HelloAnswer,
    PairAnswer,
    PairRequest,
    Pull,
    State,
    Wait,
)
from samsyn.records import connections, marks, pairing
from samsyn.records.clock import now_s
from samsyn.records.notifications import CHANNEL, telling
from samsyn.records.tenant import Tenant
from samsyn.records.wakeup import hub
from samsyn.records.worker import in_worker
from tests.records.office import Office, create, edit

T = TypeVar("T")


class Agent:
    """Speaks the protocol over HTTP with one connection's secret."""

    def __init__(self, secret: str = "") -> None:
        self.client = AsyncClient()
        lean(self.client.handler)
        self.headers = {"authorization": f"Bearer {secret}", "accept-encoding": "zstd"}

    async def get(self, name: str, **query: int) -> HttpResponse:
        """GET an endpoint."""
        response = await self.client.get(f"{PATH}/{name}", query, headers=self.headers)
        assert isinstance(response, HttpResponse)
        return response

    async def post(self, name: str, body: bytes) -> HttpResponse:
        """POST to an endpoint, compressed when large."""
        packed, encoding = wire.compress(body)
        headers = {**self.headers, **({"content-encoding": encoding} if encoding else {})}
        response = await self.client.post(
            f"{PATH}/{name}", packed, content_type=wire.JSON_TYPE, headers=headers
        )
        assert isinstance(response, HttpResponse)
        return response


def message(response: HttpResponse, type_: type[T]) -> T:
    """The message in a good answer."""
    assert response.status_code == 200, response.content
    return wire.decode(
        wire.decompress(response.content, response.headers.get("Content-Encoding")), type_
    )


def code(response: HttpResponse) -> str:
    """The code of a problem document."""
    assert response["Content-Type"] == "application/problem+json"
    document = msgspec.json.decode(response.content)
    assert document["status"] == response.status_code
    return str(document["code"])


def run(tenant: Tenant, work: Callable[[Agent, Office], Awaitable[None]]) -> None:
    """Run a scene with a paired and greeted agent."""

    async def scene() -> None:
        pairing_code = await in_worker(pairing.make_code, tenant, "Nordlund", now_s())
        request = PairRequest(pairing_code.lower(), "DESK-1", "x.db", "sqlite")
        paired = message(await Agent().post("pair", wire.encode(request)), PairAnswer)
        agent = Agent(paired.secret)
        office = await in_worker(Office.of_secret, paired.secret)
        told = office.hello_message("link-1")
        assert message(await agent.post("hello", wire.encode(told)), HelloAnswer).online_head == 0
        office.link = "link-1"
        await work(agent, office)

    asyncio.run(scene())


@pytest.mark.parametrize("mark", ["", "right", "another", "x" * 3_000, "%00"])
@pytest.mark.parametrize(
    "asked",
    [
        "pull?since=1",
        "pull?type=customer&since=0&upto=1",
        "wait?since=0&cursor=1",
        "push?fence=1&cursor=1",
    ],
)
def test_a_cursor_is_told_with_its_mark_fm22(tenant: Tenant, asked: str, mark: str) -> None:
    async def work(agent: Agent, office: Office) -> None:
        await in_worker(create, tenant, 1, name="Berg")
        here = (await in_worker(marks.marked, tenant, 1)).mark
        address = f"{asked}&mark={here if mark == 'right' else mark}"
        body = office.batch(office.new(2, name="Ny"))
        pushes = asked.startswith("push")
        answer = await (agent.post(address, body) if pushes else agent.get(address))
        if mark in ("", "right"):
            assert answer.status_code == 200
        else:
            assert (answer.status_code, code(answer)) == (409, "STATE_DIVERGED")

    run(tenant, work)


def test_an_agent_pairs_greets_pushes_and_pulls(tenant: Tenant) -> None:
    async def work(agent: Agent, office: Office) -> None:
        body = office.batch(*(office.new(n, name="Berg" * 20) for n in range(1, 30)))
        answer = await agent.post("push?fence=1", body)
        assert message(answer, BatchAnswer).number == 1
        await in_worker(edit, tenant, 1, phone="2")
        page = message(await agent.get("pull", since=0, floor=0, limit=10), Pull)
        assert [c.fields for c in page.changes] == [{"phone": "2"}]

    run(tenant, work)


def test_an_older_agent_that_tells_no_fence_is_believed_how_far_it_has_come(
    tenant: Tenant,
) -> None:
    async def work(agent: Agent, office: Office) -> None:
        await agent.post("push?fence=1", office.batch(office.new(1, name="Berg")))
        await in_worker(edit, tenant, 1, phone="2")
        upto = message(await agent.get("pull", since=0), Pull).upto
        await agent.get("pull", since=upto, floor=upto)

        async def is_stored() -> None:
            while (await in_worker(connections.state, office.caller)).cursor < upto:
                await asyncio.sleep(0)

        await asyncio.wait_for(is_stored(), 5)

    run(tenant, work)


def test_a_held_request_is_answered_by_the_next_online_change(tenant: Tenant) -> None:
    async def work(agent: Agent, office: Office) -> None:
        await agent.post("push?fence=1", office.batch(office.new(1, name="Berg")))
        waiting = asyncio.create_task(agent.get("wait", since=0))
        while not hub.held and not waiting.done():
            await asyncio.sleep(0)
        await in_worker(edit, tenant, 1, phone="2")
        assert message(await asyncio.wait_for(waiting, 5), Wait).online_head == 2
        assert message(await agent.get("wait", since=1), Wait).online_head == 2
        assert hub.held == 0

    run(tenant, work)


@pytest.mark.parametrize("secret", ["", "nonsense", "aaaaaaaaaaaa.bbbbbbbbbbbb.x"])
def test_nobody_gets_in_without_a_credential(tenant: Tenant, secret: str) -> None:
    async def scene() -> None:
        response = await Agent(secret).get("pull", since=0)
        assert (response.status_code, code(response)) == (401, "NOT_CONNECTED")

    asyncio.run(scene())


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_change_by_another_process_wakes_the_held_request(tenant: Tenant) -> None:
    """The embedded store belongs to one process; PostgreSQL's is shared, and it notifies."""

    async def work(agent: Agent, office: Office) -> None:
        await agent.post("push?fence=1", office.batch(office.new(1, name="Berg")))
        waiting = asyncio.create_task(agent.get("wait", since=0))
        while not waiting.done():
            await in_worker(notify_elsewhere, tenant, 7)
        assert message(await waiting, Wait).online_head == 7
        hub.release()

    run(tenant, work)


def notify_elsewhere(tenant: Tenant, online_head: int) -> None:
    """What another process's commit sends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, telling(tenant.company, online_head)])


def test_thousands_of_held_requests_cost_no_thread_each(tenant: Tenant) -> None:
    async def work(agent: Agent, office: Office) -> None:
        await agent.post("push?fence=1", office.batch(office.new(1, name="Berg")))
        before = threading.active_count()
        waiting = [hub.expect(tenant.company, 0) for _ in range(5_000)]
        asked = [asyncio.create_task(agent.get("wait", since=0)) for _ in range(50)]
        while hub.held < 5_050:
            await asyncio.sleep(0)
        assert threading.active_count() - before <= settings.RECORDS_THREADS
        await in_worker(edit, tenant, 1, phone="2")
        assert set(await asyncio.gather(*waiting)) == {2}
        answers = await asyncio.gather(*asked)
        assert {message(answer, Wait).online_head for answer in answers} == {2}
        assert hub.held == 0

    run(tenant, work)


def test_held_requests_are_answered_when_the_service_stops(tenant: Tenant) -> None:
    async def work(agent: Agent, office: Office) -> None:
        waiting = asyncio.create_task(agent.get("wait", since=0))
        while not hub.held:
            await asyncio.sleep(0)
        hub.release()
        assert message(await waiting, Wait).online_head == 0

    run(tenant, work)


@pytest.mark.parametrize(
    ("request_line", "status", "expected"),
    [
        ("pull?since=x", 400, "BAD_QUERY"),
        ("pull?since=-1", 400, "BAD_QUERY"),
        ("pull", 400, "BAD_QUERY"),
        ("digests", 400, "BAD_QUERY"),
        ("push?fence=1", 400, "BAD_BODY"),
        ("load", 400, "BAD_BODY"),
        ("hello", 400, "BAD_BODY"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    tenant: Tenant, request_line: str, status: int, expected: str
) -> None:
    async def work(agent: Agent, office: Office) -> None:
        posted = request_line.partition("?")[0] in ("push", "load", "hello")
        path = f"{PATH}/{request_line}"
        if posted:
            sent = agent.client.post(
                path, b"{nonsense", content_type=wire.JSON_TYPE, headers=agent.headers
            )
        else:
            sent = agent.client.get(path, headers=agent.headers)
        response = await sent
        assert isinstance(response, HttpResponse)
        assert (response.status_code, code(response)) == (status, expected)

    run(tenant, work)


def test_every_question_about_the_company_has_an_answer(tenant: Tenant) -> None:
    async def work(agent: Agent, office: Office) -> None:
        await agent.post("push?fence=1", office.batch(office.new(1, name="Berg")))
        assert message(await agent.get("state", cursor=0), State).records == {"customer": 1}
        assert message(await agent.get("ledger"), dict)["current"] == 4
        for name in ("conflicts", "quarantine"):
            assert message(await agent.get(name), list) == []
        for name in ("digests?type=customer", "identities?type=customer&limit=10"):
            assert message(await agent.get(name), dict)
        message(await agent.post("disconnect", b"{}"), dict)
        refused = await agent.get("state", cursor=0)
        assert (refused.status_code, code(refused)) == (401, "CONNECTION_REVOKED")

    run(tenant, work)
