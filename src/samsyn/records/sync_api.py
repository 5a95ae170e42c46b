"""The endpoints of the sync protocol; coroutines that use the database in worker threads alone."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine
from contextlib import suppress
from http import HTTPStatus
from typing import ParamSpec

from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from samsyn.core.errors import SamsynError
from samsyn.protocol import wire
from samsyn.protocol.messages import (
    Compare,
    Cursor,
    FixOrder,
    HeldReport,
    Hello,
    PairRequest,
    QuarantineEntry,
    State,
    Wait,
)
from samsyn.protocol.people import OfficeUsers
from samsyn.protocol.restoring import Begin, Look, Rejoin, Reopen
from samsyn.protocol.undo import Choice, Reapply
from samsyn.records import (
    clinic,
    clinic_list,
    clock,
    compare,
    connections,
    held,
    marks,
    office_people,
    pairing,
    quarantine,
    reapply,
    undo,
)
from samsyn.records.checks import checked_size
from samsyn.records.connections import Caller, Position, authenticate
from samsyn.records.contact import hearing, note_heard
from samsyn.records.errors import BadQuery, NotConnected, StoreBusy
from samsyn.records.hello import hello, record_counts
from samsyn.records.history import conflicts
from samsyn.records.leaving import leaving
from samsyn.records.ledger import ledger
from samsyn.records.load import load
from samsyn.records.past import past
from samsyn.records.problems import problem_response, status_of
from samsyn.records.pull import online_head, page, page_of_type, store_position, waiting_down
from samsyn.records.push import push
from samsyn.records.restoring import begin, look, rejoin, reopen
from samsyn.records.tenant import Tenant, snapshot
from samsyn.records.unit import Source, company_unit
from samsyn.records.wakeup import hub
from samsyn.records.worker import in_reader, in_worker

P = ParamSpec("P")
View = Callable[[HttpRequest], Coroutine[None, None, HttpResponseBase]]


def endpoint(method: str) -> Callable[[View], View]:
    """A view of one method whose expected errors become problem documents."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @functools.wraps(view)
        async def answered(request: HttpRequest) -> HttpResponseBase:
            if request.method != method:
                return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": method})
            try:
                return await view(request)
            except wire.BodyTooLarge as error:
                return problem_response(error, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            except SamsynError as error:
                return problem_response(error, status_of(error))
            except DataError as error:  # a NUL in a name, on PostgreSQL: nothing has it
                unreadable = BadQuery(detail=str(error).strip())
                return problem_response(unreadable, unreadable.status)
            except (OperationalError, InterfaceError) as error:
                away = StoreBusy(detail=str(error).strip())
                return problem_response(away, away.status)

        return answered

    return decorate


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
    return await _written(request, lambda caller: wire.encode(hello(caller, told, clock.now())))


@endpoint("POST")
async def push_view(request: HttpRequest) -> HttpResponse:
    """A batch of office changes."""
    body, fence = body_of(request), _number(request, "fence")
    age_ms = _number(request, "age_ms") if "age_ms" in request.GET else None
    cursor = _cursor(request, "cursor", 0)
    return await _written(
        request, lambda caller: push(caller, body, fence, clock.now(), cursor, age_ms)
    )


@endpoint("POST")
async def load_view(request: HttpRequest) -> HttpResponse:
    """A chunk of a table."""
    body = body_of(request)
    return await _written(request, lambda caller: wire.encode(load(caller, body, clock.now())))


@endpoint("GET")
async def pull_view(request: HttpRequest) -> HttpResponse:
    """Net online changes since the cursor; of one type up to `upto` where it was held."""
    since, floor = _cursor(request, "since"), _number(request, "floor", 0)
    fence = _number(request, "fence", 0)
    limit = min(_number(request, "limit", wire.PULL_RECORDS), wire.PULL_RECORDS) or 1
    secret = _secret(request)
    caller = await in_reader(authenticate, secret)
    if type_ := request.GET.get("type"):
        upto = _cursor(request, "upto")
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
    since, cursor = _number(request, "since"), _cursor(request, "cursor", 0)
    secret = _secret(request)
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
    cursor = _number(request, "cursor", 0)
    return await _read(request, lambda caller: wire.encode(_state(caller, cursor)))


@endpoint("GET")
async def leaving_view(request: HttpRequest) -> HttpResponse:
    """What would become of the copy online if this connection ended now."""
    cursor = _number(request, "cursor", 0)
    return await _read(request, lambda caller: wire.encode(leaving(caller, cursor, clock.now())))


@endpoint("GET")
async def digests_view(request: HttpRequest) -> HttpResponse:
    """Bucket digests of a type."""
    type_ = _text(request, "type")
    return await _read(request, lambda caller: wire.encode(compare.digests(caller, type_)))


@endpoint("GET")
async def identities_view(request: HttpRequest) -> HttpResponse:
    """A page of a type's records, in one bucket or all."""
    bucket = _number(request, "bucket", compare.BUCKETS)
    place = compare.Place(
        _text(request, "type"),
        request.GET.get("after", ""),
        bucket if bucket < compare.BUCKETS else None,
    )
    limit = _number(request, "limit", compare.MAX_IDENTITIES)
    return await _read(
        request, lambda caller: wire.encode(compare.identities(caller, place, limit))
    )


@endpoint("POST")
async def compare_view(request: HttpRequest) -> HttpResponse:
    """How single records stand."""
    asked = wire.decode(body_of(request), Compare)
    return await _read(request, lambda caller: wire.encode(compare.compared(caller, asked)))


@endpoint("POST")
async def held_view(request: HttpRequest) -> HttpResponse:
    """What the office holds back now."""
    told = wire.decode(body_of(request), HeldReport)

    def work(caller: Caller) -> bytes:
        held.store(caller, told)
        if told.alarms is not None:
            hearing.said(caller.tenant.company)
        return b"{}"

    return await _written(request, work)


@endpoint("POST")
async def users_view(request: HttpRequest) -> HttpResponse:
    """The users of the office's program, with their rights there."""
    told = wire.decode(body_of(request), OfficeUsers)

    def work(caller: Caller) -> bytes:
        office_people.store(caller, told, clock.now())
        return b"{}"

    return await _written(request, work)


@endpoint("GET")
async def records_view(request: HttpRequest) -> HttpResponse:
    """A page of a type's records with their values."""
    type_, after = _text(request, "type"), request.GET.get("after", "")
    limit = _number(request, "limit", compare.STEP)
    return await _read(
        request, lambda caller: wire.encode(compare.records(caller, type_, after, limit))
    )


@endpoint("GET")
async def conflicts_view(request: HttpRequest) -> HttpResponse:
    """The conflicts, the newest first."""
    limit, before = _number(request, "limit", 500), request.GET.get("before")
    return await _read(request, lambda caller: wire.encode(conflicts(caller.tenant, limit, before)))


@endpoint("GET")
async def quarantine_view(request: HttpRequest) -> HttpResponse:
    """What lies in quarantine, the oldest first."""
    limit, after = _number(request, "limit", 500), request.GET.get("after", "")
    return await _read(
        request, lambda caller: wire.encode(clinic_list.entries(caller.tenant, limit, after))
    )


@endpoint("POST")
async def fix_view(request: HttpRequest) -> HttpResponse:
    """A fix for something in quarantine, chosen at the office."""
    order = wire.decode(body_of(request), FixOrder)
    return await _written(request, lambda caller: wire.encode(fixed_by_office(caller, order)))


@endpoint("GET")
async def history_view(request: HttpRequest) -> HttpResponse:
    """What happened to one record, the newest first."""
    record, limit = _text(request, "record"), _number(request, "limit", 25)
    before = _number(request, "before") if "before" in request.GET else None
    return await _read(
        request, lambda caller: wire.encode(past(caller.tenant, record, before, limit))
    )


@endpoint("GET")
async def ledger_view(request: HttpRequest) -> HttpResponse:
    """The audit of every field write."""
    return await _read(request, lambda caller: wire.encode(ledger(caller.tenant)))


@endpoint("POST")
async def reapply_view(request: HttpRequest) -> HttpResponse:
    """The losing value of a conflict, written once more in the name of the computer that asks."""
    told = wire.decode(body_of(request), Reapply)

    def work(caller: Caller) -> bytes:
        return wire.encode(
            reapply.reapply(
                caller.tenant, told.conflict, caller.computer, clock.now(), anyway=told.anyway
            )
        )

    return await _written(request, work)


@endpoint("GET")
async def batches_view(request: HttpRequest) -> HttpResponse:
    """The online batches that can be undone."""
    return await _read(
        request, lambda caller: wire.encode(undo.batches(caller.tenant, clock.now()))
    )


@endpoint("POST")
async def undo_plan_view(request: HttpRequest) -> HttpResponse:
    """What an undo would do."""
    choice = wire.decode(body_of(request), Choice)
    return await _read(
        request, lambda caller: wire.encode(undo.planned_undo(caller.tenant, choice, clock.now()))
    )


@endpoint("POST")
async def undo_view(request: HttpRequest) -> HttpResponse:
    """Online work taken back, in the name of the computer that asks."""
    choice = wire.decode(body_of(request), Choice)
    return await _written(
        request,
        lambda caller: wire.encode(undo.undo(caller.tenant, choice, caller.computer, clock.now())),
    )


@endpoint("POST")
async def look_view(request: HttpRequest) -> HttpResponse:
    """How both sides stand after a restore; changes nothing."""
    told = wire.decode(body_of(request), Look)
    return await _read(request, lambda caller: wire.encode(look(caller, told)))


@endpoint("POST")
async def begin_view(request: HttpRequest) -> HttpResponse:
    """An office that was put back is taken up again from here on."""
    told = wire.decode(body_of(request), Begin)
    return await _written(request, lambda caller: wire.encode(begin(caller, told, clock.now())))


@endpoint("POST")
async def reopen_view(request: HttpRequest) -> HttpResponse:
    """A page of what the office lost or never saw waits for it again."""
    told = wire.decode(body_of(request), Reopen)
    return await _written(request, lambda caller: wire.encode(reopen(caller, told, clock.now())))


@endpoint("POST")
async def rejoin_view(request: HttpRequest) -> HttpResponse:
    """The service was put back and goes on with an office that knows more."""
    told = wire.decode(body_of(request), Rejoin)
    return await _written(request, lambda caller: wire.encode(rejoin(caller, told, clock.now())))


@endpoint("POST")
async def disconnect_view(request: HttpRequest) -> HttpResponse:
    """The end of the connection."""

    def work(caller: Caller) -> bytes:
        connections.revoke(caller.tenant, caller.connection, clock.now())
        return b"{}"

    return await _written(request, work)


def fixed_by_office(caller: Caller, order: FixOrder) -> QuarantineEntry:
    """The entry after the fix; what `clinic.carry_out` raises, and BadCell."""
    for name, cell in order.fields.items():
        checked_size(name, cell)
    with company_unit(caller.tenant, Source.SERVICE, caller.computer, clock.now()) as unit:
        clinic.carry_out(unit, order)
    return clinic_list.entry(caller.tenant, order.id)


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


async def _written(request: HttpRequest, work: Callable[[Caller], bytes]) -> HttpResponse:
    secret = _secret(request)
    return answer_with(request, await in_worker(lambda: work(authenticate(secret))))


async def _read(request: HttpRequest, work: Callable[[Caller], bytes]) -> HttpResponse:
    secret = _secret(request)
    return answer_with(request, await in_reader(lambda: work(authenticate(secret))))


def _secret(request: HttpRequest) -> str:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise NotConnected()
    return secret.strip()


def body_of(request: HttpRequest) -> bytes:
    """The JSON of a request; BodyTooLarge, BadBody."""
    return wire.decompress(request.body, request.headers.get("Content-Encoding"))


def answer_with(request: HttpRequest, plain: bytes) -> HttpResponse:
    """A good answer, compressed where it is worth it."""
    body, encoding = plain, None
    if "zstd" in request.headers.get("Accept-Encoding", ""):
        body, encoding = wire.compress(plain)
    response = HttpResponse(body, content_type=wire.JSON_TYPE)
    if encoding is not None:
        response["Content-Encoding"] = encoding
    return response


def _text(request: HttpRequest, name: str) -> str:
    text = request.GET.get(name)
    if not text:
        raise BadQuery(detail=f"{name} is missing")
    return text


def _cursor(request: HttpRequest, name: str, default: int | None = None) -> Cursor:
    """The office's cursor under that name, with the mark of the change there where one is told."""
    return Cursor(_number(request, name, default), request.GET.get("mark", ""))


def _number(request: HttpRequest, name: str, default: int | None = None) -> int:
    text = request.GET.get(name)
    if text is None and default is not None:
        return default
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 18:
        raise BadQuery(detail=f"{name} is a whole number")
    return int(text)
