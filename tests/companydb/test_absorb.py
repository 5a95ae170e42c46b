"""What journal rows amount to: keys that move, come back, change owners; rows that never were."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import msgspec
import pytest

from samsyn.companydb.absorb import Absorbed, Touched, absorb, keys_named
from samsyn.companydb.rows import (
    DELETED,
    DERIVED,
    EMPTIED,
    INSERTED,
    REPLACING,
    UPDATED,
    JournalRow,
    Key,
)
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
    return absorb(TYPE, rows, before, ids(), keys_may_meet=True, moves_in_full=False)


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


# --- to the last mark: who wrote, having seen what, under which key ------------------------


def rows_of(*steps: tuple[int, int | None, int | None, int, int]) -> list[JournalRow]:
    """Journal rows of (operation, old key, new key, mask, seen)."""
    return [
        JournalRow(n, 1, op, seen, mask, _key(old), _key(new))
        for n, (op, old, new, mask, seen) in enumerate(steps)
    ]


def absorbed(
    *steps: tuple[int, int | None, int | None, int, int],
    known: dict[int, str] | None = None,
    keys_may_meet: bool = False,
    moves_in_full: bool = False,
    record_type: RecordType = TYPE,
) -> Absorbed:
    """What the rows amount to; `known` are the records by key, a at 1 unless said."""
    before: dict[Key, str] = {(k,): r for k, r in ({1: "a"} if known is None else known).items()}
    return absorb(
        record_type,
        rows_of(*steps),
        before,
        ids(),
        keys_may_meet=keys_may_meet,
        moves_in_full=moves_in_full,
    )


def edited(record: str, key: int | None, seen: int, own: str = "", **fields: int) -> Touched:
    """A record that the service knows, with what each field had seen; `own` somebody wrote."""
    return Touched(record, _key(key), seen, fields=fields, own=set(own.split()))


def test_each_field_remembers_the_least_that_was_seen_and_the_record_the_least_of_all() -> None:
    found = absorbed((UPDATED, 1, 1, F, 7), (UPDATED, 1, 1, F | ID, 4), (UPDATED, 1, 1, ID, 9))
    assert found.touched == {"a": edited("a", 1, 4, own="f id", f=4, id=4)}


def test_what_only_triggers_made_is_nobodys_own_until_somebody_writes_it_fm19() -> None:
    found = absorbed((DERIVED, 1, 1, F | ID, 7), (UPDATED, 1, 1, ID, 8))
    assert found.touched == {"a": edited("a", 1, 7, own="id", f=7, id=7)}


def test_a_mask_of_a_field_that_is_not_known_yet_tells_the_others() -> None:
    found = absorbed((UPDATED, 1, 1, 4 | F, 7))
    assert found.touched == {"a": edited("a", 1, 7, own="f", f=7)}
    assert absorbed((UPDATED, 1, 1, 4, 7)).touched == {}


def test_a_row_that_nobody_knew_is_new_from_its_first_change() -> None:
    found = absorbed((INSERTED, None, 5, 3, 7), (UPDATED, 5, 5, F, 8))
    assert found.touched == {
        "n1": Touched("n1", (5,), 7, new=True, fields={"f": 8}, own={"f"}, born_here=True)
    }
    assert found.gained == {(5,): "n1"}
    found = absorbed((UPDATED, 5, 6, ID, 7))
    assert found.touched == {
        "n1": Touched("n1", (6,), 7, new=True, fields={"id": 7}, own={"id"}, born_here=True)
    }
    assert (found.gained, found.left) == ({(6,): "n1"}, {(5,): 7})


def test_an_insertion_where_a_row_was_known_is_that_record_told_whole_fm24() -> None:
    """Its deletion was seen by no trigger."""
    found = absorbed((INSERTED, None, 1, 3, 7))
    assert found.touched == {"a": Touched("a", (1,), 7, new=True)}
    assert (found.gained, found.dropped) == ({}, set())


def test_a_deletion_leaves_the_key_to_be_looked_at_fm1() -> None:
    found = absorbed((DELETED, 1, None, 0, 7))
    assert found == Absorbed({"a": edited("a", None, 7)}, dropped={"a"}, left={(1,): 7})
    found = absorbed((DELETED, 9, None, 0, 7))
    assert found == Absorbed(left={(9,): 7}), "nobody knew it"


def test_an_edit_before_a_deletion_is_remembered_with_what_it_had_seen_fm18() -> None:
    found = absorbed((UPDATED, 1, 1, F, 4), (DELETED, 1, None, 0, 7))
    assert found.touched == {"a": edited("a", None, 4, own="f", f=4)}


def test_a_row_that_was_made_moved_and_deleted_is_nothing_fm18() -> None:
    found = absorbed((INSERTED, None, 5, 3, 7), (UPDATED, 5, 6, ID, 7), (DELETED, 6, None, 0, 8))
    assert (found.touched, found.gained, found.dropped) == ({}, {}, set())
    assert found.left == {(5,): 7, (6,): 8}


def test_a_key_that_is_taken_again_is_not_left_fm15() -> None:
    found = absorbed((UPDATED, 1, 2, ID, 7), (INSERTED, None, 1, 3, 8))
    assert found.gained == {(2,): "a", (1,): "n1"}
    assert (found.dropped, found.left) == ({"a"}, {})


def test_a_move_there_and_back_is_an_edit_of_the_key_and_no_other_identity_fm15() -> None:
    found = absorbed((UPDATED, 1, 2, ID, 7), (UPDATED, 2, 1, ID, 8))
    assert found.touched == {"a": edited("a", 1, 7, own="id", id=7)}
    assert (found.gained, found.dropped, found.left) == ({}, set(), {(2,): 8})


def test_a_record_that_moves_is_told_whole_where_an_earlier_change_could_not_be_fm1() -> None:
    found = absorbed((UPDATED, 1, 2, ID, 7), moves_in_full=True)
    assert found.touched == {"a": edited("a", 2, 7, own="f id", f=7, id=7)}
    found = absorbed((UPDATED, 1, 1, ID, 7), moves_in_full=True)
    assert found.touched == {"a": edited("a", 1, 7, own="id", id=7)}, "it does not move"


# --- REPLACE, on SQLite --------------------------------------------------------------------


def test_a_replaced_row_remembers_the_least_that_was_seen_and_the_last_difference_fm24() -> None:
    steps = [(REPLACING, 1, None, F, 7), (REPLACING, 1, None, ID, 9), (INSERTED, None, 1, 3, 8)]
    found = absorbed(*steps)
    assert found.touched == {"a": edited("a", 1, 7, own="id", id=7)}
    assert (found.gained, found.dropped, found.doubtful) == ({}, set(), {})


def test_a_row_that_was_deleted_and_replaced_is_told_whole_fm24() -> None:
    """What the deletion's own trigger wrote, nobody can tell."""
    steps = [(REPLACING, 1, None, F, 7), (DELETED, 1, None, 0, 8), (INSERTED, None, 1, 3, 9)]
    found = absorbed(*steps)
    assert found.touched == {"a": edited("a", 1, 7, own="f id", f=7, id=7)}


