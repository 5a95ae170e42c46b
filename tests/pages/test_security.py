"""What keeps strangers out: sessions, throttling, forms, hosts, secrets (docs/security.md)."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.test import Client, override_settings

from samsyn.online.companies.models import Person, Role
from samsyn.online.mail.models import OutgoingMail
from samsyn.webkit.cookies import travel_by_tls
from tests.pages.people import PASSWORD, new_company, new_member, new_person, signed_in

pytestmark = pytest.mark.usefixtures("service")


class Counting(Argon2PasswordHasher):
    """Counts the passwords that are hashed or checked."""

    count = 0

    def encode(self, password: str, salt: str) -> str:
        """As Argon2id, and one more."""
        Counting.count += 1
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """As Argon2id, and one more."""
        Counting.count += 1
        return super().verify(password, encoded)


@override_settings(PASSWORD_HASHERS=[f"{__name__}.Counting"])
def test_an_unknown_address_costs_a_password_check_too() -> None:
    new_person("known@example.com")
    Person.objects.create(email="named@example.com")
    costs = []
    for email in ("known@example.com", "named@example.com", "unknown@example.com"):
        Counting.count = 0
        Client().post("/id/sign-in", {"login": email, "password": "wrong wrong wrong"})
        costs.append(Counting.count)
    assert costs == [1, 1, 1]


def test_signing_in_is_throttled() -> None:
    new_person("known@example.com")
    client = Client()
    for _ in range(5):
        client.post("/id/sign-in", {"login": "known@example.com", "password": "wrong"})
    answer = client.post("/id/sign-in", {"login": "known@example.com", "password": PASSWORD})
    assert b"Too many attempts to sign in" in answer.content
    cache.clear()
    signed_in("known@example.com")


def test_another_host_gives_no_further_attempts() -> None:
    new_person("known@example.com")
    for number in range(5):
        told = {"login": "known@example.com", "password": "wrong"}
        Client().post("/id/sign-in", told, headers={"host": f"{number}.example"})
    told = {"login": "Known@example.com", "password": PASSWORD}
    answer = Client().post("/id/sign-in", told, headers={"host": "another.example"})
    assert b"Too many attempts to sign in" in answer.content
    cache.clear()


def test_the_session_is_another_after_signing_in() -> None:
    new_person("known@example.com")
    client = Client()
    client.get("/id/sign-in")
    session = client.session
    session["planted"] = "by a stranger"
    session.save()
    before = session.session_key
    client.cookies["samsyn_session"] = before or ""
    client.post("/id/sign-in", {"login": "known@example.com", "password": PASSWORD})
    assert client.session.session_key not in (None, before)
    planted = Client()
    planted.cookies["samsyn_session"] = before or ""
    assert planted.get("/companies").status_code == 302


def test_signing_out_ends_the_session_on_the_server() -> None:
    new_person("known@example.com")
    client = signed_in("known@example.com")
    kept = client.cookies["samsyn_session"].value
    assert client.get("/companies").status_code == 200
    client.post("/id/sign-out")
    other = Client()
    other.cookies["samsyn_session"] = kept
    assert other.get("/companies").status_code == 302


def test_a_form_without_our_mark_is_refused() -> None:
    new_person("known@example.com")
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/id/sign-in", {"login": "known@example.com", "password": PASSWORD})
    assert answer.status_code == 403
    assert b"could not be sent" in answer.content


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_nobody_is_sent_on_to_another_site(where: str) -> None:
    new_person("known@example.com")
    told = {"login": "known@example.com", "password": PASSWORD, "next": where}
    answer = Client().post("/id/sign-in", told)
    assert "evil" not in answer["Location"]
    assert "javascript" not in answer["Location"]
    answer = Client().post("/language", {"language": "sv", "next": where})
    assert answer["Location"] == "/"


def test_a_strangers_host_gets_into_no_letter() -> None:
    new_person("known@example.com")
    client = Client()
    for path, told in (
        ("/id/password/forgotten", {"email": "known@example.com"}),
        ("/id/password/forgotten", {"email": "unknown@example.com"}),
        ("/id/sign-up", {"name": "N", "email": "new@example.com", "password1": PASSWORD}),
        ("/id/sign-up", {"name": "N", "email": "known@example.com", "password1": PASSWORD}),
    ):
        client.post(path, told, headers={"host": "evil.example"})
    letters = list(OutgoingMail.objects.values_list("text", flat=True))
    assert len(letters) == 4
    for letter in letters:
        assert re.findall(r"https?://[^/\s]+", letter)
        assert set(re.findall(r"https?://[^/\s]+", letter)) == {"https://samsyn.example"}
        assert "evil" not in letter


def test_the_outbox_is_for_this_machine_alone() -> None:
    client = Client()
    assert client.get("/outbox", headers={"host": "localhost:8500"}).status_code == 404
    with override_settings(SAMSYN_OUTBOX_PAGE=True):
        assert client.get("/outbox", headers={"host": "localhost:8500"}).status_code == 200
        assert client.get("/outbox", headers={"host": "evil.example"}).status_code == 404
        elsewhere = Client(REMOTE_ADDR="192.0.2.7")
        assert elsewhere.get("/outbox", headers={"host": "localhost:8500"}).status_code == 404
        with override_settings(SAMSYN_SMTP="smtp://mail.example"):
            assert client.get("/outbox", headers={"host": "localhost"}).status_code == 404


def test_who_waits_for_a_letter_is_led_to_the_outbox_where_there_is_one() -> None:
    for path in ("/id/confirm", "/id/password/sent"):
        assert "/outbox" not in Client().get(path).content.decode()
        with override_settings(SAMSYN_OUTBOX_PAGE=True):
            here = Client().get(path, headers={"host": "localhost:8500"}).content.decode()
            assert 'href="/outbox"' in here
            elsewhere = Client(REMOTE_ADDR="192.0.2.7").get(path, headers={"host": "localhost"})
            assert "/outbox" not in elsewhere.content.decode()


def test_secrets_of_second_factors_are_not_readable_in_the_database() -> None:
    person = new_person("known@example.com")
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    kept = str(Authenticator.objects.get(user=person).data)
    assert "JBSWY3DPEHPK3PXP" not in kept


def test_a_link_that_sets_a_password_confirms_the_address_it_came_to() -> None:
    company = new_company("Ett AB", "owner@example.com")
    new_member(company, "x@example.com", Role.STANDARD)
    Person.objects.filter(email="x@example.com").update(password="!")
    EmailAddress.objects.filter(email="x@example.com").delete()
    client = Client()
    client.post("/id/password/forgotten", {"email": "x@example.com"})
    link = re.search(r"https://samsyn.example(\S+)", OutgoingMail.objects.get().text)
    assert link
    form = client.get(link.group(1))
    told = {"password1": PASSWORD, "password2": PASSWORD}
    client.post(form["Location"], told)
    assert signed_in("x@example.com").get(f"/c/{company.pk}").status_code == 200


def test_pages_are_kept_by_nobody_and_framed_nowhere() -> None:
    answer = Client().get("/id/sign-in", secure=True)
    assert answer["Cache-Control"].startswith(("no-store", "max-age=0"))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Strict-Transport-Security"]
    assert "includeSubDomains" in answer["Strict-Transport-Security"]
    for rule in ("frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"):
        assert rule in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_by_tls_cookies_are_secure_and_of_this_host_alone() -> None:
    new_person("known@example.com")
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME")
    kept = {name: getattr(settings, name) for name in names}
    secure = {"SESSION_COOKIE_SECURE": False, "CSRF_COOKIE_SECURE": False}
    with override_settings(**kept, **secure):
        travel_by_tls(True)
        client = Client()
        client.get("/id/sign-in", secure=True)
        told = {"login": "known@example.com", "password": PASSWORD}
        client.post("/id/sign-in", told, secure=True, headers={"referer": "https://testserver/"})
        client.post("/language", {"language": "sv"}, secure=True)
        assert set(client.cookies) == {
            "__Host-samsyn_session",
            "__Host-samsyn_csrf",
            "__Host-samsyn_language",
        }
        for cookie in client.cookies.values():
            assert cookie["secure"]
            assert cookie["httponly"]
            assert cookie["samesite"] == "Lax"
            assert (cookie["path"], cookie["domain"]) == ("/", "")
        assert Person.objects.get(email="known@example.com").language == "sv"
    assert {name: getattr(settings, name) for name in names} == kept
