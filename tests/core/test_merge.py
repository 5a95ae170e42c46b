"""The merge rules, each as a row: how a record stood, what came, and what became of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec import Struct

from samsyn.core import merge
from samsyn.core.cells import Cell
from samsyn.core.changes import Delete, Operation, Put, Refused, Taken
from samsyn.core.merge import Action, Decision, Status
from samsyn.core.record import Mark, Pending, Record, Step, settled

SEQ = 20
"""The number of the change under test; the record's own history lies before it."""
KEY: tuple[Cell, ...] = (7,)
REST = Record("r", "t", {"f": "old", "g": "old"}, key=KEY, version=5)


def edited(record: Record, seq: int, **fields: Cell) -> Record:
    """The record after an online edit."""
    return _after(merge.online_edit(record, fields, seq, 0, "Maria", f"at {seq}"))


def created(seq: int, **fields: Cell) -> Record:
    """A record created online."""
    return _after(merge.online_create(Record("r", "t", fields), seq, "Maria", f"at {seq}"))


def deleted(record: Record, seq: int) -> Record:
    """The record after its deletion online."""
    return _after(merge.online_delete(record, seq, 0, "Maria", f"at {seq}"))


def held(
    record: Record, upto: int, *fields: str, operation: Operation = Operation.UPDATE
) -> Record:
    """The record after the office refused its online change."""
    return _after(merge.office_refused(record, refusal(upto, *fields, operation=operation), SEQ))


def gone(record: Record) -> Record:
    """The record after its deletion at the office."""
    return _after(merge.office_delete(record, Delete("t", "r", 10), 11, 0))


def refusal(upto: int, *fields: str, operation: Operation = Operation.UPDATE) -> Refused:
    """The office's word that it cannot take a change."""
    return Refused("t", "r", upto, operation, fields, "CHECK_FAILED", "no", "f")


def put(seen: int, *, new: bool = False, by_field: dict[str, int] | None = None, **f: Cell) -> Put:
    """A change of the office that had seen online work up to a number."""
    return Put("t", "r", KEY, f, seen, by_field or {}, new)


def made(seen: int, *own: str, **f: Cell) -> Put:
    """What the office's triggers made of online work up to a number; `own` somebody wrote."""
    return Put("t", "r", KEY, f, seen, derived=tuple(name for name in f if name not in own))


def yielding(seen: int, **f: Cell) -> Put:
    """An office change of fields by whose rule an unseen online write stands."""
    return Put("t", "r", KEY, f, seen, yields=tuple(f))


def restored(record: Record, seq: int) -> Record:
    """The record, brought back online."""
    return _after(merge.online_restore(record, seq, 0, "Maria", f"at {seq}"))


def _after(decision: Decision) -> Record:
    assert decision.record is not None
    return decision.record


class Case(Struct, frozen=True):
    """One rule. `fields` None means that there is no record after it, or that it is deleted."""

    rule: str
    record: Record | None
    came: Put | Delete
    fields: dict[str, Cell] | None
    action: Action | None
    lost: tuple[tuple[str | None, str, Cell, Cell, Cell], ...] = ()
    """(field, outcome, base, office, online)"""
    pending: tuple[str, ...] = ()
    status: Status = Status.APPLIED
    floor: int = 0


UPDATED, INSERTED, REVIVED, DELETED = (
    Action.UPDATE,
    Action.INSERT,
    Action.REVIVE,
    Action.DELETE,
)
OFFICE_VALUE, OFFICE_DELETED, UNDONE = "office_value", "office_deleted", "deletion_undone"

