"""The office program with scripts switched off: from an empty home to work, settings and back, by links and forms alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import Visitor
from tests.office.connecting import BERG
from tests.office.running import PASSWORD, Office, office_running

OF_A_PROGRAM = """
CREATE TABLE kunder (kundnr INTEGER PRIMARY KEY, namn TEXT NOT NULL, ort TEXT, hemligt TEXT);
CREATE TABLE besök (nr INTEGER PRIMARY KEY, kundnr INTEGER REFERENCES kunder, dag DATE, text TEXT);
INSERT INTO kunder VALUES (1, 'Ek Trä', 'Umeå', 'x'), (2, 'Al Metall', NULL, NULL);
INSERT INTO besök VALUES (1, 1, '2026-11-30', 'Mätte upp');
"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office program with an empty home."""
    with office_running(tmp_path / "home") as started:
        yield started


def test_all_that_a_firm_begins_with_works_without_scripts(
    chromium: Browser, office: Office, shots: Path, tmp_path: Path
) -> None:
    anna = Visitor(chromium, office.url, shots, language="sv", java_script_enabled=False)
    anna.go("/")
    anna.fill(name="Anna Berg", username="anna", password=PASSWORD)
    anna.send()
    anna.heading("Lägg till företag")
    _creates_a_company(anna)
    _works_in_a_register(anna)
    _opens_the_sample_company(anna)
    _attaches_a_database_but_for_a_field(anna, tmp_path / "program.db")
    _changes_settings(anna)
    anna.context.close()


def _creates_a_company(anna: Visitor) -> None:
    anna.press("Skapa ett företag", "link")
    anna.fill(**{name: told for name, told in BERG.items() if name != "country"})
    anna.send()
    anna.heading("Berg Bygg AB")


def _works_in_a_register(anna: Visitor) -> None:
    anna.page.locator("nav.nav a", has_text="Kontakter").click()
    anna.page.locator("a[href$='/r/contacts/new']").first.click()
    anna.fill(**{"v:name": "Skogs Trä AB", "v:phone": "08-123 45 67"})
    anna.send()
    anna.heading("Skogs Trä AB")
    anna.press("Ändra", "link")
    anna.fill(**{"v:phone": "08-765 43 21"})
    anna.send()
    anna.sees("08-765 43 21")
    anna.page.locator("nav.nav a", has_text="Kontakter").click()
    anna.page.locator("main input[type=search]").first.fill("skogs")
    anna.page.locator("main input[type=search]").first.press("Enter")
    anna.page.locator("main a", has_text="Skogs Trä AB").first.click()
    anna.heading("Skogs Trä AB")
    anna.page.locator("main a[href$='/history']").first.click()
    anna.sees("08-123 45 67")


def _opens_the_sample_company(anna: Visitor) -> None:
    anna.go("/companies/add")
    anna.press("Öppna exempelföretaget")
    expect(anna.page.locator("nav.nav")).to_be_visible()
    anna.page.locator("nav.nav a[href$='/r/orders']").click()
    anna.page.locator("main tbody a").first.click()
    expect(anna.page.locator("main h1")).to_be_visible()


def _attaches_a_database_but_for_a_field(anna: Visitor, path: Path) -> None:
    with closing(apsw.Connection(str(path))) as made:
        made.execute(OF_A_PROGRAM)
    anna.go(f"/companies/attach?folder={path.parent}")
    anna.page.locator("main a", has_text="program.db").click()
    anna.fill(name="Eks Trä AB")
    anna.send()
    anna.page.locator("details.fields summary").first.click()
    anna.page.locator("[name='without:kunder.hemligt']").check()
    anna.send()
    anna.page.wait_for_url("**/c/eks-tra/settings/company")
    anna.go("/c/eks-tra/r/kunder/kunder.1")
    anna.sees("Umeå")
    expect(anna.page.locator("main", has_text="Hemligt")).to_have_count(0)


def _changes_settings(anna: Visitor) -> None:
    anna.go("/me")
    anna.page.locator("select[name=theme]").select_option("dark")
    anna.send()
    expect(anna.page.locator("html[data-theme=dark]")).to_have_count(1)
    anna.go("/registration")
    anna.fill(company="Berg Bygg AB", contact="Anna Berg", phone="08-465 004 20")
    anna.send()
    anna.go("/users/new")
    anna.fill(name="Bo Ek", username="bo")
    anna.page.locator("[name=companies]").first.uncheck()
    anna.send()
    expect(anna.page.locator(".secret")).to_be_visible()
    anna.go("/c/berg-bygg/settings/backup")
    anna.send()
    anna.page.locator("a[href$='/restore']").click()
    anna.page.locator("main button.bad").click()
    anna.heading("Återställt")
    anna.go("/c/berg-bygg/settings/online")
    expect(anna.page.locator(".criterion").first).to_be_visible()
    anna.go("/c/berg-bygg")
    anna.page.locator("details.menu.person summary").click()
    anna.page.locator("form[action='/sign-out'] button").click()
    expect(anna.page.locator("main [name=username]")).to_be_visible()
