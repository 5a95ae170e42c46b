"""What happens comes into pages that stand open: criteria, the header, panels, history; and panels are moved by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from samsyn.agent import pausing
from samsyn.companydb.urls import SqliteUrl
from tests.browser.stories import Connected, Story, connected_company
from tests.office.connecting import BERG, ONLINE, REGISTERED
from tests.office.running import PASSWORD, Office, Person, office_running
from tests.waiting import until

WORDS = {
    "sv": {
        "paused": "Pausad", "sync": "I synk", "arrange": "Ordna panelen", "later": "Flytta bakåt", "away": "Ta bort",
        "history": "Synkroniseringshistorik", "moved": "är nu panel 2 av", "panels": "Paneler", "add": "Lägg till",
    },
    "en": {
        "paused": "Paused", "sync": "In sync", "arrange": "Arrange the panel", "later": "Move later", "away": "Take away",
        "history": "Synchronisation history", "moved": "is now panel 2 of", "panels": "Panels", "add": "Add",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connected]:
    """One for all tests of this file."""
    with connected_company(tmp_path_factory.mktemp("live")) as made:
        yield made


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office with a company that is not registered yet."""
    with office_running(tmp_path_factory.mktemp("fresh")) as started:
        first = Person(started.url)
        first.post("/welcome", name="Anna Berg", username="anna", password=PASSWORD)
        assert first.post("/companies/new", **BERG).status == 302
        yield started


def test_criteria_turn_on_an_open_page_as_they_are_mended_elsewhere(
    fresh: Office, chromium: Browser, shots: Path
) -> None:
    story = Story(chromium, shots, "sv")
    anna = story.signed_in(fresh)
    anna.go(ONLINE)
    registration = anna.page.locator("[data-code=REGISTRATION]")
    expect(registration).to_have_class("criterion unmet")
    elsewhere = Person(fresh.url)
    elsewhere.sign_in("anna")
    assert elsewhere.post("/registration", **REGISTERED).status == 302
    expect(registration).to_have_class("criterion met")
    story.close()


def test_the_header_follows_on_any_page(company: Connected, chromium: Browser, shots: Path) -> None:
    words, story = WORDS["sv"], Story(chromium, shots, "sv")
    anna = story.signed_in(company.office)
    anna.go("/c/berg-bygg/r/contacts")
    state = anna.page.locator("header .state")
    expect(state).to_contain_text(words["sync"])
    url = SqliteUrl(str(company.ready.file))
    pausing.pause(url, paused=True)
    expect(state).to_contain_text(words["paused"])
    pausing.pause(url, paused=False)
    story.close()


def test_the_desktop_and_the_synchronisation_tab_show_what_is_synced_meanwhile(
    company: Connected, story: Story
) -> None:
    anna, other = story.signed_in(company.office), story.signed_in(company.office)
    panel = anna.go("/c/berg-bygg").locator("#panel-sync")
    history = other.go(f"{ONLINE}/sync").locator("#history")
    before, told = panel.inner_text(), history.locator("p").first.inner_text()
    conflicts = anna.page.locator("#panel-conflicts")
    pausing.pause(SqliteUrl(str(company.ready.file)), paused=True)
    company.city_online(f"Online {story.language}")
    company.sql("UPDATE employees SET city = $1", f"Kontoret {story.language}")
    pausing.pause(SqliteUrl(str(company.ready.file)), paused=False)
    expect(conflicts).to_contain_text(f"Online {story.language}")
    expect(panel).not_to_have_text(before)
    expect(history.locator("p").first).not_to_have_text(told)
    story.look(anna, "desktop")


def test_what_lost_is_written_once_more_from_the_records_own_history(
    company: Connected, chromium: Browser, shots: Path
) -> None:
    story = Story(chromium, shots, "en")
    anna = story.signed_in(company.office)
    pausing.pause(SqliteUrl(str(company.ready.file)), paused=True)
    company.city_online("Lost online")
    company.sql("UPDATE employees SET city = 'Kept here'")
    pausing.pause(SqliteUrl(str(company.ready.file)), paused=False)
    until(lambda: company.cities() == ("Kept here", "Kept here"))
    anna.go(f"/c/berg-bygg/r/employees/{company.ready.employee}/history")
    anna.sees("The office wrote “Kept here” and that stands. Online it was “Lost online”.")
    anna.press("Write what lost once more")
    until(lambda: company.cities() == ("Lost online", "Lost online"))
    anna.go(f"/c/berg-bygg/r/employees/{company.ready.employee}")
    anna.sees("Lost online")
    story.look(anna, "written-again")
    story.close()


def test_panels_are_moved_taken_away_and_put_back_by_keyboard(
    company: Connected, story: Story
) -> None:
    words = WORDS[story.language]
    anna = story.signed_in(company.office)
    page = anna.go("/c/berg-bygg")
    panels = page.locator(".desk-panel")
    first, second = keys(panels)[:2]
    menu = page.locator(f"#panel-{first} summary")
    menu.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=words["later"]).first.focus()
    page.keyboard.press("Enter")
    expect(panels.nth(1)).to_have_attribute("data-panel", first)
    expect(page.locator("#desktop [role=status]")).to_contain_text(words["moved"])
    page.locator(f"#panel-{second} summary").focus()
    page.keyboard.press("Enter")
    page.locator(f"#panel-{second}").get_by_role("button", name=words["away"]).focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#panel-{second}")).to_have_count(0)
    title = page.locator(".head details.tool")
    title.locator("summary").focus()
    page.keyboard.press("Enter")
    title.locator("form button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#panel-{second}")).to_have_count(1)
    assert anna.complaints == []


def keys(panels: Locator) -> list[str]:
    told: list[str] = panels.evaluate_all("all => all.map(one => one.dataset.panel)")
    return told


def test_the_settings_of_samsyn_online_work_without_javascript(
    company: Connected, chromium: Browser, shots: Path
) -> None:
    words, story = WORDS["en"], Story(chromium, shots, "en")
    anna = story.signed_in(company.office, java_script_enabled=False)
    page = anna.go(f"{ONLINE}/sync")
    anna.press("Pause")
    expect(page.locator("#live .state")).to_contain_text(words["paused"])
    anna.press("Resume")
    page.locator("#sync-computer").select_option(index=1)
    anna.press("Choose")
    expect(page.locator("#computer tbody")).to_contain_text("chosen")
    page.locator("#sync-computer").select_option(index=0)
    anna.press("Choose")
    anna.press("Compare now")
    anna.sees("The comparison has begun")
    page.get_by_role("link", name="All, search, export").last.click()
    page.locator("#days").select_option("30")
    anna.press("Show")
    page.wait_for_url("**days=30*")
    with page.expect_download() as file:
        page.get_by_role("link", name="Export").click()
    assert file.value.suggested_filename.endswith(".csv")
    anna.go(f"{ONLINE}/disconnect")
    page.locator("details summary").first.click()
    anna.sees("Employees")
    story.close()
