"""The log of syncs: one line for each, or for a burst of small ones that all went well."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TypeAlias

import msgspec

from samsyn.agent.moved import Moved
from samsyn.companydb import books, held
from samsyn.companydb.rows import CompanyDb
from samsyn.core.errors import SamsynError

BURST_S = 60
"""Syncs that went well, this close together on one computer, are one line."""


Codes: TypeAlias = dict[int, str]
HELD_TOLD = "held_told"
"""The fact of which held types the log has told."""


class LastSync(msgspec.Struct, frozen=True):
    """When both sides last came to rest after an exchange, and which computer ran it."""

    at: str = ""
    computer: str = ""


class Noted(msgspec.Struct, frozen=True):
    """What a line of the log says beyond its numbers; words are given when it is shown."""

    code: str
    facts: dict[str, object] = {}


def noted_error(error: SamsynError) -> Noted:
    """An error as it is noted."""
    facts: dict[str, object] = {
        k: v if isinstance(v, int | float | bool | None) else str(v) for k, v in error.facts.items()
    }
    return Noted(error.code, facts)


def note(error: SamsynError) -> str:
    """An error as the message of a line."""
    return msgspec.json.encode(noted_error(error)).decode()


def noted(message: str) -> Noted | None:
    """What a message says; None where there is none."""
    try:
        return msgspec.json.decode(message, type=Noted)
    except msgspec.DecodeError:
        return None


def record(db: CompanyDb, moved: Moved, computer: str, now: str) -> None:
    """A line for what was moved, inside the caller's transaction."""
    status, message = "ok", ""
    if moved.conflicts or moved.refused:
        status = "warning"
        facts: dict[str, object] = {"conflicts": moved.conflicts, "refused": moved.refused}
        message = msgspec.json.encode(Noted("SYNC_WARNING", facts)).decode()
    latest = books.runs(db, 1)
    run = books.Run(now, status, moved.up, moved.down, message, computer)
    if latest and status == "ok" and _one_burst(latest[0], run):
        books.extend_run(db, run)
    else:
        books.add_run(db, run)
    books.set_fact(db, "last_sync", LastSync(now, computer))


def has_news_of_held(db: CompanyDb) -> bool:
    """Whether other types are held than the log has told."""
    return _held_codes(db) != books.fact(db, HELD_TOLD, Codes, {})


def record_held(db: CompanyDb, computer: str, now: str) -> list[held.Held]:
    """A line for each type that is newly held, inside the caller's transaction; these types."""
    known = books.fact(db, HELD_TOLD, Codes, {})
    new = [told for no, told in held.held(db).items() if known.get(no) != told.why]
    for told in new:
        message = msgspec.json.encode(Noted(told.why, told.facts)).decode()
        books.add_run(db, books.Run(now, "warning", 0, 0, message, computer))
    if _held_codes(db) != known:
        books.set_fact(db, HELD_TOLD, _held_codes(db) or None)
    return new


def _held_codes(db: CompanyDb) -> dict[int, str]:
    return {no: told.why for no, told in held.held(db).items()}


def last_sync(db: CompanyDb) -> LastSync:
    """The last sync that came to rest."""
    return books.fact(db, "last_sync", LastSync, LastSync())


def record_error(db: CompanyDb, error: SamsynError, computer: str, now: str) -> None:
    """A line for what stopped a sync; the same again at once is the same line."""
    latest = books.runs(db, 1)
    message = note(error)
    if not latest or latest[0].message != message:
        books.add_run(db, books.Run(now, "error", 0, 0, message, computer))


def _one_burst(before: books.Run, run: books.Run) -> bool:
    alike = (before.status, before.computer) == (run.status, run.computer)
    return alike and before.at[:10] == run.at[:10] and 0 <= _s(run.at) - _s(before.at) <= BURST_S


def _s(at: str) -> float:
    return datetime.fromisoformat(re.sub("Z$", "+00:00", at)).timestamp()
