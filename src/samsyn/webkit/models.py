"""What a person keeps in a company beside its records: choices, and forms that are not saved yet.

Every key begins with the company and the person. Both are the program's own
ids, without foreign keys: either program's people may keep something here.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CompositePrimaryKey, Index

ID_LENGTH = 64


class Choice(models.Model):
    """What a person has chosen for a part of the pages, by its name: columns of a list, panels."""

    pk = CompositePrimaryKey("company_id", "person_id", "name")
    company_id = models.CharField(max_length=ID_LENGTH)
    person_id = models.CharField(max_length=ID_LENGTH)
    name = models.CharField(max_length=300)
    value = models.TextField()
    """JSON."""

    class Meta:
        db_table = "webkit_choice"


class Draft(models.Model):
    """A form as a person left it; `form` is a digest of kind, register and record."""

    pk = CompositePrimaryKey("company_id", "person_id", "form")
    company_id = models.CharField(max_length=ID_LENGTH)
    person_id = models.CharField(max_length=ID_LENGTH)
    form = models.CharField(max_length=32)
    kind = models.CharField(max_length=8)
    register = models.TextField()
    record = models.TextField(blank=True)
    content = models.TextField()
    """JSON."""
    saved = models.DateTimeField()

    class Meta:
        db_table = "webkit_draft"
        indexes = (Index(fields=["company_id", "saved"], name="webkit_draft_by_age"),)
