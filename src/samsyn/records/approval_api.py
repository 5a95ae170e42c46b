"""The endpoints by which an office asks for approval, and waits for it."""

from __future__ import annotations

import asyncio
import math

from django.http import HttpRequest, HttpResponse

from samsyn.protocol import wire
from samsyn.protocol.approval import Answer, Answered, Ask, Watch
from samsyn.records import approval, clock
from samsyn.records.endpoints import answer_with, body_of, endpoint
from samsyn.records.wakeup import hub
from samsyn.records.worker import in_reader, in_worker


@endpoint("POST")
async def ask_view(request: HttpRequest) -> HttpResponse:
    """A question becomes a pair of codes."""
    told = wire.decode(body_of(request), Ask)
    asked = await in_worker(approval.ask, told, _address(request), clock.now(), clock.now_s())
    return answer_with(request, wire.encode(asked))


@endpoint("POST")
async def watch_view(request: HttpRequest) -> HttpResponse:
    """The answer, held until there is one or the time that was asked for is over."""
    told = wire.decode(body_of(request), Watch)
    news = hub.expect(approval.channel(told.secret), 0)
    try:
        found = await _answered(request, told)
        if found.answer is Answer.WAITING and (hold_s := _held(told.hold_s)):
            await asyncio.wait_for(news, hold_s)
            found = await _answered(request, told)
    except TimeoutError:
        found = Answered(Answer.WAITING)
    finally:
        news.cancel()
    return answer_with(request, wire.encode(found))


async def _answered(request: HttpRequest, told: Watch) -> Answered:
    return await in_reader(approval.answered, told.secret, _address(request), clock.now_s())


def _held(asked_s: float) -> float:
    return min(asked_s, wire.HOLD_S) if math.isfinite(asked_s) and asked_s > 0 else 0.0


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
