"""What a change leaves of a record, to the last mark: who, when, upon which value, told as what."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from samsyn.core import merge
from samsyn.core.cells import Cell
from samsyn.core.changes import Delete, Lost, Operation, Put, Refused, Taken
from samsyn.core.merge import Action, Decision, Status
from samsyn.core.record import Mark, Pending, Record, Step, settled

SEQ, FLOOR = 20, 2
KEY: tuple[Cell, ...] = (7,)
REST = Record("r", "t", {"f": "old", "g": "old"}, key=KEY, version=5)
WAITING = replace(
    REST,
    fields={"f": "c", "g": "old"},
    pending={"f": Pending(9, "old", "Maria", "at 9", trail=(Step(6, "a"), Step(8, "b")))},
)
"""Written online at 6, 8 and 9."""
HELD = replace(
    REST,
    fields={"f": "c", "g": "old"},
    pending={"f": Pending(9, "old", "Maria", "at 9", held=True)},
)
NEW = Record("r", "t", {"f": "a"}, version=6, born=Mark(6, "Maria", "at 6"))
AGAIN = replace(REST, born=Mark(6, "Maria", "at 6", again=True))
DIED = replace(REST, alive=False, died=Mark(6, "Maria", "at 6"))


def put(seen: int, *, new: bool = False, derived: tuple[str, ...] = (), **f: Cell) -> Put:
    """A change of the office that had seen online work up to a number."""
    return Put("t", "r", KEY, f, seen, new=new, derived=derived)


def refusal(operation: Operation, *fields: str, since: int = 0, upto: int = 9) -> Refused:
    """The office's word that it cannot take what came between two cursors."""
    return Refused("t", "r", upto, operation, fields, "CHECK_FAILED", "no", "f", since)


def loss(field: str | None, outcome: str, seq: int = 9, **values: Cell) -> Lost:
    """A conflict of Maria's write under a number."""
    return Lost(
        type="t",
        record="r",
        key=KEY,
        field=field,
        base=values.get("base"),
        office=values.get("office"),
        online=values.get("online"),
        online_seq=seq,
        online_by="Maria",
        online_at=f"at {seq}",
        outcome=outcome,
    )


# --- online ------------------------------------------------------------------------------


def test_a_record_made_online_is_new_to_the_office_and_logged_whole() -> None:
    made = merge.online_create(Record("r", "t", {"f": "a", "g": None}), SEQ, "Erik", "now")
    assert made == Decision(
        Record("r", "t", {"f": "a", "g": None}, version=SEQ, born=Mark(SEQ, "Erik", "now")),
        action=Action.INSERT,
        written={"f": (None, "a"), "g": (None, None)},
    )


def test_an_online_edit_is_logged_with_what_it_replaced() -> None:
    edit = merge.online_edit(WAITING, {"f": "d", "g": "old"}, SEQ, FLOOR, "Erik", "now")
    trail = (*WAITING.pending["f"].trail, Step(9, "c"))
    assert edit == Decision(
        replace(
            WAITING,
            fields={"f": "d", "g": "old"},
            version=SEQ,
            pending={"f": Pending(SEQ, "old", "Erik", "now", trail=trail)},
        ),
        action=Action.UPDATE,
        written={"f": ("c", "d")},
    )


def test_an_edit_leaves_the_other_fields_as_they_are() -> None:
    after = merge.online_edit(REST, {"f": "a"}, SEQ, FLOOR, "Erik", "now").record
    assert after is not None
    assert after.fields == {"f": "a", "g": "old"}


def test_an_edit_of_what_the_office_refused_begins_anew() -> None:
    after = merge.online_edit(HELD, {"f": "d"}, SEQ, FLOOR, "Erik", "now").record
    assert after is not None
    assert after.pending == {"f": Pending(SEQ, "old", "Erik", "now")}


def test_a_frozen_field_waits_without_its_way_there_fm19() -> None:
    edit = Decision(WAITING, action=Action.UPDATE, written={"f": ("b", "c")})
    assert merge.frozen(edit, ["f"]) == replace(
        edit,
        record=replace(
            WAITING, pending={"f": Pending(9, "old", "Maria", "at 9", held=True, frozen=True)}
        ),
    )


