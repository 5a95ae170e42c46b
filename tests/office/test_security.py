"""What keeps strangers out of the office program: sessions, forms, headers, hosts, and the log of it."""

from __future__ import annotations

import json
import stat

import pytest

from tests.office.people import add_user, signed_in
from tests.office.running import OTHER_PASSWORD, PASSWORD, Office, Person

COOKIE = "samsyn_office_session"


def log_of(office: Office) -> list[dict[str, str]]:
    """The events that the program has logged."""
    (path,) = office.home.glob("security-*.log")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_session_is_another_after_signing_in_and_a_planted_one_opens_nothing(
    office: Office,
) -> None:
    someone, planted = Person(office.url), "p" * 32
    someone.cookies[COOKIE] = planted
    assert someone.sign_in("anna").status == 302
    assert someone.cookies[COOKIE] != planted
    stranger = Person(office.url)
    stranger.cookies[COOKIE] = planted
    assert stranger.get("/users").to.startswith("/sign-in?")


def test_signing_out_ends_the_session_at_the_program(office: Office) -> None:
    someone = Person(office.url)
    someone.sign_in("anna")
    kept = someone.cookies[COOKIE]
    assert someone.get("/users").status == 200
    someone.post("/sign-out")
    someone.cookies[COOKIE] = kept
    assert someone.get("/users").to.startswith("/sign-in?")


def test_a_form_without_our_mark_or_from_elsewhere_is_refused(office: Office, anna: Person) -> None:
    token = anna.cookies.pop("samsyn_office_csrf")
    sent = {"csrfmiddlewaretoken": token, "username": "x", "name": "x"}
    assert anna._ask("POST", "/users/new", sent).status == 403
    anna.cookies["samsyn_office_csrf"] = token
    elsewhere = {"Origin": "https://evil.example"}
    assert anna._ask("POST", "/users/new", sent, elsewhere).status == 403
    assert "forged_form" in [event["event"] for event in log_of(office)]


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_nobody_is_sent_on_to_another_site(office: Office, where: str) -> None:
    someone = Person(office.url)
    answer = someone.post("/sign-in", username="anna", password=PASSWORD, next=where)
    assert answer.status == 302
    assert "evil" not in answer.to
    assert "javascript" not in answer.to


def test_pages_carry_every_header(office: Office) -> None:
    told = Person(office.url).get("/sign-in").headers
    policy = told["Content-Security-Policy"]
    for rule in ("default-src 'none'", "object-src 'none'", "base-uri 'none'"):
        assert rule in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Referrer-Policy"] == "same-origin"
    assert told["Cache-Control"] == "no-store"
    assert "HttpOnly" in told["Set-Cookie"]
    assert "SameSite=Lax" in told["Set-Cookie"]


def test_common_words_made_longer_are_no_password_here_either(office: Office, anna: Person) -> None:
    _key, given = add_user(anna, "guessable", "standard")
    someone = Person(office.url)
    someone.sign_in("guessable", given)
    told = {"now": given, "password": "Samsyn-Samsyn!", "again": "Samsyn-Samsyn!"}
    assert someone.post("/me/password", **told).shows("is guessed as fast")


def test_what_happens_at_the_way_in_is_logged_without_secrets(office: Office, anna: Person) -> None:
    key, given = add_user(anna, "logged", "reader")
    someone = signed_in(office, "logged", given)
    assert someone.get("/companies/add").status == 403
    someone.post("/sign-out")
    Person(office.url).sign_in("logged", "wrong wrong wrong")
    Person(office.url).sign_in("nobody-has-this", "wrong wrong wrong")
    log = log_of(office)
    about = [event for event in log if key in (event.get("person"), event.get("by"))]
    assert [event["event"] for event in about] == [
        "access_changed",
        "signed_in",
        "password_changed",
        "refused",
        "signed_out",
        "sign_in_failed",
    ]
    assert about[1]["from"] == "127.0.0.1"
    assert about[3]["path"] == "/companies/add"
    assert log[-1]["person"] == "nobody"
    text = json.dumps(log)
    for secret in (PASSWORD, OTHER_PASSWORD, given, "wrong wrong", "nobody-has-this"):
        assert secret not in text
