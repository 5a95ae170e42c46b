"""API tokens: made once, shown once, kept as a hash, checked on every request."""

from __future__ import annotations

import datetime
import hashlib
import secrets

import msgspec
from django.db import transaction

from samsyn.online.companies.accounts import add_member, find_company
from samsyn.online.companies.models import ID_LENGTH, ID_LETTERS, ApiToken, Member, Role, new_id

MARK = "samsyn"
SECRET_LENGTH = 40
"""200 random bits, so one round of SHA-256 is as good as a slow hash."""
USED_EVERY = datetime.timedelta(minutes=5)
"""How old the shown time of last use may be: not every read is to be a write."""


class Access(msgspec.Struct, frozen=True):
    """What a request may do: in which company, on whose behalf."""

    company: str
    by: str
    """The person's e-mail address, as the change log shows it."""
    read_only: bool
    stale_prefix: str | None = None
    """The token's prefix where its time of last use is to be written anew."""


class NewToken(msgspec.Struct, frozen=True):
    """A token as it is told, once."""

    token: str
    role: str
    read_only: bool
    new_member: bool


def create_token(company_id: str, email: str, read_only: bool, now: datetime.datetime) -> NewToken:
    """A token for a member; an address that is not yet a member becomes one.

    The new member's role is no more than the token needs. Errors:
    UnknownCompany, BadEmail.
    """
    company = find_company(company_id)
    role = Role.READ_ONLY if read_only else Role.STANDARD
    prefix = new_id()
    secret = "".join(secrets.choice(ID_LETTERS) for _ in range(SECRET_LENGTH))
    token = f"{MARK}_{company_id}_{prefix}_{secret}"
    with transaction.atomic():
        member, new_member = add_member(company, email, role, now)
        ApiToken.objects.create(
            company=company,
            prefix=prefix,
            person_id=member.person_id,
            hashed=_hashed(token),
            read_only=read_only,
            created=now,
        )
    return NewToken(
        token=token,
        role=member.role,
        read_only=read_only or member.role == Role.READ_ONLY,
        new_member=new_member,
    )


def access_of(token: str, now: datetime.datetime) -> Access | None:
    """What a token opens; None where it is malformed, unknown, revoked or of no member with a fixed role."""
    parts = token.split("_")
    if len(parts) != 4 or parts[0] != MARK or len(token) > 200:
        return None
    _, company_id, prefix, _ = parts
    if len(company_id) != ID_LENGTH or len(prefix) != ID_LENGTH or not token.isascii():
        return None
    if "\0" in token:
        return None
    row = ApiToken.objects.filter(company_id=company_id, prefix=prefix, revoked=None).first()
    if row is None or not secrets.compare_digest(row.hashed, _hashed(token)):
        return None
    member = (
        Member.objects.filter(company_id=company_id, person_id=row.person_id)
        .values_list("role", "person__email")
        .first()
    )
    if member is None:
        return None
    role, email = member
    if role == Role.OWN:
        return None  # the API knows no levels for each register yet
    read_only = row.read_only or role == Role.READ_ONLY
    fresh = row.last_used is not None and now - row.last_used < USED_EVERY
    return Access(company_id, email, read_only, None if fresh else prefix)


def note_use(access: Access, now: datetime.datetime) -> None:
    """Keep the time of use for people to see."""
    tokens = ApiToken.objects.filter(company_id=access.company, prefix=access.stale_prefix)
    tokens.update(last_used=now)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
