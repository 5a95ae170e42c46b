"""Lets a name in a path hold a slash: `orders%2F2024` is one name, not two."""

from __future__ import annotations

import re
from urllib.parse import unquote

from samsyn.webkit.limits import App, Message, Receive, Send

STAND_IN = "\ufdd0"
"""A code point that Unicode keeps out of every text."""
_ENCODED = re.compile(rb"%2f", re.IGNORECASE)


class EncodedSlashes:
    """An ASGI application that keeps encoded slashes apart from those between names."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Hand the request on with a path in which `%2F` became the stand-in."""
        raw: bytes = scope.get("raw_path") or b""
        if _ENCODED.search(raw):
            marked = _ENCODED.sub(STAND_IN.encode(), raw)
            scope = {**scope, "path": unquote(marked)}
        await self.app(scope, receive, send)


def name_in(segment: str) -> str:
    """The name that a segment of the path stands for."""
    return segment.replace(STAND_IN, "/")
