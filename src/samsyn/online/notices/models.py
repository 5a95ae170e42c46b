"""The tables of what people are told; read and written through `records.tenant.Tenant` alone."""

from __future__ import annotations

from django.db import models
from django.db.models import CompositePrimaryKey, Index, Q, UniqueConstraint


class Notice(models.Model):
    """A piece of news for one member: what befell his own work (records.befalling.News)."""

    pk = CompositePrimaryKey("company_id", "id")
    company_id = models.CharField(max_length=12)
    id = models.CharField(max_length=32)
    """In the order of time."""
    person_id = models.CharField(max_length=12)
    fate = models.CharField(max_length=12)
    type = models.TextField()
    record_id = models.CharField(max_length=32)
    about = models.CharField(max_length=80)
    at = models.CharField(max_length=32)
    beyond = models.IntegerField(default=0, db_default=0)
    """More news of the same sync that this line stands for: a flood does not fill the list."""
    read_at = models.CharField(max_length=32, null=True)
    mailed_at = models.CharField(max_length=32, null=True)

    class Meta:
        db_table = "notice"
        constraints = (
            UniqueConstraint(
                fields=["company_id", "person_id", "fate", "about"], name="notice_once"
            ),
        )
        indexes = (
            Index(fields=["company_id", "person_id", "id"], name="notice_of_person"),
            Index(
                fields=["company_id", "person_id", "record_id"],
                condition=Q(read_at__isnull=True),
                name="notice_unread",
            ),
        )


class NoticeSetting(models.Model):
    """How a member wants to be told, and when the next letter is due.

    `way` is list, at_once or daily. `language` is that of the page on which it
    was chosen, for who has set none.
    """

    pk = CompositePrimaryKey("company_id", "person_id")
    company_id = models.CharField(max_length=12)
    person_id = models.CharField(max_length=12)
    way = models.CharField(max_length=8)
    language = models.CharField(max_length=5)
    next_letter = models.CharField(max_length=32, null=True)
    last_letter = models.CharField(max_length=32, null=True)

    class Meta:
        db_table = "notice_setting"
        indexes = (
            Index(
                fields=["company_id", "next_letter"],
                condition=Q(next_letter__isnull=False),
                name="notice_letter_due",
            ),
        )
