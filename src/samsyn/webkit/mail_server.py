"""The mail server as Django wants it described, from one address in the settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

FORM = (
    "A mail server is smtp://user:password@host:587 (STARTTLS), smtps://… (TLS), or smtp+plain://…"
)


def smtp_settings(url: str) -> dict[str, Any]:  # Any: as Django has settings
    """EMAIL_… of Django for a URL; empty where there is none.

    `smtp` begins TLS before it says who it is, `smtps` from the first byte;
    `smtp+plain` is for a server on the same machine. ImproperlyConfigured.
    """
    if not url:
        return {}
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(FORM) from error
    if parts.scheme not in ("smtp", "smtps", "smtp+plain") or not parts.hostname:
        raise ImproperlyConfigured(FORM)
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or {"smtp": 587, "smtps": 465}.get(parts.scheme, 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }
