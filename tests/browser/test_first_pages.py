"""The pages that a stranger meets."""

from __future__ import annotations

import pytest

from tests.browser.conftest import NewVisitor
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
