"""The table of answers that are kept; its key begins with the company."""

from __future__ import annotations

from django.db import models


class KeptAnswer(models.Model):
    """What a request with an Idempotency-Key was answered, written in the transaction of its effect."""

    pk = models.CompositePrimaryKey("company_id", "token", "key")
    company_id = models.CharField(max_length=12)
    token = models.CharField(max_length=12)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    """Of method, address and body: the same key with anything else is a mistake."""
    status = models.IntegerField()
    version = models.BigIntegerField(null=True)
    body = models.BinaryField()
    """Compressed."""
    at = models.CharField(max_length=32)

    class Meta:
        db_table = "api_kept_answer"
        indexes = (models.Index(fields=["company_id", "token", "at"], name="api_kept_answer_age"),)
