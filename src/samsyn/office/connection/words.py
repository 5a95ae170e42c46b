"""What the sync says, in words: the one place where the office's pages turn its codes into sentences."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from samsyn.agent.lines import What
from samsyn.agent.runlog import Noted, noted, noted_error
from samsyn.agent.stalling import Alarm
from samsyn.companydb.naming import label
from samsyn.core.errors import SamsynError

Facts = Mapping[str, object]
MEANT = frozenset({"COMPANY_SUSPENDED", "STORE_BUSY", "TOO_MANY_ATTEMPTS", "TOO_MANY_ASK"})
"""Troubles of the service that tell more than that it has one."""


def error_words(error: SamsynError) -> str:
    """What went wrong, and what to do."""
    return code_words(noted_error(error))


def message_words(message: str) -> str:
    """The message of a line of the log; empty where it has none."""
    told = noted(message)
    return message if told is None else code_words(told)


def code_words(told: Noted) -> str:
    """A code with its facts as a sentence; what the service says by a code of its own, by that."""
    problem = str(told.facts.get("problem", ""))
    if told.code == "SERVICE_REFUSED" or problem in MEANT:
        return _words(problem or told.code, told.facts)
    if told.code.startswith("HELD_"):
        return held_words(told)
    if told.code in ("STALL", "STALL_OVER"):
        return _stall(told)
    return _words(told.code, told.facts)


def _words(code: str, facts: Facts) -> str:
    words = _reaching(code) or _connected(code) or _database(code) or _running(code)
    if not words:
        return _("Something went wrong (%(code)s). The trace log tells more.") % {"code": code}
    return words % _Named(facts)


def register_name(type_name: str) -> str:
    """What people call a record type, made of the table's name as the catalog makes its label."""
    return pgettext("register", label(type_name.rpartition(".")[2]))


