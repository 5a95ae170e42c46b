"""Update the connection: after a restore both sides are taken up again as a person chose."""

from __future__ import annotations

from contextlib import closing

from samsyn.agent import home, lease, restore_plan
from samsyn.agent.lease import Computer
from samsyn.agent.loading import Progress, no_progress
from samsyn.agent.restore_plan import Plan
from samsyn.agent.restoring import carry_out
from samsyn.agent.runner import connected_service
from samsyn.agent.underway import Choice
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.urls import CompanyUrl
from samsyn.protocol.restoring import Standing


def planned(url: CompanyUrl) -> Plan:
    """What differs between both sides after a restore; nothing is changed. Raises NotConnected."""
    with closing(open_company_db(url)) as db, closing(connected_service(db)) as service:
        return restore_plan.plan(db, service)


def update(
    url: CompanyUrl, me: Computer, choice: Choice, progress: Progress = no_progress
) -> Standing:
    """Carries out what a person chose, up to where an ordinary sync goes on.

    Raises NotConnected, DatabaseElsewhere, LeaseHeld where an agent runs, and
    what `restoring.carry_out` raises. Called again after any trouble it goes on.
    """
    with closing(open_company_db(url)) as db, closing(connected_service(db)) as service:
        home.check(db, me)
        fence = lease.acquire(db, me)
        try:
            return carry_out(db, service, fence, choice, progress=progress)
        finally:
            lease.release(db, lease.current(db).fence)
