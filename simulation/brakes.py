"""Brakes: types that wait for a person, who lets them go on or has it undone."""

from __future__ import annotations

from samsyn.agent import holding
from samsyn.companydb.held import Held, Phase, Side, held
from samsyn.core.brakes import BrakeLimits
from simulation import sight
from simulation.company import Company
from simulation.office import AgentDb

CLOSE = BrakeLimits(few=2, share=0.3, same_few=2, same_share=0.6)
"""So low that a small table is held."""
PATIENCE = 5
"""How often a person has the same type undone; then it is let go."""


def tighten(company: Company) -> None:
    """The brakes of a company with few rows."""
    db = AgentDb(company.url)
    try:
        for record_type in db.types.values():
            holding.set_limits(db, record_type.name, CLOSE)
    finally:
        db.close()


def decide(company: Company) -> bool:
    """A person looks at what is held, and decides on one; whether there was anything."""
    waiting = waiting_for_person(company)
    if not waiting:
        return False
    told = company.random.choice(waiting)
    company.oracle.decided.add(told.type)
    db = AgentDb(company.url)
    try:
        tired = company.undone[told.type] >= PATIENCE
        if company.random.random() < 0.5 or tired:
            company.trace(f"{company.name}: {told.type} is let go on, {told.why}")
            holding.release(db, told.type)
        else:
            company.trace(f"{company.name}: {told.type} is to be undone, {told.why}")
            company.undone[told.type] += 1
            company.undoing(told.type, at_office=told.side is Side.OFFICE)
            holding.undo(db, told.type)
    finally:
        db.close()
    return True


def waiting_for_person(company: Company) -> list[Held]:
    """What is held and not decided on; a changed table is no matter for this."""
    if not sight.books_of(company.program).waiting:
        return []
    db = AgentDb(company.url)
    try:
        found = held(db).values()
    finally:
        db.close()
    return [one for one in found if one.phase is Phase.HELD and one.side is not Side.SCHEMA]


def is_held_for_schema(company: Company) -> bool:
    """Whether a type waits to be attached again."""
    found = company.program.execute(
        "SELECT EXISTS (SELECT 1 FROM samsyn_meta WHERE name GLOB 'held:*'"
        ' AND value LIKE \'%"side":"schema"%\' AND value NOT LIKE \'%"phase"%\')'
    )
    return bool(next(iter(found))[0])
