"""The endpoints of the sync protocol by which both sides exchange; coroutines that use the database in worker threads alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import ParamSpec

from django.http import HttpRequest, HttpResponse

from samsyn.core.errors import SamsynError
from samsyn.protocol import wire
from samsyn.protocol.messages import Compare, Cursor, HeldReport, Hello, PairRequest, State, Wait
from samsyn.protocol.people import OfficeUsers
from samsyn.records import (
    clock,
    compare,
    connections,
    held,
    marks,
    office_people,
    pairing,
    quarantine,
)
from samsyn.records.connections import Caller, Position, authenticate
from samsyn.records.contact import hearing, note_heard
from samsyn.records.endpoints import (
    answer_with,
    body_of,
    cursor_of,
    endpoint,
    number_of,
    read,
    secret_of,
    text_of,
    written,
)
from samsyn.records.hello import hello, record_counts
from samsyn.records.leaving import leaving
from samsyn.records.load import load
from samsyn.records.pull import online_head, page, page_of_type, store_position, waiting_down
from samsyn.records.push import push
from samsyn.records.tenant import Tenant, snapshot
from samsyn.records.wakeup import hub
from samsyn.records.worker import in_reader, in_worker

P = ParamSpec("P")

UNTOLD_FENCE = 10**18 - 1
"""Of an agent that tells none when it pulls: an older one is believed, and goes on beside a newer service."""


@endpoint("POST")
async def pair(request: HttpRequest) -> HttpResponse:
    """A pairing code becomes a connection."""
    told = wire.decode(body_of(request), PairRequest)
    address = request.META.get("REMOTE_ADDR", "")
    answer = await in_worker(pairing.redeem_counted, told, address, clock.now(), clock.now_s())
    return answer_with(request, wire.encode(answer))


@endpoint("POST")
async def hello_view(request: HttpRequest) -> HttpResponse:
    """The start of a session."""
    told = wire.decode(body_of(request), Hello)
    return await written(request, lambda caller: wire.encode(hello(caller, told, clock.now())))


@endpoint("POST")
async def push_view(request: HttpRequest) -> HttpResponse:
    """A batch of office changes."""
    body, fence = body_of(request), number_of(request, "fence")
    age_ms = number_of(request, "age_ms") if "age_ms" in request.GET else None
    cursor = cursor_of(request, "cursor", 0)
    return await written(
        request, lambda caller: push(caller, body, fence, clock.now(), cursor, age_ms)
    )


@endpoint("POST")
async def load_view(request: HttpRequest) -> HttpResponse:
    """A chunk of a table."""
    body = body_of(request)
    return await written(request, lambda caller: wire.encode(load(caller, body, clock.now())))


@endpoint("GET")
async def pull_view(request: HttpRequest) -> HttpResponse:
    """Net online changes since the cursor; of one type up to `upto` where it was held."""
    since, floor = cursor_of(request, "since"), number_of(request, "floor", 0)
    fence = number_of(request, "fence", UNTOLD_FENCE)
    limit = min(number_of(request, "limit", wire.PULL_RECORDS), wire.PULL_RECORDS) or 1
    secret = secret_of(request)
    caller = await in_reader(authenticate, secret)
    if type_ := request.GET.get("type"):
        upto = cursor_of(request, "upto")
        return answer_with(
            request,
            await in_reader(
                lambda: wire.encode(page_of_type(caller, since.number, upto, floor, limit, type_))
            ),
        )
    answer = await in_reader(lambda: wire.encode(page(caller, since, floor, limit)))
    _later(_aside(store_position, caller, Position(since.number, floor, fence), clock.now()))
    return answer_with(request, answer)


@endpoint("GET")
async def wait_view(request: HttpRequest) -> HttpResponse:
    """Held until there is something new online, or for wire.HOLD_S."""
    since, cursor = number_of(request, "since"), cursor_of(request, "cursor", 0)
    secret = secret_of(request)
    caller = await in_reader(authenticate, secret)
    if hearing.is_due(caller):
        _later(_aside(note_heard, caller, clock.now()))
    news = hub.expect(caller.tenant.company, since)
    try:
        head: int | None = await in_reader(_newest, caller.tenant, cursor)
        if head is not None and head <= since:
            waited = await asyncio.wait_for(news, wire.HOLD_S)
            head = waited if waited is not None else head
    except TimeoutError:
        head = await in_reader(online_head, caller.tenant)
    finally:
        news.cancel()
    return answer_with(request, wire.encode(Wait(head or 0)))


def _newest(tenant: Tenant, cursor: Cursor) -> int:
    """The newest online change's number, for an office that has come so far. Raises StateDiverged."""
    marks.check(tenant, cursor)
    return online_head(tenant)


