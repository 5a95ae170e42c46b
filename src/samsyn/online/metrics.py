"""The page of figures for Prometheus: how many, how long, how much; never of a single company."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Iterator
from http import HTTPStatus

import psutil
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from samsyn import __version__
from samsyn.online.addresses import is_loopback, is_loopback_host
from samsyn.online.companies.models import Company
from samsyn.online.figures import Line, requests, text
from samsyn.online.mail.models import OutgoingMail
from samsyn.online.operating.models import Chore
from samsyn.records.wakeup import hub, listen
from samsyn.records.worker import in_reader

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class OnlineWrites:
    """Writes of all companies that offices are told of, as far as this process has made them."""

    def __init__(self) -> None:
        self.number = 0
        listen(self._told)

    def _told(self, company: str, online_head: int) -> None:
        self.number += 1


online_writes = OnlineWrites()
"""Those of this process."""
_PROCESS = psutil.Process()


async def metrics(request: HttpRequest) -> HttpResponse:
    """All figures, for this machine itself or who has the token; for others there is no such page."""
    if not is_allowed(request):
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    lines = [*_of_process(), *requests.lines()]
    try:
        lines += await in_reader(_of_database)
        lines.append(("samsyn_database_up", {}, 1))
    except DatabaseError:
        lines.append(("samsyn_database_up", {}, 0))
    return HttpResponse(text(lines), content_type=CONTENT_TYPE)


def is_allowed(request: HttpRequest) -> bool:
    """By the token where one is set; else this machine alone, as long as no proxy stands between."""
    token = settings.SAMSYN.metrics_token
    if token:
        told = request.headers.get("Authorization", "")
        return hmac.compare_digest(told.encode(), f"Bearer {token}".encode())
    here = is_loopback(request.META.get("REMOTE_ADDR", ""))
    return here and is_loopback_host(request.get_host()) and not settings.SAMSYN_BEHIND_PROXY


def _of_process() -> Iterator[Line]:
    yield "samsyn_info", {"version": __version__, "engine": connection.vendor}, 1
    yield "samsyn_held_requests", {}, hub.held
    yield "samsyn_online_writes_total", {}, online_writes.number
    with _PROCESS.oneshot():
        used = _PROCESS.cpu_times()
        yield "process_cpu_seconds_total", {}, used.user + used.system
        yield "process_resident_memory_bytes", {}, _PROCESS.memory_info().rss
        yield "process_start_time_seconds", {}, _PROCESS.create_time()
    if hasattr(_PROCESS, "num_fds"):  # not on Windows
        yield "process_open_fds", {}, _PROCESS.num_fds()
    yield "process_threads", {}, threading.active_count()


def _of_database() -> list[Line]:
    waiting = OutgoingMail.objects.filter(sent=None).count()
    chores = [
        ("samsyn_chore_begun_seconds", {"chore": chore.name}, chore.begun.timestamp())
        for chore in Chore.objects.order_by("name")
    ]
    return [
        ("samsyn_companies", {}, Company.objects.count()),
        ("samsyn_letters_waiting", {}, waiting),
        *chores,
    ]
