"""Verification of a connected database, under a lease of its own or by the agent that runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing

from samsyn.agent import lease, resync
from samsyn.agent.certificates import Summary, certificates, summary
from samsyn.agent.clock import now_text
from samsyn.agent.lease import Computer, LeaseHeld
from samsyn.agent.loading import to_load
from samsyn.agent.pausing import wake_agent
from samsyn.agent.repairing import Repairer
from samsyn.agent.runner import TURNS, connected_service
from samsyn.agent.service import Service
from samsyn.agent.session import Session, new_record_id
from samsyn.agent.syncing import LOOK_S, check_paused, session_of, wait_for_agent
from samsyn.agent.trace import Trace, no_trace
from samsyn.agent.verify import Certificate, verify
from samsyn.companydb import books, held, unseen
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.urls import CompanyUrl


def certify(
    url: CompanyUrl,
    me: Computer,
    *,
    repair: bool = True,
    timeout_s: float = 60.0,
    trace: Trace = no_trace,
    pause: Callable[[float], None] = time.sleep,
) -> Certificate:
    """Compares every record, and repairs what differs unless only a look was asked for.

    Where an agent runs, it does the work; raises NotAtRest when it does not
    get further for `timeout_s`.
    """
    with closing(open_company_db(url)) as db, closing(connected_service(db)) as service:
        try:
            with session_of(db, service, me, trace) as session:
                return _by_us(db, service, session, trace, repair=repair)
        except LeaseHeld:
            if repair:
                return _by_agent(db, timeout_s, pause)
            return verify(db, service, lambda: pause(LOOK_S), now_text())


def last(url: CompanyUrl) -> Summary:
    """What the comparisons said last; nothing is compared now."""
    with closing(open_company_db(url)) as db:
        return summary(db)


def _by_us(
    db: CompanyDb, service: Service, session: Session, trace: Trace, *, repair: bool
) -> Certificate:
    repairer = Repairer(db, service, session.continuity, new_record_id, trace) if repair else None
    return verify(db, service, lambda: session.exchange(at_most=TURNS), now_text(), repairer)


def _by_agent(db: CompanyDb, timeout_s: float, pause: Callable[[float], None]) -> Certificate:
    """Asks the agent that runs, and waits as long as it lives and is not done."""
    before = {no: told.count for no, told in certificates(db).items()}
    with db.transaction():
        for record_type in db.types.values():
            unseen.ask(db, record_type)
        wake_agent(db)

    def standing() -> tuple[int, int] | None:
        if not (_unanswered(db) or resync.is_wanted(db) or to_load(db)):
            return None
        check_paused(db)
        return _unanswered(db), lease.current(db).beat

    wait_for_agent(db, standing, timeout_s, pause)
    told = {no: one for no, one in certificates(db).items() if one.count != before.get(no)}
    return Certificate(
        identical=not any(one.left for one in told.values()),
        records=sum(one.records for one in told.values()),
        differences=[d for one in told.values() for d in one.differences],
        quarantine=sorted({entry.record for entry in books.quarantine(db)}),
        at=max((one.at for one in told.values()), default=now_text()),
        repaired=[d for one in told.values() for d in one.mended],
        types=list(told.values()),
        frozen=sum(one.frozen for one in told.values()),
        held=sorted(held.held_names(db)),
    )


def _unanswered(db: CompanyDb) -> int:
    """How many types that are not held are still to be compared."""
    return len(set(unseen.asked(db)) - held.held(db).keys())
