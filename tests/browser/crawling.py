"""Walks a program's pages from link to link, each address once, and looks at every one."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence

from playwright.sync_api import Error

from tests.browser.chromium import Visitor

PLACE = re.compile(r"<(?:\w+:)?\w+>")


class Addresses:
    """The program's addresses as patterns, by which links are known to lead to the same page."""

    def __init__(self, routes: Iterable[str]) -> None:
        # Fewer places first, so that /new is not taken for a record.
        ordered = sorted(routes, key=lambda route: route.count("<"))
        self._patterns = [(route, re.compile(PLACE.sub("[^/]+", route))) for route in ordered]

    def route(self, path: str) -> str | None:
        """The pattern that an address belongs to."""
        bare = re.split(r"[?#]", path)[0].lstrip("/")
        return next((route for route, pattern in self._patterns if pattern.fullmatch(bare)), None)


def crawl(visitor: Visitor, addresses: Addresses, first: Sequence[str]) -> set[str]:
    """The routes that can be reached by links; each opens, and is looked at in both widths and colours."""
    todo, seen = deque(first), set[str]()
    while todo:
        path = todo.popleft()
        route = addresses.route(path)
        if route is None or route in seen:
            continue
        seen.add(route)
        if _opens(visitor, path):
            visitor.look(re.sub(r"\W+", "-", route).strip("-") or "first")
            todo.extend(_links(visitor))
    return seen


def _opens(visitor: Visitor, path: str) -> bool:
    """Whether the address is a page; a file is one that nobody needs to look at."""
    try:
        answer = visitor.page.goto(path)
    except Error as error:
        if "Download is starting" in str(error):
            return False
        raise
    assert answer is not None
    assert answer.status < 400, f"{path} answers {answer.status}"
    return "text/html" in answer.headers.get("content-type", "")


def _links(visitor: Visitor) -> list[str]:
    found: list[str] = visitor.page.eval_on_selector_all(
        "a[href]",
        "links => links.filter(a => a.origin === location.origin).map(a => a.pathname + a.search)",
    )
    return found
