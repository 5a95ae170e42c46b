"""Runs the office program's pages."""

from __future__ import annotations

from collections.abc import Callable

from samsyn.webkit.serving import Address, check, listen, run

__all__ = ["Address", "check", "serve"]


def serve(address: Address, ready: Callable[[str], None]) -> bool:
    """Serve until Ctrl-C, SIGTERM or SIGHUP; whether to begin again, which SIGHUP means. `ready` is called with the URL once requests are answered.

    Django must have been set up (`startup.open_office`). Errors: TlsRequired,
    TlsFiles, AddressTaken.
    """
    from django.conf import settings

    from samsyn.office.asgi import build
    from samsyn.webkit.page_threads import close_page_threads

    check(address)
    opened = listen(address)
    secure = address.tls or address.behind_proxy
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = secure
    try:
        return run(address, opened, build(), ready)
    finally:
        close_page_threads()
