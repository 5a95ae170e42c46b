"""A Chromium that is started once, and people who use it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 20_000
"""How long a condition may take on a busy machine."""
REFUSAL = re.compile(r"status of 4\d\d|Status Error Code 4\d\d")
"""What Chromium and htmx say where the program refuses, as when a page looks for news of a company just suspended."""
WIDE, NARROW = (1280, 800), (390, 844)
TO_SEE = bool(os.environ.get("SAMSYN_SHOTS"))
"""Whether somebody wants to look at the pages himself."""
AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
"""All its rules; without the last line it describes every element that is in order, too, and takes twice as long."""


@contextmanager
def chromium_running() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    assert program, "no Chromium: `python3 dev.py test` installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Visitor:
    """A person at a browser of his own: cookies, language, width and colours."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        shots: Path,
        *,
        language: str = "en",
        size: tuple[int, int] = WIDE,
        **options: Any,  # what Playwright's contexts take
    ) -> None:
        self.url, self.shots, self.size = url, shots, size
        self.complaints: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=url,
            locale={"sv": "sv-SE", "en": "en-GB"}[language],
            viewport=dict(zip(("width", "height"), size, strict=True)),  # type: ignore[arg-type]  # a typed dict
            **options,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: Any) -> None:  # Any: Playwright's console message
        if message.type in ("error", "warning") and not REFUSAL.search(message.text):
            self.complaints.append(message.text)

    def go(self, path: str) -> Page:
        """Open an address of the service."""
        self.page.goto(path)
        return self.page

    def press(self, name: str, role: Any = "button") -> None:  # Any: a literal of ARIA roles
        """Press the control of that name."""
        self.page.get_by_role(role, name=name, exact=True).first.click()

    def fill(self, **fields: str) -> None:
        """Fill in the form's controls by their names."""
        for name, value in fields.items():
            self.page.locator(f"main [name='{name}']").fill(value)

    def sees(self, text: str) -> None:
        """Wait until the page shows the text."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def heading(self, text: str) -> None:
        """Wait until the page has that heading."""
        expect(self.page.get_by_role("heading", name=text).first).to_be_visible()

    def letter_to(self, email: str) -> str:
        """The newest letter to an address, from the outbox page: its text. The page stays open there."""
        self.go("/outbox")
        letter = self.page.locator("article", has_text=email).first
        return letter.locator(".letter").inner_text()

    def follow(self, email: str) -> None:
        """Open the link of the newest letter to an address."""
        self.go("/outbox")
        self.page.locator("article", has_text=email).first.locator("a").first.click()

    def send(self) -> None:
        """Press the main button of the page's first form."""
        self.page.locator("main button.main, main button.wide").first.click()

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the form."""
        self.go("/id/sign-in")
        self.fill(login=email, password=password)
        self.page.locator("main button").first.click()
        expect(self.page.locator("details.menu.person")).to_be_visible()

    def look(self, name: str) -> None:
        """Check the page as it stands for everybody: light and wide, dark and narrow.

        Accessible by axe, never wider than the screen, nothing that the browser
        complains of. With SAMSYN_SHOTS, pictures of all four go to that folder.
        """
        self.page.wait_for_load_state()
        for width, size in (("wide", WIDE), ("narrow", NARROW)):
            self.page.set_viewport_size({"width": size[0], "height": size[1]})
            for colours in ("light", "dark"):
                wanted = (width, colours) in (("wide", "light"), ("narrow", "dark"))
                if wanted or TO_SEE:
                    self.page.emulate_media(color_scheme=colours)
                    self._check(f"{name}-{width}-{colours}", wanted)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": self.size[0], "height": self.size[1]})
        assert self.complaints == [], f"{name}: {self.complaints}"

    def _check(self, name: str, accessible: bool) -> None:
        if TO_SEE:
            self.page.screenshot(path=self.shots / f"{name}.png", full_page=True)
        over = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, f"{name} is {over} pixels wider than the screen"
        if accessible:
            told = Axe().run(self.page, options=AXE)
            assert told.violations_count == 0, f"{name}:\n{told.generate_report()}"
