"""Django's way out for e-mail: into our own table, in the same transaction as what it tells of."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from samsyn.online.mail.models import OutgoingMail
from samsyn.online.mail.sender import sender

KEPT = 200
"""How many messages the outbox page has where no mail server is set."""
KEPT_FOR = datetime.timedelta(days=30)
log = logging.getLogger("samsyn.mail")


class Outbox(BaseEmailBackend):
    """Keeps each message; the sender hands it over where a mail server is set.

    So a page never waits for a mail server, and takes as long for an address
    that is known as for one that is not.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the messages; how many."""
        now = timezone.now()
        for message in email_messages:
            OutgoingMail.objects.create(
                created=now,
                to=", ".join(message.recipients()),
                subject=str(message.subject),
                text=str(message.body),
                next_try=now,
            )
            _tell(message)
        _clear_away(now)
        transaction.on_commit(sender.wake)
        return len(email_messages)


def _tell(message: EmailMessage) -> None:
    """On the console, where nothing else carries the message."""
    if settings.SAMSYN_SMTP:
        return
    to = ", ".join(message.recipients())
    if settings.SAMSYN_OUTBOX_PAGE:
        log.info("E-mail to %s: %s\n\n%s\n", to, message.subject, message.body)
    else:
        log.warning("No mail server is set (SAMSYN_ONLINE_SMTP): %s gets no e-mail", to)


def _clear_away(now: datetime.datetime) -> None:
    OutgoingMail.objects.filter(sent__lt=now - KEPT_FOR).delete()
    if settings.SAMSYN_SMTP:
        return
    beyond = OutgoingMail.objects.order_by("-pk").values_list("pk", flat=True)[KEPT:][:1]
    for oldest in beyond:
        OutgoingMail.objects.filter(pk__lte=oldest).delete()
