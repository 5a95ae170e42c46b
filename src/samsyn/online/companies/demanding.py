"""A company may demand a second factor: it opens to no member who has none, and to no token of his."""

from __future__ import annotations

import datetime

import msgspec
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from samsyn.online.companies.models import ApiToken, Company, Member, Person
from samsyn.online.errors import SecondFactorNeeded
from samsyn.webkit import security_log
from samsyn.webkit.security_log import Event

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts: recovery codes alone are the remains of one."""


class Without(msgspec.Struct, frozen=True):
    """A member who has no second factor, and how many programs act for him."""

    person: Person
    tokens: int


def has_one(person: Person) -> bool:
    """Whether the person has a second factor."""
    found: bool = Authenticator.objects.filter(user_id=person.pk, type__in=FACTORS).exists()
    return found


def lacks(company: Company, person: Person) -> bool:
    """Whether the company is closed to the person until he adds a second factor."""
    return company.second_factor and not has_one(person)


def demand(company: Company, by: Person) -> None:
    """Open the company to those with a second factor alone; SecondFactorNeeded where who demands it has none.

    So there is always a superuser who comes in.
    """
    if not has_one(by):
        raise SecondFactorNeeded(person=by.email)
    _set(company, True)


def leave_free(company: Company) -> None:
    """Let each member choose."""
    _set(company, False)


def without(company: Company, now: datetime.datetime) -> list[Without]:
    """The members who have no second factor, by their addresses."""
    members = _without(company).select_related("person")
    living = ApiToken.objects.filter(Q(expires=None) | Q(expires__gt=now), company=company)
    owners = list(living.filter(revoked=None).values_list("person_id", flat=True))
    return [
        Without(member.person, owners.count(member.person_id))
        for member in members.order_by("person__email")
    ]


def closed_out(company: Company) -> set[str]:
    """The ids of the members to whom the company does not open now."""
    if not company.second_factor:
        return set()
    return set(_without(company).values_list("person_id", flat=True))


def _without(company: Company) -> QuerySet[Member]:
    factors = Authenticator.objects.filter(user_id=OuterRef("person_id"), type__in=FACTORS)
    return Member.objects.filter(~Exists(factors), company=company)


def _set(company: Company, demanded: bool) -> None:
    with transaction.atomic():
        Company.objects.filter(pk=company.pk).update(second_factor=demanded)
    company.second_factor = demanded
    told = Event.SECOND_FACTOR_DEMANDED if demanded else Event.SECOND_FACTOR_LEFT_FREE
    security_log.told(told, company=company.pk)
