"""API tokens: made once, shown once, kept as a hash, checked on every request."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Iterable

import msgspec
from django.db import connection, transaction

from samsyn.online.companies.accounts import add_member, clean_name, find_company
from samsyn.online.companies.demanding import FACTORS, lacks
from samsyn.online.companies.models import (
    ID_LENGTH,
    ID_LETTERS,
    ApiToken,
    Company,
    Member,
    OwnRole,
    Role,
    new_id,
)
from samsyn.online.companies.rights import rights, rights_of
from samsyn.online.companies.scopes import EVERYTHING, READING, Scopes, checked, of_registers
from samsyn.online.errors import BadExpiry, SecondFactorNeeded, TooManyTokens
from samsyn.online.grants import Access
from samsyn.records.catalogs import types
from samsyn.records.errors import BadCompany, CompanySuspended
from samsyn.records.tenant import Tenant, snapshot
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
    UnknownCompany, BadEmail, UnknownScope of a register that there is none of, and those of `issue`.
    """
    company = find_company(company_id)
    with snapshot():
        of_registers(wanted.scopes, types(Tenant(company_id)))
    role = Role.STANDARD if Scopes(frozenset(wanted.scopes)).writes else Role.READ_ONLY
    with transaction.atomic():
        member, new_member = add_member(company, email, role, now)
        token = issue(member, wanted, now)
    opened = Access(company_id, email, rights_of(member), Scopes(frozenset(wanted.scopes)))
    return NewToken(
        token=token,
        role=member.role,
        read_only=opened.read_only,
        new_member=new_member,
        scopes=wanted.scopes,
        expires=wanted.expires,
    )


def issue(member: Member, wanted: Wanted, now: datetime.datetime) -> str:
    """A new token of a member; BadName, BadExpiry, TooManyTokens, UnknownScope, SecondFactorNeeded."""
    if wanted.expires is not None and not now < wanted.expires <= now + LONGEST:
        raise BadExpiry(expires=wanted.expires.date().isoformat())
    if lacks(member.company, member.person):
        raise SecondFactorNeeded(person=member.person.email)
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

    For a good one: CompanySuspended of a company that is; SecondFactorNeeded where the
    company demands one that the person does not have.
    """
    parts = token.split("_")
    if len(parts) != 4 or parts[0] != MARK or len(token) > 200:
        return None
    _, company_id, prefix, _ = parts
    if len(prefix) != ID_LENGTH or not token.isascii() or "\0" in token:
        return None
    try:
        found = _opened(Tenant(company_id), prefix, now)
    except BadCompany:
        return None
    if found is None or not secrets.compare_digest(found.hashed, _hashed(token)):
        return None
    if found.suspended is not None:
        raise CompanySuspended(since=found.suspended)
    if found.lacks_factor:
        raise SecondFactorNeeded(person=found.access.by)
    return found.access


def note_use(access: Access, now: datetime.datetime) -> None:
    """Keep the time of use for people to see."""
    tokens = ApiToken.objects.filter(company_id=access.company, prefix=access.token)
    tokens.update(last_used=now)


class _Opened(msgspec.Struct, frozen=True):
    """What is kept under a token's name, before its secret is compared."""

    hashed: str
    access: Access
    suspended: str | None
    lacks_factor: bool


def _opened(tenant: Tenant, prefix: str, now: datetime.datetime) -> _Opened | None:
    """All that decides on a request of a token, in one statement: every request of a program asks it."""
    rows = tenant.rows_often(
        "SELECT t.hashed, t.scopes, t.last_used IS NULL OR t.last_used <= %(before)s, p.email, m.role,"
        " r.id, r.name, r.levels, r.otherwise, s.suspended,"
        f" c.second_factor AND NOT EXISTS (SELECT 1 FROM mfa_authenticator AS f"
        f" WHERE f.user_id = p.id AND f.type IN ({_FACTORS}))"
        " FROM api_token AS t JOIN company AS c ON c.id = t.company_id"
        " JOIN member AS m ON m.company_id = t.company_id AND m.person_id = t.person_id"
        " JOIN person AS p ON p.id = m.person_id"
        " LEFT JOIN own_role AS r ON r.company_id = m.company_id AND r.id = m.own_role"
        " LEFT JOIN records_company AS s ON s.company_id = t.company_id"
        " WHERE t.company_id = %(company)s AND t.prefix = %(prefix)s AND t.revoked IS NULL"
        " AND (t.expires IS NULL OR t.expires > %(now)s) AND p.is_active",
        prefix=prefix,
        now=connection.ops.adapt_datetimefield_value(now),
        before=connection.ops.adapt_datetimefield_value(now - USED_EVERY),
    )
    if not rows:
        return None
    hashed, scopes, stale, email, role, own, name, levels, otherwise, suspended, lacks_factor = (
        rows[0]
    )
    kept = None
    if own is not None:
        kept = OwnRole(id=own, name=name, levels=msgspec.json.decode(levels), otherwise=otherwise)
    given = Scopes(frozenset(msgspec.json.decode(scopes)))
    access = Access(
        tenant.company, email, rights(Role(role), kept), given, token=prefix, stale=bool(stale)
    )
    return _Opened(hashed, access, suspended, bool(lacks_factor))


_FACTORS = ", ".join(f"'{factor.value}'" for factor in FACTORS)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
