"""People at the pages, in this process: accounts, companies, clients."""

from __future__ import annotations

import datetime

from django.core.cache import cache
from django.test import Client

from samsyn.online.companies.accounts import add_member, create_company
from samsyn.online.companies.membership import Given
from samsyn.online.companies.models import Company, Person, Role
from samsyn.online.people.passwords import confirm_address

PASSWORD = "ett riktigt långt lösenord"
NOW = datetime.datetime(2026, 11, 24, 12, 0, tzinfo=datetime.UTC)


def new_person(email: str, password: str = PASSWORD) -> Person:
    """Somebody with a confirmed address and a password."""
    person, _ = Person.objects.get_or_create(email=email)
    person.set_password(password)
    person.save()
    confirm_address(person)
    return person


def new_company(name: str, owner: str) -> Company:
    """A company with a superuser who can sign in."""
    company = create_company(name, owner, NOW)
    new_person(owner)
    return company


def new_member(company: Company, email: str, role: Role, own_role: str = "") -> Person:
    """A member who can sign in."""
    person = new_person(email)
    member, _ = add_member(company, email, role, NOW)
    type(member).objects.filter(pk=member.pk).update(own_role=own_role)
    return person


def signed_in(email: str, password: str = PASSWORD) -> Client:
    """A browser in which somebody has signed in by the form."""
    cache.clear()
    client = Client()
    answer = client.post("/id/sign-in", {"login": email, "password": password})
    assert answer.status_code == 302, answer.content
    return client


SUPERUSER = Given(Role.SUPERUSER)
STANDARD = Given(Role.STANDARD)
