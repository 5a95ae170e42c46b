"""The pages that a stranger meets."""

from __future__ import annotations

import sqlite3

import pytest

from tests.browser.conftest import NewVisitor
from tests.online.conftest import Company
from tests.online.running import Service


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_stranger_is_told_what_this_is_and_may_sign_in(
    visitor: NewVisitor, language: str
) -> None:
    stranger = visitor(language=language)
    stranger.go("/")
    stranger.look(f"start-{language}")
    stranger.press({"sv": "Logga in", "en": "Sign in"}[language], "link")
    stranger.look(f"sign-in-{language}")
    stranger.fill(login="nobody@example.com", password="not the password")
    stranger.page.locator("main button").first.click()
    stranger.sees({"sv": "hör inte ihop", "en": "do not belong together"}[language])
    stranger.look(f"sign-in-refused-{language}")
    stranger.go("/nowhere")
    stranger.look(f"nowhere-{language}")


def test_a_person_signs_in_and_comes_to_the_company(visitor: NewVisitor, online: Service) -> None:
    online.command("create-company", "Norrsken Handel AB", "--owner", "anna@norrsken.example")
    password = online.command("new-password", "anna@norrsken.example")["password"]
    anna = visitor(language="sv")
    anna.go("/companies")
    anna.heading("Logga in")
    anna.fill(login="Anna@Norrsken.example", password=password)
    anna.page.locator("main button").first.click()
    anna.heading("Välj företag")
    anna.look("choose-company-sv")
    anna.press("Norrsken Handel AB Superanvändare", "link")
    anna.heading("Norrsken Handel AB")
    anna.look("company-sv")
    anna.page.locator("details.menu.person summary").click()
    anna.press("Logga ut")
    anna.heading("Samma bild av verksamheten")


def test_an_office_that_is_not_heard_is_told_on_a_telephone_too(
    visitor: NewVisitor, online: Service
) -> None:
    company = Company(online, "Norrsken Handel AB")
    company.load_all()
    company.program.create("contacts", name="Ny kund")
    with sqlite3.connect(online.home / "online.sqlite", timeout=10) as store:
        store.execute(
            "UPDATE records_connection SET last_seen = '2026-11-01T07:00:00.000Z'"
            " WHERE company_id = ?",
            (company.id,),
        )
    store.close()
    anna = visitor(language="sv")
    anna.sign_in(company.owner, online.command("new-password", company.owner)["password"])
    for path in ("", "/office"):
        anna.go(f"/c/{company.id}{path}")
        anna.sees("1 ändring väntar")
        anna.look(f"not-heard{path.replace('/', '-')}")
