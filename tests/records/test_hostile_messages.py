"""Real sync messages, mutated: a stable code, nothing changed, and the service goes on."""

from __future__ import annotations

import random
import re
from collections.abc import Awaitable

import msgspec
import pytest
import zstandard
from django.http import HttpResponse

from samsyn.protocol import PATH, wire
from samsyn.protocol.messages import BatchAnswer
from samsyn.protocol.restoring import Look, Told
from samsyn.records.tenant import Tenant
from samsyn.records.worker import in_worker
from tests.records.office import Office
from tests.records.test_sync_api import Agent, message, run

NASTY: tuple[object, ...] = (
    None, True, -1, 0, 1.5, 2**63, -(2**70), 1e308, "", "x" * 100_000, "\0", "é\U0001f600", [], {}, [[]] * 50,
    {"$b": "not base64"}, {"$f": "nan"}, {"$x": 1}, {"a": {"b": {}}}, "f" * 32, "F" * 32, "put", "nonsense",
)  # fmt: skip
TABLES = ("record", "change", "conflict", "quarantine", "connection", "type", "company")


def mutated(rng: random.Random, body: bytes) -> bytes:
    """The body with one thing in it gone wrong."""
    kind = rng.randrange(8)
    if kind == 0:
        return body[: rng.randrange(len(body))]
    if kind == 1:
        place = rng.randrange(len(body))
        return body[:place] + bytes([rng.randrange(256)]) + body[place + 1 :]
    if kind == 2:
        return rng.choice(
            [b"", b"null", b"[]", b"NaN", b'"\\ud800"', b"[" * 100_000, b"{}", b"\xff\xfe"]
        )
    whole = msgspec.json.decode(body)
    _spoil(rng, whole)
    return msgspec.json.encode(whole)


def _spoil(rng: random.Random, whole: object) -> None:
    """One value anywhere is another, gone, or doubled."""
    while True:
        places: list[object] = []
        if isinstance(whole, dict):
            places = list(whole)
        elif isinstance(whole, list):
            places = list(range(len(whole)))
        if not places:
            return
        place = rng.choice(places)
        below = whole[place]  # type: ignore[index]  # a key or an index of it
        if isinstance(below, dict | list) and below and rng.random() < 0.7:
            whole = below
            continue
        if rng.random() < 0.3:
            del whole[place]  # type: ignore[attr-defined]  # as above
        else:
            whole[place] = rng.choice(NASTY)  # type: ignore[index]  # as above
        return


def dump(tenant: Tenant) -> str:
    """Everything the store holds of a company, but when it last heard of it."""
    held = []
    for table in TABLES:
        rows = tenant.rows(f"SELECT * FROM records_{table} WHERE company_id = %(company)s")
        held.append(sorted(str(row) for row in rows))
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "", str(held))


async def refused(tenant: Tenant, asked: Awaitable[HttpResponse], before: str) -> bool:
    """Whether it was refused: then with a stable code, and nothing has changed."""
    answer = await asked
    assert answer.status_code < 500, answer.content
    if answer.status_code < 300:
        return False
    document = msgspec.json.decode(answer.content)
    assert re.fullmatch(r"[A-Z][A-Z_]+", document["code"]), document
    assert await in_worker(dump, tenant) == before, document
    return True


NUMBERS = [
    ("hello", name) for name in ("fence", "cursor", "batch", "claimed")
] + [("load", name) for name in ("fence", "seen", "floor", "after_batch", "number")]  # fmt: skip


@pytest.mark.parametrize(("request_", "name"), NUMBERS)
@pytest.mark.parametrize("number", [-1, 2**63])
def test_a_number_that_no_database_holds_is_refused(
    tenant: Tenant, request_: str, name: str, number: int
) -> None:
    async def work(agent: Agent, office: Office) -> None:
        whole = {"hello": wire.encode(office.hello_message("link-2")), "load": office.chunk()}
        body = msgspec.json.decode(whole[request_])
        assert name in body
        before = await in_worker(dump, tenant)
        spoilt = msgspec.json.encode({**body, name: number})
        assert await refused(tenant, agent.post(request_, spoilt), before)

    run(tenant, work)