PUTS = [
    Case("an office write of a record at rest stands",
         REST, put(5, f="new"), {"f": "new", "g": "old"}, UPDATED),
    Case("a value that is there already is no change",
         REST, put(5, f="old"), {"f": "old", "g": "old"}, None, status=Status.UNCHANGED),
    Case("1 is not 1.0, and neither is true",
         edited(REST, 6, f=1), put(6, f=1.0), {"f": 1.0, "g": "old"}, UPDATED),
    Case("an office write that had not seen the online one wins, and that is a conflict",
         edited(REST, 6, f="online"), put(5, f="office"), {"f": "office", "g": "old"}, UPDATED,
         lost=(("f", OFFICE_VALUE, "old", "office", "online"),)),
    Case("an office write that had seen the online one follows it: no conflict",
         edited(REST, 6, f="online"), put(6, f="office"), {"f": "office", "g": "old"}, UPDATED),
    Case("what a field had seen counts, not what the record had",
         edited(REST, 6, f="online"), put(5, by_field={"f": 6}, f="office"),
         {"f": "office", "g": "old"}, UPDATED),
    Case("the same value on both sides is no conflict, and waits no longer",
         edited(REST, 6, f="same"), put(5, f="same"), {"f": "same", "g": "old"}, UPDATED),
    Case("the value that the office had seen is no write of its own",
         edited(REST, 6, f="same"), put(6, f="same"), {"f": "same", "g": "old"}, None),
    Case("different fields both stand, and that is no conflict",
         edited(REST, 6, g="online"), put(5, f="office"), {"f": "office", "g": "online"}, UPDATED,
         pending=("g",)),
    Case("of many online writes of a field only the last is lost, against what the office had seen",
         edited(edited(REST, 6, f="a"), 7, f="b"), put(6, f="office"),
         {"f": "office", "g": "old"}, UPDATED, lost=(("f", OFFICE_VALUE, "a", "office", "b"),)),
    Case("an online write back to the base is a write all the same",
         edited(edited(REST, 6, f="a"), 7, f="old"), put(5, f="office"),
         {"f": "office", "g": "old"}, UPDATED, lost=(("f", OFFICE_VALUE, "old", "office", "old"),)),
    Case("what the office has taken in is no conflict whatever it had seen then",
         edited(REST, 6, f="online"), put(5, f="office"), {"f": "office", "g": "old"}, UPDATED, floor=6),
    Case("an online write that the office refused loses to the office's next one, seen or not",
         held(edited(REST, 6, f="online"), 6, "f"), put(9, f="office"),
         {"f": "office", "g": "old"}, UPDATED, lost=(("f", OFFICE_VALUE, "old", "office", "online"),)),
    Case("what triggers made of the last online write stands in its place",
         edited(REST, 6, f="online"), made(6, f="ONLINE"), {"f": "ONLINE", "g": "old"}, UPDATED),
    Case("what triggers made of an older online write does not override a newer one",
         edited(edited(REST, 6, f="a"), 7, f="b"), made(6, f="A"), {"f": "b", "g": "old"}, None,
         pending=("f",)),
    Case("what somebody wrote beside it does",
         edited(edited(REST, 6, f="a", g="a"), 7, f="b", g="b"), made(6, "g", f="A", g="office"),
         {"f": "b", "g": "office"}, UPDATED, pending=("f",),
         lost=(("g", OFFICE_VALUE, "a", "office", "b"),)),
    Case("what triggers made does not keep a record that was deleted online since",
         deleted(edited(REST, 6, f="a"), 7), made(6, f="A"), None, UPDATED),
    Case("an office write of a record brought back before the office heard of it is a write",
         restored(deleted(REST, 6), 7), put(5, f="office"), {"f": "office", "g": "old"}, UPDATED),
    Case("by the rule that online stands, what the office had seen is still the office's",
         edited(REST, 6, f="online"), yielding(6, f="office"), {"f": "office", "g": "old"}, UPDATED),
    Case("by that rule, what the office refused loses to its next write as ever",
         held(edited(REST, 6, f="online"), 6, "f"), yielding(9, f="office"),
         {"f": "office", "g": "old"}, UPDATED, lost=(("f", OFFICE_VALUE, "old", "office", "online"),)),
    Case("a record that the service does not have is made of all its fields",
         None, put(0, new=True, f="a", g="b"), {"f": "a", "g": "b"}, INSERTED),
    Case("some fields of a record that the service does not have are not enough",
         None, put(0, f="a"), None, None, status=Status.UNKNOWN_RECORD),
    Case("a record deleted at the office is made anew when it comes back whole",
         gone(REST), put(0, new=True, f="a", g="b"), {"f": "a", "g": "b"}, INSERTED),
    Case("a record deleted at the office does not come back by halves",
         gone(REST), put(0, f="a"), None, None, status=Status.UNKNOWN_RECORD),
    Case("a record deleted online, which the office has taken in, comes back whole too",
         deleted(REST, 6), put(6, new=True, f="a", g="b"), {"f": "a", "g": "b"}, INSERTED, floor=6),
    Case("an office edit of a record deleted online keeps it alive; the deletion is lost",
         deleted(REST, 6), put(5, f="office"), {"f": "office", "g": "old"}, REVIVED,
         lost=((None, UNDONE, None, None, None),)),
    Case("a record kept alive has its other online edits waiting still",
         deleted(edited(REST, 6, g="online"), 7), put(5, f="office"),
         {"f": "office", "g": "online"}, REVIVED, lost=((None, UNDONE, None, None, None),),
         pending=("g",)),
    Case("a record kept alive by an edit of the field edited online has both losses",
         deleted(edited(REST, 6, f="online"), 7), put(5, f="office"), {"f": "office", "g": "old"},
         REVIVED, lost=((None, UNDONE, None, None, None),
                  ("f", OFFICE_VALUE, "old", "office", "online"))),
]  # fmt: skip

