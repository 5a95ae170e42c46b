"""A person begins with the office program: from an empty home to a contact edited, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import Visitor
from tests.office.connecting import BERG
from tests.office.running import OTHER_PASSWORD, PASSWORD, Office, Person, office_running

WORDS = {
    "en": {
        "welcome": "Welcome to Samsyn", "add": "Add a company", "create": "Create a company",
        "save": "Save", "edit": "Edit", "users": "Users", "none": "Your access does not allow this",
        "gone": "This page does not exist",
    },
    "sv": {
        "welcome": "Välkommen till Samsyn", "add": "Lägg till företag", "create": "Skapa ett företag",
        "save": "Spara", "edit": "Ändra", "users": "Användare", "none": "Din behörighet räcker inte till",
        "gone": "Sidan finns inte",
    },
}  # fmt: skip


OF_A_PROGRAM = """
CREATE TABLE personal (nr INTEGER PRIMARY KEY, namn TEXT NOT NULL, lön NUMERIC);
INSERT INTO personal VALUES (1, 'Ek', 30000), (2, 'Al', 28000);
"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office program with an empty home."""
    with office_running(tmp_path / "home") as started:
        yield started


@pytest.mark.parametrize("language", ["en", "sv"])
def test_from_an_empty_home_to_a_contact_edited(
    chromium: Browser, office: Office, shots: Path, language: str
) -> None:
    words = WORDS[language]
    anna = new_visitor(chromium, office, shots, language)
    anna.go("/")
    anna.heading(words["welcome"])
    anna.look(f"office-welcome-{language}")
    anna.fill(name="Anna Berg", username="anna", password=PASSWORD)
    anna.send()
    anna.heading(words["add"])
    anna.look(f"office-add-{language}")
    anna.press(words["create"], "link")
    anna.fill(name="Berg Bygg AB", org_no="556036-0794", street="Storgatan 1", postal_code="90325")
    anna.fill(city="Umeå", phone="08-465 004 20", email="info@bergbygg.example")
    anna.send()
    expect(anna.page.locator("[name='org_no'][aria-invalid='true']")).to_be_visible()
    anna.look(f"office-create-{language}")
    anna.fill(org_no="556036-0793")
    anna.send()
    anna.heading("Berg Bygg AB")
    anna.look(f"office-start-{language}")
    anna.go("/c/berg-bygg/r/contacts/new")
    anna.fill(**{"v:name": "Skogs Trä AB", "v:phone": "08-123 45 67"})
    anna.send()
    anna.heading("Skogs Trä AB")
    anna.press(words["edit"], "link")
    anna.fill(**{"v:phone": "08-765 43 21"})
    anna.send()
    anna.sees("08-765 43 21")
    anna.sees("Anna Berg")
    anna.look(f"office-card-{language}")
    anna.context.close()


