"""Companies, people, who may do what, and the tokens of other programs.

Every key but those of companies and people begins with the company's id: no
row of a company is found without naming the company.
"""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ID_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
"""Lower-case base32."""
ID_LENGTH = 12
NO_PASSWORD = "!"
"""What Django keeps for a password that nothing opens."""


def new_id() -> str:
    """A random id: 60 bits."""
    return "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH))


class Role(models.TextChoices):
    """What a member may do."""

    SUPERUSER = "superuser", _("Superuser")
    STANDARD = "standard", _("Standard")
    READ_ONLY = "read_only", _("Read only")
    OWN = "own", _("Own role")
    """One that the company has made: `own_role` names it."""


class Company(models.Model):
    """One customer of the service, and the wall around its data."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id)
    name = models.CharField(max_length=200)
    created = models.DateTimeField()
    second_factor = models.BooleanField(default=False, db_default=False)
    """Whether the company opens to members with a second factor alone (`companies.demanding`)."""

    class Meta:
        db_table = "company"


class People(BaseUserManager["Person"]):
    """Finds people by their address."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """The person with that address, however it is typed."""
        return self.get(email=(username or "").lower())


class Person(AbstractBaseUser):
    """A Samsyn ID: one person, in any number of companies.

    A person whom the operator or an invitation named has no password until
    he has chosen one, and cannot sign in before.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id)
    email = models.CharField(max_length=254, unique=True)
    """In lower case: an address is one person however it is typed."""
    name = models.CharField(max_length=200, blank=True)
    created = models.DateTimeField(default=timezone.now)
    password = models.CharField(max_length=128, default=NO_PASSWORD)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=5, blank=True)
    """Empty: as the browser asks."""
    theme = models.CharField(max_length=5, blank=True)
    """light, dark, or empty: as the machine is set."""
    time_zone = models.CharField(max_length=64, blank=True)
    """Empty: the service's own."""
    default_company = models.CharField(max_length=ID_LENGTH, blank=True)
    """Where the person comes in after signing in. No foreign key: people belong to no company."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = People()

    class Meta:
        db_table = "person"

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def has_password(self) -> bool:
        """Whether the person has ever chosen a password."""
        return not self.password.startswith(NO_PASSWORD)


class FormerAddress(models.Model):
    """An address that a person had: what he wrote under it is his still, unless it is somebody's by now."""

    email = models.CharField(primary_key=True, max_length=254)
    person = models.ForeignKey(Person, models.CASCADE)
    until = models.DateTimeField()

    class Meta:
        db_table = "former_address"


class Member(models.Model):
    """A person in a company, with a role."""

    pk = models.CompositePrimaryKey("company_id", "person_id")
    company = models.ForeignKey(Company, models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, models.PROTECT)
    role = models.CharField(max_length=12, choices=Role.choices)
    own_role = models.CharField(max_length=ID_LENGTH, blank=True, db_default="")
    """The id of an OwnRole of the company where the role is OWN."""
    created = models.DateTimeField()

    class Meta:
        db_table = "member"


class OwnRole(models.Model):
    """A role that a company has made: what may be done in each register."""

    pk = models.CompositePrimaryKey("company_id", "id")
    company = models.ForeignKey(Company, models.PROTECT, db_index=False)
    id = models.CharField(max_length=ID_LENGTH, default=new_id)
    name = models.CharField(max_length=60)
    levels = models.JSONField(default=dict)
    """By the name of the record type: none, read, write or full."""
    otherwise = models.CharField(max_length=5, default="none")
    """For record types that `levels` does not name."""
    created = models.DateTimeField()

    class Meta:
        db_table = "own_role"
        constraints = (
            models.UniqueConstraint(fields=["company", "name"], name="own_role_by_name"),
        )


class Invitation(models.Model):
    """An address that may become a member by the link in an e-mail; only a hash of the link is kept."""

    pk = models.CompositePrimaryKey("company_id", "id")
    company = models.ForeignKey(Company, models.PROTECT, db_index=False)
    id = models.CharField(max_length=ID_LENGTH, default=new_id)
    email = models.CharField(max_length=254)
    role = models.CharField(max_length=12, choices=Role.choices)
    own_role = models.CharField(max_length=ID_LENGTH, blank=True)
    message = models.TextField(blank=True)
    invited_by = models.CharField(max_length=254, blank=True)
    """The address of who invited, or empty for the operator."""
    hashed = models.CharField(max_length=64)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)
    accepted = models.DateTimeField(null=True)

    class Meta:
        db_table = "invitation"
        constraints = (
            models.UniqueConstraint(
                fields=["company", "email"],
                condition=models.Q(accepted=None, withdrawn=None),
                name="invitation_open",
            ),
        )


class ApiToken(models.Model):
    """A program's way in, on behalf of a member; only a hash of it is kept."""

    pk = models.CompositePrimaryKey("company_id", "prefix")
    company = models.ForeignKey(Company, models.PROTECT, db_index=False)
    prefix = models.CharField(max_length=ID_LENGTH)
    """The part of the token that names it, and may be shown."""
    person = models.ForeignKey(Person, models.PROTECT)
    hashed = models.CharField(max_length=64)
    name = models.CharField(max_length=60, blank=True, db_default="")
    """What people call the program."""
    scopes = models.JSONField(default=list)
    """See `companies.scopes`."""
    created = models.DateTimeField()
    created_by = models.CharField(max_length=254, blank=True, db_default="")
    """The address of who made it, or empty for the operator."""
    expires = models.DateTimeField(null=True)
    last_used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=254, blank=True, db_default="")

    class Meta:
        db_table = "api_token"
