"""The tables of webhooks; every key begins with the company. Statements are in `hooks.py` and `queue.py`."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Webhook(models.Model):
    """Where a company's events are sent, and how far that has come.

    The cursor is the number of the last change that is in the queue. A process
    that delivers holds the lease; another one takes it when it has run out.
    """

    pk = models.CompositePrimaryKey("company_id", "id")
    company_id = models.CharField(max_length=12)
    id = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    url = models.TextField()
    events = models.TextField()
    """Names of events, as a JSON list."""
    types = models.TextField()
    """Record types, as a JSON list; empty: all."""
    secret = models.TextField()
    """Encrypted with a key that is not in the database; so is the one before."""
    old_key = models.TextField(default="", db_default="")
    old_until = models.CharField(max_length=32, default="", db_default="")
    state = models.CharField(max_length=8)
    """on, off (a person's wish) or failed (switched off by the service)."""
    why = models.CharField(max_length=32, default="", db_default="")
    cursor = models.BigIntegerField()
    quarantine = models.TextField(default="[]", db_default="[]")
    """Ids of entries that it has been told of and that are open."""
    sync = models.CharField(max_length=16, default="", db_default="")
    """The state of the office that it was told last."""
    next_no = models.BigIntegerField(default=1, db_default=1)
    attempts = models.IntegerField(default=0, db_default=0)
    """Since the last one that went well."""
    failing_since = models.CharField(max_length=32, default="", db_default="")
    next_try = models.CharField(max_length=32, default="", db_default="")
    lease = models.CharField(max_length=12, default="", db_default="")
    lease_until = models.CharField(max_length=32, default="", db_default="")
    last_ok = models.CharField(max_length=32, default="", db_default="")
    created = models.CharField(max_length=32)
    created_by = models.CharField(max_length=254)

    class Meta:
        db_table = "webhook"


class Delivery(models.Model):
    """An event on its way to a webhook, or what became of it: queue and log in one."""

    pk = models.CompositePrimaryKey("company_id", "webhook", "no")
    company_id = models.CharField(max_length=12)
    webhook = models.CharField(max_length=12)
    no = models.BigIntegerField()
    message = models.CharField(max_length=40)
    """The same each time that it is sent: the receiver knows what it has by it."""
    event = models.CharField(max_length=32)
    body = models.TextField()
    state = models.CharField(max_length=8)
    """waiting or sent."""
    at = models.CharField(max_length=32)
    attempts = models.IntegerField(default=0, db_default=0)
    tried = models.CharField(max_length=32, default="", db_default="")
    status = models.IntegerField(null=True)
    error = models.CharField(max_length=32, default="", db_default="")
    duration_ms = models.IntegerField(default=0, db_default=0)
    answer = models.TextField(default="", db_default="")

    class Meta:
        db_table = "webhook_delivery"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["company_id", "webhook", "no"],
                condition=models.Q(state="waiting"),
                name="webhook_delivery_waiting",
            ),
        ]
