"""Webhooks in the browser: made, tried, failing, changed, removed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import Visitor
from tests.online.conftest import Company
from tests.online.running import Service, running
from tests.waiting import until
from tests.webhooks.receiver import receiving


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose operator lets webhooks go to this machine."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SAMSYN_ONLINE_WEBHOOKS_PRIVATE", "true")
        with running(tmp_path_factory.mktemp("private")) as service:
            yield service


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_webhook_is_made_tried_changed_and_removed(
    chromium: Browser, private: Service, tmp_path: Path, language: str
) -> None:
    company = Company(private)
    company.load_all()
    shots = Path(os.environ.get("SAMSYN_SHOTS") or tmp_path)
    anna = Visitor(chromium, private.url, shots, language=language)
    password = private.command("new-password", company.owner)["password"]
    anna.sign_in(company.owner, password)
    with receiving() as receiver:
        anna.go(f"/c/{company.id}/webhooks")
        anna.look(f"webhooks-none-{language}")
        anna.page.locator("main .head a.button").click()
        anna.fill(password=password)  # still the same person?
        anna.page.locator("main button").first.click()
        anna.fill(name="Webbshoppen", url="ftp://example.com")
        anna.send()
        expect(anna.page.locator(".errors").first).to_be_visible()
        anna.look(f"webhook-wrong-{language}")
        anna.fill(url=receiver.url)
        anna.send()
        secret = anna.page.locator(".secret").inner_text()
        anna.look(f"webhook-made-{language}")
        anna.page.locator("main a.button.main").click()
        anna.look(f"webhook-empty-{language}")
        receiver.answers = [503]
        company.program.create("contacts", name="Ny kund")
        until(lambda: len(receiver.got) == 1)
        anna.page.reload()
        expect(anna.page.locator(".notice.warning")).to_be_visible()
        anna.look(f"webhook-failing-{language}")
        anna.page.locator("main .head button.main").click()  # a test; what waits goes first
        until(lambda: receiver.events == ["record.created", "webhook.test"])
        expect(anna.page.locator("#log .tag.good")).to_have_count(2)  # by itself
        assert receiver.got[-1].is_signed_by(secret)
        anna.page.reload()
        anna.look(f"webhook-{language}")
        anna.page.locator("tbody tr a").last.click()
        anna.look(f"webhook-message-{language}")
        anna.page.locator("main button.main").click()
        until(lambda: len(receiver.got) == 4)
        anna.go(f"/c/{company.id}/webhooks")
        anna.look(f"webhooks-{language}")
        anna.page.locator("tbody th a").click()
        anna.page.locator("main a.bad").click()
        anna.look(f"webhook-remove-{language}")
        anna.send()
        expect(anna.page.locator(".empty")).to_be_visible()
    anna.context.close()
