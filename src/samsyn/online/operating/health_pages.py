"""The operator's pages about the service itself: its health, and the log of what operators did."""

from __future__ import annotations

import datetime

import msgspec
import psutil
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from samsyn import __version__
from samsyn.online.companies.models import Company, Person
from samsyn.online.mail.models import OutgoingMail
from samsyn.online.operating import acts
from samsyn.online.operating.chores import CHORES
from samsyn.online.operating.models import Act, Care, Chore
from samsyn.records.tenant import is_postgresql
from samsyn.records.wakeup import hub
from samsyn.records.wall import is_walled

LATE = 3
"""A chore that has not begun for so many times its period is late."""
AT_ONCE = 100


class Health(msgspec.Struct, frozen=True):
    """How the service is."""

    version: str
    engine: str
    walled: bool | None
    """Whether the database itself keeps companies apart; None where the engine cannot."""
    database_bytes: int
    companies: int
    people: int
    ending: int
    held: int
    letters_waiting: int
    letter_error: str
    memory_bytes: int
    since: datetime.datetime
    chores: list[tuple[str, datetime.datetime | None, bool]]
    """Name, when it was begun last, and whether it is late."""


def health(request: HttpRequest) -> HttpResponseBase:
    """The page."""
    return render(request, "operating/health.html", {"health": found(timezone.now())})


def found(now: datetime.datetime) -> Health:
    """How the service is now, as this process sees it."""
    waiting = OutgoingMail.objects.filter(sent=None)
    failed = waiting.exclude(error="").order_by("-pk").values_list("error", flat=True).first()
    process = psutil.Process()
    begun = dict(Chore.objects.values_list("name", "begun"))
    since = datetime.datetime.fromtimestamp(process.create_time(), datetime.UTC)
    return Health(
        version=__version__,
        engine=_engine(),
        walled=is_walled() if is_postgresql() else None,
        database_bytes=_database_bytes(),
        companies=Company.objects.count(),
        people=Person.objects.count(),
        ending=Care.objects.exclude(delete_at=None).count(),
        held=hub.held,
        letters_waiting=waiting.count(),
        letter_error=failed or "",
        memory_bytes=process.memory_info().rss,
        since=since,
        chores=[
            (name, begun.get(name), now - begun.get(name, since) > LATE * every)
            for name, (every, _) in CHORES.items()
        ],
    )


def log(request: HttpRequest) -> HttpResponseBase:
    """What operators did, the newest first."""
    before = request.GET.get("before", "")
    listed = Act.objects.order_by("-pk")
    if before.isascii() and before.isdigit() and len(before) < 19:
        listed = listed.filter(pk__lt=int(before))
    page = list(listed[: AT_ONCE + 1])
    told = {
        "acts": acts.told(page[:AT_ONCE]),
        "next": page[AT_ONCE - 1].pk if len(page) > AT_ONCE else None,
    }
    return render(request, "operating/log.html", told)


def _engine() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()" if is_postgresql() else "SELECT sqlite_version()")
        told = str(cursor.fetchone()[0])
    return " ".join(told.split()[:2]) if is_postgresql() else f"SQLite {told}"


def _database_bytes() -> int:
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])
