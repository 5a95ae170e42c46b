"""How companies stand, as an operator sees them: never what is in their registers."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import msgspec
from django.db.models import Q, QuerySet

from samsyn.online.companies.models import Company, Member, Role
from samsyn.online.operating.care import days_kept
from samsyn.online.operating.models import Care
from samsyn.records import suspension
from samsyn.records.clock import text_of
from samsyn.records.contact import contact
from samsyn.records.tenant import Tenant

AT_ONCE = 50


class Standing(msgspec.Struct, frozen=True):
    """A company with its members, its office, what it takes and what is to become of it.

    `office` is none, heard or away. Records, changes and bytes are those of
    the moment `measured`.
    """

    company: str
    name: str
    created: str
    superusers: list[str]
    members: int
    office: str
    computer: str | None
    last_heard: str | None
    waiting: int
    alarms: list[str]
    records: int
    changes: int
    bytes: int
    measured: str | None
    keep_days: int
    suspended: str | None
    suspended_why: str
    delete_at: str | None
    why: str


def overview(words: str, now: datetime.datetime) -> list[Standing]:
    """All companies that the words fit, by name."""
    return [standing_of(company, care, now) for company, care in _with_care(matching(words))]


def page_of(words: str, number: int, now: datetime.datetime) -> tuple[list[Standing], bool]:
    """A page of the same, and whether there is another after it."""
    first = number * AT_ONCE
    found = list(_with_care(matching(words)[first : first + AT_ONCE + 1]))
    return [standing_of(c, care, now) for c, care in found[:AT_ONCE]], len(found) > AT_ONCE


def matching(words: str) -> QuerySet[Company]:
    """Companies with the words in name, id or a member's address."""
    companies = Company.objects.order_by("name", "pk")
    if not words.strip():
        return companies
    told = words.strip()
    members = Member.objects.filter(person__email__icontains=told).values("company_id")
    return companies.filter(Q(name__icontains=told) | Q(pk=told) | Q(pk__in=members))


def standing_of(company: Company, care: Care, now: datetime.datetime) -> Standing:
    """How a company stands now."""
    tenant = Tenant(company.pk)
    office = contact(tenant, text_of(now))
    members = Member.objects.filter(company=company)
    superusers = members.filter(role=Role.SUPERUSER).order_by("person__email")
    return Standing(
        company=company.pk,
        name=company.name,
        created=text_of(company.created),
        superusers=list(superusers.values_list("person__email", flat=True)),
        members=members.count(),
        office="none" if not office.connected else "heard" if office.heard else "away",
        computer=office.computer,
        last_heard=office.last_heard,
        waiting=office.waiting,
        alarms=[alarm.code for alarm in office.alarms],
        records=care.records,
        changes=care.changes,
        bytes=care.bytes,
        measured=text_of(care.measured) if care.measured else None,
        keep_days=days_kept(care),
        suspended=suspension.suspended(tenant),
        suspended_why=care.suspended_why,
        delete_at=text_of(care.delete_at) if care.delete_at else None,
        why=care.why if care.delete_at else "",
    )


def _with_care(companies: Iterable[Company]) -> list[tuple[Company, Care]]:
    listed = list(companies)
    kept = Care.objects.in_bulk([company.pk for company in listed])
    return [(one, kept.get(one.pk) or Care(company_id=one.pk)) for one in listed]
