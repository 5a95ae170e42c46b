"""Whoever has to sign in or to create a Samsyn ID first comes back to the office's question afterwards.

The letter that confirms a new address is opened later, and its link knows nothing of the question.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

_KEPT = "connect"


def keep(request: HttpRequest, code: str) -> str:
    """Note the question in the browser's session; the address to come back to."""
    request.session[_KEPT] = code
    return _address(code)


def forget(request: HttpRequest) -> None:
    """He is back."""
    request.session.pop(_KEPT, None)


def kept(request: HttpRequest) -> str | None:
    """Where the person wanted to go, or None."""
    code = request.session.get(_KEPT)
    return None if code is None else _address(code)


def _address(code: str) -> str:
    page = reverse("connect")
    return f"{page}?{urlencode({'code': code})}" if code else page
