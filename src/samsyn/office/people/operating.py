"""What the operator does at the computer itself, beside the pages."""

from __future__ import annotations

import secrets
from typing import ClassVar

import msgspec
from django.db import transaction

from samsyn.core.errors import SamsynError
from samsyn.office.people.models import User, key_of
from samsyn.office.people.presence import end_sessions
from samsyn.office.people.rights import Access
from samsyn.webkit import security_log
from samsyn.webkit.security_log import Event

WORDS = 4
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class UnknownUser(SamsynError):
    """No user has that name: `user`."""

    code: ClassVar[str] = "UNKNOWN_USER"


class Given(msgspec.Struct, frozen=True):
    """A user, and the password that was given him."""

    username: str
    password: str
    made: bool


def give_password(username: str) -> Given:
    """A new password for a user, who becomes able to sign in again; the first of all is made, a superuser.

    Raises UnknownUser.
    """
    password = new_password()
    with transaction.atomic():
        someone = User.objects.filter(key=key_of(username)).first()
        made = someone is None
        if someone is None:
            if User.objects.exists():
                raise UnknownUser(user=username)
            someone = User(username=username, key=key_of(username), name=username)
            someone.access = Access.SUPERUSER
        someone.set_password(password)
        someone.is_active = True
        someone.save()
        end_sessions(someone)
    security_log.told(Event.PASSWORD_GIVEN, person=someone.pk, how="command")
    return Given(someone.username, password, made)


def new_password() -> str:
    """One that can be read aloud: 16 letters and digits in fours, 79 bits."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(WORDS))
    return "-".join(groups)