def test_a_deletion_online_keeps_what_waits_and_lets_go_of_what_was_frozen_fm18_fm19() -> None:
    frozen = Pending(8, "older", "robot", "at 8", held=True, frozen=True)
    before = replace(WAITING, pending={**WAITING.pending, "g": frozen})
    gone = merge.online_delete(before, SEQ, FLOOR, "Erik", "now")
    assert gone == Decision(
        replace(
            before,
            alive=False,
            died=Mark(SEQ, "Erik", "now"),
            version=SEQ,
            pending={**WAITING.pending, "g": Pending(SEQ, "older", "robot", "at 8")},
        ),
        action=Action.DELETE,
    )


def test_a_deleted_record_lives_again_under_who_brought_it_back_fm18() -> None:
    assert merge.online_restore(DIED, SEQ, FLOOR, "Erik", "now") == Decision(
        replace(REST, born=Mark(SEQ, "Erik", "now", again=True), version=SEQ), action=Action.REVIVE
    )


def test_what_the_floor_has_passed_is_forgotten_by_every_online_change() -> None:
    for decision in (
        merge.online_edit(WAITING, {"g": "new"}, SEQ, 9, "Erik", "now"),
        merge.online_delete(WAITING, SEQ, 9, "Erik", "now"),
        merge.online_restore(replace(WAITING, alive=False), SEQ, 9, "Erik", "now"),
    ):
        assert decision.record is not None
        assert "f" not in decision.record.pending


def test_a_deletion_that_the_office_has_taken_may_be_brought_back_and_not_deleted_twice() -> None:
    assert merge.online_restore(DIED, SEQ, 6, "Erik", "now").action is Action.REVIVE
    assert merge.online_delete(DIED, SEQ, 6, "Erik", "now") == Decision(DIED, Status.UNCHANGED)


# --- the office's writes ---------------------------------------------------------------------


def test_an_office_write_that_loses_an_online_one_is_told_to_the_last_mark_g2_g3() -> None:
    decision = merge.office_put(WAITING, put(8, f="office"), SEQ, FLOOR)
    assert decision == Decision(
        replace(REST, fields={"f": "office", "g": "old"}, version=SEQ),
        action=Action.UPDATE,
        written={"f": ("c", "office")},
        lost=(loss("f", "office_value", base="b", office="office", online="c"),),
    )


def test_a_record_made_at_the_office_has_its_key_and_is_logged_whole() -> None:
    made = merge.office_put(None, put(0, new=True, f="a", g=None), SEQ, FLOOR)
    assert made == Decision(
        Record("r", "t", {"f": "a", "g": None}, key=KEY, version=SEQ),
        action=Action.INSERT,
        written={"f": (None, "a"), "g": (None, None)},
    )
    told = merge.office_state(None, put(0, new=True, f="a", g=None), SEQ, FLOOR)
    assert told == made


def test_a_write_of_the_value_that_is_there_says_that_the_office_has_it() -> None:
    decision = merge.office_put(replace(WAITING, key=None), put(9, f="c"), SEQ, FLOOR)
    assert decision == Decision(replace(WAITING, pending={}), Status.APPLIED)
    assert merge.office_put(REST, put(9, f="old"), SEQ, FLOOR).status is Status.UNCHANGED


def test_a_field_that_the_service_did_not_have_is_written_also_where_it_is_null() -> None:
    decision = merge.office_put(REST, put(9, h=None), SEQ, FLOOR)
    assert decision.written == {"h": (None, None)}
    assert decision.record is not None
    assert decision.record.fields == {"f": "old", "g": "old", "h": None}


def test_a_new_record_that_the_office_refused_is_new_still_where_it_writes_of_it() -> None:
    """What it refused it has not got; it writes of a row that it made of an earlier attempt."""
    refused = replace(NEW, born=Mark(6, "Maria", "at 6", held=True))
    after = merge.office_put(refused, put(9, f="b"), SEQ, FLOOR).record
    assert after is not None
    assert after.born == refused.born
    told = merge.office_state(refused, put(9, new=True, f="b"), SEQ, FLOOR).record
    assert told is not None
    assert told.born is None, "a row that stands there says that the office has it"


