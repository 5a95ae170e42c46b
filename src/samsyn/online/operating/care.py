"""A company's standing with the service: its name, suspension, period of keeping, and the date of its end."""

from __future__ import annotations

import datetime
import zoneinfo

from django.conf import settings
from django.db import transaction

from samsyn.online.companies import expiry
from samsyn.online.companies.accounts import clean_name
from samsyn.online.companies.models import Company
from samsyn.online.errors import BadDay, BadExpiry, PeriodTooShort
from samsyn.online.operating import acts
from samsyn.online.operating.acts import What
from samsyn.online.operating.models import Care, Why
from samsyn.records import suspension
from samsyn.records.clock import text_of
from samsyn.records.periods import ORDINARY_DAYS
from samsyn.records.tenant import Tenant


def care_of(company_id: str) -> Care:
    """How a company is looked after; not kept yet where nothing is out of the ordinary."""
    return Care.objects.filter(pk=company_id).first() or Care(company_id=company_id)


def rename(company: Company, name: str, by: str, now: datetime.datetime) -> None:
    """Another name, for the office too at its next contact; BadName."""
    clean = clean_name(name)
    with transaction.atomic():
        acts.note(What.RENAMED, by, now, company, detail=clean)
        Company.objects.filter(pk=company.pk).update(name=clean)
        Tenant(company.pk).execute(
            "UPDATE records_company SET name = %(name)s WHERE company_id = %(company)s", name=clean
        )
    company.name = clean


def suspend(company: Company, why: str, by: str, now: datetime.datetime) -> None:
    """Turn everybody away until it is resumed; members read why."""
    with transaction.atomic():
        suspension.suspend(Tenant(company.pk), text_of(now))
        _set(company, suspended_why=why.strip()[:500])
        acts.note(What.SUSPENDED, by, now, company, detail=why)


def resume(company: Company, by: str, now: datetime.datetime) -> None:
    """Let everybody in again."""
    with transaction.atomic():
        suspension.resume(Tenant(company.pk))
        _set(company, suspended_why="")
        acts.note(What.RESUMED, by, now, company)


def keep(company: Company, days: int | None, by: str, now: datetime.datetime) -> None:
    """How long changes and conflicts are kept; None: as the service does. PeriodTooShort."""
    if days is not None and days < ORDINARY_DAYS:
        raise PeriodTooShort(days=days, limit=ORDINARY_DAYS)
    with transaction.atomic():
        _set(company, keep_days=days)
        acts.note(What.KEEPS, by, now, company, detail=str(days or ""))


def days_kept(care: Care) -> int:
    """How long the company's changes and conflicts are kept."""
    return care.keep_days or settings.SAMSYN.keep_days


def ordinary_end(now: datetime.datetime) -> datetime.datetime:
    """When a company ends that is to be deleted from now on."""
    return now + datetime.timedelta(days=settings.SAMSYN.deletion_days)


def end_of(told: str, now: datetime.datetime) -> datetime.datetime:
    """The moment of an end as people write it: 2027-06-30, or in days, 30d; BadDay."""
    try:
        found = end_of_day(expiry.moment(told, now).date())
    except BadExpiry as error:
        raise BadDay(day=told[:40]) from error
    if found < now:
        raise BadDay(day=told[:40])
    return found


def end_of_day(day: datetime.date) -> datetime.datetime:
    """The last moment of a day where the service is."""
    last = datetime.datetime.combine(day, datetime.time(23, 59, 59), service_zone())
    return last.astimezone(datetime.UTC)


def service_zone() -> datetime.tzinfo:
    """The zone of times until a person has chosen another: dates in letters are of it."""
    return zoneinfo.ZoneInfo(settings.WEBKIT_TIME_ZONE)


def decide_deletion(
    company: Company, at: datetime.datetime, by: str, now: datetime.datetime
) -> None:
    """The company is deleted at that moment; its superusers get a letter."""
    with transaction.atomic():
        _set(company, delete_at=at, why=Why.ASKED, asked_by=by, told=None, reminded=None)
        acts.note(What.TO_BE_DELETED, by, now, company, detail=at.date().isoformat())


def cancel_deletion(company: Company, by: str, now: datetime.datetime) -> None:
    """The company stays, also where its office has disconnected."""
    with transaction.atomic():
        _set(company, delete_at=None, why=Why.KEPT, asked_by=by, told=None, reminded=None)
        acts.note(What.NOT_DELETED, by, now, company)


def _set(company: Company, **values: object) -> None:
    Care.objects.update_or_create(company=company, defaults=values)
