"""API tokens in the browser: made, used, seen by whom, revoked."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.online.office import CATALOG, Office
from tests.online.running import Program, Service


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_token_is_made_shown_once_used_and_revoked(
    visitor: NewVisitor, online: Service, language: str
) -> None:
    owner = f"token.{language}@example.com"
    company = online.command("create-company", "Nyckelns AB", "--owner", owner)["company"]
    office = Office(online.url, online.command("pairing-code", "--company", company)["code"])
    for one in CATALOG.types:
        office.load(one.name)
    anna = visitor(language=language)
    password = online.command("new-password", owner)["password"]
    anna.sign_in(owner, password)
    anna.go(f"/c/{company}/tokens")
    anna.look(f"tokens-none-{language}")
    anna.page.locator("main .head a.button").click()
    anna.fill(password=password)  # still the same person?
    anna.page.locator("main button").first.click()
    anna.page.locator("main details summary").click()
    anna.look(f"token-new-{language}")
    anna.page.locator("[name=all]").select_option("")
    anna.send()
    expect(anna.page.locator(".errors").first).to_be_visible()
    anna.look(f"token-wrong-{language}")
    anna.fill(name="Webbshoppen")
    anna.page.locator("[name='type:contacts']").select_option("write")
    anna.page.locator("[name=conflicts]").select_option("mend")
    anna.send()
    token = anna.page.locator(".secret").inner_text()
    anna.look(f"token-made-{language}")
    anna.page.locator("main a[href='/developers']").click()
    expect(anna.page.locator("[data-example='verify.py']")).to_be_visible()
    anna.look(f"guide-{language}")
    program = Program(online.url, company, token)
    program.create("contacts", name="Ny kund")
    program.send("GET", "records/products").refused(404, "UNKNOWN_TYPE")
    anna.go(f"/c/{company}/tokens")
    assert token not in anna.page.content()
    row = anna.page.locator("tbody tr", has_text="Webbshoppen")
    expect(row).to_be_visible()
    anna.look(f"tokens-{language}")
    row.locator("a.bad").click()
    anna.look(f"token-revoke-{language}")
    anna.send()
    expect(row.locator("a.bad")).to_have_count(0)
    program.send("GET", "types").refused(401, "UNAUTHORIZED")
