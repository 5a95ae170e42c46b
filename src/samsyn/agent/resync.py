"""Resync: a type is loaded again beside the ordinary sync, because not all that happened to it was seen.

Asked for by a fact in the company database, so that whoever finds the reason
need not run the agent: `request` inside a transaction, and the next exchange
of any agent does it. It is the first load over again, chunk by chunk and
resumable: rows are told as they stand, the service merges them against what it
knows the office to hold, and what the office has no longer is deleted online
unless that is so much that a person must say so.
"""

from __future__ import annotations

import enum

import msgspec

from samsyn.companydb import books, room
from samsyn.companydb.rows import CompanyDb
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell

WANTED = "resync:"
LOADING = "load:"
TRIMMED = "trimmed"
"""The fact of the newest trim after which everything was asked for again."""


class Why(enum.Enum):
    """Why a type is loaded again."""

    OVERFLOW = "overflow"
    """The journal was full: changes were made that it does not hold."""
    DIFFERENCES = "differences"
    """The verifier found too many to mend one by one."""
    SCHEMA = "schema"
    """The table or its triggers were changed or missing for a while."""
    RESTORED = "restored"
    """A side was put back to a backup."""
    RETENTION = "retention"
    """The office was gone for longer than the service keeps its change log."""
    ACCEPTED = "accepted"
    """A person has said that what is missing at the office was deleted there."""
    ASKED = "asked"
    """A person asked for it."""


class Wanted(msgspec.Struct, frozen=True):
    """A request that waits for an agent."""

    why: Why
    since: int = 0
    """It begins when the transactions that ran at this mark have ended."""


class TypeLoad(msgspec.Struct, frozen=True):
    """How far a type's load has come. A type counts as loaded only when `done`.

    `again` says that it was loaded before: then online changes are taken
    meanwhile, and readers of the service see it as complete.
    """

    after: tuple[Cell, ...] | None = None
    adopted: bool = False
    records: int = 0
    done: bool = False
    again: bool = False
    tells_first: bool = False
    """Nothing is taken from online before all of it is told: the service was put back and knows less."""


def request(db: CompanyDb, record_type: RecordType, why: Why) -> None:
    """Asks that a type be loaded again; inside the caller's transaction. The first reason stands."""
    if record_type.no not in wanted(db):
        books.set_fact(db, f"{WANTED}{record_type.no}", Wanted(why))


def wanted(db: CompanyDb) -> dict[int, Wanted]:
    """The types that wait to be loaded again, by number."""
    return {int(no): told for no, told in books.facts(db, WANTED, Wanted).items()}


def is_behind(db: CompanyDb, trimmed: int) -> bool:
    """Whether the service has let go of changes up to a number that this database has not reached."""
    return trimmed > max(books.cursor(db), books.fact(db, TRIMMED, int, 0))


def after_retention(db: CompanyDb, trimmed: int) -> None:
    """Asks for every loaded type, once for each trim; inside the caller's transaction.

    What waits for the office is told all the same: this is the proof that nothing is missing.
    """
    for record_type in db.types.values():
        if load_state(db, record_type).done:
            request(db, record_type, Why.RETENTION)
    books.set_fact(db, TRIMMED, trimmed)


def is_wanted(db: CompanyDb) -> bool:
    """Whether anything waits to be loaded again."""
    return bool(wanted(db) or room.overflow(db))


def note_overflow(db: CompanyDb) -> None:
    """Types that the journal had no room for are to be loaded again; inside a transaction.

    From here on the journal holds their changes again. A transaction that
    runs now may still have found the mark, and told nothing: the load waits for it.
    """
    since = db.mark()
    for no in room.overflow(db):
        books.set_fact(db, f"{WANTED}{no}", Wanted(Why.OVERFLOW, since))
    room.forget_overflow(db)
    room.make_room(db)


def load_state(db: CompanyDb, record_type: RecordType) -> TypeLoad:
    """How far a type's load has come."""
    return books.fact(db, f"{LOADING}{record_type.no}", TypeLoad, TypeLoad())


def remember(db: CompanyDb, record_type: RecordType, state: TypeLoad) -> None:
    """Keeps how far a type's load has come."""
    books.set_fact(db, f"{LOADING}{record_type.no}", state)


def begin(db: CompanyDb, record_type: RecordType, why: Why) -> None:
    """Sets a type's load back; inside a transaction. A first load that is not complete begins anew.

    What it has told so far was told as the type was then: a field may have come or gone since.
    """
    forget(db, record_type.no)
    state = load_state(db, record_type)
    if state.done or state.again:
        unfinished = state.tells_first and not state.done
        first = why is Why.RESTORED or unfinished
        remember(db, record_type, TypeLoad(again=True, tells_first=first))
    elif state.after is not None:
        remember(db, record_type, TypeLoad(adopted=state.adopted))


def forget(db: CompanyDb, no: int) -> None:
    """Nobody waits for a resync of the type any more; inside a transaction."""
    books.set_fact(db, f"{WANTED}{no}", None)
