"""Hands outgoing e-mail over to the mail server, and tries again when that fails."""

from __future__ import annotations

import datetime
import logging
import smtplib
import threading

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError, connection
from django.utils import timezone

from samsyn.online.mail.models import OutgoingMail

LOOK_EVERY_S = 30.0
"""Another process may have left a message."""
AT_ONCE = 20
WAITS = tuple(datetime.timedelta(minutes=m) for m in (1, 5, 15, 60, 180))
GIVE_UP = datetime.timedelta(days=3)
log = logging.getLogger("samsyn.mail")


class Sender:
    """A thread of its own, so that no page waits for a mail server."""

    def __init__(self) -> None:
        self._news = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, where a mail server is set."""
        if settings.SAMSYN_SMTP:
            self._thread = threading.Thread(target=self._run, name="mail", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """There is something to send."""
        self._news.set()

    def stop(self) -> None:
        """End after the message in hand."""
        self._stopping = True
        self._news.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _run(self) -> None:
        try:
            while not self._stopping:
                self._news.clear()
                try:
                    send_waiting()
                except DatabaseError as error:
                    log.warning("Outgoing e-mail cannot be read: %s", error)
                    connection.close()
                self._news.wait(LOOK_EVERY_S)
        finally:
            connection.close()


def send_waiting() -> None:
    """Hand over what waits; each message by one process alone."""
    now = timezone.now()
    due = OutgoingMail.objects.filter(sent=None, next_try__lte=now).order_by("next_try")
    for mail in due[:AT_ONCE]:
        wait = WAITS[min(mail.attempts, len(WAITS) - 1)]
        claimed = OutgoingMail.objects.filter(pk=mail.pk, next_try=mail.next_try, sent=None)
        if claimed.update(next_try=now + wait, attempts=mail.attempts + 1):
            _send(mail)


def _send(mail: OutgoingMail) -> None:
    message = EmailMessage(mail.subject, mail.text, to=mail.to.split(", "))
    message.connection = get_connection(settings.SAMSYN_SMTP_BACKEND)
    kept = OutgoingMail.objects.filter(pk=mail.pk)
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("E-mail %s cannot be handed over: %s", mail.pk, error)
        over = timezone.now() - mail.created > GIVE_UP
        kept.update(error=str(error), **({"sent": timezone.now(), "text": ""} if over else {}))
    else:
        kept.update(sent=timezone.now(), text="", error="")


sender = Sender()
"""The one of this process."""