def test_a_record_that_is_deleted_online_and_edited_at_the_office_lives_fm18_g3() -> None:
    before = replace(WAITING, alive=False, died=Mark(10, "Maria", "at 10"))
    decision = merge.office_put(before, put(9, g="office"), SEQ, FLOOR)
    assert decision == Decision(
        replace(WAITING, fields={"f": "c", "g": "office"}, version=SEQ),
        Status.APPLIED,
        Action.REVIVE,
        {"g": ("old", "office")},
        (loss(None, "deletion_undone", 10),),
    )


def test_a_record_lives_also_where_the_office_wrote_the_value_that_is_there_fm18() -> None:
    decision = merge.office_put(DIED, put(5, f="old"), SEQ, FLOOR)
    assert (decision.status, decision.action) == (Status.APPLIED, Action.REVIVE)
    assert decision.record == replace(REST, version=SEQ)


def test_a_state_revives_with_what_differs_and_the_rest_waits_on_fm18() -> None:
    before = replace(WAITING, alive=False, died=Mark(10, "Maria", "at 10"))
    decision = merge.office_state(before, put(5, new=True, f="old", g="office"), SEQ, FLOOR)
    assert decision.record is not None
    assert decision.record.alive
    assert decision.record.fields == {"f": "c", "g": "office"}
    assert decision.record.pending == WAITING.pending
    assert [one.field for one in decision.lost] == [None]


def test_a_state_of_a_group_is_decided_together_g2() -> None:
    decision = merge.office_state(
        WAITING, put(5, new=True, f="old", g="office"), SEQ, FLOOR, (("f", "g"),)
    )
    assert [one.field for one in decision.lost] == ["f"]
    assert decision.record is not None
    assert decision.record.fields == {"f": "old", "g": "office"}


# --- the office's deletions ------------------------------------------------------------------


def test_a_deletion_at_the_office_ends_everything_that_waited_fm18_g3() -> None:
    before = replace(WAITING, born=Mark(4, "Maria", "at 4", again=True))
    decision = merge.office_delete(before, Delete("t", "r", 8), SEQ, FLOOR)
    assert decision == Decision(
        replace(REST, fields=WAITING.fields, alive=False, version=SEQ),
        action=Action.DELETE,
        lost=(loss("f", "office_deleted", base="b", online="c"),),
    )


@pytest.mark.parametrize(("seen", "lost"), [(5, True), (6, False), (7, False)])
def test_a_record_brought_back_is_lost_only_where_the_office_had_not_seen_it_fm18(
    seen: int, lost: bool
) -> None:
    decision = merge.office_delete(AGAIN, Delete("t", "r", seen), SEQ, FLOOR)
    assert decision.lost == ((loss(None, "office_deleted", 6),) if lost else ())


def test_of_a_record_that_is_lost_whole_what_it_came_back_with_is_told_once_fm21() -> None:
    pending = {"f": Pending(6, None, "Maria", "at 6"), "g": Pending(9, None, "Maria", "at 9")}
    lost = merge.office_delete(
        replace(AGAIN, pending=pending), Delete("t", "r", 5), SEQ, FLOOR
    ).lost
    assert [(one.field, one.online_seq) for one in lost] == [("g", 9), (None, 6)]


def test_what_was_made_online_is_told_where_an_office_deletes_it_without_having_seen_it_fm22() -> (
    None
):
    """It had; the service that knew so was put back."""
    lost = merge.office_delete(NEW, Delete("t", "r", 5), SEQ, FLOOR).lost
    assert [(one.field, one.online_seq, one.outcome) for one in lost] == [
        (None, 6, "office_deleted")
    ]
    assert merge.office_delete(NEW, Delete("t", "r", 6), SEQ, FLOOR).lost == ()


def test_what_a_record_was_made_with_is_told_where_an_office_overrides_it_unseen_fm22_g3() -> None:
    """It is still to be told of the record: what it was made with besides may be overridden too."""
    unseen = merge.office_put(NEW, put(5, f="o", g="o"), SEQ, FLOOR)
    lost = replace(loss("f", "office_value", 6, office="o", online="a"), key=None)
    assert unseen == Decision(
        replace(NEW, fields={"f": "o", "g": "o"}, key=KEY, version=SEQ),
        action=Action.UPDATE,
        written={"f": ("a", "o"), "g": (None, "o")},
        lost=(lost,),
    )
    assert merge.office_put(NEW, put(6, f="o"), SEQ, FLOOR).lost == ()


