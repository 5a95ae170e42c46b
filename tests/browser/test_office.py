"""The office as its company's pages show it: connected by a code, revoked by a click."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from samsyn.protocol import PATH
from tests.browser.conftest import NewVisitor
from tests.online.office import Office
from tests.online.running import Service


@pytest.mark.parametrize("language", ["sv", "en"])
def test_an_office_is_connected_by_a_code_and_its_connection_revoked(
    visitor: NewVisitor, online: Service, language: str
) -> None:
    owner = f"office.{language}@example.com"
    company = online.command("create-company", "Norrsken AB", "--owner", owner)["company"]
    password = online.command("new-password", owner)["password"]
    anna = visitor(language=language)
    anna.sign_in(owner, password)
    anna.go(f"/c/{company}")
    anna.look(f"company-{language}")
    anna.go(f"/c/{company}/office")
    anna.look(f"office-none-{language}")
    anna.page.locator("main a.main").click()
    expect(anna.page).to_have_url(re.compile("/id/still-you"))
    anna.fill(password=password)
    anna.send()
    anna.look(f"code-ask-{language}")
    anna.send()
    code = anna.page.locator(".secret").inner_text()
    anna.look(f"code-told-{language}")
    office = Office(online.url, code)
    office.load("contacts")
    anna.go(f"/c/{company}/office")
    anna.sees("DESK-1")
    anna.look(f"office-{language}")
    anna.go("/id/connections")
    anna.look(f"connections-{language}")
    anna.page.locator("tbody a").click()
    anna.look(f"revoke-{language}")
    anna.send()
    expect(anna.page.locator("tbody .tag")).to_be_visible()
    refused = office._request("GET", "pull?since=0&floor=0&limit=1", None)
    assert refused.status in (401, 403), (PATH, refused.data)
