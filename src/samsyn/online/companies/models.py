"""Companies, people, who may do what, and the tokens of other programs.

Every key but those of companies and people begins with the company's id: no
row of a company is found without naming the company.
"""

from __future__ import annotations

import secrets

from django.db import models

ID_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
"""Lower-case base32."""
ID_LENGTH = 12


def new_id() -> str:
    """A random id: 60 bits."""
    return "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH))


class Role(models.TextChoices):
    """What a member may do."""

    SUPERUSER = "superuser"
    STANDARD = "standard"
    READ_ONLY = "read_only"


class Company(models.Model):
    """One customer of the service, and the wall around its data."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id)
    name = models.CharField(max_length=200)
    created = models.DateTimeField()

    class Meta:
        db_table = "company"


class Person(models.Model):
    """A Samsyn ID: one person, in any number of companies."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id)
    email = models.CharField(max_length=254, unique=True)
    """In lower case: an address is one person however it is typed."""
    name = models.CharField(max_length=200, blank=True)
    created = models.DateTimeField()

    class Meta:
        db_table = "person"


class Member(models.Model):
    """A person in a company, with a role."""

    pk = models.CompositePrimaryKey("company_id", "person_id")
    company = models.ForeignKey(Company, models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, models.PROTECT)
    role = models.CharField(max_length=12, choices=Role.choices)
    created = models.DateTimeField()

    class Meta:
        db_table = "member"


class ApiToken(models.Model):
    """A program's way in, on behalf of a member; only a hash of it is kept."""

    pk = models.CompositePrimaryKey("company_id", "prefix")
    company = models.ForeignKey(Company, models.PROTECT, db_index=False)
    prefix = models.CharField(max_length=ID_LENGTH)
    """The part of the token that names it, and may be shown."""
    person = models.ForeignKey(Person, models.PROTECT)
    hashed = models.CharField(max_length=64)
    read_only = models.BooleanField(default=False)
    created = models.DateTimeField()
    last_used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_token"