@endpoint("GET")
async def state_view(request: HttpRequest) -> HttpResponse:
    """The service's view of the connection."""
    cursor = number_of(request, "cursor", 0)
    return await read(request, lambda caller: wire.encode(_state(caller, cursor)))


@endpoint("GET")
async def leaving_view(request: HttpRequest) -> HttpResponse:
    """What would become of the copy online if this connection ended now."""
    cursor = number_of(request, "cursor", 0)
    return await read(request, lambda caller: wire.encode(leaving(caller, cursor, clock.now())))


@endpoint("GET")
async def digests_view(request: HttpRequest) -> HttpResponse:
    """Bucket digests of a type."""
    type_ = text_of(request, "type")
    return await read(request, lambda caller: wire.encode(compare.digests(caller, type_)))


@endpoint("GET")
async def identities_view(request: HttpRequest) -> HttpResponse:
    """A page of a type's records, in one bucket or all."""
    bucket = number_of(request, "bucket", compare.BUCKETS)
    place = compare.Place(
        text_of(request, "type"),
        request.GET.get("after", ""),
        bucket if bucket < compare.BUCKETS else None,
    )
    limit = number_of(request, "limit", compare.MAX_IDENTITIES)
    return await read(request, lambda caller: wire.encode(compare.identities(caller, place, limit)))


@endpoint("POST")
async def compare_view(request: HttpRequest) -> HttpResponse:
    """How single records stand."""
    asked = wire.decode(body_of(request), Compare)
    return await read(request, lambda caller: wire.encode(compare.compared(caller, asked)))


@endpoint("POST")
async def held_view(request: HttpRequest) -> HttpResponse:
    """What the office holds back now."""
    told = wire.decode(body_of(request), HeldReport)

    def work(caller: Caller) -> bytes:
        held.store(caller, told)
        if told.alarms is not None:
            hearing.said(caller.tenant.company)
        return b"{}"

    return await written(request, work)


@endpoint("POST")
async def users_view(request: HttpRequest) -> HttpResponse:
    """The users of the office's program, with their rights there."""
    told = wire.decode(body_of(request), OfficeUsers)

    def work(caller: Caller) -> bytes:
        office_people.store(caller, told, clock.now())
        return b"{}"

    return await written(request, work)


@endpoint("GET")
async def records_view(request: HttpRequest) -> HttpResponse:
    """A page of a type's records with their values."""
    type_, after = text_of(request, "type"), request.GET.get("after", "")
    limit = number_of(request, "limit", compare.STEP)
    return await read(
        request, lambda caller: wire.encode(compare.records(caller, type_, after, limit))
    )


@endpoint("POST")
async def disconnect_view(request: HttpRequest) -> HttpResponse:
    """The end of the connection."""

    def work(caller: Caller) -> bytes:
        connections.revoke(caller.tenant, caller.connection, clock.now())
        return b"{}"

    return await written(request, work)


def _state(caller: Caller, cursor: int) -> State:
    tenant = caller.tenant
    with snapshot():
        now = connections.state(caller)
        named = tenant.row("SELECT name FROM records_company WHERE company_id = %(company)s")
        return State(
            company=tenant.company,
            company_name=named[0] if named else "",
            online_head=online_head(tenant),
            waiting_down=waiting_down(tenant, cursor),
            quarantine=quarantine.count(tenant),
            batch=now.batch,
            records=record_counts(tenant),
            chunk=now.chunk,
        )


_in_background: set[asyncio.Task[None]] = set()
"""Work that nobody waits for; asyncio alone would forget it."""


def _later(work: Coroutine[None, None, None]) -> None:
    task = asyncio.create_task(work)
    _in_background.add(task)
    task.add_done_callback(_in_background.discard)


async def _aside(work: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Beside the answer: the office is not kept waiting for a write that may as well be lost."""
    with suppress(SamsynError):
        await in_worker(work, *args, **kwargs)