@pytest.mark.parametrize(
    ("told", "is_refused"),
    [
        ({"links": ["\0"]}, None),
        ({"links": ["a,b", "'"]}, False),
        ({"links": ["x" * 65]}, True),
        ({"links": ["x"] * 1_001}, True),
        ({"link": "\0", "next_link": "\0"}, None),
        ({"held": {"customer": -1}}, True),
        ({"held": {"\0": 1}}, False),
    ],
)
def test_what_is_told_of_a_restore_is_looked_at_or_refused_fm6(
    tenant: Tenant, told: dict[str, object], *, is_refused: bool | None
) -> None:
    """None: one engine cannot take it, and says so."""
    now = Told("link-1", None, 0, 0, 0, "", 0, ("customer",))
    whole = msgspec.json.decode(wire.encode(Look(now)))
    whole["told"] |= told

    async def work(agent: Agent, office: Office) -> None:
        before = await in_worker(dump, tenant)
        asked = agent.post("restore/look", msgspec.json.encode(whole))
        was_refused = await refused(tenant, asked, before)
        assert was_refused is is_refused or is_refused is None

    run(tenant, work)


@pytest.mark.parametrize("seed", range(3))
def test_a_message_gone_wrong_is_refused_by_its_code_and_changes_nothing_fm6(
    tenant: Tenant, seed: int
) -> None:
    rng = random.Random(seed)

    async def work(agent: Agent, office: Office) -> None:
        first = office.batch(*(office.new(n, name=f"Berg {n}", phone="1") for n in range(1, 6)))
        message(await agent.post("push?fence=1", first), BatchAnswer)
        count = 0
        for _ in range(120):
            before = await in_worker(dump, tenant)
            name, body = rng.choice(
                [
                    ("push?fence=1", office.batch(office.new(9, name="Ny"))),
                    ("hello", wire.encode(office.hello_message("link-2"))),
                    ("load", first),
                    ("disconnect?", b""),
                ]
            )
            if name == "disconnect?":
                name, body = "push?fence=0", first
            else:
                body = mutated(rng, body)
            spoilt = await refused(tenant, agent.post(name, body), before)
            count += spoilt
            if not spoilt:
                break  # what was wrong with it did not matter, and the chain has gone on
        assert count or seed
        answer = await agent.get("pull", since=0)
        assert answer.status_code in (200, 401, 409), answer.content

    run(tenant, work)


BOMB = zstandard.ZstdCompressor().compress(b" " * (wire.MAX_BODY_BYTES + 1))


@pytest.mark.parametrize(
    ("body", "encoding", "code"),
    [
        (BOMB, "zstd", "BODY_TOO_LARGE"),
        (b"not zstd", "zstd", "BAD_BODY"),
        (BOMB[:100], "zstd", "BAD_BODY"),
        (b"{}", "br", "BAD_BODY"),
        (b"[" * 1_000_000, "", "BAD_BODY"),
    ],
)
@pytest.mark.parametrize("name", ["push?fence=1", "hello", "load", "pair"])
def test_a_body_that_cannot_be_read_has_a_code_of_its_own(
    tenant: Tenant, name: str, body: bytes, encoding: str, code: str
) -> None:
    async def work(agent: Agent, office: Office) -> None:
        headers = {**agent.headers, **({"content-encoding": encoding} if encoding else {})}
        before = await in_worker(dump, tenant)
        sent = agent.client.post(
            f"{PATH}/{name}", body, content_type=wire.JSON_TYPE, headers=headers
        )
        response = await sent
        assert isinstance(response, HttpResponse)
        assert msgspec.json.decode(response.content)["code"] == code
        assert await in_worker(dump, tenant) == before

    run(tenant, work)
