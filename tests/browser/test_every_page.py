"""Every page that links lead to, of both programs: it opens, is accessible, fits a phone, and nothing complains."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from samsyn.core.changes import Put
from tests.browser.chromium import Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.crawling import Addresses, crawl
from tests.office.routes import routes as office_routes
from tests.office.running import PASSWORD, Office, Person, office_running
from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.routes import routes
from tests.online.running import Service, records


@pytest.fixture(scope="module")
def company(online: Service) -> Company:
    """A company in which something of everything has happened."""
    made = Company(online, "Norrsken Handel AB")
    made.load_all()
    made.program.send("PATCH", records("contacts", rid(2)), {"fields": {"phone": "08-1"}})
    made.program.create("contacts", name="Ny kund", photo="R0lGODlhAQABAAAAACw=")
    made.office.push(
        Put("contacts", rid(2), (2,), {"phone": "08-2"}, seen=0),
        Put("contacts", rid(3), (3,), {"nothing": "x"}, seen=0),
    )
    return made


def test_every_page_of_the_service(visitor: NewVisitor, online: Service, company: Company) -> None:
    password = online.command("new-password", company.owner)["password"]
    anna = visitor(language="sv")
    anna.sign_in(company.owner, password)
    pages = [r for r in routes() if not r.startswith(("api/", "health/"))]
    contact = f"/c/{company.id}/r/contacts/{rid(2)}"
    seen = crawl(anna, Addresses(pages), ["/", f"/c/{company.id}", contact, "/id", "/companies"])
    assert len(seen) > 40, sorted(seen)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office program with the sample company."""
    with office_running(tmp_path_factory.mktemp("office")) as started:
        first = Person(started.url)
        told = {"name": "Anna Berg", "username": "anna", "password": PASSWORD}
        assert first.post("/welcome", **told).status == 302
        assert first.post("/companies/sample").to == "/c/sample"
        yield started


def test_every_page_of_the_office(chromium: Browser, office: Office, tmp_path: Path) -> None:
    shots = Path(os.environ.get("SAMSYN_SHOTS", tmp_path))
    anna = Visitor(chromium, office.url, shots, language="sv")
    anna.go("/sign-in")
    anna.fill(username="anna", password=PASSWORD)
    anna.page.locator("main button").first.click()
    expect(anna.page.locator("details.menu.person")).to_be_visible()
    pages = [one.route for one in office_routes()]
    first = ["/c/sample", "/c/sample/r/contacts/contacts.10001", "/users", "/me", "/companies/add"]
    first += ["/c/sample/r/activities/calendar", "/c/sample/r/orders/orders.1001/lines"]
    first += ["/c/sample/r/drafts", "/c/sample/r/contacts/contacts.10001/history"]
    first += ["/c/sample/r/contacts/contacts.10001/related"]
    seen = crawl(anna, Addresses(pages), first)
    anna.context.close()
    assert len(seen) > 30, sorted(seen)
