"""API tokens: made once, shown once, kept as a hash, checked on every request."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Iterable

import msgspec
from django.db import transaction

from samsyn.online.companies.accounts import add_member, clean_name, find_company
from samsyn.online.companies.models import (
    ID_LENGTH,
    ID_LETTERS,
    ApiToken,
    Company,
    Member,
    Role,
    new_id,
)
from samsyn.online.companies.rights import rights_of
from samsyn.online.companies.scopes import EVERYTHING, READING, Scopes, checked
from samsyn.online.errors import BadExpiry, TooManyTokens
from samsyn.online.grants import Access
from samsyn.records import suspension
from samsyn.records.tenant import Tenant
from samsyn.webkit import security_log
from samsyn.webkit.security_log import Event

MARK = "samsyn"
SECRET_LENGTH = 40
"""200 random bits, so one round of SHA-256 is as good as a slow hash."""
USED_EVERY = datetime.timedelta(minutes=5)
"""How old the shown time of last use may be: not every read is to be a write."""
MOST = 50
"""Living tokens of one member in one company."""
LONGEST = datetime.timedelta(days=3660)
MAX_NAME = 60


class Wanted(msgspec.Struct, frozen=True):
    """A token as it is asked for."""

    scopes: tuple[str, ...]
    name: str = ""
    expires: datetime.datetime | None = None
    by: str = ""
    """The address of who makes it; empty for the operator."""


class NewToken(msgspec.Struct, frozen=True):
    """A token as it is told, once."""

    token: str
    role: str
    read_only: bool
    new_member: bool
    scopes: tuple[str, ...]
    expires: datetime.datetime | None


def scopes_of(read_only: bool, named: Iterable[str] = ()) -> tuple[str, ...]:
    """The scopes that are named, else everything or all reading."""
    told = tuple(named)
    return checked(told) if told else READING if read_only else EVERYTHING


def create_token(
    company_id: str,
    email: str,
    wanted: Wanted,
    now: datetime.datetime,
) -> NewToken:
    """A token for a member; an address that is not yet a member becomes one.

    The new member's role is no more than the token needs. Errors:
    UnknownCompany, BadEmail, and those of `issue`.
    """
    company = find_company(company_id)
    role = Role.STANDARD if Scopes(frozenset(wanted.scopes)).writes else Role.READ_ONLY
    with transaction.atomic():
        member, new_member = add_member(company, email, role, now)
        token = issue(member, wanted, now)
    rights = Access(company_id, email, rights_of(member), Scopes(frozenset(wanted.scopes)))
    return NewToken(
        token=token,
        role=member.role,
        read_only=rights.read_only,
        new_member=new_member,
        scopes=wanted.scopes,
        expires=wanted.expires,
    )


def issue(member: Member, wanted: Wanted, now: datetime.datetime) -> str:
    """A new token of a member; BadName, BadExpiry, TooManyTokens, UnknownScope."""
    if wanted.expires is not None and not now < wanted.expires <= now + LONGEST:
        raise BadExpiry(expires=wanted.expires.isoformat())
    prefix = new_id()
    secret = "".join(secrets.choice(ID_LETTERS) for _ in range(SECRET_LENGTH))
    token = f"{MARK}_{member.company_id}_{prefix}_{secret}"
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=member.company_id)
        living = ApiToken.objects.filter(
            company_id=member.company_id, person_id=member.person_id, revoked=None
        )
        if living.count() >= MOST:
            raise TooManyTokens(limit=MOST)
        ApiToken.objects.create(
            company_id=member.company_id,
            prefix=prefix,
            person_id=member.person_id,
            hashed=_hashed(token),
            name=clean_name(wanted.name)[:MAX_NAME] if wanted.name else "",
            scopes=list(checked(wanted.scopes)),
            expires=wanted.expires,
            created_by=wanted.by,
            created=now,
        )
    security_log.told(
        Event.TOKEN_MADE, company=member.company_id, person=member.person_id, token=prefix
    )
    return token


def revoke(company: Company, prefix: str, by: str, now: datetime.datetime) -> bool:
    """End a token; whether there was one that lived."""
    living = ApiToken.objects.filter(company=company, prefix=prefix, revoked=None)
    ended = bool(living.update(revoked=now, revoked_by=by))
    if ended:
        security_log.told(Event.TOKEN_REVOKED, company=company.pk, token=prefix)
    return ended


def access_of(token: str, now: datetime.datetime) -> Access | None:
    """What a token opens; None where it is malformed, unknown, revoked, lapsed or of nobody who is a member.

    CompanySuspended for a good one of a company that is.
    """
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
    if row.expires is not None and row.expires <= now:
        return None
    member = (
        Member.objects.select_related("person")
        .filter(company_id=company_id, person_id=row.person_id)
        .first()
    )
    if member is None:
        return None
    suspension.check(Tenant(company_id))
    fresh = row.last_used is not None and now - row.last_used < USED_EVERY
    return Access(
        company_id,
        member.person.email,
        rights_of(member),
        Scopes(frozenset(row.scopes)),
        token=prefix,
        stale=not fresh,
    )


def note_use(access: Access, now: datetime.datetime) -> None:
    """Keep the time of use for people to see."""
    tokens = ApiToken.objects.filter(company_id=access.company, prefix=access.token)
    tokens.update(last_used=now)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