STATES = [
    Case("a record told for the first time is made",
         None, put(0, new=True, f="a"), {"f": "a"}, INSERTED),
    Case("what stands as the office is known to hold did not change there: online work waits on",
         edited(REST, 6, f="online"), put(5, new=True, f="old", g="old"),
         {"f": "online", "g": "old"}, None, pending=("f",), status=Status.UNCHANGED),
    Case("what stands otherwise did change there",
         edited(REST, 6, f="online"), put(5, new=True, f="office", g="old"),
         {"f": "office", "g": "old"}, UPDATED, lost=(("f", OFFICE_VALUE, "old", "office", "online"),)),
    Case("a record deleted online that stands unchanged at the office stays deleted",
         deleted(REST, 6), put(5, new=True, f="old", g="old"), None, None,
         status=Status.UNCHANGED),
    Case("a record deleted online that stands changed at the office lives",
         deleted(REST, 6), put(5, new=True, f="office", g="old"), {"f": "office", "g": "old"}, REVIVED,
         lost=((None, UNDONE, None, None, None),)),
    Case("a record deleted at the office that stands there again is made anew",
         gone(REST), put(5, new=True, f="a", g="b"), {"f": "a", "g": "b"}, INSERTED),
    Case("a value that the office has taken did not change there, however much was written since",
         edited(edited(REST, 6, f="a"), 7, f="b"), put(6, new=True, f="a", g="old"),
         {"f": "b", "g": "old"}, None, status=Status.UNCHANGED, pending=("f",)),
    Case("nor did the last one, where the office's floor does not tell that it has it",
         edited(edited(REST, 6, f="a"), 7, f="b"), put(7, new=True, f="b", g="old"),
         {"f": "b", "g": "old"}, None, status=Status.UNCHANGED, pending=("f",)),
    Case("nor what the office had before, since it may have refused what it has been told",
         edited(edited(REST, 6, f="a"), 7, f="b"), put(6, new=True, f="old", g="old"),
         {"f": "b", "g": "old"}, None, status=Status.UNCHANGED, pending=("f",)),
    Case("a value that it cannot have taken yet is its own",
         edited(edited(REST, 6, f="a"), 7, f="b"), put(5, new=True, f="a", g="old"),
         {"f": "a", "g": "old"}, UPDATED, lost=(("f", OFFICE_VALUE, "old", "a", "b"),)),
    Case("also where people online have written the same: then neither is lost",
         edited(REST, 6, f="a"), put(5, new=True, f="a", g="old"), {"f": "a", "g": "old"}, UPDATED),
    Case("so is what it has refused and has now: it came by another hand",
         held(edited(REST, 6, f="a"), 6, "f"), put(7, new=True, f="a", g="old"),
         {"f": "a", "g": "old"}, UPDATED),
    Case("nor has it the last one, where it has refused it",
         held(edited(REST, 6, f="a"), 6, "f"), put(7, new=True, f="c", g="old"),
         {"f": "c", "g": "old"}, UPDATED, lost=(("f", OFFICE_VALUE, "old", "c", "a"),)),
]  # fmt: skip