def test_of_a_field_that_was_edited_since_the_edit_is_told_fm22_g3() -> None:
    before = replace(NEW, pending={"f": Pending(9, "first", "Maria", "at 9")})
    (lost,) = merge.office_put(before, put(5, f="o"), SEQ, FLOOR).lost
    assert (lost.online_seq, lost.online_at) == (9, "at 9")


def test_what_triggers_made_does_not_override_what_a_record_was_made_with_fm22_fm19_g3() -> None:
    """The office tells it before it is known to have the record: the service was put back."""
    decision = merge.office_put(NEW, put(5, derived=("f",), f="A"), SEQ, FLOOR)
    upon = Pending(6, None, "Maria", "at 6", trail=(Step(5, "A"),))
    assert decision == Decision(replace(NEW, key=KEY, pending={"f": upon}), Status.APPLIED)
    given = merge.office_put(NEW, put(5, derived=("no",), no=17), SEQ, FLOOR)
    assert given.written == {"no": (None, 17)}, "nobody had written anything there"


def test_all_that_an_office_has_of_a_record_that_came_back_unseen_is_its_own_fm21_g3() -> None:
    """Then it loses nobody's value where it deletes the record later."""
    decision = merge.office_state(AGAIN, put(5, new=True, f="old", g="office"), SEQ, FLOOR)
    assert decision.written == {"f": ("old", "old"), "g": ("old", "office")}
    assert [one.field for one in decision.lost] == ["g"]


def test_a_deletion_on_both_sides_is_at_rest_fm18() -> None:
    before = replace(WAITING, alive=False, died=Mark(10, "Maria", "at 10"))
    decision = merge.office_delete(before, Delete("t", "r", 5), SEQ, FLOOR)
    assert decision == Decision(replace(REST, fields=WAITING.fields, alive=False), Status.UNCHANGED)


# --- refused and taken -----------------------------------------------------------------------


def test_what_the_office_refused_is_held_upon_what_it_had_taken_before_fm12() -> None:
    for since, base in ((0, "old"), (6, "a"), (8, "b")):
        refused = refusal(Operation.UPDATE, "f", "no field", since=since)
        assert merge.office_refused(WAITING, refused, SEQ) == Decision(
            replace(WAITING, pending={"f": Pending(9, base, "Maria", "at 9", held=True)}),
            Status.UNCHANGED,
        )


def test_what_was_written_after_a_refused_page_waits_on_without_what_was_in_it_fm12() -> None:
    refused = refusal(Operation.UPDATE, "f", since=6, upto=7)
    after = merge.office_refused(WAITING, refused, SEQ).record
    assert after is not None
    assert after.pending == {"f": Pending(9, "a", "Maria", "at 9", trail=(Step(8, "b"),))}
    refused = refusal(Operation.UPDATE, "f", since=0, upto=8)
    after = merge.office_refused(WAITING, refused, SEQ).record
    assert after is not None
    assert after.pending == {"f": Pending(9, "old", "Maria", "at 9")}


def test_what_is_held_already_is_held_as_it_was_fm12() -> None:
    refused = refusal(Operation.UPDATE, "f", since=9, upto=9)
    assert merge.office_refused(HELD, refused, SEQ).record == HELD
    both = replace(HELD, pending={**HELD.pending, "g": Pending(9, "x")})
    after = merge.office_refused(both, refusal(Operation.UPDATE, "f"), SEQ).record
    assert after == both, "a field that was not in it waits on"


def test_a_new_record_is_held_as_one_and_an_edit_of_it_is_not_fm12() -> None:
    held = replace(NEW, born=Mark(6, "Maria", "at 6", held=True))
    assert merge.office_refused(NEW, refusal(Operation.INSERT, "f"), SEQ).record == held
    assert merge.office_refused(NEW, refusal(Operation.UPDATE, "f"), SEQ).record == NEW
    assert merge.office_refused(REST, refusal(Operation.INSERT, "f"), SEQ).record == REST


def test_a_refused_deletion_is_undone_and_told_with_the_field_at_fault_fm14_g3() -> None:
    refused = refusal(Operation.DELETE, upto=6)
    assert merge.office_refused(DIED, refused, SEQ) == Decision(
        replace(REST, version=SEQ),
        action=Action.REVIVE,
        lost=(replace(loss(None, "delete_refused", 6), field="f"),),
    )
    assert merge.office_refused(REST, refused, SEQ) == Decision(REST, Status.UNCHANGED)
    newer = replace(DIED, died=Mark(7, "Maria", "at 7"))
    assert merge.office_refused(newer, refused, SEQ) == Decision(newer, Status.UNCHANGED)
    at_rest = replace(DIED, died=None)
    assert merge.office_refused(at_rest, refused, SEQ) == Decision(at_rest, Status.UNCHANGED)


