"""What processes of one service count together: attempts to sign in."""

from __future__ import annotations

from django.db import models

from samsyn.online.databases import ATTEMPTS


class Attempt(models.Model):
    """A count in Django's database cache, which names the columns; on SQLite the process counts by itself."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = ATTEMPTS
