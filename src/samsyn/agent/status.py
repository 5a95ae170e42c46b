"""How a company database stands: connected or not, in sync or what waits."""

from __future__ import annotations

import msgspec

from samsyn.agent import hearing, home, lease, runlog
from samsyn.agent.certificates import Summary, summary
from samsyn.agent.clock import now_text
from samsyn.agent.drifting import new_columns
from samsyn.agent.lease import Computer
from samsyn.agent.loading import to_load
from samsyn.agent.pairing import unsent_changes
from samsyn.agent.runner import AgentState, connected_service
from samsyn.agent.service import ServiceRefused
from samsyn.agent.stalling import Alarm
from samsyn.companydb import books, held
from samsyn.companydb.claim import last_batch
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.urls import CompanyUrl
from samsyn.core.errors import SamsynError
from samsyn.protocol.messages import PAUSED, State

WENT_BACK = "DATABASE_WENT_BACK"
"""The service has taken batches that this database has not made."""


class Status(msgspec.Struct, frozen=True):
    """The state as one word, and what it is made of.

    `state` is in_sync, syncing, offline, paused or stopped; `why` tells why
    where it is not in_sync. What the service says is None where it did not
    answer.
    """

    state: str
    why: runlog.Noted | None
    waiting_up: int
    waiting_down: int | None
    quarantine: int
    last_sync: str | None
    connection: books.Connection | None
    agent_runs: bool
    sync_computer: str | None
    records: int
    to_load: int
    verified: Summary
    held: tuple[held.Held, ...] = ()
    """The types that wait for a person."""
    new_columns: dict[str, tuple[str, ...]] = {}
    """Columns that came since the tables were attached, by type."""
    alarms: tuple[Alarm, ...] = ()
    """What has not moved for over a minute while connected, and why."""


def status(url: CompanyUrl, me: Computer) -> Status:
    """How the database stands now, after asking the service. Raises NotAttached."""
    db = open_company_db(url)
    try:
        return _status(db, me)
    finally:
        db.close()


def _status(db: CompanyDb, me: Computer) -> Status:
    connection = books.connection(db)
    theirs, trouble = (None, None) if connection is None else _asked(db)
    waiting_up = unsent_changes(db)
    loading = to_load(db) if connection is not None else 0
    waiting_down = theirs.waiting_down if theirs is not None else None
    agent_runs = lease.holder_alive(db, me)
    state, why = _state(
        db,
        connection is not None,
        theirs,
        trouble,
        agent_runs,
        elsewhere=home.elsewhere(db, me) if connection is not None else None,
        waits=bool(waiting_up or waiting_down or loading),
    )
    computer = lease.chosen_computer(db) or lease.current(db).holder
    last = runlog.last_sync(db)
    return Status(
        state=state,
        why=why,
        waiting_up=waiting_up + loading,
        waiting_down=waiting_down,
        quarantine=max(books.quarantine_count(db), theirs.quarantine if theirs else 0),
        last_sync=last.at or None,
        connection=connection,
        agent_runs=agent_runs,
        sync_computer=computer.name if computer is not None else None,
        records=sum(db.count(t) for t in db.types.values() if t.no not in held.unreadable(db)),
        to_load=loading,
        verified=summary(db),
        held=tuple(held.held(db).values()),
        new_columns=new_columns(db),
        alarms=hearing.alarms_now(
            db, me, theirs.online_head if theirs is not None else 0, now_text()
        ),
    )


def _asked(db: CompanyDb) -> tuple[State | None, SamsynError | None]:
    service = connected_service(db)
    try:
        return service.state(books.cursor(db)), None
    except SamsynError as error:
        return None, error
    finally:
        service.close()


def _state(
    db: CompanyDb,
    connected: bool,
    theirs: State | None,
    trouble: SamsynError | None,
    agent_runs: bool,
    *,
    elsewhere: SamsynError | None,
    waits: bool,
) -> tuple[str, runlog.Noted | None]:
    told = books.fact(db, "agent", AgentState, AgentState())
    told_why = runlog.noted(told.reason)
    if not connected:
        return "stopped", runlog.Noted("NOT_CONNECTED")
    if books.fact(db, "paused", bool, False):
        return "paused", runlog.Noted(PAUSED)
    if elsewhere is not None:
        return "stopped", runlog.noted_error(elsewhere)
    if trouble is not None:
        state = "stopped" if isinstance(trouble, ServiceRefused) else "offline"
        return state, runlog.noted_error(trouble)
    if theirs is not None and (
        theirs.batch > last_batch(db).number or theirs.chunk > books.chunks(db).read
    ):
        return "stopped", runlog.Noted(WENT_BACK)
    if not waits:
        return "in_sync", None
    if agent_runs:
        return ("offline", told_why) if told.state == "offline" else ("syncing", None)
    if told.state == "stopped" and told_why is not None:
        return "stopped", told_why
    return "stopped", runlog.Noted(hearing.NoAgent.code)