DELETES = [
    Case("an office deletion of a record at rest stands", REST, Delete("t", "r", 5), None, DELETED),
    Case("an office deletion beats an online edit it had not seen, which is a conflict",
         edited(REST, 6, f="online"), Delete("t", "r", 5), None, DELETED,
         lost=(("f", OFFICE_DELETED, "old", None, "online"),)),
    Case("an office deletion that had seen the online edit loses nothing",
         edited(REST, 6, f="online"), Delete("t", "r", 6), None, DELETED),
    Case("what the office refused is lost with the record",
         held(edited(REST, 6, f="online"), 6, "f"), Delete("t", "r", 9), None, DELETED,
         lost=(("f", OFFICE_DELETED, "old", None, "online"),)),
    Case("an office deletion beats a record brought back online that it had not seen",
         restored(deleted(REST, 6), 7), Delete("t", "r", 5), None, DELETED,
         lost=((None, OFFICE_DELETED, None, None, None),)),
    Case("deleted on both sides is deleted, and no conflict",
         deleted(REST, 6), Delete("t", "r", 5), None, None, status=Status.UNCHANGED),
    Case("the deletion of what the service does not have is nothing",
         None, Delete("t", "r", 5), None, None, status=Status.UNCHANGED),
]  # fmt: skip


def sentence(case: Case) -> str:
    """The rule as the test's name."""
    return case.rule


@pytest.mark.parametrize("case", PUTS, ids=sentence)
def test_a_write_at_the_office(case: Case) -> None:
    assert isinstance(case.came, Put)
    check(case, merge.office_put(case.record, case.came, SEQ, case.floor))


@pytest.mark.parametrize("case", STATES, ids=sentence)
def test_a_state_told_by_the_office(case: Case) -> None:
    assert isinstance(case.came, Put)
    check(case, merge.office_state(case.record, case.came, SEQ, case.floor))


@pytest.mark.parametrize("case", DELETES, ids=sentence)
def test_a_deletion_at_the_office(case: Case) -> None:
    assert isinstance(case.came, Delete)
    check(case, merge.office_delete(case.record, case.came, SEQ, case.floor))


def check(case: Case, decision: Decision) -> None:
    """The decision is what the rule says, and hangs together."""
    after = decision.record
    alive = after is not None and after.alive
    assert (after.fields if after is not None and alive else None) == case.fields
    if case.fields is not None and after is not None:
        assert {n: type(v) for n, v in after.fields.items()} == {
            n: type(v) for n, v in case.fields.items()
        }
    assert decision.action is case.action
    assert decision.status is case.status
    told = [(x.field, x.outcome, x.base, x.office, x.online) for x in decision.lost]
    assert tuple(told) == case.lost
    assert all(x.kept == "office" and x.online_by == "Maria" for x in decision.lost)
    assert tuple(after.pending if after is not None and alive else ()) == case.pending
    if case.action is not None:
        assert after is not None
        assert after.version == SEQ
        for name, (old, new) in decision.written.items():
            assert after.fields[name] == new
            assert (
                case.action is Action.INSERT
                or case.record is None
                or (case.record.fields.get(name) == old)
            )
    else:
        assert not decision.written


# --- what is made online, refused and taken ------------------------------------------


def test_an_online_edit_waits_with_what_the_office_holds() -> None:
    record = edited(REST, 6, f="a")
    assert record.pending == {"f": Pending(6, "old", "Maria", "at 6")}


def test_online_edits_of_a_field_keep_the_first_base_and_the_steps_between() -> None:
    record = edited(edited(REST, 6, f="a"), 7, f="b")
    assert record.pending == {"f": Pending(7, "old", "Maria", "at 7", trail=(Step(6, "a"),))}


