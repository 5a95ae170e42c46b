"""Runs the service: its pages and interfaces, its letters and its log of alarms."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from samsyn.online.configuration import Configuration
from samsyn.online.home import home
from samsyn.webkit.serving import Address, check, is_loopback, listen, run, url_of

log = logging.getLogger("samsyn.online")


def address(chosen: Configuration) -> Address:
    """Where to listen, as the configuration says; what `serving.check` raises."""
    found = Address(
        host=chosen.host,
        port=chosen.port,
        tls_cert=Path(chosen.tls_cert) if chosen.tls_cert else None,
        tls_key=Path(chosen.tls_key) if chosen.tls_key else None,
        behind_proxy=chosen.behind_proxy,
        shared=chosen.shared_port,
    )
    check(found)
    return found


def serve(address: Address, ready: Callable[[str], None]) -> bool:
    """Serve until Ctrl-C, SIGTERM or SIGHUP; whether to begin again, which SIGHUP means.

    `ready` is called with the URL once requests are answered. Django must have been set up (`startup.open_service`).
    """
    from django.conf import settings

    from samsyn.online import logs
    from samsyn.online.asgi import build
    from samsyn.online.mail.sender import sender
    from samsyn.online.notices.courier import courier
    from samsyn.online.operating.chores import Housekeeper
    from samsyn.online.webhooks.deliverer import deliverer
    from samsyn.records.worker import close_workers
    from samsyn.webkit.page_threads import close_page_threads

    logs.set_up(settings.SAMSYN)
    opened = listen(address)
    _warn_of_no_wall()
    _tell_settings(address, url_of(address, opened))
    housekeeper = Housekeeper()
    sender.start()
    housekeeper.start()
    courier.start()
    deliverer.start()
    try:
        return run(
            address,
            opened,
            build(),
            ready,
            beside=[_log_alarms],
            while_stopping=[_keep_answering],
        )
    finally:
        housekeeper.stop()
        courier.stop()
        deliverer.stop()
        sender.stop()
        close_page_threads()
        close_workers()


def _warn_of_no_wall() -> None:
    """PostgreSQL asks row-level security of no superuser: then the statements' own company is the only wall."""
    from samsyn.records.tenant import is_postgresql
    from samsyn.records.wall import is_walled

    if is_postgresql() and not is_walled():
        log.warning(
            "The role in PostgreSQL is a superuser or has BYPASSRLS: the database does not keep companies apart."
            " Give the service an ordinary role that owns its database (docs/operating.md)."
        )


def _tell_settings(address: Address, url: str) -> None:
    """What only the address tells: links, cookies that travel by TLS alone, the outbox page."""
    from django.conf import settings

    from samsyn.webkit.cookies import travel_by_tls

    settings.SAMSYN_URL = settings.SAMSYN_URL or url
    secure = address.tls or address.behind_proxy or settings.SAMSYN_URL.startswith("https:")
    travel_by_tls(secure)
    settings.SAMSYN_BEHIND_PROXY = address.behind_proxy
    settings.SAMSYN_OUTBOX_PAGE = (
        not secure and not address.behind_proxy and is_loopback(address.host)
    )


async def _log_alarms() -> None:
    from samsyn.online.alarm_log import AlarmLog, in_file

    await AlarmLog(in_file(home())).run()


async def _keep_answering() -> None:
    """Answer who waits for news, also those whose requests were still on their way: they ask again."""
    from samsyn.records.wakeup import hub

    while True:
        hub.release()
        await asyncio.sleep(0.05)
