"""Which companies a person may connect an office to."""

from __future__ import annotations

import datetime

import msgspec
from django.utils import timezone

from samsyn.online.companies.demanding import lacks
from samsyn.online.companies.models import Company, Member, Person, Role
from samsyn.protocol.approval import Ask
from samsyn.records.connections import ConnectionView, connections
from samsyn.records.tenant import Tenant

NEW_IN_A_DAY = 5
"""Companies that one person makes in a day; more is no office that connects."""


class Choice(msgspec.Struct, frozen=True):
    """A company of which the person is a superuser, and what already keeps it the same."""

    company: Company
    connected: ConnectionView | None
    closed: bool = False
    """The company demands a second factor, which the person does not have."""

    @property
    def free(self) -> bool:
        """Whether the person can connect an office to it now."""
        return self.connected is None and not self.closed


def choices(person: Person) -> list[Choice]:
    """The companies of which the person is a superuser, by name."""
    members = Member.objects.filter(person=person, role=Role.SUPERUSER).select_related("company")
    companies = sorted((m.company for m in members), key=lambda c: (c.name.casefold(), c.pk))
    return [Choice(c, _connected(c), lacks(c, person)) for c in companies]


def renewed(person: Person, told: Ask) -> Choice | None:
    """The company whose connection is to be renewed; None where it is not the person's to renew."""
    for choice in choices(person):
        if choice.company.pk == told.company and _has(choice.company, told.connection):
            return choice
    return None


def may_make_another(person: Person) -> bool:
    """Whether the person has made fewer companies today than one makes."""
    since = timezone.now() - datetime.timedelta(days=1)
    mine = Member.objects.filter(person=person, role=Role.SUPERUSER, company__created__gt=since)
    return mine.count() < NEW_IN_A_DAY


def _connected(company: Company) -> ConnectionView | None:
    open_ones = (c for c in connections(Tenant(company.pk)) if c.revoked is None)
    return next(open_ones, None)


def _has(company: Company, connection: str) -> bool:
    return any(c.id == connection for c in connections(Tenant(company.pk)))
