"""Which company databases a user may open: all of them, but those that he is kept out of; a superuser all."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import QuerySet

from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.people.models import KeptOut, User
from samsyn.office.people.rights import Access
from samsyn.webkit import security_log
from samsyn.webkit.security_log import Event

KeptOutOf = Mapping[str, frozenset[str]]
"""By a user's id, the ids of the company databases that he is kept out of."""


def companies_of(user: User) -> QuerySet[CompanyDatabase]:
    """The company databases that the user may open."""
    found = CompanyDatabase.objects.all()
    if user.access == Access.SUPERUSER:
        return found
    out = KeptOut.objects.filter(user=user).values("company_id")
    return found.exclude(pk__in=out)


def kept_out() -> KeptOutOf:
    """Everybody who is kept out of anything; a superuser never is."""
    found: dict[str, frozenset[str]] = {}
    told = KeptOut.objects.exclude(user__access=Access.SUPERUSER)
    for user, company in told.values_list("user_id", "company_id"):
        found[user] = found.get(user, frozenset()) | {company}
    return found


def may_let_in(by: User, other: User, out: KeptOutOf) -> bool:
    """Whether who keeps users may see to this one: nobody opens, by another's access, what he is kept out of."""
    return out.get(by.pk, frozenset()) <= out.get(other.pk, frozenset())


def admit(by: User, user: User, companies: Collection[str]) -> None:
    """The user may open these company databases, and none else of those that `by` may open.

    A company that `by` is kept out of stays as it was; for a user who has no say yet, closed.
    """
    seen = set(companies_of(by).values_list("pk", flat=True))
    hidden = set(CompanyDatabase.objects.exclude(pk__in=seen).values_list("pk", flat=True))
    with transaction.atomic():
        before = set(KeptOut.objects.filter(user=user).values_list("company_id", flat=True))
        now = (seen - set(companies)) | hidden
        KeptOut.objects.filter(user=user).exclude(company_id__in=now).delete()
        for company in sorted(now - before):  # one by one: who listens for changes hears of each
            KeptOut.objects.create(company_id=company, user=user)
    if now != before:
        told = ",".join(sorted(now)) or "none"
        security_log.told(Event.ACCESS_CHANGED, person=user.pk, kept_out_of=told)
