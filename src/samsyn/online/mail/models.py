"""The table of outgoing e-mail."""

from __future__ import annotations

from django.db import models


class OutgoingMail(models.Model):
    """A message to people. Its text goes when it has been handed over: it may hold a link that opens something."""

    created = models.DateTimeField()
    to = models.TextField()
    subject = models.TextField()
    text = models.TextField()
    sent = models.DateTimeField(null=True)
    next_try = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        db_table = "outgoing_mail"
        indexes = (
            models.Index(
                fields=["next_try"],
                condition=models.Q(sent__isnull=True),
                name="outgoing_mail_waiting",
            ),
        )
