"""Which journal rows say no more than what a claim of the rows before them tells already. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from samsyn.companydb.rows import DERIVED, EMPTIED, UPDATED, JournalRow, Key

Standing = set[tuple[int, Key | None]]
"""Rows of tables: the number of the type, and the key."""


def repeated(taken: Iterable[JournalRow], rest: Iterable[JournalRow]) -> list[JournalRow]:
    """The rows of `rest` that only tell of updates to rows that `taken` leaves in their place.

    Those are read as they stand by now. Where a row has been deleted, moved or pushed out, or another
    may have got its key, the order of what happened counts, and the rest stays as it is.
    """
    standing: Standing = set()
    for row in taken:
        _leave(standing, row)
        standing.add((row.type_no, row.new))
    told = []
    for row in rest:
        if row.op not in (UPDATED, DERIVED) or row.old != row.new:
            _leave(standing, row)
        elif (row.type_no, row.new) in standing:
            told.append(row)
    return told


def _leave(standing: Standing, row: JournalRow) -> None:
    """Who has these keys from here on is another question."""
    if row.op == EMPTIED:
        standing -= {place for place in standing if place[0] == row.type_no}
    standing -= {(row.type_no, row.old), (row.type_no, row.new)}