def test_an_online_edit_to_the_same_value_is_no_change() -> None:
    decision = merge.online_edit(REST, {"f": "old"}, SEQ, 0, "Maria", "now")
    assert (decision.status, decision.action) == (Status.UNCHANGED, None)


def test_an_online_edit_after_the_office_took_the_last_one_has_its_value_as_base() -> None:
    record = merge.online_edit(edited(REST, 6, f="a"), {"f": "b"}, 7, 6, "Maria", "at 7").record
    assert record is not None
    assert record.pending["f"].base == "a"
    assert record.pending["f"].trail == ()


def test_an_online_edit_of_what_was_refused_is_a_new_attempt_from_the_same_base() -> None:
    record = edited(held(edited(REST, 6, f="a"), 6, "f"), 7, f="b")
    assert record.pending == {"f": Pending(7, "old", "Maria", "at 7")}


def test_by_the_rule_that_online_stands_the_loss_is_the_offices() -> None:
    decision = merge.office_put(edited(REST, 6, f="online"), yielding(5, f="office"), SEQ, 0)
    after = _after(decision)
    assert after.fields["f"] == "online"
    assert after.pending["f"].expected_at(5) == "office"
    assert [(x.outcome, x.kept, x.office, x.online) for x in decision.lost] == [
        ("online_value", "online", "office", "online")
    ]
    assert (decision.action, decision.written, after.version) == (Action.UPDATE, {}, SEQ)


@pytest.mark.parametrize("came", [yielding(5, f="same"), made(5, f="same")])
def test_what_may_have_been_written_over_meanwhile_waits_on_though_the_values_agree(
    came: Put,
) -> None:
    """The office may have taken an older online value since, over its own."""
    after = _after(merge.office_put(edited(edited(REST, 6, f="a"), 7, f="same"), came, SEQ, 0))
    assert after.pending["f"].seq == 7
    assert after.pending["f"].expected_at(6) == "a"


def test_what_triggers_made_is_what_the_office_holds_meanwhile() -> None:
    before = edited(edited(REST, 6, f="a"), 7, f="b")
    after = _after(merge.office_put(before, made(6, f="A"), SEQ, 0))
    assert after.pending["f"].expected_at(6) == "A"
    assert after.pending["f"].expected_at(5) == "old"
    refused = _after(merge.office_put(held(before, 7, "f"), made(7, f="A"), SEQ, 0))
    assert refused.pending["f"].held
    assert refused.pending["f"].base == "A"


def test_what_triggers_made_does_not_tell_that_the_office_has_a_record_brought_back() -> None:
    before = restored(deleted(edited(REST, 6, f="a"), 7), 8)
    assert _after(merge.office_put(before, made(6, f="A"), SEQ, 0)).born is not None
    assert _after(merge.office_put(before, put(6, f="A"), SEQ, 0)).born is None


def test_a_record_brought_back_twice_is_one() -> None:
    decision = merge.online_restore(restored(gone(REST), 12), SEQ, 0, "Erik", "now")
    assert (decision.status, decision.action) == (Status.UNCHANGED, None)


def test_a_frozen_field_waits_on_whatever_the_office_takes_fm19() -> None:
    edit = merge.online_edit(REST, {"f": "online"}, 6, 0, "robot", "at 6")
    record = _after(merge.frozen(edit, ["f"]))
    taken = _after(merge.office_taken(record, Taken("t", "r", 9, {"g": "new"})))
    assert settled(taken, 20).pending["f"].frozen
    assert settled(taken, 20).pending["f"].held


def test_an_office_write_of_a_frozen_field_wins_and_lets_it_go_fm19() -> None:
    edit = merge.online_edit(REST, {"f": "online"}, 6, 0, "Maria", "at 6")
    decision = merge.office_put(_after(merge.frozen(edit, ["f"])), put(9, f="office"), SEQ, 9)
    assert not _after(decision).pending
    assert [(x.outcome, x.online, x.office) for x in decision.lost] == [
        ("office_value", "online", "office")
    ]


