"""The start page's panels: arranged by mouse, by keyboard and without JavaScript, and live."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import NewVisitor
from tests.browser.test_registers import signed_in
from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import Service, records


@pytest.fixture
def company(online: Service) -> Company:
    made = Company(online)
    made.load_all()
    return made


def keys(panels: Locator) -> list[str]:
    told: list[str] = panels.evaluate_all("all => all.map(one => one.dataset.panel)")
    return told


@pytest.mark.parametrize(
    ("language", "later", "take_away", "add", "arrange"),
    [
        ("sv", "Flytta bakåt", "Ta bort", "Lägg till Register", "Ordna panelen"),
        ("en", "Move later", "Take away", "Add Registers", "Arrange the panel"),
    ],
)
def test_panels_are_moved_taken_away_and_added_by_keyboard_and_mouse(
    visitor: NewVisitor,
    company: Company,
    language: str,
    later: str,
    take_away: str,
    add: str,
    arrange: str,
) -> None:
    anna = signed_in(visitor, company, language)
    page = anna.go(f"/c/{company.id}")
    panels = page.locator(".desk-panel")
    first = keys(panels)
    anna.look(f"desktop-{language}")
    page.locator("#panel-office summary").focus()
    page.keyboard.press("Enter")
    page.locator("#panel-office").get_by_role("button", name=later).focus()
    page.keyboard.press("Enter")
    expect(panels.nth(1)).to_have_attribute("data-panel", "office")
    expect(page.locator("#panel-office button:focus")).to_have_count(1)
    anna.look(f"desktop-arranging-{language}")
    page.locator("#panel-registers summary").click()
    page.locator("#panel-registers").get_by_role("button", name=take_away).click()
    expect(page.locator("#panel-registers")).to_have_count(0)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("#panel-changes header").drag_to(page.locator("#panel-notices header"))
    expect(panels.first).to_have_attribute("data-panel", "changes")
    anna.go(f"/c/{company.id}")
    assert keys(panels)[0] == "changes"
    page.locator(".head summary").click()
    page.get_by_role("button", name=add).click()
    expect(panels.first).to_have_attribute("data-panel", "registers")
    assert sorted(keys(panels)) == sorted(first)
    assert anna.complaints == []


def test_panels_are_arranged_without_javascript(visitor: NewVisitor, company: Company) -> None:
    anna = visitor(language="en", java_script_enabled=False)
    anna.sign_in(company.owner, company.service.command("new-password", company.owner)["password"])
    page = anna.go(f"/c/{company.id}")
    panels = page.locator(".desk-panel")
    page.locator("#panel-notices summary").click()
    page.locator("#panel-notices").get_by_role("button", name="Move earlier").click()
    expect(panels.first).to_have_attribute("data-panel", "notices")


def test_what_happens_comes_into_an_open_page(visitor: NewVisitor, company: Company) -> None:
    anna = signed_in(visitor, company, "en")
    page = anna.go(f"/c/{company.id}")
    path = records("contacts", rid(2))
    assert company.program.send("PATCH", path, {"fields": {"phone": "1"}}).status == 200
    page.evaluate(
        "htmx.ajax('GET', document.querySelector('#panel-changes .content').getAttribute('hx-get'),"
        " {target: '#panel-changes .content', swap: 'outerHTML'})"
    )
    expect(page.locator("#panel-changes")).to_contain_text("Kund 02")
