"""The operator's tables. None holds anything of a company's registers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from samsyn.online.companies.models import ID_LENGTH, Company, Person


class Why(models.TextChoices):
    """Why a company is to be deleted; KEPT: somebody wants it kept although its office has disconnected."""

    ASKED = "asked", _("asked for")
    DISCONNECTED = "disconnected", _("the office has disconnected")
    KEPT = "kept", _("kept")


class Care(models.Model):
    """How a company is looked after; one without a row is as every company is at first.

    The chores of each day ask over all companies what is due, so it stands
    open between companies.
    """

    company = models.OneToOneField(Company, models.CASCADE, primary_key=True)
    keep_days = models.IntegerField(null=True)
    """How long changes and conflicts are kept; None: as the service does."""
    delete_at = models.DateTimeField(null=True, db_index=True)
    why = models.CharField(max_length=12, choices=Why.choices, blank=True)
    asked_by = models.CharField(max_length=254, blank=True)
    told = models.DateTimeField(null=True)
    """When the superusers were written to about the date."""
    reminded = models.DateTimeField(null=True)
    suspended_why = models.CharField(max_length=500, blank=True)
    records = models.BigIntegerField(default=0)
    changes = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    measured = models.DateTimeField(null=True)
    """When records, changes and bytes were counted last."""

    class Meta:
        db_table = "company_care"


class Operator(models.Model):
    """A person who may open the operator's pages."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True)
    granted = models.DateTimeField()

    class Meta:
        db_table = "operator"


class Act(models.Model):
    """Something that an operator, or the service by itself, has done. It outlives what it was done to."""

    at = models.DateTimeField(db_index=True)
    by = models.CharField(max_length=254)
    """An address, or who ran a command."""
    what = models.CharField(max_length=32)
    about = models.CharField(max_length=ID_LENGTH, blank=True, db_index=True)
    """The id of a company."""
    name = models.CharField(max_length=254, blank=True)
    """The company's name at that time, or a person's address."""
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "operator_act"


class Chore(models.Model):
    """When something that is done from time to time was begun last, by whichever process."""

    name = models.CharField(primary_key=True, max_length=32)
    begun = models.DateTimeField()

    class Meta:
        db_table = "chore"
