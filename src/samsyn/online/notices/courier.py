"""Writes the letters that are due: one for each member who wants them, whatever has come together."""

from __future__ import annotations

import datetime
import logging
import threading
from collections.abc import Callable, Sequence

from django.core.mail import EmailMessage
from django.db import DatabaseError, connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from samsyn.online.addresses import absolute
from samsyn.online.companies.demanding import lacks
from samsyn.online.companies.models import Company, Member
from samsyn.online.companies.rights import rights_of
from samsyn.online.notices import inbox, settings
from samsyn.online.notices.fates import beyond_words
from samsyn.online.notices.settings import Way
from samsyn.online.notices.telling import told
from samsyn.online.notices.waking import letters_due
from samsyn.online.registers.book import book_for
from samsyn.records.errors import StoreBusy
from samsyn.records.tenant import Tenant

LOOK_EVERY_S = 60.0
TOLD = 20
"""News that a letter tells in full; of the rest, how many there are."""
log = logging.getLogger("samsyn.notices")


class Courier:
    """A thread of its own, so that no sync and no page waits for a letter to be written."""

    def __init__(self) -> None:
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="notices", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the letter in hand."""
        self._stopping = True
        letters_due.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _run(self) -> None:
        try:
            while not self._stopping:
                letters_due.clear()
                try:
                    write_due(timezone.now(), lambda: self._stopping)
                except (DatabaseError, StoreBusy) as error:
                    log.warning("Letters cannot be written now: %s", error)
                    connection.close()
                letters_due.wait(LOOK_EVERY_S)
        finally:
            connection.close()


def write_due(now: datetime.datetime, stopping: Callable[[], bool] = lambda: False) -> int:
    """Write every letter that is due, company by company; how many."""
    written = 0
    for company in Company.objects.order_by("pk").iterator():
        if stopping():
            break
        for person, moment in _due(Tenant(company.pk), now):
            written += _write(company, person, moment, now)
    return written


def _due(tenant: Tenant, now: datetime.datetime) -> list[tuple[str, str]]:
    """Whose letters are due, each with the moment that it was due at."""
    found = tenant.rows(
        "SELECT person_id, next_letter FROM notice_setting WHERE company_id = %(company)s"
        " AND next_letter IS NOT NULL AND next_letter <= %(now)s ORDER BY next_letter LIMIT 500",
        now=settings.text(now),
    )
    return [(person, moment) for person, moment in found]


def _write(company: Company, person: str, moment: str, now: datetime.datetime) -> bool:
    """One letter, kept in one transaction with what says that it was written: of several processes one does it."""
    tenant = Tenant(company.pk)
    member = (
        Member.objects.select_related("person")
        .filter(company_id=company.pk, person_id=person)
        .first()
    )
    ids = inbox.unmailed_ids(tenant, person)
    chosen = settings.setting(tenant, person)
    letter = None
    wanted = bool(ids) and chosen.way is not Way.LIST
    if member is not None and wanted and not lacks(company, member.person):
        letter = _composed(company, member, chosen.language, ids)
    with transaction.atomic():
        if not settings.letter_written(tenant, person, moment, settings.text(now)):
            return False
        if member is None:
            inbox.forget(tenant, person)
        if letter is None:
            return False
        letter.send()
        inbox.mark_mailed(tenant, person, settings.text(now), ids)
        if inbox.unmailed_ids(tenant, person):  # what came while the letter was written
            settings.make_due(tenant, person, settings.text(now + settings.PAUSE))
    return True


def _composed(company: Company, member: Member, language: str, ids: Sequence[str]) -> EmailMessage:
    """The letter, in the person's language and time zone."""
    someone, tenant = member.person, Tenant(company.pk)
    zone = settings.zone_of(someone.time_zone)
    with translation.override(someone.language or language), timezone.override(zone):
        news = inbox.by_ids(tenant, someone.pk, ids[:TOLD])
        registers = book_for(company.pk, someone, rights_of(member))
        shown = told(tenant, registers, news, someone.email)
        values = {
            "company": company.name,
            "news": [(one, beyond_words(one.notice)) for one in shown],
            "count": len(ids),
            "left": max(0, len(ids) - len(shown)),
            "url": absolute(reverse("notices", args=[company.pk])),
            "how_url": absolute(reverse("how_to_tell", args=[company.pk])),
        }
        subject = render_to_string("notices/email/news_subject.txt", values)
        text = render_to_string("notices/email/news_message.txt", values)
    return EmailMessage(" ".join(subject.split()), text, to=[someone.email])


courier = Courier()
"""The one of this process."""
