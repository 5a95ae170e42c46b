"""Makes and finds companies and the people in them."""

from __future__ import annotations

import datetime
import unicodedata

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from samsyn.online.companies.models import Company, FormerAddress, Member, Person, Role
from samsyn.online.errors import BadEmail, BadName, UnknownCompany

MAX_NAME = 200


class CompanySummary(msgspec.Struct, frozen=True):
    """A company as the operator sees it in the list."""

    company: str
    name: str
    created: str
    owners: tuple[str, ...]


def create_company(name: str, owner: str, now: datetime.datetime) -> Company:
    """A new company whose owner is its first superuser; BadName, BadEmail."""
    clean = clean_name(name)
    email = clean_email(owner)
    with transaction.atomic():
        company = Company.objects.create(name=clean, created=now)
        add_member(company, email, Role.SUPERUSER, now)
    return company


def find_company(company_id: str) -> Company:
    """The company of that id; UnknownCompany."""
    try:
        return Company.objects.get(pk=company_id)
    except Company.DoesNotExist as error:
        raise UnknownCompany(company=company_id) from error


def list_companies() -> list[CompanySummary]:
    """All companies of the service, by name."""
    owners: dict[str, list[str]] = {}
    superusers = Member.objects.filter(role=Role.SUPERUSER).order_by("person__email")
    for company_id, email in superusers.values_list("company_id", "person__email"):
        owners.setdefault(company_id, []).append(email)
    return [
        CompanySummary(c.pk, c.name, c.created.isoformat(), tuple(owners.get(c.pk, ())))
        for c in Company.objects.order_by("name", "pk")
    ]


def add_member(
    company: Company, email: str, role: Role, now: datetime.datetime
) -> tuple[Member, bool]:
    """The member with that address, and whether he is new; an existing one keeps his role."""
    person, _ = Person.objects.get_or_create(email=clean_email(email), defaults={"created": now})
    return Member.objects.get_or_create(
        company=company, person=person, defaults={"role": role, "created": now}
    )


def keep_former_address(person: Person, email: str) -> None:
    """What the person wrote under an address stays his when he has another."""
    FormerAddress.objects.update_or_create(
        email=email.lower(), defaults={"person": person, "until": timezone.now()}
    )


def clean_name(name: str) -> str:
    """The name without outer blanks; BadName where nothing sensible is left."""
    clean = unicodedata.normalize("NFC", name).strip()
    if not clean or len(clean) > MAX_NAME or any(unicodedata.category(c) == "Cc" for c in clean):
        raise BadName(name=name[:MAX_NAME], limit=MAX_NAME)
    return clean


def clean_email(email: str) -> str:
    """The address in the one form under which it is kept; BadEmail."""
    clean = unicodedata.normalize("NFC", email).strip().lower()
    try:
        validate_email(clean)
    except ValidationError as error:
        raise BadEmail(email=email[:254]) from error
    return clean