class _Named(dict[str, object]):
    """Facts for a sentence, a record type by its label; one that is not told is a dash."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        if isinstance(told := facts.get("type"), str):
            self["type"] = register_name(told)

    def __missing__(self, name: str) -> str:
        return "\N{EN DASH}"


def _reaching(code: str) -> str:
    match code:
        case "SERVICE_UNREACHABLE":
            return _(
                "Samsyn Online does not answer. Changes are kept, and it is tried again by itself; see"
                " whether the computer reaches the internet."
            )
        case "SERVICE_TROUBLE" | "STORE_BUSY":
            return _(
                "Samsyn Online has trouble of its own (%(status)s). Changes are kept, and it is tried again"
                " by itself."
            )
        case "COMPANY_SUSPENDED":
            return _(
                "Whoever runs Samsyn Online has suspended the company there. Changes are kept, and go on when it is"
                " opened again."
            )
        case "UNSAFE_ADDRESS":
            return _("The address is not protected: it has to begin with https://")
        case "NO_ADDRESS":
            return _("No address of Samsyn Online is known yet.")
        case "NOT_SAMSYN":
            return _("Something answers at the address, and it is not Samsyn Online.")
        case "TOO_MANY_ATTEMPTS" | "TOO_MANY_ASK":
            return _("Too many attempts just now. Wait a minute and try again.")
        case "PROTOCOL_UNSUPPORTED":
            return _(
                "This program and Samsyn Online are too different in age. Update the older of the two."
            )
    return ""


def _connected(code: str) -> str:
    match code:
        case "NOT_CONNECTED":
            return _("The company is not connected, or Samsyn Online does not know the connection.")
        case "ALREADY_CONNECTED":
            return _("The database is connected already, to %(company_name)s.")
        case "CONNECTION_REVOKED":
            return _("The connection was ended online. “Update connection” takes it up again.")
        case "PAIRING_CODE_INVALID" | "BAD_APPROVAL_CODE":
            return _("The approval is used or too old. Ask once more.")
        case "OTHER_COMPANY":
            return _("The approval is for another company than the one that is connected.")
        case (
            "LINK_OLD"
            | "LINK_UNKNOWN"
            | "STATE_DIVERGED"
            | "DATABASE_REPLACED"
            | "DATABASE_WENT_BACK"
        ):
            return _(
                "One side has been put back to a backup, or this is a copy. Nothing is exchanged until"
                " somebody has seen what differs: “Update connection” shows it."
            )
        case "BACKUP_TOO_OLD":
            return _(
                "The backup that was put back is older than what Samsyn Online keeps. Put a newer one back;"
                " only where there is none, disconnect and connect again."
            )
        case "DATABASE_ELSEWHERE":
            return _(
                "The database lies at another place than when it was connected: a copy, or moved."
                " “Update connection” takes this place for the right one."
            )
        case "BATCH_GAP" | "BATCH_DIVERGED":
            return _(
                "Both sides disagree on what was sent. Sync has stopped, and nothing is guessed."
            )
        case "SERVICE_WAS_RESTORED":
            return _(
                "It is Samsyn Online that was put back to a backup: there is none here to stand."
            )
        case "UPDATE_UNDERWAY" | "UPDATE_STALE" | "NOTHING_TO_UPDATE":
            return _("Something has happened meanwhile. Look at the plan again.")
    return ""


def _database(code: str) -> str:
    match code:
        case "DATABASE_UNAVAILABLE" | "DATABASE_AWAY":
            return _("The company's database does not answer: %(reason)s")
        case "NOT_A_FILE":
            return _("The company's database is no file: %(url)s")
        case "SERVER_TOO_OLD":
            return _("The PostgreSQL server has version %(version)s; 13 or newer is needed.")
        case "DATABASE_BUSY":
            return _("Another program holds the company's database. It is tried again by itself.")
        case "DATABASE_FULL":
            return _(
                "The disk of the company's database is full. Make room, and it goes on by itself."
            )
        case "DATABASE_DAMAGED":
            return _(
                "The file of the company's database is damaged: %(reason)s. Put a backup back; what was synced is"
                " still online."
            )
        case "BOOKS_DAMAGED":
            return _("What Samsyn keeps in the database is damaged: %(reason)s")
        case "NOT_ATTACHED":
            return _("Samsyn's own tables are gone from the database. Attach it again.")
        case "PRIVILEGE_MISSING" | "PERMISSION_MISSING":
            return _("Samsyn's database user lacks a right: %(privilege)s %(on)s")
        case "TABLES_CHANGED":
            return _("The program has changed its tables. Attach the database again first.")
        case "SCHEMA_MOVED" | "SCHEMA_CHANGED" | "SCHEMA_HELD":
            return _("The tables of the database are changing just now. Try again in a moment.")
    return ""


def _running(code: str) -> str:
    match code:
        case "LEASE_HELD":
            return _("%(computer)s syncs the database already.")
        case "LEASE_LOST" | "FENCED":
            return _("Another computer has taken over the sync: %(computer)s")
        case "OTHER_COMPUTER_CHOSEN":
            return _("%(computer)s is chosen as the sync computer.")
        case "NOBODY_SYNCS":
            return _(
                "No computer syncs just now. Start Samsyn on the sync computer, or choose another one under"
                " Synchronisation."
            )
        case "NO_AGENT":
            return _(
                "Changes wait, and no computer syncs just now. Start Samsyn on the sync computer, or choose"
                " another one under Synchronisation."
            )
        case "AGENT_SILENT":
            return _(
                "The agent on %(computer)s seems to run and does nothing. Start it again there."
            )
        case "SYNC_PAUSED":
            return _("The sync is paused.")
        case "SYNC_WARNING":
            return _("Conflicts: %(conflicts)s. Not taken: %(refused)s.")
        case "STALL_SERVICE_SILENT":
            return _(
                "Samsyn Online has taken a request and does not answer it. It is asked again by itself."
            )
        case "STALL_NO_PROGRESS":
            return _(
                "A step does not come to its end. Perhaps another program keeps a transaction open."
            )
        case "BACKLOG" | "CHUNK_STALE" | "CATALOG_UNKNOWN" | "WRITTEN_MEANWHILE" | "INTERRUPTED":
            return _("It goes on by itself; nothing needs to be done.")
        case "NOT_AT_REST":
            return _("The other computer's agent has not come further: %(computer)s")
        case "COMPUTER_UNKNOWN":
            return _("No computer of that name has synced this database.")
        case "CHANGED_SINCE":
            return _("Somebody has changed it since.")
        case "CANNOT_REAPPLY" | "UNKNOWN_CONFLICT":
            return _(
                "The value cannot be written once more: its record is gone or changed too much."
            )
        case "UNDO_TOO_LARGE":
            return _(
                "That is more than can be taken back at once (%(limit)s changes). Put the backup back once more,"
                " and choose the other way."
            )
        case "NO_LONGER_KEPT":
            return _("That is so long ago that it is no longer kept.")
        case "TYPE_FROM_OFFICE":
            return _("The register goes to online only, so nothing is written there.")
        case "QUARANTINE_NOT_TOLD":
            return _("Samsyn Online does not know of it yet. Try again after the next sync.")
        case "QUARANTINE_SETTLED" | "UNKNOWN_QUARANTINE_ENTRY" | "NO_SUCH_QUARANTINE_NUMBER":
            return _("It has been settled meanwhile; nothing needs to be done.")
        case "FIX_DOES_NOT_APPLY" | "FIX_INCOMPLETE" | "UNKNOWN_FIX" | "NO_SUCH_FIELD":
            return _("That cannot be done here any more. See below what can be done now.")
        case "UNKNOWN_RECORD" | "VERSION_MISMATCH" | "RECORD_EXISTS":
            return _("The record has changed meanwhile. Look at it again.")
        case "NOT_HELD":
            return _("It is not held any more.")
    return ""


def held_words(told: Noted) -> str:
    """Why a record type waits for a person."""
    facts = _Named(told.facts)
    _side, _space, code = told.code.removeprefix("HELD_").partition("_")
    match code:
        case "TABLE_EMPTIED":
            words = _("%(type)s was emptied at once: all %(records)s records.")
        case "MANY_DELETED":
            words = _("Many records of %(type)s were deleted at once: %(count)s of %(records)s.")
        case "ONE_VALUE":
            words = _(
                "A field of %(type)s got one value nearly everywhere: %(count)s of %(records)s."
            )
        case "MISSING":
            words = _(
                "Many records of %(type)s that are online are not in this database: %(count)s. Is it the right one?"
            )
        case "UNDO_REFUSED":
            words = _("Not everything of %(type)s could be put back: %(reason)s")
        case _:
            words = _(
                "The table of %(type)s has changed. Attach the database again to take it in as it is."
            )
    return words % facts


def alarm_words(alarm: Alarm, told: Noted | None = None) -> str:
    """What has not moved for over a minute, and why, unless that is told beside it already."""
    waits = _waits(alarm.what, alarm.type, alarm.waiting)
    if told is not None and told.code == alarm.code:
        return waits
    return f"{waits} {code_words(Noted(alarm.code, alarm.facts))}"


def _stall(told: Noted) -> str:
    what, type_name = What(str(told.facts.get("what", "agent"))), str(told.facts.get("type", ""))
    if told.code == "STALL_OVER":
        return _("It goes on again: %(what)s") % {"what": _waits(what, type_name, 0)}
    facts = told.facts.get("facts")
    why = Noted(str(told.facts.get("why", "")), facts if isinstance(facts, dict) else {})
    waiting = told.facts.get("waiting", 0)
    count = waiting if isinstance(waiting, int) else 0
    return f"{_waits(what, type_name, count)} {code_words(why)}"


def _waits(what: What, type_name: str, waiting: int) -> str:
    match what:
        case What.UP:
            told = ngettext(
                "%(count)s change of the office waits to be sent.",
                "%(count)s changes of the office wait to be sent.",
                waiting,
            )
            return told % {"count": waiting}
        case What.DOWN:
            return _("Changes made online wait to be written here.")
        case What.LOAD:
            return _("The load of %(type)s gets no further.") % {"type": register_name(type_name)}
        case What.HELD:
            return _("%(type)s waits for a person.") % {"type": register_name(type_name)}
        case What.AGENT:
            return _("Changes wait, and nothing is heard of the sync.")
