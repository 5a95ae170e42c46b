"""Runs the office program's pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from samsyn.companydb.urls import CompanyUrl
from samsyn.webkit.serving import Address, check, listen, run

__all__ = ["Address", "check", "serve"]


def serve(
    address: Address,
    ready: Callable[[str], None],
    *,
    agents_for: Callable[[CompanyUrl], bool] = lambda url: True,
) -> bool:
    """Serve until Ctrl-C, SIGTERM or SIGHUP; whether to begin again, which SIGHUP means.

    `ready` is called with the URL once requests are answered. Beside the pages an agent runs for
    each connected company database for which one is wanted.
    Django must have been set up (`startup.open_office`). Errors: TlsRequired,
    TlsFiles, AddressTaken.
    """
    from samsyn.office.asgi import build
    from samsyn.webkit.cookies import travel_by_tls
    from samsyn.webkit.page_threads import close_page_threads

    check(address)
    opened = listen(address)
    travel_by_tls(address.tls or address.behind_proxy)
    try:
        with _agents(agents_for):
            return run(address, opened, build(), ready)
    finally:
        close_page_threads()


def _agents(wanted: Callable[[CompanyUrl], bool]) -> AbstractContextManager[None]:
    from samsyn.agent.lease import this_computer
    from samsyn.office.agents import Agents, running
    from samsyn.office.companies.databases import databases
    from samsyn.office.people.granting import users_told
    from samsyn.office.synchronising.alarming import Alarms

    def listed() -> Mapping[str, CompanyUrl]:
        return {name: url for name, url in databases().items() if wanted(url)}

    return running(Agents(this_computer(), listed, Alarms(), users_told))
