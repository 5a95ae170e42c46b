"""A person answers an office's question on the service's pages; nobody answers for him."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from samsyn.online.companies.models import Company, Member, Role
from samsyn.online.connecting.choosing import NEW_IN_A_DAY
from samsyn.online.mail.models import OutgoingMail
from samsyn.protocol.approval import Answer, Answered, Ask, Asked
from samsyn.protocol.messages import PairRequest
from samsyn.records import approval, pairing
from samsyn.records.clock import now, now_s
from samsyn.records.connections import authenticate
from tests.pages.people import new_company, new_member, new_person, signed_in

ANNA = "anna@example.com"
OFFICE = Ask("DESK-1", "nordlund.db", "sqlite", "Nordlund AB", "Anna Berg")


@pytest.fixture(autouse=True)
def _nobody_has_asked(service: None) -> None:
    approval.asks.forget()
    approval.wrong_codes.forget()


def asked(told: Ask = OFFICE) -> Asked:
    """An office on the browser's own machine has asked."""
    return approval.ask(told, "127.0.0.1", now(), now_s())


def page(codes: Asked) -> str:
    """Where the question is answered."""
    return f"/connect/{codes.code}"


def state(codes: Asked) -> Answered:
    """What the office hears."""
    return approval.answered(codes.secret, "127.0.0.1", now_s())


def redeemed(codes: Asked, renew: str | None = None) -> str:
    """The credential that the office makes of it."""
    told = PairRequest(codes.secret, "DESK-1", "nordlund.db", "sqlite", renew)
    return pairing.redeem(told, now(), now_s()).secret


def test_a_new_company_is_made_and_the_office_connects_to_it() -> None:
    new_person(ANNA)
    browser, codes = signed_in(ANNA), asked()
    found = browser.post("/connect", {"code": codes.code.lower().replace("-", " ")})
    assert found.headers["Location"] == page(codes)
    shown = browser.get(page(codes)).content.decode()
    assert all(word in shown for word in ("DESK-1", "nordlund.db", "Nordlund AB", "Anna Berg"))
    assert state(codes).answer is Answer.WAITING
    done = browser.post(page(codes), {"company": "new", "name": "Nordlund AB"})
    assert done.status_code == 200
    company = Company.objects.get()
    told = state(codes)
    assert (told.answer, told.company, told.email) == (Answer.APPROVED, company.pk, ANNA)
    assert Member.objects.get(company=company).role == Role.SUPERUSER
    assert authenticate(redeemed(codes)).tenant.company == company.pk


def test_nothing_is_approved_by_opening_links_or_typing_the_code() -> None:
    new_company("Nordlund AB", ANNA)
    browser, codes = signed_in(ANNA), asked()
    browser.get(f"/connect?code={codes.code}")
    browser.post("/connect", {"code": codes.code})
    browser.get(page(codes))
    assert state(codes).answer is Answer.WAITING


def test_a_no_ends_the_question() -> None:
    company = new_company("Nordlund AB", ANNA)
    browser, codes = signed_in(ANNA), asked()
    browser.post(page(codes), {"company": company.pk, "no": ""})
    assert state(codes).answer is Answer.REFUSED
    assert browser.post(page(codes), {"company": company.pk}).status_code == 410
    assert browser.post("/connect", {"code": codes.code}).status_code == 200


@pytest.mark.parametrize("role", [Role.STANDARD, Role.READ_ONLY, None])
def test_only_a_superuser_connects_an_office_to_a_company_g9(role: Role | None) -> None:
    company = new_company("Nordlund AB", "boss@example.com")
    if role is None:
        new_person(ANNA)
    else:
        new_member(company, ANNA, role)
    browser, codes = signed_in(ANNA), asked()
    assert company.pk not in browser.get(page(codes)).content.decode()
    answer = browser.post(page(codes), {"company": company.pk})
    assert b"aria-invalid" in answer.content or b"errors" in answer.content
    assert state(codes).answer is Answer.WAITING


def test_a_connected_company_is_told_as_such_and_not_connected_twice() -> None:
    company = new_company("Nordlund AB", ANNA)
    browser, first, second = signed_in(ANNA), asked(), asked()
    browser.post(page(first), {"company": company.pk})
    redeemed(first)
    assert b"DESK-1, last heard from" in browser.get(page(second)).content
    browser.post(page(second), {"company": company.pk})
    assert state(second).answer is Answer.WAITING


