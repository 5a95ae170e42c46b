"""FM15, FM17, G4: where rows have gone while a page was applied, from what the journal tells."""

from __future__ import annotations

import pytest

from samsyn.companydb.following import Move, moved
from samsyn.companydb.rows import DELETED, DERIVED, INSERTED, UPDATED, JournalRow, Key

LINE, PART = 1, 2


def row(old: int | None, new: int | None, op: int = UPDATED, no: int = LINE) -> JournalRow:
    """A row of the journal; a key has one column here."""
    return JournalRow(0, no, op, 0, 1, key(old), key(new))


def key(number: int | None) -> Key | None:
    return None if number is None else (number,)


@pytest.mark.parametrize(
    ("that", "rows", "known", "paths"),
    [
        ("a row that was written where it is", [row(1, 1)], (), []),
        ("one that has gone elsewhere", [row(1, 2)], (), [[1, 2]]),
        ("by several ways", [row(1, 2), row(2, 2), row(2, 3)], (), [[1, 2, 3]]),
        ("and back", [row(1, 2), row(2, 1)], (), [[1, 2, 1]]),
        ("one under the key that another had", [row(1, 2), row(3, 1)], (), [[1, 2], [3, 1]]),
        ("two that exchange theirs", [row(1, 9), row(2, 1), row(9, 2)], (), [[2, 1], [1, 9, 2]]),
        ("one that was deleted then", [row(1, 2), row(2, None, DELETED)], (), []),
        ("one that was deleted before another took its key",
         [row(1, None, DELETED), row(2, 1)], (), [[2, 1]]),
        ("a new one", [row(None, 1, INSERTED)], (), []),
        ("one that sync itself has moved", [row(1, 2), row(3, 4)], [(1, 2)], [[3, 4]]),
        ("one that went on from there", [row(1, 2), row(2, 3)], [(1, 2)], [[2, 3]]),
        ("what is known of another type", [row(1, 2, no=PART)], [(1, 2)], [[1, 2]]),
        ("what is no change of a row", [row(1, 2, DERIVED)], (), []),
        ("a row of a type of which no key is known", [row(None, None), row(1, None)], (), []),
    ],
)  # fmt: skip
def test_where_a_row_has_gone_fm15_fm17(
    that: str, rows: list[JournalRow], known: list[tuple[int, int]], paths: list[list[int]]
) -> None:
    moves: set[Move] = {(LINE, (old,), (new,)) for old, new in known}
    found = moved(rows, moves)
    assert [[one for (one,) in path] for path in found.get(rows[0].type_no, [])] == paths, that
    assert set(found) <= {rows[0].type_no}


def test_each_type_has_keys_of_its_own_fm15() -> None:
    rows = [row(1, 2), row(1, 3, no=PART), row(2, 4), row(2, None, DELETED, no=PART)]
    assert moved(rows, ()) == {LINE: [[(1,), (2,), (4,)]], PART: [[(1,), (3,)]]}
