"""Users of the installation, the access that they have, and the sessions that are open."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.office.people.rights import Access

ID_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
"""Lower-case base32."""
ID_LENGTH = 12


def new_id() -> str:
    """A random id: 60 bits."""
    return "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH))


class Template(models.Model):
    """An access template: a named set of rights that any number of users have."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id)
    name = models.CharField(max_length=60, unique=True)
    profile = models.JSONField(default=dict)
    """See `rights.Profile`."""

    class Meta:
        db_table = "template"


class Users(BaseUserManager["User"]):
    """Finds users by their name."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The user of that name, however it is typed."""
        return self.get(key=key_of(username or ""))


def key_of(username: str) -> str:
    """What makes two user names one."""
    return username.strip().casefold()


class User(AbstractBaseUser):
    """Somebody who may sign in to this installation; to which of its companies, `admitting` says."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id)
    username = models.CharField(_("User name"), max_length=60)
    key = models.CharField(max_length=120, unique=True)
    """The user name without regard to case."""
    name = models.CharField(_("Full name"), max_length=120)
    email = models.CharField(max_length=254, blank=True)
    access = models.CharField(max_length=14, choices=Access.choices, default=Access.STANDARD)
    template = models.ForeignKey(Template, models.PROTECT, null=True, blank=True)
    profile = models.JSONField(default=dict)
    """Of a user-defined access: see `rights.Profile`."""
    is_active = models.BooleanField(default=True)
    must_change = models.BooleanField(default=False)
    """Whether the password was given by somebody else and has to be changed first."""
    language = models.CharField(max_length=5, blank=True)
    """Empty: as the browser asks."""
    theme = models.CharField(max_length=5, blank=True)
    """light, dark, or empty: as the machine is set."""
    time_zone = models.CharField(max_length=64, blank=True)
    start_page = models.CharField(max_length=200, blank=True)
    """The register that opens after signing in; empty: the start page."""
    last_company = models.CharField(max_length=20, blank=True)
    """The alias of the company database that was opened last."""
    created = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "key"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Users()

    class Meta:
        db_table = "user"

    def __str__(self) -> str:
        return self.name or self.username


class SignedIn(models.Model):
    """A session that is open: who is signed in, since when, where from."""

    session_key = models.CharField(primary_key=True, max_length=40)
    user = models.ForeignKey(User, models.CASCADE)
    company = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=45)
    browser = models.CharField(max_length=200)
    since = models.DateTimeField()
    last_seen = models.DateTimeField()

    class Meta:
        db_table = "signed_in"


class KeptOut(models.Model):
    """A company database that a user may not open, though others of the installation may."""

    pk = models.CompositePrimaryKey("company_id", "user_id")
    company_id = models.CharField(max_length=ID_LENGTH)
    user = models.ForeignKey(User, models.CASCADE)

    class Meta:
        db_table = "kept_out"


class EmployeeLink(models.Model):
    """Which employee of a company database a user is."""

    pk = models.CompositePrimaryKey("company_id", "user_id")
    company_id = models.CharField(max_length=ID_LENGTH)
    user = models.ForeignKey(User, models.CASCADE)
    register = models.CharField(max_length=300)
    """The record type that holds the employees."""
    employee = models.CharField(max_length=600)
    """The employee's record id (`companydb.row_ids`)."""

    class Meta:
        db_table = "employee_link"
        constraints = (
            models.UniqueConstraint(
                fields=["company_id", "register", "employee"], name="one_user_an_employee"
            ),
        )
