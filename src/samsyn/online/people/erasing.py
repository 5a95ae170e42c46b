"""The end of a Samsyn ID: never that of a company's last superuser."""

from __future__ import annotations

from django.db import transaction

from samsyn.online.companies.models import ApiToken, Company, Member, Person, Role
from samsyn.online.notices import inbox
from samsyn.records.tenant import Tenant
from samsyn.webkit import drafts, security_log
from samsyn.webkit.security_log import Event


def memberships(person: Person) -> list[Member]:
    """The person's companies, by name."""
    found = Member.objects.filter(person=person).select_related("company")
    return sorted(found, key=lambda m: m.company.name.casefold())


def holds(person: Person) -> list[Company]:
    """The companies that would be left without a superuser."""
    return [
        member.company
        for member in memberships(person)
        if member.role == Role.SUPERUSER and not _others(member)
    ]


def erase(person: Person) -> bool:
    """Take the person out of all companies and delete what is kept about him; False where holds() forbids.

    The changes that he made stay in the companies' logs under his address: they
    are the companies' records of what was done.
    """
    with transaction.atomic():
        companies = [m.company_id for m in memberships(person)]
        # Locked in one order, so that two who leave at once wait for each other.
        list(Company.objects.select_for_update().filter(pk__in=companies).order_by("pk"))
        if holds(person):
            return False
        ApiToken.objects.filter(person=person).delete()
        Member.objects.filter(person=person).delete()
        drafts.forget_person(person.pk)
        for company in companies:
            inbox.forget(Tenant(company), person.pk)
        ended = person.pk
        person.delete()
    security_log.told(Event.ID_ENDED, person=ended)
    return True


def _others(member: Member) -> bool:
    superusers = Member.objects.filter(company_id=member.company_id, role=Role.SUPERUSER)
    return superusers.exclude(person_id=member.person_id).exists()