def test_what_may_have_been_pushed_out_is_looked_for_with_what_was_seen_fm24() -> None:
    found = absorbed((REPLACING, 1, None, F, 7))
    assert (found.doubtful, found.touched, found.left) == ({(1,): 7}, {}, {})
    found = absorbed((REPLACING, 9, None, F, 7))
    assert (found.doubtful, found.left) == ({}, {(9,): 7}), "nobody knew it: it is looked at too"
    found = absorbed((REPLACING, 1, None, F, 7), (DELETED, 1, None, 0, 8))
    assert (found.doubtful, found.left) == ({}, {(1,): 8}), "it is known to be gone"


def test_a_row_that_moves_onto_another_has_pushed_it_out_fm24() -> None:
    found = absorbed((REPLACING, 2, None, F, 6), (UPDATED, 1, 2, ID, 7), known={1: "a", 2: "b"})
    assert found.touched == {
        "b": edited("b", None, 7),
        "a": edited("a", 2, 7, own="id", id=7),
    }
    assert (found.gained, found.dropped) == ({(2,): "a"}, {"a", "b"})
    assert (found.doubtful, found.left, found.meeting) == ({}, {(1,): 7}, False)


def test_whoever_takes_a_key_on_sqlite_has_pushed_out_the_row_that_had_it_fm24() -> None:
    found = absorbed((UPDATED, 1, 2, ID, 7), known={1: "a", 2: "b"})
    assert keys(found) == {"b": None, "a": 2}
    assert not found.meeting


def test_a_row_that_nobody_knew_and_that_was_replaced_is_new_fm24() -> None:
    found = absorbed((REPLACING, 9, None, F, 7), (INSERTED, None, 9, 3, 8))
    assert found.touched == {"n1": Touched("n1", (9,), 8, new=True, born_here=True)}
    assert (found.doubtful, found.left) == ({}, {})


def test_that_a_whole_table_was_emptied_says_nothing_of_one_row() -> None:
    assert absorbed((EMPTIED, None, None, 0, 7)) == Absorbed()


def test_a_row_that_moves_away_is_not_the_one_that_was_to_be_replaced_fm24() -> None:
    steps = [(REPLACING, 1, None, F, 6), (UPDATED, 1, 2, ID, 7), (INSERTED, None, 1, 3, 8)]
    found = absorbed(*steps)
    assert found.gained == {(2,): "a", (1,): "n1"}
    assert found.touched["n1"] == Touched("n1", (1,), 8, new=True, born_here=True)


