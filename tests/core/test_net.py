"""Net changes: what online work amounts to for an office that has taken in everything up to a cursor."""

from __future__ import annotations

import msgspec
import pytest

from samsyn.core import merge
from samsyn.core.cells import Cell
from samsyn.core.changes import OnlineChange, Operation, Refused
from samsyn.core.net import net_change, parents_first
from samsyn.core.record import Mark, Record

OFFICE_RECORD = Record("r", "t", {"f": "old", "g": "old"}, key=(1,), version=1)


def edited(record: Record, seq: int, **fields: Cell) -> Record:
    """The record after an online edit under a number."""
    after = merge.online_edit(record, fields, seq, 0, "Maria", f"at {seq}").record
    assert after is not None
    return after


def created(seq: int, **fields: Cell) -> Record:
    """A record created online under a number."""
    after = merge.online_create(Record("r", "t", fields), seq, "Maria", f"at {seq}").record
    assert after is not None
    return after


def deleted(record: Record, seq: int) -> Record:
    """The record after its deletion online."""
    after = merge.online_delete(record, seq, 0, "Maria", f"at {seq}").record
    assert after is not None
    return after


def told(change: OnlineChange | None) -> tuple[Operation, dict[str, Cell], dict[str, Cell]] | None:
    """What of a change decides."""
    return None if change is None else (change.operation, change.fields, change.expected)


def test_a_record_at_rest_has_nothing_to_tell() -> None:
    assert net_change(OFFICE_RECORD, 0, 10, 0) is None


def test_many_edits_of_a_field_are_told_once_with_what_the_office_holds() -> None:
    record = edited(edited(OFFICE_RECORD, 2, f="a"), 3, f="b")
    assert told(net_change(record, 0, 3, 0)) == (Operation.UPDATE, {"f": "b"}, {"f": "old"})


def test_what_an_office_took_in_before_is_what_it_is_expected_to_hold() -> None:
    record = edited(edited(OFFICE_RECORD, 2, f="a"), 3, f="b")
    assert told(net_change(record, 2, 3, 0)) == (Operation.UPDATE, {"f": "b"}, {"f": "a"})


def test_a_page_tells_a_field_as_it_stood_at_its_end() -> None:
    """Or the next page would expect what this one did not tell."""
    record = edited(edited(OFFICE_RECORD, 2, f="a"), 3, f="b")
    assert told(net_change(record, 0, 2, 0)) == (Operation.UPDATE, {"f": "a"}, {"f": "old"})
    assert told(net_change(record, 2, 3, 0)) == (Operation.UPDATE, {"f": "b"}, {"f": "a"})


def test_what_the_floor_covers_is_not_told_again() -> None:
    assert net_change(edited(OFFICE_RECORD, 2, f="a"), 0, 3, 2) is None


def test_the_last_writer_is_named() -> None:
    change = net_change(edited(edited(OFFICE_RECORD, 2, f="a"), 3, g="b"), 0, 3, 0)
    assert change is not None
    assert (change.by, change.at) == ("Maria", "at 3")


def test_a_new_record_is_told_whole() -> None:
    record = edited(created(2, f="a", g=None), 3, g="b")
    assert told(net_change(record, 0, 3, 0)) == (Operation.INSERT, {"f": "a", "g": "b"}, {})


def test_a_new_record_is_told_as_it_stood_at_the_end_of_the_page() -> None:
    """Its later edits come in a later page, and expect what this one told."""
    record = edited(edited(created(2, f="a", g=None), 3, f="b"), 5, f="c")
    assert told(net_change(record, 0, 4, 0)) == (Operation.INSERT, {"f": "b", "g": None}, {})
    assert told(net_change(record, 4, 5, 0)) == (Operation.UPDATE, {"f": "c"}, {"f": "b"})


def test_a_record_that_was_new_after_the_page_is_not_in_it() -> None:
    assert net_change(created(5, f="a"), 0, 4, 0) is None