def test_what_is_taken_at_last_waits_as_any_other_until_the_floor_passes_fm12() -> None:
    held = replace(HELD, born=Mark(6, "Maria", "at 6", held=True))
    decision = merge.office_taken(held, Taken("t", "r", 9, {"f": "c"}))
    assert decision == Decision(
        replace(
            held,
            born=Mark(6, "Maria", "at 6"),
            pending={"f": Pending(9, "old", "Maria", "at 9")},
        ),
        Status.UNCHANGED,
    )


def test_a_write_newer_than_what_was_taken_waits_upon_that_fm12() -> None:
    after = merge.office_taken(WAITING, Taken("t", "r", 7, {"f": "took"})).record
    assert after is not None
    assert after.pending == {
        "f": Pending(9, "old", "Maria", "at 9", trail=(Step(6, "a"), Step(7, "took"), Step(8, "b")))
    }
    after = merge.office_taken(WAITING, Taken("t", "r", 8, {"f": "took"})).record
    assert after is not None
    assert after.pending["f"].trail == (Step(6, "a"), Step(8, "b"), Step(8, "took"))
    assert merge.office_taken(WAITING, Taken("t", "r", 7, {"g": "x"})) == Decision(
        WAITING, Status.UNCHANGED
    )


def test_what_is_frozen_is_not_let_go_by_what_was_taken_fm19() -> None:
    frozen = replace(HELD, pending={"f": replace(HELD.pending["f"], frozen=True)})
    assert merge.office_taken(frozen, Taken("t", "r", 9, {"f": "c"})).record == frozen


def test_what_triggers_made_is_put_between_what_came_before_and_after_fm19() -> None:
    made = put(8, derived=("f",), f="B")
    after = merge.office_put(WAITING, made, SEQ, FLOOR).record
    assert after is not None
    assert after.pending["f"] == Pending(
        9, "old", "Maria", "at 9", trail=(Step(6, "a"), Step(8, "b"), Step(8, "B"))
    )
    after = merge.office_put(WAITING, put(7, derived=("f",), f="A"), SEQ, FLOOR).record
    assert after is not None
    assert after.pending["f"].trail == (Step(6, "a"), Step(7, "A"), Step(8, "b"))


# --- what the office is known to hold ----------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "holds"), [(0, "old"), (5, "old"), (6, "a"), (7, "a"), (8, "b"), (99, "b")]
)
def test_an_office_holds_the_last_online_value_that_it_has_taken(since: int, holds: Cell) -> None:
    assert WAITING.pending["f"].expected_at(since) == holds
    assert replace(WAITING.pending["f"], held=True).expected_at(since) == "old"


@pytest.mark.parametrize(("upto", "last"), [(5, 9), (6, 6), (7, 6), (8, 8), (9, 9), (99, 9)])
def test_the_last_write_up_to_a_number_or_a_newer_one_where_there_is_none(
    upto: int, last: int
) -> None:
    assert WAITING.pending["f"].last_at(upto) == last


@pytest.mark.parametrize("floor", [5, 6])
def test_what_the_office_has_taken_in_is_settled_and_what_it_refused_is_not(floor: int) -> None:
    done = floor >= 6
    fresh, held = Mark(6), Mark(6, held=True)
    assert settled(replace(REST, born=fresh), floor).born == (None if done else fresh)
    assert settled(replace(REST, born=held), floor).born == held
    assert settled(replace(DIED, died=fresh), floor).died == (None if done else fresh)
    waiting = {"f": Pending(6, "old"), "g": Pending(6, "old", held=True)}
    kept = settled(replace(REST, pending=waiting), floor).pending
    assert set(kept) == ({"g"} if done else {"f", "g"})


def test_a_record_is_at_rest_where_nothing_of_it_waits() -> None:
    assert REST.at_rest
    assert not HELD.at_rest
    assert not NEW.at_rest
    assert not DIED.at_rest