def test_what_was_told_of_the_row_pushed_out_is_told_of_the_one_that_took_its_key_fm24() -> None:
    """A foreign key's action may have changed the row that moves before its move is told."""
    known = {1: "a", 2: "b"}
    found = absorbed((UPDATED, 2, 2, F, 6), (UPDATED, 1, 2, ID, 7), known=known)
    assert found.touched["a"] == edited("a", 2, 7, own="f id", f=7, id=7)
    steps = [(INSERTED, None, 2, 3, 6), (UPDATED, 1, 2, ID, 7)]
    assert absorbed(*steps).touched["a"] == edited("a", 2, 7, own="f id", f=7, id=7)
    found = absorbed((UPDATED, 1, 2, ID, 7), known=known)
    assert found.touched["a"] == edited("a", 2, 7, own="id", id=7), "nothing was told of it"


THREE = msgspec.structs.replace(
    TYPE,
    fields=(Field("f", Kind.TEXT, "TEXT"), Field("g", Kind.TEXT, "TEXT"), TYPE.fields[0]),
)
F3, G3, ID3 = 1, 2, 4


def test_only_what_was_told_of_the_row_pushed_out_is_told_with_the_move_fm24() -> None:
    known = {1: "a", 2: "b"}
    move = (UPDATED, 1, 2, ID3, 7)
    found = absorbed((UPDATED, 2, 2, G3, 6), move, known=known, record_type=THREE)
    assert found.touched["a"] == edited("a", 2, 7, own="g id", g=7, id=7)
    found = absorbed(move, known=known, record_type=THREE)
    assert found.touched["a"] == edited("a", 2, 7, own="id", id=7)


# --- keys that meet, on PostgreSQL -----------------------------------------------------------


def meeting(
    *steps: tuple[int, int | None, int | None, int, int], known: dict[int, str] | None = None
) -> Absorbed:
    """What the rows amount to under a deferrable key."""
    return absorbed(*steps, known=known or {1: "a", 2: "b"}, keys_may_meet=True)


def test_a_row_whose_key_another_has_taken_moves_next_fm15() -> None:
    found = meeting((UPDATED, 1, 2, ID, 7))
    assert found.meeting, "what becomes of the other is told by rows to come"
    assert found.touched["b"] == edited("b", None, 7)
    found = meeting((UPDATED, 1, 2, ID, 7), (UPDATED, 2, 3, ID, 8))
    assert not found.meeting
    assert found.gained == {(2,): "a", (3,): "b"}
    assert found.dropped == {"a", "b"}


def test_where_two_rows_have_one_key_both_are_told_whole_fm15() -> None:
    """The journal says which key was written, and not whose."""
    found = meeting((UPDATED, 1, 2, ID, 7), (UPDATED, 2, 2, F, 6), (UPDATED, 2, 3, ID, 8))
    assert found.touched == {
        "a": edited("a", 2, 6, own="f id", f=6, id=6),
        "b": edited("b", 3, 6, own="f id", f=6, id=6),
    }


def test_the_one_that_had_the_key_first_is_the_one_that_is_deleted_fm15() -> None:
    found = meeting((UPDATED, 1, 2, ID, 7), (DELETED, 2, None, 0, 6))
    assert found.touched == {
        "a": edited("a", 2, 6, own="f id", f=6, id=6),
        "b": edited("b", None, 6),
    }
    assert (found.gained, found.left, found.meeting) == ({(2,): "a"}, {(1,): 7}, False)


def test_three_that_take_one_key_leave_it_in_the_order_in_which_they_came_fm15() -> None:
    known = {1: "a", 2: "b", 3: "c"}
    steps = [(UPDATED, 1, 3, ID, 7), (UPDATED, 2, 3, ID, 7), (UPDATED, 3, 4, ID, 8), (UPDATED, 3, 5, ID, 8)]  # fmt: skip
    assert keys(meeting(*steps, known=known)) == {"c": 4, "a": 5, "b": 3}


def test_of_three_that_meet_the_one_that_had_the_key_first_is_deleted_first_fm15() -> None:
    known = {1: "a", 2: "b", 3: "c"}
    steps = [(UPDATED, 1, 3, ID, 7), (UPDATED, 2, 3, ID, 7), (DELETED, 3, None, 0, 8), (UPDATED, 3, 4, ID, 8)]  # fmt: skip
    assert keys(meeting(*steps, known=known)) == {"c": None, "a": 4, "b": 3}


def test_a_row_that_was_looked_for_and_whose_key_another_takes_is_gone_fm1() -> None:
    found = meeting((REPLACING, 2, None, F, 6), (UPDATED, 1, 2, ID, 7))
    assert keys(found) == {"b": None, "a": 2}
    assert not found.meeting


def test_which_keys_are_to_be_known() -> None:
    rows = rows_of((UPDATED, 1, 2, ID, 7), (INSERTED, None, 3, 3, 7), (DELETED, 1, None, 0, 7))
    assert keys_named(rows) == [(1,), (2,), (3,)]
