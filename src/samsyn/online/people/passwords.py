"""Passwords that the operator gives, for those who cannot help themselves by e-mail."""

from __future__ import annotations

import secrets

from allauth.account.models import EmailAddress
from django.db import transaction

from samsyn.online.companies.accounts import clean_email
from samsyn.online.companies.models import Person
from samsyn.online.errors import UnknownPerson
from samsyn.webkit import security_log
from samsyn.webkit.security_log import Event

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""No i, l, o, 0 or 1: people read passwords aloud."""
GROUPS, GROUP_LENGTH = 5, 4


def new_password(email: str) -> str:
    """A new random password for a person, whose address counts as confirmed from now on.

    Sessions end by themselves: each carries a mark made of the password.
    Errors: BadEmail, UnknownPerson.
    """
    clean = clean_email(email)
    password = "-".join(
        "".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)
    )
    with transaction.atomic():
        person = Person.objects.filter(email=clean).first()
        if person is None:
            raise UnknownPerson(email=clean)
        person.set_password(password)
        person.is_active = True
        person.save(update_fields=["password", "is_active"])
        confirm_address(person)
    security_log.told(Event.PASSWORD_GIVEN, person=person.pk, how="command")
    return password


def confirm_address(person: Person) -> None:
    """The person's address is known to be his own."""
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
