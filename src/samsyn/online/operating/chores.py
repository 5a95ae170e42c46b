"""What the service does by itself from time to time; of several processes, one does each."""

from __future__ import annotations

import datetime
import logging
import threading
from collections.abc import Callable

from django.db import DatabaseError, connection
from django.utils import timezone

from samsyn.core.errors import SamsynError
from samsyn.online.api import once
from samsyn.online.companies.models import Company
from samsyn.online.notices import inbox
from samsyn.online.operating import ending
from samsyn.online.operating.care import care_of, days_kept
from samsyn.online.operating.models import Care, Chore
from samsyn.records import references, retention
from samsyn.records.clock import text_of
from samsyn.records.storage import storage
from samsyn.records.tenant import Tenant

LOOK_EVERY_S = 60.0
ENDING_EVERY = datetime.timedelta(minutes=10)
DAILY = datetime.timedelta(hours=23)
"""A little less than a day, so that it does not wander around the clock."""
log = logging.getLogger("samsyn.chores")


def look_to_ends(now: datetime.datetime) -> None:
    """Companies that are to end: decided, told, deleted."""
    ending.look_at_connections(now)
    ending.tell(now)
    for company in ending.delete_due(now):
        log.info("Company %s is deleted", company)


def let_go(now: datetime.datetime) -> None:
    """What is older than each company keeps (records.retention)."""
    for company in Company.objects.order_by("pk"):
        before = now - datetime.timedelta(days=days_kept(care_of(company.pk)))
        done = retention.trim(Tenant(company.pk), text_of(before), text_of(now))
        once.forget_old(Tenant(company.pk), text_of(now))
        inbox.drop_old(Tenant(company.pk), text_of(before))
        if done.changes or done.conflicts:
            log.info(
                "Company %s: %s changes and %s conflicts were older than is kept",
                company.pk,
                done.changes,
                done.conflicts,
            )


def measure(now: datetime.datetime) -> None:
    """How much each company takes."""
    for company in Company.objects.order_by("pk"):
        measure_one(company, now)


def measure_one(company: Company, now: datetime.datetime) -> None:
    """How much a company takes, kept for the operator's list."""
    found = storage(Tenant(company.pk))
    Care.objects.update_or_create(
        company=company,
        defaults={
            "records": found.records,
            "changes": found.changes,
            "bytes": found.bytes,
            "measured": now,
        },
    )


def index_references(now: datetime.datetime) -> None:
    """What is not in the index of references yet: loaded by another version, or by a process that ended."""
    for company in Company.objects.order_by("pk"):
        references.fill(Tenant(company.pk))


CHORES: dict[str, tuple[datetime.timedelta, Callable[[datetime.datetime], None]]] = {
    "ends": (ENDING_EVERY, look_to_ends),
    "retention": (DAILY, let_go),
    "storage": (DAILY, measure),
    "references": (DAILY, index_references),
}


def due(name: str, every: datetime.timedelta, now: datetime.datetime) -> bool:
    """Whether a chore is to be done now, by us: of several who ask, one is told so."""
    _, new = Chore.objects.get_or_create(name=name, defaults={"begun": now})
    return new or bool(Chore.objects.filter(name=name, begun__lte=now - every).update(begun=now))


def do_due(now: datetime.datetime) -> list[str]:
    """Do what is due; the names. A chore that fails is told in the log and does not stop the others."""
    done: list[str] = []
    for name, (every, work) in CHORES.items():
        if due(name, every, now):
            try:
                work(now)
            except (SamsynError, DatabaseError):
                log.exception("%s could not be done; it is tried again next time", name)
            done.append(name)
    return done


class Housekeeper:
    """A thread of its own, with its own connection: no request waits for it."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="chores", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the step in hand."""
        self._stop.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        try:
            while not self._stop.wait(LOOK_EVERY_S):
                try:
                    references.fill_waiting()
                    do_due(timezone.now())
                except DatabaseError:
                    log.exception("The chores cannot be read")
                    connection.close()
        finally:
            connection.close()