def test_a_deletion_is_told_with_the_edits_before_it() -> None:
    """An office that keeps the record has them then."""
    record = deleted(edited(OFFICE_RECORD, 2, f="a"), 3)
    assert told(net_change(record, 0, 3, 0)) == (Operation.DELETE, {"f": "a"}, {"f": "old"})
    assert told(net_change(record, 2, 3, 0)) == (Operation.DELETE, {}, {})


def test_an_edit_is_told_in_a_page_that_ends_before_the_deletion() -> None:
    record = deleted(edited(OFFICE_RECORD, 2, f="a"), 3)
    assert told(net_change(record, 0, 2, 0)) == (Operation.UPDATE, {"f": "a"}, {"f": "old"})


def test_a_new_record_that_was_refused_is_told_to_be_deleted() -> None:
    """Or the office would go on trying to make it."""
    born = Mark(2, held=True)
    record = deleted(msgspec.structs.replace(created(2, f="a"), born=born), 3)
    change = net_change(record, 2, 3, 0)
    assert change is not None
    assert change.operation is Operation.DELETE


def test_a_record_created_and_deleted_between_two_pulls_is_never_told() -> None:
    assert net_change(deleted(created(2, f="a"), 3), 0, 3, 0) is None


def test_a_record_deleted_after_it_was_told_is_told_deleted() -> None:
    record = deleted(created(2, f="a"), 3)
    assert told(net_change(record, 2, 3, 0)) == (Operation.DELETE, {}, {})


def test_a_record_that_the_office_refused_is_told_whole_when_it_is_edited_again() -> None:
    refused = Refused("t", "r", 2, Operation.INSERT, ("f",), "CHECK_FAILED", "no")
    held = merge.office_refused(created(2, f="a", g=None), refused, 3).record
    assert held is not None
    assert told(net_change(edited(held, 3, f="b"), 2, 3, 2)) == (
        Operation.INSERT,
        {"f": "b", "g": None},
        {},
    )


def test_an_update_that_the_office_refused_still_expects_what_the_office_holds() -> None:
    refused = Refused("t", "r", 2, Operation.UPDATE, ("f",), "CHECK_FAILED", "no")
    held = merge.office_refused(edited(OFFICE_RECORD, 2, f="a"), refused, 3).record
    assert held is not None
    assert told(net_change(edited(held, 3, f="b"), 2, 3, 2)) == (
        Operation.UPDATE,
        {"f": "b"},
        {"f": "old"},
    )


@pytest.mark.parametrize(
    ("types", "order"),
    [
        ({"line": ["order"], "order": ["customer"], "customer": []}, ["customer", "order", "line"]),
        ({"a": ["a"]}, ["a"]),
        ({"a": ["b"], "b": ["a"]}, ["b", "a"]),
        ({"a": ["unknown"]}, ["a"]),
    ],
)
def test_referred_types_come_first_and_rings_end(
    types: dict[str, list[str]], order: list[str]
) -> None:
    assert parents_first(types) == order


def restored(record: Record, seq: int) -> Record:
    """The record after its return under a number."""
    after = merge.online_restore(record, seq, 0, "Maria", f"at {seq}").record
    assert after is not None
    return after


def test_a_record_brought_back_is_told_whole_with_what_an_office_that_has_it_still_holds() -> None:
    record = restored(deleted(edited(OFFICE_RECORD, 2, f="a"), 3), 4)
    whole = {"f": "a", "g": "old"}
    assert told(net_change(record, 0, 4, 0)) == (Operation.INSERT, whole, OFFICE_RECORD.fields)
    assert told(net_change(record, 3, 4, 0)) == (Operation.INSERT, whole, whole)
    assert net_change(record, 4, 4, 0) is None


def test_a_page_that_ends_before_a_return_tells_the_edits_and_no_deletion() -> None:
    record = restored(deleted(edited(OFFICE_RECORD, 2, f="a"), 3), 4)
    assert told(net_change(record, 0, 2, 0)) == (Operation.UPDATE, {"f": "a"}, {"f": "old"})
    assert net_change(record, 2, 3, 0) is None


