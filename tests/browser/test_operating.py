"""The operator's pages and a company's data in the browser: suspended and resumed, taken along, its end asked for."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.test_samsyn_id import totp
from tests.online.conftest import Company
from tests.online.running import Service

WORDS = {
    "sv": {"suspended": "Företaget är avstängt", "ends": "Företaget tas bort den"},
    "en": {"suspended": "The company is suspended", "ends": "The company will be deleted on"},
}


def with_app(person: Visitor, password: str) -> None:
    """Add an app for codes to the person's Samsyn ID."""
    person.go("/id/second-factor/app")
    person.fill(password=password)
    person.send()
    person.fill(code=totp(person.page.locator(".secret").inner_text()))
    person.send()


def downloaded(person: Visitor, button: int) -> Path:
    with person.page.expect_download() as coming:
        person.page.locator("form[action*='/export/'] button").nth(button).click()
    return Path(coming.value.path())


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_company_is_suspended_resumed_taken_along_and_asked_to_end(
    visitor: NewVisitor, online: Service, language: str
) -> None:
    words = WORDS[language]
    made = Company(online)
    made.load_all()
    operator = f"drift.{language}@example.com"
    online.command("create-company", f"Driften {language} AB", "--owner", operator)
    online.command("operator", operator, "--grant")
    drift, owner = visitor(language=language), visitor(language=language)
    password = online.command("new-password", operator)["password"]
    drift.sign_in(operator, password)
    owner.sign_in(made.owner, online.command("new-password", made.owner)["password"])
    drift.go("/operator")
    drift.look(f"operator-no-factor-{language}")
    with_app(drift, password)
    drift.go("/operator")
    drift.look(f"operator-companies-{language}")
    drift.go(f"/operator?q={made.id}")
    drift.page.locator("tbody th a").first.click()
    drift.look(f"operator-company-{language}")
    here = f"/operator/companies/{made.id}"
    drift.go(f"{here}/suspend")
    drift.look(f"operator-suspend-{language}")
    drift.fill(why="Obetald faktura.")
    drift.send()
    drift.look(f"operator-suspended-{language}")
    owner.go(f"/c/{made.id}")
    owner.heading(words["suspended"])
    owner.sees("Obetald faktura.")
    owner.look(f"suspended-{language}")
    drift.page.locator("form[action$='/resume'] button").click()

    owner.go(f"/c/{made.id}/data")
    owner.look(f"data-{language}")
    with zipfile.ZipFile(downloaded(owner, 0)) as archive:
        assert archive.testzip() is None
        assert "records/contacts.csv" in archive.namelist()
    with sqlite3.connect(downloaded(owner, 1)) as db:
        assert db.execute("SELECT count(*) FROM contacts").fetchone() == (10,)
    owner.go(f"/c/{made.id}/data/end")
    owner.fill(name="Fel namn")
    owner.send()
    owner.look(f"data-end-{language}")
    owner.fill(name="Nordlund & Söner AB")
    owner.send()
    owner.look(f"data-ends-{language}")
    owner.go(f"/c/{made.id}/conflicts")
    owner.sees(words["ends"])
    owner.go(f"/c/{made.id}/data")
    owner.page.locator("form[action$='/stay'] button").click()
    owner.go(f"/c/{made.id}/conflicts")
    expect(owner.page.get_by_text(words["ends"])).to_have_count(0)

    if language == "en":
        return  # the same pages in the same shape
    drift.go("/operator/people?q=example.com")
    drift.look("operator-people")
    drift.page.locator("tbody th a").first.click()
    drift.look("operator-person")
    for name in ("health", "log"):
        drift.go(f"/operator/{name}")
        drift.look(f"operator-{name}")
