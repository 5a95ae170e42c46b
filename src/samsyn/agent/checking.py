"""Verification of a connected database, with a lease of its own or beside an agent at rest."""

from __future__ import annotations

from collections.abc import Callable

from samsyn.agent.clock import now_text
from samsyn.agent.lease import Computer, LeaseHeld
from samsyn.agent.runner import connected_service
from samsyn.agent.syncing import session_of, watch_until_rest
from samsyn.agent.trace import Trace, no_trace
from samsyn.agent.verify import Certificate, verify
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.urls import CompanyUrl


def certify(
    url: CompanyUrl, me: Computer, *, timeout_s: float = 60.0, trace: Trace = no_trace
) -> Certificate:
    """Brings both sides to rest and compares every record."""
    db = open_company_db(url)
    service = None
    try:
        service = connected_service(db)

        def compared(rest: Callable[[], object]) -> Certificate:
            return verify(db, service, lambda: _done(rest), now_text())

        try:
            with session_of(db, service, me, trace) as session:
                return compared(session.exchange)
        except LeaseHeld:
            return compared(lambda: watch_until_rest(db, service, timeout_s))
    finally:
        if service is not None:
            service.close()
        db.close()


def _done(work: Callable[[], object]) -> None:
    work()
