"""Runs the office program's pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from samsyn.webkit.serving import Address, check, listen, run

__all__ = ["Address", "check", "serve"]


def serve(address: Address, ready: Callable[[str], None], *, with_agents: bool = True) -> bool:
    """Serve until Ctrl-C, SIGTERM or SIGHUP; whether to begin again, which SIGHUP means.

    `ready` is called with the URL once requests are answered. Beside the pages an agent runs for
    each connected company database, unless somebody else runs them.
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
        with _agents() if with_agents else nullcontext():
            return run(address, opened, build(), ready)
    finally:
        close_page_threads()


def _agents() -> AbstractContextManager[None]:
    from samsyn.agent.lease import this_computer
    from samsyn.office.agents import Agents, running
    from samsyn.office.companies.databases import databases
    from samsyn.office.synchronising.alarming import Alarms

    return running(Agents(this_computer(), databases, Alarms()))