@pytest.mark.parametrize("language", ["en", "sv"])
def test_users_are_added_and_one_without_right_is_told_so(
    chromium: Browser, office: Office, shots: Path, language: str
) -> None:
    words = WORDS[language]
    anna = new_visitor(chromium, office, shots, language)
    anna.go("/")
    anna.fill(name="Anna Berg", username="anna", password=PASSWORD)
    anna.send()
    anna.page.locator("form[action='/companies/sample'] button").click()
    expect(anna.page.locator("nav.nav")).to_be_visible()
    anna.press(words["users"], "link")
    anna.look(f"office-users-{language}")
    anna.page.locator("a[href='/users/new']").click()
    anna.fill(name="Bo Ek", username="bo")
    anna.page.locator("select[name='access']").select_option("reader")
    anna.look(f"office-user-{language}")
    anna.send()
    password = anna.page.locator(".secret").inner_text()
    anna.look(f"office-password-{language}")
    for path, name in (
        ("/templates", "templates"), ("/templates/new", "template"), ("/signed-in", "signed-in"),
        ("/me", "me"), ("/registration", "registration"), ("/companies", "companies"),
        ("/c/sample/settings/company", "details"), ("/c/sample/settings/me", "employee"),
        ("/companies/attach", "attach"),
    ):  # fmt: skip
        anna.go(path)
        anna.look(f"office-{name}-{language}")
    bo = new_visitor(chromium, office, shots, language)
    bo.go("/users")
    bo.look(f"office-sign-in-{language}")
    bo.fill(username="bo", password=password)
    bo.send()
    bo.look(f"office-must-change-{language}")
    bo.fill(now=password, password=OTHER_PASSWORD, again=OTHER_PASSWORD)
    bo.send()
    expect(bo.page.locator("nav.nav")).to_be_visible()
    assert bo.page.locator("nav.nav a[href='/users']").count() == 0
    bo.go("/users")
    bo.heading(words["none"])
    bo.look(f"office-not-allowed-{language}")
    for one in (anna, bo):
        one.context.close()


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_database_is_attached_but_for_a_field_and_a_colleague_kept_out_of_it(
    chromium: Browser, office: Office, shots: Path, tmp_path: Path, language: str
) -> None:
    words = WORDS[language]
    with closing(apsw.Connection(str(tmp_path / "program.db"))) as made:
        made.execute(OF_A_PROGRAM)
    anna = new_visitor(chromium, office, shots, language)
    anna.go("/")
    anna.fill(name="Anna Berg", username="anna", password=PASSWORD)
    anna.send()
    anna.page.locator("form[action='/companies/sample'] button").click()
    anna.go(f"/companies/attach?folder={tmp_path}")
    anna.press("program.db", "link")
    anna.fill(name="Eks Trä AB")
    anna.send()
    anna.page.locator("details.fields summary").first.click()
    anna.page.get_by_label("Lön").check()
    anna.look(f"office-plan-{language}")
    anna.send()
    anna.page.wait_for_url("**/c/eks-tra/settings/company")
    anna.go("/c/eks-tra/r/personal/personal.1")
    anna.sees("Ek")
    expect(anna.page.get_by_text("30 000")).to_have_count(0)
    anna.go("/users/new")
    anna.fill(name="Bo Ek", username="bo")
    anna.page.get_by_label("Eks Trä AB").uncheck()
    anna.look(f"office-user-companies-{language}")
    anna.send()
    password = anna.page.locator(".secret").inner_text()
    bo = new_visitor(chromium, office, shots, language)
    bo.go("/")
    bo.fill(username="bo", password=password)
    bo.send()
    bo.fill(now=password, password=OTHER_PASSWORD, again=OTHER_PASSWORD)
    bo.send()
    bo.go("/companies")
    expect(bo.page.get_by_text("Eks Trä AB")).to_have_count(0)
    bo.go("/c/eks-tra")
    bo.heading(words["gone"])
    for one in (anna, bo):
        one.context.close()


def test_a_new_installation_takes_a_company_from_its_backup(
    chromium: Browser, office: Office, shots: Path, tmp_path: Path
) -> None:
    """In English; the other pages of a backup are walked in both languages beside."""
    kept = tmp_path / "berg.samsyn-backup"
    with office_running(tmp_path / "old") as old:
        first = Person(old.url)
        first.post("/welcome", name="Anna Berg", username="anna", password=PASSWORD)
        first.post("/companies/new", **BERG)
        first.post("/c/berg-bygg/r/contacts/new", **{"v:name": "Skogs Trä AB"})
        first.post("/c/berg-bygg/settings/backup", password=OTHER_PASSWORD)
        link = re.search(r'href="([^"]+samsyn-backup)"', first.open("/c/berg-bygg/settings/backup").text)  # fmt: skip
        assert link
        kept.write_bytes(first.data(link[1]))
    anna = new_visitor(chromium, office, shots, "en")
    anna.go("/")
    anna.fill(name="Anna Berg", username="anna", password=PASSWORD)
    anna.send()
    anna.press("Choose a backup", "link")
    anna.look("office-bring-in-en")
    for password, told in (("wrong", "The password is not the one"), (OTHER_PASSWORD, "is back")):
        anna.page.locator("main input[type=file]").set_input_files(kept)
        anna.page.locator("main [name=password]").fill(password)
        anna.send()
        anna.sees(told)
    expect(anna.page.locator("main [name=org_no]")).to_have_value("556036-0793")
    anna.page.locator("nav.nav a", has_text="Contacts").click()
    anna.sees("Skogs Trä AB")
    anna.context.close()


def new_visitor(chromium: Browser, office: Office, shots: Path, language: str) -> Visitor:
    """Somebody at a browser of his own."""
    return Visitor(chromium, office.url, shots, language=language)
