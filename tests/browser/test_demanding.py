"""A company that demands a second factor, from the superuser's decision to the member who comes in again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.test_samsyn_id import PASSWORD, confirmed, signed_up, totp
from tests.online.running import Service


@pytest.mark.parametrize("language", ["sv", "en"])
def test_it_is_demanded_closes_a_member_out_and_lets_him_in_again(
    visitor: NewVisitor, online: Service, language: str
) -> None:
    owner, guest = f"demands.{language}@example.com", f"lacks.{language}@example.com"
    anna, carl = (signed_up(visitor, one, language=language) for one in (owner, guest))
    made = online.command("create-company", "Krav AB", "--owner", owner)["company"]
    online.command("create-token", "--company", made, "--email", guest)
    decide = f"/c/{made}/second-factor"
    anna.go(f"/c/{made}/members")
    anna.page.locator(f"a[href='{decide}']").click()
    anna.look(f"factor-not-yet-{language}")
    expect(anna.page.locator("[name=demand]")).to_have_count(0)
    add_factor(anna)
    anna.go(decide)
    anna.look(f"factor-demand-{language}")
    anna.page.locator("[name=demand]").click()
    anna.sees(guest)
    anna.look(f"members-demanded-{language}")
    anna.go(decide)
    anna.look(f"factor-demanded-{language}")
    anna.letter_to(guest)

    carl.go(f"/c/{made}")
    carl.look(f"factor-needed-{language}")
    carl.page.locator("main a.main").click()
    add_factor(carl)
    carl.go(f"/c/{made}")
    expect(carl.page.locator("h1")).to_contain_text("Krav AB")


def add_factor(person: Visitor) -> None:
    """Set up an app with codes."""
    confirmed(person, "/id/second-factor/app")
    secret = person.page.locator(".secret").inner_text()
    person.fill(code=totp(secret))
    person.send()
    expect(person.page.locator(".codes li")).to_have_count(10)


def test_who_signs_in_by_the_password_alone_is_asked_for_the_code(visitor: NewVisitor) -> None:
    """The sessions that were open before the first factor are over."""
    person = signed_up(visitor, "two.browsers@example.com")
    elsewhere = visitor()
    elsewhere.sign_in("two.browsers@example.com", PASSWORD)
    add_factor(person)
    elsewhere.go("/id")
    elsewhere.fill(login="two.browsers@example.com", password=PASSWORD)
    elsewhere.send()
    expect(elsewhere.page.locator("[name=code]")).to_be_visible()
