"""How a company's sync stands, from what lies in its own database: quick, and true without a network."""

from __future__ import annotations

import msgspec
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samsyn.agent import hearing, lease, runlog
from samsyn.agent.clock import now_text
from samsyn.agent.lease import this_computer
from samsyn.agent.loading import to_load
from samsyn.agent.pairing import unsent_changes
from samsyn.agent.runlog import Noted
from samsyn.agent.runner import AgentState
from samsyn.companydb import books, held
from samsyn.companydb.opening import DatabaseBusy
from samsyn.companydb.rows import CompanyDb
from samsyn.office.agents import agents
from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.connection.words import alarm_words, code_words

AWAY = frozenset({"SERVICE_UNREACHABLE", "SERVICE_TROUBLE"})
"""Why the agent does not reach the service: pages do not wait to learn it once more."""
HEARD = frozenset({"in_sync", "syncing"})
"""What an agent says that has met the service in this database: before that nobody knows how both sides stand."""
NOBODY_SYNCS = "NOBODY_SYNCS"
"""Nothing waits here, and nobody asks whether anything does online."""


class State(msgspec.Struct, frozen=True):
    """The state in a word and a sentence; `kind` as a page's header knows it (good, waiting, stopped, none)."""

    kind: str
    words: str
    why: str = ""
    waiting: int = 0
    """Changes of the office that are not sent, and records that are not loaded."""
    quarantine: int = 0
    held: int = 0
    paused: bool = False
    agent_runs: bool = False
    computer: str = ""
    last_sync: str = ""
    last_computer: str = ""
    code: str = ""
    """The stable code of why it has stopped."""
    alarms: tuple[str, ...] = ()


def describe(db: CompanyDb, company: CompanyDatabase) -> State:
    """How it stands now."""
    if company.is_sample:
        return State("none", _("Sample company"))
    if books.connection(db) is None:
        return State("none", _("Not connected"))
    me = this_computer()
    alarms = hearing.alarms_now(db, me, 0, now_text())
    last, said = runlog.last_sync(db), books.fact(db, "agent", AgentState, AgentState())
    waiting = unsent_changes(db) + to_load(db)
    runs = lease.holder_alive(db, me)
    told, why = _told(db, company, said, waiting, runs=runs)
    if alarms and told.kind in ("good", "waiting"):
        told = State("stopped", _("Something does not get on"))
    elif told.kind == "good":
        told = _all_but(told, books.quarantine_count(db), len(held.held(db)))
    computer = lease.chosen_computer(db) or lease.current(db).holder
    return msgspec.structs.replace(
        told,
        why=code_words(why) if why is not None else "",
        code=why.code if why is not None else "",
        waiting=waiting,
        quarantine=books.quarantine_count(db),
        held=len(held.held(db)),
        agent_runs=runs,
        computer=computer.name if computer is not None else "",
        last_sync=last.at,
        last_computer=last.computer,
        alarms=tuple(alarm_words(alarm, why) for alarm in alarms),
    )


def _told(
    db: CompanyDb, company: CompanyDatabase, said: AgentState, waiting: int, *, runs: bool
) -> tuple[State, Noted | None]:
    """Kind and words, and why where it is not simply good."""
    if books.fact(db, "paused", bool, False):
        return State("stopped", _("Paused"), paused=True), None
    trouble = _our_trouble(company)
    if trouble is not None and not runs:
        return State("stopped", _("The sync has stopped")), trouble
    why = runlog.noted(said.reason)
    if said.state == "offline" and why is not None:
        return State("waiting", _tried_again(why)), why
    if said.state == "stopped" and why is not None and not runs:
        return State("stopped", _("The sync has stopped")), why
    nobody = not runs and not _will_run(company)
    if waiting and nobody:
        return State("stopped", _behind(waiting)), Noted(hearing.NoAgent.code)
    if waiting:
        return State("waiting", _behind(waiting)), None
    if nobody:
        return State("stopped", _("The sync does not run")), Noted(NOBODY_SYNCS)
    if runs and said.state in HEARD:
        return State("good", _("In sync")), None
    return State("waiting", _("Asking Samsyn Online …")), None


def _all_but(good: State, quarantine: int, waiting: int) -> State:
    """In sync, but for what a person has to look at."""
    if waiting:
        told = ngettext(
            "%(count)s register waits for a person",
            "%(count)s registers wait for a person",
            waiting,
        )
        return State("waiting", told % {"count": waiting})
    if quarantine:
        told = ngettext(
            "In sync but for %(count)s in quarantine",
            "In sync but for %(count)s in quarantine",
            quarantine,
        )
        return State("waiting", told % {"count": formats.number_format(quarantine)})
    return good


def _our_trouble(company: CompanyDatabase) -> Noted | None:
    ours = agents()
    error = None if ours is None else ours.trouble(company.pk)
    return None if error is None else runlog.noted_error(error)


def _tried_again(why: Noted) -> str:
    """What is in the way of a sync that goes on by itself."""
    if why.code in AWAY:
        return _("Samsyn Online is not reached")
    if why.code == DatabaseBusy.code:
        return _("Another program holds the database")
    return _("The sync tries again")


def _will_run(company: CompanyDatabase) -> bool:
    ours = agents()
    return ours is not None and ours.sees_to(company.pk)


def _behind(waiting: int) -> str:
    told = ngettext("%(count)s change waits", "%(count)s changes wait", waiting)
    return told % {"count": formats.number_format(waiting)}
