"""Headers that every answer carries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""No inline script or style, nothing from elsewhere."""
HEADERS = {
    "Content-Security-Policy": "; ".join(" ".join(rule) for rule in POLICY.items()),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"
"""Told on a connection with TLS alone, as the header demands."""

Sync = Callable[[HttpRequest], HttpResponseBase]
Async = Callable[[HttpRequest], Awaitable[HttpResponseBase]]
Refusal = Callable[[HttpRequest, HTTPStatus, str], HttpResponse]
"""How the program refuses: request, status and code (setting WEBKIT_REFUSAL)."""


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
        response = _not_allowed(request, response.headers.get("Allow", "GET"))
    if isinstance(response, HttpResponse):
        response.headers.setdefault("Content-Length", str(len(response.content)))
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure():
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    return response


def _not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """The address is right and the method is not; OPTIONS asks just that."""
    if request.method == "OPTIONS":
        answer = HttpResponse(status=HTTPStatus.NO_CONTENT)
    else:
        refusal: Refusal = import_string(settings.WEBKIT_REFUSAL)
        answer = refusal(request, HTTPStatus.METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED")
    answer["Allow"] = f"{allowed}, HEAD, OPTIONS" if "GET" in allowed else f"{allowed}, OPTIONS"
    return answer


class PrivatePages:
    """Has no browser or proxy keep a page: pages show a company's data."""

    def __init__(self, get_response: Sync) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, not to be kept unless it says otherwise."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
