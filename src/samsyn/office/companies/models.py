"""The company databases of the installation, with the details of each company; the registration."""

from __future__ import annotations

import msgspec
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.companydb.urls import CompanyUrl, parse
from samsyn.office.people.models import ID_LENGTH, new_id


class Origin(models.TextChoices):
    """How a company database came to be here."""

    BUILT_IN = "built_in", _("Made here")
    ATTACHED = "attached", _("Attached")
    SAMPLE = "sample", _("Sample company")


class CompanyDatabase(models.Model):
    """One company database, known by a short alias; the company's details are kept beside it."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id)
    alias = models.CharField(max_length=20, unique=True)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    location = models.TextField()
    """The path or URL; a password in it stays in this database alone."""
    name = models.CharField(max_length=120)
    org_no = models.CharField(max_length=30, blank=True)
    street = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    city = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=2, default="SE")
    phone = models.CharField(max_length=30, blank=True)
    email = models.CharField(max_length=254, blank=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "company_database"

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> CompanyUrl:
        """Where it is."""
        return parse(self.location)

    @property
    def is_sample(self) -> bool:
        """Whether it is the sample company, which is never connected."""
        return self.origin == Origin.SAMPLE


class Registration(models.Model):
    """To whom this installation is registered; until then it is an evaluation. One row."""

    company = models.CharField(max_length=120)
    contact = models.CharField(max_length=120)
    phone = models.CharField(max_length=30)
    at = models.DateTimeField()

    class Meta:
        db_table = "registration"


class Registered(msgspec.Struct, frozen=True):
    """The registration as it stands."""

    company: str
    contact: str
    phone: str


def registration() -> Registered | None:
    """To whom the installation is registered; None while it is an evaluation."""
    row = Registration.objects.first()
    return None if row is None else Registered(row.company, row.contact, row.phone)
