"""What somebody beside the agent can say of a stall, also where the agent itself hangs or has ended (FM10)."""

from __future__ import annotations

from typing import ClassVar

from samsyn.agent import lease, stalling
from samsyn.agent.lease import Computer, Lease
from samsyn.agent.lines import What, lines, waiting_up
from samsyn.agent.runlog import Noted, noted
from samsyn.agent.runner import AgentState
from samsyn.agent.stalling import Alarm
from samsyn.companydb import books
from samsyn.companydb.opening import DatabaseBusy
from samsyn.companydb.rows import CompanyDb
from samsyn.core.errors import SamsynError

AGENT_SILENT = "AGENT_SILENT"
HEARD_ANYWAY = frozenset({What.HELD})
"""What waits for a person does so whether an agent runs or not."""


class NoAgent(SamsynError):
    """Something waits and no agent runs."""

    code: ClassVar[str] = "NO_AGENT"


def alarms_now(db: CompanyDb, me: Computer, online_head: int, now: str) -> tuple[Alarm, ...]:
    """The alarms that are on; `online_head` and `now` are as whoever asks knows them.

    Nothing is on where nobody is connected, or a person has paused the sync.
    """
    if books.connection(db) is None or books.fact(db, "paused", bool, False):
        return ()
    waiting = lines(db, online_head)
    told = stalling.alarms(db)
    still = {
        name: alarm
        for name, alarm in told.items()
        if name in waiting and waiting[name].mark == alarm.mark
    }
    current, heard = lease.current(db), stalling.last_heard(db)
    if not waiting or not stalling.is_long_ago(heard, now, stalling.limit_s(db)):
        return tuple(still.values())
    others = [alarm for alarm in still.values() if alarm.what in HEARD_ANYWAY]
    if all(line.what in HEARD_ANYWAY for line in waiting.values()):
        return tuple(others)
    why = _why_silent(db, current, agent_runs=lease.holder_alive(db, me))
    count = waiting_up(db)
    return (Alarm(What.AGENT, "", heard, why.code, why.facts, count), *others)


def _why_silent(db: CompanyDb, current: Lease, *, agent_runs: bool) -> Noted:
    """Why nobody has heard from the agent: it has ended, it cannot write, or it hangs."""
    said = books.fact(db, "agent", AgentState, AgentState())
    if not agent_runs:
        ended = noted(said.reason) if said.state == "stopped" else None
        return ended or Noted(NoAgent.code)
    if _is_locked(db):
        return Noted(DatabaseBusy.code, {"url": db.url.text})
    holder = current.holder.name if current.holder is not None else ""
    return Noted(AGENT_SILENT, {"computer": holder})


def _is_locked(db: CompanyDb) -> bool:
    """Whether another program keeps everybody from writing; nothing is written."""
    try:
        with db.transaction():
            return False
    except DatabaseBusy:
        return True
