"""A company that demands a second factor opens to nobody without one, and never closes out who demands it."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from samsyn.online.companies import demanding
from samsyn.online.companies.models import Company, Member, Person, Role
from samsyn.online.companies.scopes import EVERYTHING
from samsyn.online.companies.tokens import Wanted, access_of, create_token, issue
from samsyn.online.connecting.choosing import choices
from samsyn.online.errors import SecondFactorNeeded
from samsyn.online.mail.models import OutgoingMail
from tests.pages.people import NOW, PASSWORD, new_company, new_member, signed_in

OWNER, OTHER = "anna@example.com", "bo@example.com"
WANTED = Wanted(EVERYTHING, "kassan")


def with_factor(person: Person) -> Person:
    """Somebody whose telephone shows codes."""
    TOTP.activate(person, generate_totp_secret())
    return person


def owner() -> Person:
    return Person.objects.get(email=OWNER)


@pytest.fixture
def company(service: None) -> Company:
    """A company of two, neither of whom has a second factor."""
    made = new_company("Ett AB", OWNER)
    new_member(made, OTHER, Role.STANDARD)
    return made


def demanded(client: Client, company: Company) -> str:
    """Press the button; where one comes to."""
    answer = client.post(f"/c/{company.pk}/second-factor", {"demand": ""})
    return str(getattr(answer, "url", answer.status_code))


def test_only_who_has_one_demands_it(company: Company) -> None:
    anna = signed_in(OWNER)
    page = anna.get(f"/c/{company.pk}/second-factor").content.decode()
    assert "You have no second factor yourself" in page
    assert 'name="demand"' not in page
    assert demanded(anna, company) == "200"
    company.refresh_from_db()
    assert not company.second_factor
    with pytest.raises(SecondFactorNeeded):
        demanding.demand(company, owner())


def test_the_company_closes_to_members_without_one_and_opens_when_they_add_it(
    company: Company,
) -> None:
    anna, bo = signed_in(OWNER), signed_in(OTHER)
    with_factor(owner())
    assert demanded(anna, company) == f"/c/{company.pk}/members"
    assert anna.get(f"/c/{company.pk}").status_code == 200
    assert "No second factor" in anna.get(f"/c/{company.pk}/members").content.decode()
    for path in ("", "/r/contacts", "/notices", "/tokens"):
        shut = bo.get(f"/c/{company.pk}{path}")
        assert shut.status_code == 403
        assert "Ett AB opens to a Samsyn ID with a second factor alone" in shut.content.decode()
        assert "<nav" not in shut.content.decode().partition("<main")[0], "nothing of it is around"
    assert bo.get("/id/second-factor").status_code == 200
    with_factor(Person.objects.get(email=OTHER))
    assert bo.get(f"/c/{company.pk}").status_code == 200


def test_who_is_closed_out_gets_a_letter_and_who_has_one_does_not(company: Company) -> None:
    with_factor(owner())
    create_token(company.pk, "kassan@example.com", WANTED, NOW)
    OutgoingMail.objects.all().delete()
    demanded(signed_in_with_code(OWNER), company)
    (letter,) = OutgoingMail.objects.filter(subject__contains="Ett AB")
    assert letter.to == OTHER
    assert "/id/second-factor" in letter.text


def test_it_is_left_free_again(company: Company) -> None:
    with_factor(owner())
    anna, bo = signed_in_with_code(OWNER), signed_in(OTHER)
    demanding.demand(company, owner())
    assert bo.get(f"/c/{company.pk}").status_code == 403
    assert anna.post(f"/c/{company.pk}/second-factor", {"free": ""}).status_code == 302
    assert bo.get(f"/c/{company.pk}").status_code == 200


def signed_in_with_code(email: str) -> Client:
    """A browser whose person has typed a code too: here, one that had signed in before there was one."""
    found = list(Authenticator.objects.filter(user__email=email))
    Authenticator.objects.filter(user__email=email).delete()
    client = signed_in(email)
    Authenticator.objects.bulk_create(found)
    return client


def test_a_stranger_and_a_member_alone_cannot_change_it(company: Company) -> None:
    with_factor(Person.objects.get(email=OTHER))
    bo = signed_in_with_code(OTHER)
    assert bo.post(f"/c/{company.pk}/second-factor", {"demand": ""}).status_code == 403
    new_company("Två AB", "stranger@example.com")
    assert (
        signed_in("stranger@example.com").get(f"/c/{company.pk}/second-factor").status_code == 404
    )


def test_tokens_of_a_member_without_one_open_nothing_until_there_is_one(
    service_on_both: None,
) -> None:
    company = new_company("Ett AB", OWNER)
    new_member(company, OTHER, Role.STANDARD)
    with_factor(owner())
    mine, theirs = (issue(_member(company, one), WANTED, NOW) for one in (OWNER, OTHER))
    demanding.demand(company, owner())
    assert [(w.person.email, w.tokens) for w in demanding.without(company, NOW)] == [(OTHER, 1)]
    assert _by(mine) == OWNER
    with pytest.raises(SecondFactorNeeded):
        access_of(theirs, NOW)
    with pytest.raises(SecondFactorNeeded):
        issue(_member(company, OTHER), WANTED, NOW)
    wrong = theirs[:-1] + ("y" if theirs.endswith("x") else "x")
    assert access_of(wrong, NOW) is None, "a wrong secret learns nothing"
    with_factor(Person.objects.get(email=OTHER))
    assert _by(theirs) == OTHER


def _member(company: Company, email: str) -> Member:
    return Member.objects.select_related("person", "company").get(
        company=company, person__email=email
    )


def _by(token: str) -> str | None:
    access = access_of(token, NOW)
    return access.by if access else None


def test_recovery_codes_alone_are_no_second_factor(company: Company) -> None:
    with_factor(owner())
    demanding.demand(company, owner())
    bo = Person.objects.get(email=OTHER)
    Authenticator.objects.create(user=bo, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert demanding.lacks(company, bo)


def test_no_office_is_connected_by_who_is_closed_out(company: Company) -> None:
    with_factor(owner())
    demanding.demand(company, owner())
    other = new_member(company, "c@example.com", Role.SUPERUSER)
    assert [choice.free for choice in choices(other)] == [False]
    assert [choice.free for choice in choices(owner())] == [True]
    assert (
        f"{company.name}</h2>"
        not in signed_in("c@example.com").get("/id/connections").content.decode()
    )


def test_a_closed_samsyn_id_has_no_tokens_that_open(service_on_both: None) -> None:
    company = new_company("Ett AB", OWNER)
    token = issue(_member(company, OWNER), WANTED, NOW)
    assert _by(token) == OWNER
    Person.objects.filter(email=OWNER).update(is_active=False)
    assert access_of(token, NOW) is None


def test_a_first_second_factor_ends_the_sessions_of_the_password_alone(company: Company) -> None:
    here, elsewhere = signed_in(OWNER), signed_in(OWNER)
    here.post("/id/still-you?next=/id/second-factor/app", {"password": PASSWORD})
    page = here.get("/id/second-factor/app").content.decode()
    secret = re.findall(r"[A-Z2-7]{32}", page)[0]
    code = _code(secret)
    assert here.post("/id/second-factor/app", {"code": code}).status_code == 302
    assert here.get(f"/c/{company.pk}").status_code == 200
    assert elsewhere.get(f"/c/{company.pk}").status_code == 302


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))
