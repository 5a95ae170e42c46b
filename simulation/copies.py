"""A copy of the company database started elsewhere: it never syncs by itself (FM22, G7)."""

from __future__ import annotations

from samsyn.agent import home
from samsyn.agent.lease import Computer
from simulation import template
from simulation.company import Company
from simulation.office import FAR, AgentDb
from simulation.verdict import Broken

DESK = Computer("desk", "desk", FAR, 0.0)


def settle(company: Company) -> None:
    """The database is at home where it lies."""
    db = AgentDb(company.url)
    try:
        with db.transaction():
            home.settle(db, DESK)
    finally:
        db.close()


def start(company: Company) -> None:
    """Somebody copies the database as it is and starts an agent on the copy. Raises Broken.

    Where a person says that the copy is the one (`--moved`), it is what a
    backup is that is put back: whoever of the two speaks later is refused.
    """
    url = template.new_url()
    copy = template.opened_by_program(url)
    template.copied(company.program, copy)
    db = AgentDb(url)
    try:
        home.check(db, DESK)
    except home.DatabaseElsewhere:
        company.trace(f"{company.name}: a copy is started elsewhere, and refused")
        return
    finally:
        db.close()
        copy.close()
    raise Broken("G7", "a copy of the database would sync by itself")
