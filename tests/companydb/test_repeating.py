"""Which journal rows a claim of a part takes along, since it has told what they say."""

from __future__ import annotations

import pytest

from samsyn.companydb.repeating import repeated
from samsyn.companydb.rows import DELETED, DERIVED, EMPTIED, INSERTED, REPLACING, UPDATED, Key
from samsyn.companydb.rows import JournalRow as Row

A, B = ("a",), ("b",)


def row(op: int, old: Key | None, new: Key | None, type_no: int = 1, id_: int = 0) -> Row:
    return Row(id_, type_no, op, 5, 1, old, new)


def updated(key: Key, id_: int = 0, type_no: int = 1) -> Row:
    return row(UPDATED, key, key, type_no, id_)


CASES: dict[str, tuple[list[Row], list[Row], list[int]]] = {
    "an update of a row that was updated": ([updated(A)], [updated(A, 1)], [1]),
    "of one that was made": ([row(INSERTED, None, A)], [updated(A, 1)], [1]),
    "of one that has come there": ([row(UPDATED, B, A)], [updated(A, 1)], [1]),
    "what triggers made of it too": ([updated(A)], [row(DERIVED, A, A, id_=1)], [1]),
    "each of many, past those of others": (
        [updated(A), updated(B)],
        [updated(("c",), 1), updated(A, 2), updated(B, 3), updated(A, 4)],
        [2, 3, 4],
    ),
    "not of a row that was not taken": ([updated(A)], [updated(B, 1)], []),
    "nor of another type's": ([updated(A)], [updated(A, 1, type_no=2)], []),
    "nor of one that was deleted": ([updated(A), row(DELETED, A, None)], [updated(A, 1)], []),
    "nor where it has moved away": ([row(UPDATED, A, B)], [updated(A, 1)], []),
    "nor where it may have been pushed out": (
        [updated(A), row(REPLACING, A, None)],
        [updated(A, 1)],
        [],
    ),
    "but where it is there again": (
        [row(DELETED, A, None), row(INSERTED, None, A)],
        [updated(A, 1)],
        [1],
    ),
    "up to where it is deleted": (
        [updated(A)],
        [updated(A, 1), row(DELETED, A, None), row(INSERTED, None, A), updated(A, 2)],
        [1],
    ),
    "up to where it moves": ([updated(A)], [updated(A, 1), row(UPDATED, A, B), updated(B, 2)], [1]),
    "up to where another comes in its place": (
        [updated(A), updated(B)],
        [row(UPDATED, B, A), updated(A, 1)],
        [],
    ),
    "up to where it may be pushed out": (
        [updated(A)],
        [row(REPLACING, A, None), updated(A, 1)],
        [],
    ),
    "up to where its table is emptied": (
        [updated(A), updated(A, type_no=2)],
        [row(EMPTIED, None, None), updated(A, 1), updated(A, 2, type_no=2)],
        [2],
    ),
    "not what makes or deletes a row": (
        [updated(A)],
        [row(INSERTED, None, B, id_=1), row(DELETED, A, None, id_=2)],
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_taken_along_fm20(case: str) -> None:
    taken, rest, expected = CASES[case]
    assert [told.id for told in repeated(taken, rest)] == expected
