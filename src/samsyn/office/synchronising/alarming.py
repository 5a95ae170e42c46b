"""A stall, or an end of the sync that somebody must act on, reaches the superusers by letter where mail is set up."""

from __future__ import annotations

import logging
import threading

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection
from django.template.loader import render_to_string
from django.utils import translation

from samsyn.agent.lines import What
from samsyn.agent.runlog import Noted
from samsyn.agent.runner import Heard
from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.connection.words import alarm_words, error_words, held_words
from samsyn.office.people.models import User
from samsyn.office.people.rights import Access

log = logging.getLogger("samsyn.alarms")


class Alarms:
    """Hears what happens to the databases; one letter for each trouble, until the sync has gone well again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: dict[str, set[str]] = {}

    def __call__(self, database: str, heard: Heard) -> None:
        """Takes note of it."""
        if heard.state == "in_sync":
            with self._lock:
                self._told.pop(database, None)
            return
        if self._is_news(database, _troubles(heard)):
            self._tell(database, heard)

    def _is_news(self, database: str, troubles: set[str]) -> bool:
        with self._lock:
            told = self._told.setdefault(database, set())
            news = bool(troubles - told)
            told |= troubles
            return news

    def _tell(self, database: str, heard: Heard) -> None:
        try:
            company = CompanyDatabase.objects.filter(pk=database).first()
            if company is not None and settings.EMAIL_HOST:
                for user in _superusers():
                    _send(user, company, heard)
        except (DatabaseError, OSError) as error:  # smtplib's errors are OSErrors
            log.warning("No letter about %s could be sent: %s", database, error)
        finally:
            connection.close()


def _troubles(heard: Heard) -> set[str]:
    """What there is to be told; a register that waits for a person is one trouble, however long it waits."""
    if heard.state == "stalled" and heard.alarm is not None:
        if heard.alarm.what is What.HELD:
            return {f"held {heard.alarm.type}"}
        return {f"{heard.alarm.what.value} {heard.alarm.type}"}
    if heard.state == "stopped" and heard.error is not None:
        return {heard.error.code}
    return {f"held {one.type}" for one in heard.held} if heard.state == "held" else set()


def _superusers() -> list[User]:
    found = User.objects.filter(access=Access.SUPERUSER, is_active=True).exclude(email="")
    return list(found)


def _send(user: User, company: CompanyDatabase, heard: Heard) -> None:
    with translation.override(user.language or settings.LANGUAGE_CODE):
        told = {"company": company.name, "words": _words(heard)}
        subject = render_to_string("office_synchronising/email/subject.txt", told).strip()
        text = render_to_string("office_synchronising/email/message.txt", told)
    EmailMessage(" ".join(subject.split()), text, to=[user.email]).send()


def _words(heard: Heard) -> list[str]:
    if heard.alarm is not None:
        return [alarm_words(heard.alarm)]
    if heard.error is not None:
        return [error_words(heard.error)]
    return [held_words(Noted(one.why, one.facts)) for one in heard.held]
