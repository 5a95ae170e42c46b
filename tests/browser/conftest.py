"""One Chromium and one running service for each test process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import NARROW, WIDE, Visitor, chromium_running
from tests.browser.stories import Story
from tests.online.running import Service

NewVisitor = Callable[..., Visitor]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser. It ends before tests of other folders run: Playwright keeps an event loop
    in this thread as long as it lives, beside which Django refuses to use a database.
    """
    with chromium_running() as browser:
        yield browser


@pytest.fixture(scope="session")
def online(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running service on SQLite; its address is a name, as passkeys demand.

    Its e-mail goes to the console and to the outbox page.
    """
    service = Service(tmp_path_factory.mktemp("online"), "")
    service.start()
    service.url = service.url.replace("127.0.0.1", "localhost")
    yield service
    code, err = service.stop()
    assert code == 0
    assert "Traceback" not in err, err


@pytest.fixture
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures of pages go: where somebody wants to look at them, or nowhere."""
    told = os.environ.get("SAMSYN_SHOTS")
    return Path(told) if told else tmp_path_factory.mktemp("shots")


@pytest.fixture
def visitor(chromium: Browser, online: Service, shots: Path) -> Iterator[NewVisitor]:
    """Makes people, each with a browser of his own: `visitor(language="sv")`.

    Who is walked in both languages sits at a desk in Swedish and has a telephone in English.
    """
    made: list[Visitor] = []

    def new(**options: object) -> Visitor:
        options.setdefault("size", NARROW if options.get("language") == "en" else WIDE)
        made.append(Visitor(chromium, online.url, shots, **options))  # type: ignore[arg-type]  # options of a context
        return made[-1]

    yield new
    for one in made:
        one.context.close()


@pytest.fixture(params=["sv", "en"])
def story(request: pytest.FixtureRequest, chromium: Browser, shots: Path) -> Iterator[Story]:
    """A story in each language."""
    made = Story(chromium, shots, request.param)
    yield made
    made.close()
