"""Whoever has to sign in or to create a Samsyn ID first comes back to the office's question afterwards.

The letter that confirms a new address is opened later, and its link knows nothing of the question. A
cookie does; a session for each stranger who looks would fill the database.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from samsyn.protocol.approval import LAPSES_S

_COOKIE = "samsyn_connect"
_NO_CODE = "-"


def keep(response: HttpResponseBase, code: str) -> None:
    """Note the question in the browser, for as long as it is open."""
    response.set_signed_cookie(
        _COOKIE,
        code or _NO_CODE,
        max_age=LAPSES_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget(response: HttpResponseBase) -> None:
    """He is back."""
    response.delete_cookie(_COOKIE, samesite="Lax")


def kept(request: HttpRequest) -> str | None:
    """Where the person wanted to go, or None."""
    code = request.get_signed_cookie(_COOKIE, default=None, max_age=LAPSES_S)
    return None if code is None else address(code.removeprefix(_NO_CODE))


def address(code: str) -> str:
    """The page of the question."""
    page = reverse("connect")
    return f"{page}?{urlencode({'code': code})}" if code else page
