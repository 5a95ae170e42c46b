"""A person's way with a Samsyn ID, from the sign-up to the end of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Visitor
from tests.browser.conftest import NewVisitor
from tests.online.running import Service

PASSWORD = "ett riktigt långt lösenord"


def test_ones_data_comes_as_a_file_when_it_is_known_who_asks(visitor: NewVisitor) -> None:
    """Never the question itself as a file: a link that says `download` saves whatever is answered."""
    person = signed_up(visitor, "data@example.com")
    person.go("/id/data")
    person.press("Download", "link")
    expect(person.page).to_have_url(re.compile("/id/still-you"))
    person.fill(password=PASSWORD)
    with person.page.expect_download() as file:
        person.send()
    assert file.value.suggested_filename == "samsyn-id.json"
    assert "data@example.com" in file.value.path().read_text()


def totp(secret: str, step: int = 0) -> str:
    """The code that an app shows (RFC 6238), `step` half minutes from now."""
    count = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(secret), count, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def signed_up(visitor: NewVisitor, email: str, **options: str) -> Visitor:
    """Somebody with a confirmed Samsyn ID, signed in."""
    person = visitor(**options)
    person.go("/id/sign-up")
    person.fill(name="Britta Berg", email=email, password1=PASSWORD)
    person.send()
    expect(person.page).to_have_url(re.compile("/id/confirm$"))
    person.follow(email)
    person.send()
    person.sign_in(email, PASSWORD)
    return person


def confirmed(person: Visitor, path: str) -> None:
    """Open a page that first asks whether it is still the same person."""
    person.go(path)
    expect(person.page).to_have_url(re.compile("/id/still-you"))
    person.fill(password=PASSWORD)
    person.send()
    expect(person.page).to_have_url(re.compile(f"{path}$"))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_sign_up_confirm_second_factor_and_sign_in(visitor: NewVisitor, language: str) -> None:
    email = f"britta.{language}@example.com"
    britta = visitor(language=language)
    britta.go("/id/sign-up")
    britta.look(f"sign-up-{language}")
    britta.fill(name="Britta Berg", email=email, password1="password")
    britta.send()
    expect(britta.page.locator(".errors li").first).to_be_visible()
    britta.look(f"sign-up-refused-{language}")
    britta.fill(password1=PASSWORD)
    britta.send()
    expect(britta.page).to_have_url(re.compile("/id/confirm$"))
    britta.look(f"sign-up-sent-{language}")
    britta.go("/outbox")
    britta.look(f"outbox-{language}")
    britta.follow(email)
    britta.look(f"confirm-{language}")
    britta.send()
    britta.sign_in(email, PASSWORD)
    britta.look(f"no-company-{language}")
    britta.go("/id/second-factor/app")
    britta.look(f"still-you-{language}")
    confirmed(britta, "/id/second-factor/app")
    for path, name in (
        ("/id", "account"),
        ("/id/email", "email"),
        ("/id/password", "password"),
        ("/id/second-factor", "factor"),
        ("/id/sessions", "sessions"),
        ("/id/connections", "connections-none"),
        ("/id/data", "data"),
        ("/id/delete", "delete"),
    ):
        britta.go(path)
        britta.look(f"{name}-{language}")
    britta.go("/id/second-factor/app")
    britta.look(f"app-{language}")
    secret = britta.page.locator(".secret").inner_text()
    britta.fill(code="000000")
    britta.send()
    britta.look(f"app-refused-{language}")
    secret = britta.page.locator(".secret").inner_text()
    britta.fill(code=totp(secret))
    britta.send()
    expect(britta.page.locator(".codes li")).to_have_count(10)
    britta.look(f"codes-{language}")
    recovery = britta.page.locator(".codes li").first.inner_text()

    again = visitor(language=language)
    again.go("/id/sign-in")
    again.fill(login=email, password=PASSWORD)
    again.send()
    expect(again.page.locator("[name=code]")).to_be_visible()
    again.look(f"code-{language}")
    again.fill(code="123456")
    again.send()
    expect(again.page.locator(".errors li").first).to_be_visible()
    again.fill(code=recovery)
    again.send()
    expect(again.page.locator("details.menu.person")).to_be_visible()
    third = visitor(language=language)
    third.go("/id/sign-in")
    third.fill(login=email, password=PASSWORD)
    third.send()
    third.fill(code=recovery)
    third.send()
    expect(third.page.locator(".errors li").first).to_be_visible()  # it is spent


def test_a_session_is_ended_from_another_browser(visitor: NewVisitor) -> None:
    one = signed_up(visitor, "sessions@example.com")
    other = visitor()
    other.sign_in("sessions@example.com", PASSWORD)
    one.go("/id/sessions")
    expect(one.page.locator("tbody tr")).to_have_count(2)
    one.look("sessions-two")
    one.page.locator("tbody tr").nth(1).locator("button").click()
    expect(one.page.locator("tbody tr")).to_have_count(1)
    other.go("/companies")
    other.heading("Sign in")


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_is_good_once(
    visitor: NewVisitor,
) -> None:
    before = signed_up(visitor, "forgetful@example.com")
    person = visitor()
    person.go("/id/password/forgotten")
    person.look("forgotten")
    person.fill(email="forgetful@example.com")
    person.send()
    person.heading("Look in your e-mail")
    link = re.search(r"http\S+", person.letter_to("forgetful@example.com"))
    assert link
    person.page.goto(link.group())
    person.look("new-password")
    person.fill(password1=PASSWORD + "2", password2=PASSWORD + "2")
    person.send()
    person.heading("The password is changed")
    person.look("password-changed")
    person.page.goto(link.group())
    person.heading("The link cannot be used")
    person.look("link-used")
    before.go("/companies")
    before.heading("Sign in")
    person.sign_in("forgetful@example.com", PASSWORD + "2")


def test_nobody_learns_who_has_an_id(visitor: NewVisitor) -> None:
    signed_up(visitor, "known@example.com")
    answers = []
    for email in ("known@example.com", "unknown@example.com"):
        stranger = visitor()
        stranger.go("/id/password/forgotten")
        stranger.fill(email=email)
        stranger.send()
        stranger.heading("Look in your e-mail")
        forgotten = stranger.page.locator("main").inner_text()
        stranger.go("/id/sign-up")
        stranger.fill(name="X", email=email, password1="something long enough")
        stranger.send()
        stranger.heading("Look in your e-mail")
        answers.append((forgotten, stranger.page.url, stranger.page.locator("main").inner_text()))
    assert answers[0] == answers[1]


def test_a_passkey_signs_in_alone(visitor: NewVisitor) -> None:
    person = signed_up(visitor, "passkey@example.com", language="sv")
    with_key(person)
    confirmed(person, "/id/second-factor/passkeys/new")
    person.look("passkey-new-sv")
    person.fill(name="Kontorsdatorn")
    person.page.locator("form[data-passkey] button").click()
    expect(person.page.locator(".codes li")).to_have_count(10)
    person.go("/id/second-factor/passkeys")
    person.sees("Kontorsdatorn")
    person.look("passkeys-sv")
    person.page.locator("details.menu.person summary").click()
    person.press("Logga ut")
    person.heading("Samma bild av verksamheten")
    person.go("/id/sign-in")
    person.press("Logga in med en passnyckel")
    expect(person.page.locator("details.menu.person")).to_be_visible()


def with_key(person: Visitor) -> None:
    """Give the browser a security key of its own."""
    session = person.context.new_cdp_session(person.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_the_only_superuser_cannot_delete_the_id_and_anybody_else_can(
    visitor: NewVisitor, online: Service
) -> None:
    person = signed_up(visitor, "leaving@example.com")
    online.command("create-company", "Ensam AB", "--owner", "leaving@example.com")
    confirmed(person, "/id/delete")
    person.sees("Ensam AB")
    person.look("delete-held")
    free = signed_up(visitor, "free@example.com")
    confirmed(free, "/id/delete")
    free.fill(typed="wrong@example.com")
    free.send()
    free.sees("This is not your address.")
    free.fill(typed="free@example.com")
    free.send()
    free.heading("The Samsyn ID is deleted")
    free.go("/id/sign-in")
    free.fill(login="free@example.com", password=PASSWORD)
    free.send()
    free.sees("do not belong together")
