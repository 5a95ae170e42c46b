"""Which journal rows say no more than what a claim of the rows before them tells already. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from samsyn.companydb.rows import DERIVED, EMPTIED, UPDATED, JournalRow, Key

Place = tuple[int, Key]
"""A row of a table: the number of its type, and its key."""


def repeated(taken: Iterable[JournalRow], rest: Iterable[JournalRow]) -> list[JournalRow]:
    """The rows of `rest` that only tell of updates to rows that `taken` leaves in their place.

    Those are read as they stand by now. Where a row has been deleted, moved or pushed out, or another
    may have got its key, the order of what happened counts, and the rest stays as it is.
    """
    standing: set[Place] = set()
    for row in taken:
        _leave(standing, row)
        if row.new is not None:
            standing.add((row.type_no, row.new))
    told = []
    for row in rest:
        if row.op in (UPDATED, DERIVED) and row.old == row.new:
            if row.new is not None and (row.type_no, row.new) in standing:
                told.append(row)
        else:
            _leave(standing, row)
    return told


def _leave(standing: set[Place], row: JournalRow) -> None:
    """Who has these keys from here on is another question."""
    if row.op == EMPTIED:
        standing -= {place for place in standing if place[0] == row.type_no}
    standing -= {(row.type_no, key) for key in (row.old, row.new) if key is not None}