def test_a_renewal_is_for_the_companys_own_superuser_and_renews_that_connection() -> None:
    company = new_company("Nordlund AB", ANNA)
    browser, codes = signed_in(ANNA), asked()
    browser.post(page(codes), {"company": company.pk})
    known = authenticate(redeemed(codes))
    again = asked(Ask("DESK-1", "x", "sqlite", "N", "", company.pk, known.connection))
    new_company("Två AB", "eve@example.com")
    eve = signed_in("eve@example.com")
    assert eve.get(page(again)).status_code == 410
    assert eve.post(page(again)).status_code == 410
    assert state(again).answer is Answer.WAITING
    assert signed_in(ANNA).post(page(again)).status_code == 200
    assert authenticate(redeemed(again, known.connection)).connection == known.connection


def test_a_code_is_guessed_ten_times_a_minute_and_no_more() -> None:
    new_company("Nordlund AB", ANNA)
    browser, codes = signed_in(ANNA), asked()
    for _ in range(pairing.WRONG_PER_ADDRESS):
        browser.post("/connect", {"code": "AAAA-AAAA"})
    assert b"Too many" in browser.post("/connect", {"code": codes.code}).content
    assert browser.get(page(codes)).status_code == 410


def test_a_question_from_another_network_address_is_marked() -> None:
    new_company("Nordlund AB", ANNA)
    browser = signed_in(ANNA)
    assert b"not the same as yours" not in browser.get(page(asked())).content
    away = approval.ask(OFFICE, "203.0.113.9", now(), now_s())
    assert b"not the same as yours" in browser.get(page(away)).content


def test_what_an_office_says_of_itself_is_shown_and_never_run() -> None:
    new_company("Nordlund AB", ANNA)
    codes = asked(Ask("<script>x</script>", "<b>", "sqlite", '"><img src=x>', "'"))
    shown = signed_in(ANNA).get(page(codes)).content.decode()
    assert "<script>x" not in shown
    assert "<img src=x" not in shown


def test_without_being_signed_in_one_is_asked_to_and_comes_back() -> None:
    new_company("Nordlund AB", ANNA)
    codes, browser = asked(), Client()
    first = browser.get(f"/connect?code={codes.code}")
    assert b"/id/sign-in?next=/connect%3Fcode%3D" in first.content
    assert browser.get(page(codes)).status_code == 302
    told = {"login": ANNA, "password": "ett riktigt långt lösenord"}
    back = browser.post("/id/sign-in", told).headers["Location"]
    assert back == f"/connect?code={codes.code}"


def test_superusers_get_a_letter() -> None:
    company = new_company("Nordlund AB", ANNA)
    new_member(company, "boss@example.com", Role.SUPERUSER)
    new_member(company, "none@example.com", Role.STANDARD)
    browser, codes = signed_in(ANNA), asked()
    browser.post(page(codes), {"company": company.pk})
    letters = OutgoingMail.objects.all()
    assert sorted(letter.to for letter in letters) == [ANNA, "boss@example.com"]
    assert all("DESK-1" in letter.text for letter in letters)


def test_one_person_makes_so_many_companies_a_day() -> None:
    new_person(ANNA)
    browser = signed_in(ANNA)
    for n in range(NEW_IN_A_DAY):
        browser.post(page(asked()), {"company": "new", "name": f"Nr {n}"})
    codes = asked()
    assert b"Name of the new company" not in browser.get(page(codes)).content
    browser.post(page(codes), {"company": "new", "name": "One more"})
    assert Company.objects.count() == NEW_IN_A_DAY


def test_a_new_company_has_a_name() -> None:
    new_person(ANNA)
    browser, codes = signed_in(ANNA), asked()
    assert (
        b"Give the new company a name"
        in browser.post(page(codes), {"company": "new", "name": " "}).content
    )
    assert not Company.objects.exists()


def test_who_signed_in_long_ago_shows_once_more_who_he_is() -> None:
    new_company("Nordlund AB", ANNA)
    browser, codes = signed_in(ANNA), asked()
    with override_settings(ACCOUNT_REAUTHENTICATION_TIMEOUT=0):
        answer = browser.get(page(codes))
    assert answer.status_code == 302
    assert "/id/still-you" in answer.headers["Location"]


def test_strangers_who_look_leave_nothing_in_the_database() -> None:
    for _ in range(3):
        assert Client().get("/connect?code=K7QF-2M9X").status_code == 200
    assert not Session.objects.exists()
