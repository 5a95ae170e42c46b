"""An office asks; a person who has no Samsyn ID yet makes one, comes back to the question, and says yes."""

from __future__ import annotations

from contextlib import closing

import pytest

from samsyn.agent.http import HttpService
from samsyn.protocol.approval import Answer, Ask, Watch
from tests.browser.conftest import NewVisitor
from tests.online.office import Office
from tests.online.running import Service

OFFICE = Ask("DESK-1", "nordlund.db", "sqlite", "Nordlund AB", "Anna Berg")
PASSWORD = "ett riktigt långt lösenord"


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_newcomer_makes_an_id_and_a_company_and_says_yes(
    visitor: NewVisitor, online: Service, language: str
) -> None:
    email = f"new.{language}@example.com"
    with closing(HttpService(online.url)) as office:
        codes = office.ask_approval(OFFICE)
        anna = visitor(language=language)
        anna.go(f"/connect?code={codes.code}")
        anna.look(f"connect-first-{language}")
        anna.page.locator("main a.wide").nth(1).click()
        anna.fill(name="Anna Berg", email=email, password1=PASSWORD)
        anna.send()
        anna.follow(email)
        anna.send()
        anna.fill(login=email, password=PASSWORD)
        anna.send()
        anna.page.wait_for_url(f"**/connect?code={codes.code}")
        anna.look(f"connect-find-{language}")
        anna.send()
        anna.sees("nordlund.db")
        anna.look(f"connect-answer-{language}")
        assert office.watch_approval(Watch(codes.secret)).answer is Answer.WAITING
        anna.send()
        anna.page.locator("main .empty h1").wait_for()
        anna.look(f"connect-done-{language}")
        told = office.watch_approval(Watch(codes.secret, hold_s=10))
        assert (told.answer, told.email, told.company_name) == (
            Answer.APPROVED, email, "Nordlund AB",
        )  # fmt: skip
        assert "DESK-1" in anna.letter_to(email)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_superuser_sees_what_is_connected_already_and_says_no(
    visitor: NewVisitor, online: Service, language: str
) -> None:
    owner = f"boss.{language}@example.com"
    online.command("create-company", "Fjäll AB", "--owner", owner)
    company = online.command("create-company", "Norrsken AB", "--owner", owner)["company"]
    password = online.command("new-password", owner)["password"]
    Office(online.url, online.command("pairing-code", "--company", company)["code"])
    with closing(HttpService(online.url)) as office:
        codes = office.ask_approval(OFFICE)
        boss = visitor(language=language)
        boss.sign_in(owner, password)
        boss.go("/connect")
        boss.fill(code="ZZZZ-ZZZZ")
        boss.send()
        boss.look(f"connect-wrong-{language}")
        boss.fill(code=codes.code)
        boss.send()
        boss.sees("Norrsken AB")
        boss.look(f"connect-taken-{language}")
        boss.page.locator("button[name=no]").click()
        boss.page.locator("main .empty h1").wait_for()
        boss.look(f"connect-refused-{language}")
        assert office.watch_approval(Watch(codes.secret)).answer is Answer.REFUSED
        boss.go(f"/connect/{codes.code}")
        boss.look(f"connect-gone-{language}")
