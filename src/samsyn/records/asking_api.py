"""The endpoints of the sync protocol behind what people at the office ask for: lists, fixes, undo, and going on after a restore."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from samsyn.protocol import wire
from samsyn.protocol.messages import FixOrder, QuarantineEntry
from samsyn.protocol.restoring import Begin, Look, Rejoin, Reopen
from samsyn.protocol.undo import Choice, Reapply
from samsyn.records import clinic, clinic_list, clock, reapply, undo
from samsyn.records.checks import checked_size
from samsyn.records.connections import Caller
from samsyn.records.endpoints import body_of, endpoint, number_of, read, text_of, written
from samsyn.records.history import conflicts
from samsyn.records.ledger import ledger
from samsyn.records.past import past
from samsyn.records.restoring import begin, look, rejoin, reopen
from samsyn.records.unit import Source, company_unit


@endpoint("GET")
async def conflicts_view(request: HttpRequest) -> HttpResponse:
    """The conflicts, the newest first."""
    limit, before = number_of(request, "limit", 500), request.GET.get("before")
    return await read(request, lambda caller: wire.encode(conflicts(caller.tenant, limit, before)))


@endpoint("GET")
async def quarantine_view(request: HttpRequest) -> HttpResponse:
    """What lies in quarantine, the oldest first."""
    limit, after = number_of(request, "limit", 500), request.GET.get("after", "")
    return await read(
        request, lambda caller: wire.encode(clinic_list.entries(caller.tenant, limit, after))
    )


@endpoint("POST")
async def fix_view(request: HttpRequest) -> HttpResponse:
    """A fix for something in quarantine, chosen at the office."""
    order = wire.decode(body_of(request), FixOrder)
    return await written(request, lambda caller: wire.encode(fixed_by_office(caller, order)))


@endpoint("GET")
async def history_view(request: HttpRequest) -> HttpResponse:
    """What happened to one record, the newest first."""
    record, limit = text_of(request, "record"), number_of(request, "limit", 25)
    before = number_of(request, "before") if "before" in request.GET else None
    return await read(
        request, lambda caller: wire.encode(past(caller.tenant, record, before, limit))
    )


@endpoint("GET")
async def ledger_view(request: HttpRequest) -> HttpResponse:
    """The audit of every field write."""
    return await read(request, lambda caller: wire.encode(ledger(caller.tenant)))


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

    return await written(request, work)


@endpoint("GET")
async def batches_view(request: HttpRequest) -> HttpResponse:
    """The online batches that can be undone."""
    return await read(request, lambda caller: wire.encode(undo.batches(caller.tenant, clock.now())))


@endpoint("POST")
async def undo_plan_view(request: HttpRequest) -> HttpResponse:
    """What an undo would do."""
    choice = wire.decode(body_of(request), Choice)
    return await read(
        request, lambda caller: wire.encode(undo.planned_undo(caller.tenant, choice, clock.now()))
    )


@endpoint("POST")
async def undo_view(request: HttpRequest) -> HttpResponse:
    """Online work taken back, in the name of the computer that asks."""
    choice = wire.decode(body_of(request), Choice)
    return await written(
        request,
        lambda caller: wire.encode(undo.undo(caller.tenant, choice, caller.computer, clock.now())),
    )


@endpoint("POST")
async def look_view(request: HttpRequest) -> HttpResponse:
    """How both sides stand after a restore; changes nothing."""
    told = wire.decode(body_of(request), Look)
    return await read(request, lambda caller: wire.encode(look(caller, told)))


@endpoint("POST")
async def begin_view(request: HttpRequest) -> HttpResponse:
    """An office that was put back is taken up again from here on."""
    told = wire.decode(body_of(request), Begin)
    return await written(request, lambda caller: wire.encode(begin(caller, told, clock.now())))


@endpoint("POST")
async def reopen_view(request: HttpRequest) -> HttpResponse:
    """A page of what the office lost or never saw waits for it again."""
    told = wire.decode(body_of(request), Reopen)
    return await written(request, lambda caller: wire.encode(reopen(caller, told, clock.now())))


@endpoint("POST")
async def rejoin_view(request: HttpRequest) -> HttpResponse:
    """The service was put back and goes on with an office that knows more."""
    told = wire.decode(body_of(request), Rejoin)
    return await written(request, lambda caller: wire.encode(rejoin(caller, told, clock.now())))


def fixed_by_office(caller: Caller, order: FixOrder) -> QuarantineEntry:
    """The entry after the fix; what `clinic.carry_out` raises, and BadCell."""
    for name, cell in order.fields.items():
        checked_size(name, cell)
    with company_unit(caller.tenant, Source.SERVICE, caller.computer, clock.now()) as unit:
        clinic.carry_out(unit, order)
    return clinic_list.entry(caller.tenant, order.id)
