"""The bound of the journal: how far it may grow while no agent comes to take from it.

Beyond, the triggers only mark the type, once: the agent that comes back loads
it again. So a database whose agent is gone for a year grows by a bounded amount,
and a program's write never waits or fails because of us (failure mode 25).
"""

from __future__ import annotations

from samsyn.companydb import books
from samsyn.companydb.bookkeeping import JOURNAL_ROWS, book_name
from samsyn.companydb.opening import Session

BOUNDED_SINCE = 3
"""The first capture version whose journal has a bound."""


def overflow(session: Session) -> list[int]:
    """The types whose changes the journal had no room for, by number."""
    if books.fact(session, "capture_version", int, BOUNDED_SINCE) < BOUNDED_SINCE:
        return []
    table = book_name(session.engine, "overflow")
    return [int(no) for (no,) in session.rows(f"SELECT DISTINCT tab FROM {table}")]


def forget_overflow(session: Session) -> None:
    """All types have room again, and will be loaded again."""
    session.run(f"DELETE FROM {book_name(session.engine, 'overflow')}")


def make_room(session: Session) -> None:
    """So many rows may come as the bound leaves, told as the last number that there is room for.

    Written only where that has moved far: the row is read at every write of
    the company's. Rows are counted only where room is short: those of a held
    type stay long, and their numbers say nothing of how many they are.
    """
    bound = books.fact(session, "journal_rows", int, JOURNAL_ROWS)
    journal, cursor = (book_name(session.engine, table) for table in ("journal", "cursor"))
    newest = (
        f"coalesce((SELECT max(id) FROM {journal}), 0)"
        if session.engine == "sqlite"
        else f"(SELECT last_value FROM {book_name(session.engine, 'journal_id_seq')})"
    )
    ((last, room),) = session.rows(f"SELECT {newest}, room FROM {cursor}")
    if room is not None and bound // 2 <= room - last <= bound + bound // 2:
        return
    ((waiting,),) = session.rows(f"SELECT count(*) FROM {journal}")
    session.run(f"UPDATE {cursor} SET room = $1", last + max(0, bound - waiting))