def test_a_deletion_online_twice_is_one() -> None:
    decision = merge.online_delete(deleted(REST, 6), SEQ, 0, "Maria", "now")
    assert (decision.status, decision.action) == (Status.UNCHANGED, None)


def test_what_was_refused_is_held_whatever_the_office_takes_in_later() -> None:
    record = settled(held(edited(REST, 6, f="a", g="b"), 6, "f"), 10)
    assert list(record.pending) == ["f"]
    assert record.pending["f"].held


def test_a_refusal_does_not_hold_what_was_written_after_it() -> None:
    record = held(edited(edited(REST, 6, f="a"), 8, f="b"), 7, "f")
    assert not record.pending["f"].held


def test_a_new_record_that_was_refused_stays_new() -> None:
    record = held(created(6, f="a"), 6, operation=Operation.INSERT)
    assert settled(record, 10).born == Mark(6, "Maria", "at 6", held=True)


def test_what_was_refused_and_is_taken_now_is_held_no_longer() -> None:
    both = held(held(created(6, f="a"), 6, operation=Operation.INSERT), 6, "f")
    record = merge.office_taken(both, Taken("t", "r", 7)).record
    assert record is not None
    assert settled(record, 7).at_rest


def test_a_deletion_that_the_office_refuses_brings_the_record_back() -> None:
    before = deleted(edited(REST, 6, f="a"), 7)
    decision = merge.office_refused(before, refusal(7, operation=Operation.DELETE), SEQ)
    after = decision.record
    assert after is not None
    assert (after.alive, decision.action) == (True, Action.REVIVE)
    assert after.pending["f"].seq == 6
    assert [(lost.outcome, lost.online_seq) for lost in decision.lost] == [("delete_refused", 7)]


def test_a_refused_deletion_of_a_record_deleted_again_since_is_old_news() -> None:
    decision = merge.office_refused(deleted(REST, 8), refusal(7, operation=Operation.DELETE), SEQ)
    assert (decision.action, decision.record is not None and decision.record.alive) == (None, False)


@pytest.mark.parametrize(
    "work",
    [
        lambda: merge.office_refused(None, refusal(6, "f"), SEQ),
        lambda: merge.office_taken(None, Taken("t", "r", 6)),
    ],
)
def test_news_of_what_the_service_does_not_have_is_nothing(work: Callable[[], Decision]) -> None:
    assert work() == Decision(None, Status.UNCHANGED)


def test_the_office_has_a_new_record_once_it_writes_it() -> None:
    decision = merge.office_put(created(6, f="a"), put(6, f="b"), SEQ, 0)
    assert decision.record is not None
    assert decision.record.born is None
    assert decision.record.key == KEY


@pytest.mark.parametrize("told", [merge.office_put, merge.office_state])
def test_the_office_has_itself_written_what_a_record_made_online_has_too_g3(
    told: Callable[[Record | None, Put, int, int], Decision],
) -> None:
    """Who deletes it then without having seen the other loses nobody's value."""
    decision = told(created(6, f="a", g="b"), put(5, new=True, f="a", g="c"), SEQ, 0)
    assert decision.written == {"f": ("a", "a"), "g": ("b", "c")}
    assert [lost.field for lost in decision.lost] == ["g"]


def test_a_row_of_the_offices_own_outlives_a_record_that_was_made_and_deleted_online_g2() -> None:
    told = put(5, new=True, f="a")
    own = merge.office_state(deleted(created(6, f="a"), 7), told, SEQ, 0)
    assert (own.action, _after(own).alive) == (Action.REVIVE, True)
    assert [lost.outcome for lost in own.lost] == ["deletion_undone"]
    brought_back = deleted(restored(deleted(edited(REST, 4, f="a"), 5), 6), 7)
    assert merge.office_state(brought_back, put(4, f="a"), SEQ, 4).action is None


def test_the_key_that_the_office_gave_arrives_with_its_write() -> None:
    decision = merge.office_put(created(6, f="a"), put(6, f="a"), SEQ, 0)
    assert decision.record is not None
    assert (decision.record.key, decision.action) == (KEY, None)
