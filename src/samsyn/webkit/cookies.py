"""Cookies that no other host can set or read: their names say so to the browser wherever TLS is spoken."""

from __future__ import annotations

from django.conf import settings

HOST = "__Host-"


def named(name: str, *, secure: bool) -> str:
    """The cookie's name; browsers take `__Host-` from the host itself alone, by TLS and for all its pages."""
    return f"{HOST}{name}" if secure else name


def travel_by_tls(secure: bool) -> None:
    """Settle, once it is known how the program is reached, how its cookies are named and sent."""
    for kind in ("SESSION", "CSRF"):
        plain = getattr(settings, f"{kind}_COOKIE_NAME").removeprefix(HOST)
        setattr(settings, f"{kind}_COOKIE_NAME", named(plain, secure=secure))
        setattr(settings, f"{kind}_COOKIE_SECURE", secure)
