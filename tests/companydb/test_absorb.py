"""What journal rows amount to: keys that move, come back, change owners; rows that never were."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from samsyn.companydb.absorb import Absorbed, absorb
from samsyn.companydb.rows import DELETED, INSERTED, REPLACING, UPDATED, JournalRow, Key
from samsyn.core.catalog import Field, KeyGiver, Kind, RecordType

TYPE = RecordType(
    "t",
    1,
    "t",
    ("id",),
    KeyGiver.PERSON,
    (Field("id", Kind.INTEGER, "INTEGER"), Field("f", Kind.TEXT, "TEXT")),
)
ID, F = 1, 2


def ids() -> Callable[[], str]:
    """New ids: n1, n2, …"""
    count = itertools.count(1)
    return lambda: f"n{next(count)}"


def told(*steps: tuple[int, int | None, int | None, int], **known: str) -> Absorbed:
    """The absorbed of (operation, old key, new key, mask); `known` is k1="a" for key 1."""
    rows = [
        JournalRow(n, 1, op, n, mask, _key(old), _key(new))
        for n, (op, old, new, mask) in enumerate(steps)
    ]
    before: dict[Key, str] = {(int(name[1:]),): record for name, record in known.items()}
    return absorb(TYPE, rows, before, ids())


def _key(number: int | None) -> Key | None:
    return None if number is None else (number,)


def keys(absorbed: Absorbed) -> dict[str, int | None]:
    """Where each touched record is now."""
    return {r: None if t.key is None else int(str(t.key[0])) for r, t in absorbed.touched.items()}


def test_edits_of_a_field_are_one_and_remember_the_first_that_was_seen() -> None:
    (touched,) = told((UPDATED, 1, 1, F), (UPDATED, 1, 1, F | ID), k1="a").touched.values()
    assert touched.fields == {"f": 0, "id": 1}
    assert touched.seen == 0


def test_a_new_row_gets_a_new_id() -> None:
    absorbed = told((INSERTED, None, 1, 3))
    assert absorbed.gained == {(1,): "n1"}
    assert absorbed.touched["n1"].new


def test_inserted_and_deleted_is_nothing_fm18() -> None:
    absorbed = told((INSERTED, None, 1, 3), (DELETED, 1, None, 0))
    assert (absorbed.touched, absorbed.gained, absorbed.dropped) == ({}, {}, set())


def test_a_key_used_again_is_another_record_fm15() -> None:
    absorbed = told((DELETED, 1, None, 0), (INSERTED, None, 1, 3), k1="a")
    assert keys(absorbed) == {"a": None, "n1": 1}
    assert (absorbed.gained, absorbed.dropped) == ({(1,): "n1"}, {"a"})


def test_a_key_that_moves_is_the_same_record_fm15() -> None:
    absorbed = told((UPDATED, 1, 2, ID), (UPDATED, 2, 3, ID), k1="a")
    assert keys(absorbed) == {"a": 3}
    assert (absorbed.gained, absorbed.dropped) == ({(3,): "a"}, {"a"})


@pytest.mark.parametrize("spare", [None, 9])
def test_two_rows_that_exchange_keys_stay_themselves_fm15(spare: int | None) -> None:
    if spare is None:  # a deferrable key lets both stand for a moment
        steps = [(UPDATED, 1, 2, ID), (UPDATED, 2, 1, ID)]
    else:
        steps = [(UPDATED, 1, spare, ID), (UPDATED, 2, 1, ID), (UPDATED, spare, 2, ID)]
    absorbed = told(*steps, k1="a", k2="b")
    assert keys(absorbed) == {"a": 2, "b": 1}
    assert absorbed.gained == {(2,): "a", (1,): "b"}


def test_keys_that_all_move_up_by_one_stay_in_order_fm15() -> None:
    absorbed = told((UPDATED, 1, 2, ID), (UPDATED, 2, 3, ID), (UPDATED, 3, 4, ID), k1="a", k2="b", k3="c")  # fmt: skip
    assert keys(absorbed) == {"a": 2, "b": 3, "c": 4}


def test_replace_on_the_same_key_is_an_edit_of_what_differs_fm24() -> None:
    absorbed = told((REPLACING, 1, None, F), (INSERTED, None, 1, 3), k1="a")
    (touched,) = absorbed.touched.values()
    assert (touched.id, touched.fields, touched.new) == ("a", {"f": 0}, False)
    assert not absorbed.dropped


def test_replace_that_also_fires_the_delete_trigger_is_an_edit_too_fm24() -> None:
    steps = [(REPLACING, 1, None, F), (DELETED, 1, None, 0), (INSERTED, None, 1, 3)]
    absorbed = told(*steps, k1="a")
    assert keys(absorbed) == {"a": 1}
    assert not absorbed.dropped


def test_replace_by_what_is_the_same_is_nothing_fm20() -> None:
    assert told((REPLACING, 1, None, 0), (INSERTED, None, 1, 3), k1="a").touched == {}


def test_a_row_pushed_out_through_another_key_is_looked_for_fm24() -> None:
    absorbed = told((REPLACING, 1, None, 3), (INSERTED, None, 2, 3), k1="a")
    assert absorbed.doubtful == {(1,): 0}
    assert keys(absorbed) == {"n1": 2}


def test_a_row_that_was_there_before_capture_is_told_whole() -> None:
    (touched,) = told((UPDATED, 5, 5, F)).touched.values()
    assert touched.new
    assert touched.key == (5,)
