"""The end of companies: told in letters with its date, then everything of them deleted, by itself."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import formats, timezone, translation

from samsyn.online.companies.models import Company, Member, Person, Role
from samsyn.online.operating import acts
from samsyn.online.operating.acts import What
from samsyn.online.operating.care import care_of, ordinary_end, service_zone
from samsyn.online.operating.models import Care, Why
from samsyn.records.clock import text_of
from samsyn.records.connections import connections
from samsyn.records.removal import remove
from samsyn.records.tenant import Tenant

REMINDED_BEFORE = datetime.timedelta(days=7)


def look_at_connections(now: datetime.datetime) -> None:
    """Decide the end of companies whose office has disconnected; and of none whose office is back."""
    for company in Company.objects.order_by("pk"):
        care = Care.objects.filter(pk=company.pk).first() or Care(company=company)
        match office_is_gone(company):
            case True if not care.why:
                care.delete_at, care.why = ordinary_end(now), Why.DISCONNECTED
            case False if care.why == Why.KEPT:
                Care.objects.filter(pk=company.pk, why=Why.KEPT).update(why="")
                continue  # that it stays was decided before
            case False if care.why == Why.DISCONNECTED:
                care.delete_at, care.why = None, ""
            case _:
                continue
        with transaction.atomic():
            care.told = care.reminded = None
            care.save()
            what = What.TO_BE_DELETED if care.delete_at else What.NOT_DELETED
            acts.note(what, acts.BY_ITSELF, now, company, detail=care.why)


def office_is_gone(company: Company) -> bool | None:
    """Whether every connection that the company had has ended; None where it never had one."""
    had = connections(Tenant(company.pk))
    return all(one.revoked for one in had) if had else None


def end_if_left(company: str, connection: str, now: str) -> str | None:
    """When a company would be deleted whose connection ends now; None where it would stay."""
    care = care_of(company)
    if care.why == Why.ASKED:
        return text_of(care.delete_at) if care.delete_at else None
    others = (one for one in connections(Tenant(company)) if one.id != connection)
    if any(not one.revoked for one in others):
        return None
    return text_of(ordinary_end(datetime.datetime.fromisoformat(now)))


def tell(now: datetime.datetime) -> None:
    """The letters that are due: once when the date is set, and a week before."""
    for care in Care.objects.exclude(delete_at=None).filter(told=None).select_related("company"):
        _once(care, "told", "deletion", now)
    soon = Care.objects.filter(delete_at__lte=now + REMINDED_BEFORE, reminded=None)
    for care in soon.select_related("company"):
        _once(care, "reminded", "deletion_soon", now)


def delete_due(now: datetime.datetime) -> list[str]:
    """Delete the companies whose date has come; their ids."""
    gone: list[str] = []
    for care in Care.objects.filter(delete_at__lte=now).select_related("company"):
        if care.why == Why.DISCONNECTED and not office_is_gone(care.company):
            continue  # it came back since the last look
        delete(care.company, now, acts.BY_ITSELF)
        gone.append(care.company_id)
    return gone


def delete(company: Company, now: datetime.datetime, by: str) -> None:
    """Delete everything of a company, at once and for good; its superusers get a last letter."""
    people = superusers(company)
    remove(Tenant(company.pk), text_of(now))
    with transaction.atomic():
        Person.objects.filter(default_company=company.pk).update(default_company="")
        acts.note(What.DELETED, by, now, company)
        Company.objects.filter(pk=company.pk).delete()
        for person in people:
            write(person, "deleted", company, None)


def superusers(company: Company) -> list[Person]:
    """The company's superusers."""
    members = Member.objects.filter(company=company, role=Role.SUPERUSER).select_related("person")
    return [member.person for member in members]


def write(person: Person, letter: str, company: Company, care: Care | None) -> None:
    """A letter about the company, in the person's language."""
    with translation.override(person.language or settings.LANGUAGE_CODE):
        date = care and care.delete_at and timezone.localtime(care.delete_at, service_zone()).date()
        told = {
            "company": company.name,
            "care": care,
            "date": formats.date_format(date, "j F Y") if date else "",
            "url": f"{settings.SAMSYN_URL}/c/{company.pk}/data",
        }
        subject = render_to_string(f"operating/email/{letter}_subject.txt", told)
        text = render_to_string(f"operating/email/{letter}_message.txt", told)
    EmailMessage(" ".join(subject.split()), text, to=[person.email]).send()


def _once(care: Care, mark: str, letter: str, now: datetime.datetime) -> None:
    """Send a letter unless another process has; it is kept in the same transaction as the mark."""
    with transaction.atomic():
        ours = Care.objects.filter(pk=care.pk, delete_at=care.delete_at, **{mark: None})
        marks = {mark: now}
        if care.delete_at and care.delete_at <= now + REMINDED_BEFORE:
            marks["reminded"] = now  # this letter is the reminder
        if ours.update(**marks):
            for person in superusers(care.company):
                write(person, letter, care.company, care)
