"""Headers that every answer carries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from samsyn.online.refusals import not_allowed

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}

Sync = Callable[[HttpRequest], HttpResponseBase]
Async = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


class SecureHeaders:
    """Sets the headers without a thread of its own, so that held requests stay cheap."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Sync | Async) -> None:
        self.get_response = get_response
        self.waits = iscoroutinefunction(get_response)
        if self.waits:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """The answer with the headers, now or when it comes."""
        if self.waits:
            return self._later(request)
        # told apart in __init__
        return _finished(request, cast(Sync, self.get_response)(request))

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        # told apart in __init__
        return _finished(request, await cast(Async, self.get_response)(request))


def _finished(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        response = not_allowed(request, response.headers.get("Allow", "GET"))
    if isinstance(response, HttpResponse):
        response.headers.setdefault("Content-Length", str(len(response.content)))
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
