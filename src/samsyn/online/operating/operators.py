"""Who the operators are: appointed on the command line alone, so that nobody appoints himself by the browser."""

from __future__ import annotations

import datetime

from django.db import transaction

from samsyn.online.companies.accounts import clean_email
from samsyn.online.companies.models import Person
from samsyn.online.errors import UnknownPerson
from samsyn.online.operating import acts
from samsyn.online.operating.acts import What
from samsyn.online.operating.models import Operator


def grant(email: str, by: str, now: datetime.datetime) -> None:
    """Make a person an operator; harmless to repeat. UnknownPerson, BadEmail."""
    person = find_person(email)
    with transaction.atomic():
        _, new = Operator.objects.get_or_create(person=person, defaults={"granted": now})
        if new:
            acts.note(What.GRANTED, by, now, person=person.email)


def revoke(email: str, by: str, now: datetime.datetime) -> None:
    """Make a person no operator any more; harmless to repeat. UnknownPerson, BadEmail."""
    person = find_person(email)
    with transaction.atomic():
        gone, _ = Operator.objects.filter(person=person).delete()
        if gone:
            acts.note(What.REVOKED, by, now, person=person.email)


def is_operator(person: Person) -> bool:
    """Whether the person is one, and still has an open Samsyn ID."""
    return person.is_active and Operator.objects.filter(person_id=person.pk).exists()


def addresses() -> list[str]:
    """The operators' addresses."""
    found = Operator.objects.order_by("person__email")
    return list(found.values_list("person__email", flat=True))


def find_person(email: str) -> Person:
    """The person of an address; UnknownPerson, BadEmail."""
    clean = clean_email(email)
    try:
        return Person.objects.get(email=clean)
    except Person.DoesNotExist as error:
        raise UnknownPerson(email=clean) from error
