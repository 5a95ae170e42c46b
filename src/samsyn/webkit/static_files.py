"""The files that pages need beside their HTML: found in the packages, named by content, served from memory.

All of them share one mark, made of all their contents: an address never changes
its content, so browsers keep it for ever, and files may refer to each other by
relative address. Why not whitenoise: docs/decisions/0019-web-foundation.md.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import mimetypes
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import msgspec
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

Message = MutableMapping[str, Any]  # Any: as ASGI has it
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

PREFIX = "/static/"
FOR_EVER = b"public, max-age=31536000, immutable"
TEXTS = ("text/", "application/json", "image/svg+xml")
GZIP_FROM = 1000


class StaticFile(msgspec.Struct, frozen=True):
    """A file as it is sent; `gzipped` is None where that would not be shorter."""

    kind: str
    plain: bytes
    gzipped: bytes | None


@functools.cache
def paths() -> dict[str, Path]:
    """Every static file of the installed apps by its name."""
    found: dict[str, Path] = {}
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            found.setdefault(name, Path(storage.path(name)))
    return found


@functools.cache
def mark() -> str:
    """Differs whenever any of the files does."""
    digest = hashlib.sha256()
    for name, path in sorted(paths().items()):
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


@functools.cache
def load(name: str) -> StaticFile | None:
    """The file of that name, or None."""
    path = paths().get(name)
    if path is None:
        return None
    plain = path.read_bytes()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind == "application/json":
        kind += "; charset=utf-8"
    gzipped = None
    if kind.startswith(TEXTS) and len(plain) >= GZIP_FROM:
        gzipped = gzip.compress(plain, 9, mtime=0)
    return StaticFile(kind, plain, gzipped)


class MarkedStatic(StaticFilesStorage):
    """Gives `{% static %}` the addresses under the mark."""

    def url(self, name: str | None) -> str:
        """The address of a file; ValueError where there is none, so that a test finds it."""
        if name is None or name not in paths():
            raise ValueError(f"no static file {name}")
        return f"{PREFIX}{mark()}/{name}"


class StaticFiles:
    """An ASGI application that answers for the static files and hands on everything else."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """The file, 404, or what the application answers."""
        path: str = scope.get("path", "")
        if not path.startswith(PREFIX):
            await self.app(scope, receive, send)
            return
        told, _, name = path.removeprefix(PREFIX).partition("/")
        file = load(name) if told == mark() else None
        if file is None or scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 404, [(b"content-type", b"text/plain")], b"Not Found")
            return
        body, headers = _encoded(file, scope)
        headers += [
            (b"content-type", file.kind.encode()),
            (b"cache-control", FOR_EVER),
            (b"x-content-type-options", b"nosniff"),
            (b"cross-origin-resource-policy", b"same-origin"),
        ]
        await _answer(send, 200, headers, b"" if scope["method"] == "HEAD" else body)


def _encoded(file: StaticFile, scope: Message) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    if file.gzipped is None:
        return file.plain, [(b"content-length", str(len(file.plain)).encode())]
    accepts = b"".join(value for name, value in scope["headers"] if name == b"accept-encoding")
    body, headers = file.plain, [(b"vary", b"Accept-Encoding")]
    if b"gzip" in accepts:
        body = file.gzipped
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", str(len(body)).encode()))
    return body, headers


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