def test_a_record_brought_back_and_deleted_again_is_deleted_at_an_office_that_may_have_it() -> None:
    record = deleted(restored(deleted(OFFICE_RECORD, 3), 4), 5)
    change = net_change(record, 0, 5, 0)
    assert change is not None
    assert change.operation is Operation.DELETE


def test_a_frozen_field_is_told_to_nobody_and_the_others_are_fm19() -> None:
    edit = merge.online_edit(OFFICE_RECORD, {"f": "a", "g": "b"}, 2, 0, "robot", "at 2")
    record = merge.frozen(edit, ["f"]).record
    assert record is not None
    assert told(net_change(record, 0, 2, 0)) == (Operation.UPDATE, {"g": "b"}, {"g": "old"})
    assert told(net_change(edited(record, 3, f="c"), 2, 3, 2)) == (
        Operation.UPDATE,
        {"f": "c"},
        {"f": "old"},
    ), "another value is told"
    back = restored(deleted(record, 4), 5)
    change = net_change(back, 4, 5, 4)
    assert change is not None
    assert change.fields["f"] == "a", "a deletion lets go of it"


def test_a_net_change_says_of_what_by_whom_and_when() -> None:
    """The office shows people who wrote."""
    edit = edited(OFFICE_RECORD, 2, f="a")
    assert net_change(edit, 0, 2, 0) == OnlineChange(
        Operation.UPDATE, "t", "r", {"f": "a"}, {"f": "old"}, "Maria", "at 2"
    )
    assert net_change(deleted(edit, 3), 0, 3, 0) == OnlineChange(
        Operation.DELETE, "t", "r", {"f": "a"}, {"f": "old"}, "Maria", "at 3"
    )
    assert net_change(created(2, f="a"), 0, 2, 0) == OnlineChange(
        Operation.INSERT, "t", "r", {"f": "a"}, {}, "Maria", "at 2"
    )


def test_what_an_office_refused_is_not_expected_of_it_when_the_record_comes_back_fm12() -> None:
    """Whatever cursor it has: it holds what was there before the refused write."""
    edit = edited(OFFICE_RECORD, 2, f="bad")
    refused = Refused("t", "r", 2, Operation.UPDATE, ("f",), "NO", "no")
    held = merge.office_refused(edit, refused, 9).record
    assert held is not None
    record = restored(deleted(held, 3), 4)
    assert told(net_change(record, 2, 4, 2)) == (
        Operation.INSERT,
        {"f": "bad", "g": "old"},
        {"f": "old", "g": "old"},
    )


def test_an_office_that_took_an_edit_holds_it_when_the_record_comes_back_fm18() -> None:
    record = restored(deleted(edited(OFFICE_RECORD, 2, f="a"), 3), 4)
    for since, holds in ((1, "old"), (2, "a"), (3, "a")):
        change = net_change(record, since, 4, 0)
        assert change is not None
        assert change.expected == {"f": holds, "g": "old"}


def test_a_new_record_is_told_without_what_is_frozen_in_it_fm19() -> None:
    edit = merge.online_edit(created(2, f="a", g="a"), {"f": "b"}, 3, 0, "robot", "at 3")
    record = merge.frozen(edit, ["f"]).record
    assert record is not None
    assert told(net_change(record, 0, 3, 0)) == (Operation.INSERT, {"f": "a", "g": "a"}, {})


def test_the_last_writer_is_named_whichever_field_was_written_first() -> None:
    record = edited(edited(edited(OFFICE_RECORD, 2, f="a"), 3, g="b"), 4, f="c")
    change = net_change(record, 0, 4, 0)
    assert change is not None
    assert change.at == "at 4"


def test_types_come_in_one_order_whatever_order_they_are_told_in() -> None:
    """Both sides and every run must agree."""
    assert parents_first({"b": (), "a": ()}) == ["a", "b"]
    assert parents_first({"a": ("z", "y"), "z": (), "y": ()}) == ["y", "z", "a"]
