"""What waits in a company database, as lines: what is first in each, and what is said of it."""

from __future__ import annotations

import enum

import msgspec

from samsyn.agent import resync
from samsyn.agent.resync import TypeLoad, Wanted
from samsyn.companydb import books, held
from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.claim import last_batch
from samsyn.companydb.held import Phase
from samsyn.companydb.rows import CompanyDb


class What(enum.Enum):
    """What a line is of."""

    UP = "up"
    """Changes of the office that the service has not taken."""
    DOWN = "down"
    """Online changes that are not written at the office."""
    LOAD = "load"
    """A type's load or resync."""
    HELD = "held"
    """A type that waits for a person, or that a person has let go."""
    AGENT = "agent"
    """All of it: nobody has heard from the agent."""


class Line(msgspec.Struct, frozen=True):
    """One line; `mark` is what is first in it: while that stays, nothing of it moves.

    `code` and `facts` are set where what waits itself says why.
    """

    what: What
    mark: str
    type: str = ""
    code: str = ""
    facts: dict[str, object] = {}


def lines(db: CompanyDb, online_head: int) -> dict[str, Line]:
    """The lines by name; `online_head` is the newest online change that was heard of.

    What lies in quarantine does not wait in line: the rest passes it.
    """
    found: dict[str, Line] = {}
    if held.is_waiting(db):
        found["up"] = Line(What.UP, _first_up(db))
    cursor = books.cursor(db)
    if online_head > cursor:
        found["down"] = Line(What.DOWN, str(cursor))
    kept = held.held(db)
    found |= {f"held:{no}": _of_held(told) for no, told in kept.items()}
    loading = _first_load(db, frozenset(kept))
    return found if loading is None else {**found, "load": loading}


def waiting_up(db: CompanyDb) -> int:
    """How many changes of the office the service has not taken; held types aside."""
    return held.waiting_rows(db) + books.report_count(db) + len(books.outbox_numbers(db))


def _first_up(db: CompanyDb) -> str:
    """SQLite gives a row's number again once the journal is empty: each claim moves the line too."""
    if batches := books.outbox_numbers(db):
        return f"batch {batches[0]}"
    report, journal = (book_name(db.engine, table) for table in ("report", "journal"))
    rest = books.without_types(held.staying(db))
    ((said, row),) = db.rows(
        f"SELECT (SELECT min(id) FROM {report}), (SELECT min(id) FROM {journal}{rest})"
    )
    return f"after {last_batch(db).number}: {said}, {row}"


def _of_held(told: held.Held) -> Line:
    if told.phase is Phase.HELD:
        return Line(What.HELD, told.since, told.type, told.why, told.facts)
    return Line(What.HELD, f"{told.phase}/{told.cursor}/{told.after}/{told.undone}", told.type)


def _first_load(db: CompanyDb, behind: frozenset[int]) -> Line | None:
    wanted = books.facts(db, resync.WANTED, Wanted)
    states = books.facts(db, resync.LOADING, TypeLoad)
    for no, record_type in db.types.items():
        state = states.get(str(no), TypeLoad())
        if no not in behind and (str(no) in wanted or not state.done):
            mark = f"{no}/{str(no) in wanted}/{state.records}/{state.after}"
            return Line(What.LOAD, mark, record_type.name)
    return None
