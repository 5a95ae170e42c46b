"""What a fix of the quarantine clinic does to a record, each rule as a row or a test."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from samsyn.core import merge
from samsyn.core.catalog import Field, KeyGiver, Kind, RecordType, Reference
from samsyn.core.cells import Cell
from samsyn.core.changes import Lost
from samsyn.core.mending import (
    Merged,
    left,
    merged,
    merged_away,
    office_taken_back,
    pointing_at,
    told_again,
)
from samsyn.core.merge import Action, Status
from samsyn.core.record import Mark, Pending, Record, Step

SEQ, BY, AT = 20, "Erik", "now"
KEY: tuple[Cell, ...] = (7,)
WAITING = Record(
    "r", "t", {"f": "online", "g": "online", "h": "same", "k": "rest"}, key=KEY, version=9,
    pending={
        "f": Pending(6, "office", "Maria", "at 6", held=True),
        "g": Pending(8, "office", "Maria", "at 8", trail=(Step(7, "between"),)),
        "h": Pending(9, "same", "Maria", "at 9"),
    },
)  # fmt: skip


def given_up(field: str, seq: int) -> Lost:
    """The conflict of a value that was given up."""
    return Lost(
        type="t",
        record="r",
        key=KEY,
        field=field,
        base="office",
        office="office",
        online="online",
        online_seq=seq,
        online_by="Maria",
        online_at=f"at {seq}",
        outcome="given_up",
    )


def of_the_record(record: Record, outcome: str, seq: int, by: str | None, at: str | None) -> Lost:
    """The conflict of a whole record."""
    return Lost(record.type, record.id, record.key, None, None, None, None, seq, by, at, outcome)


def test_what_waits_is_given_up_and_the_offices_value_stands_fm12_g3() -> None:
    decision = office_taken_back(WAITING, ["f", "g"], SEQ, BY, AT)
    after = decision.record
    assert after is not None
    assert after.fields == {"f": "office", "g": "office", "h": "same", "k": "rest"}
    assert after.version == SEQ
    assert after.pending == {
        "f": Pending(SEQ, "office", BY, AT),
        "g": Pending(SEQ, "office", BY, AT, trail=(Step(7, "between"), Step(8, "online"))),
        "h": WAITING.pending["h"],
    }
    assert decision.action is Action.UPDATE
    assert decision.status is Status.APPLIED
    assert decision.written == {"f": ("online", "office"), "g": ("online", "office")}
    assert decision.lost == (given_up("f", 6), given_up("g", 8))


def test_what_does_not_wait_or_is_the_same_is_not_given_up_fm12() -> None:
    decision = office_taken_back(WAITING, ["h", "k", "no field"], SEQ, BY, AT)
    assert (decision.record, decision.status) == (WAITING, Status.UNCHANGED)
    assert (decision.action, decision.written, decision.lost) == (None, {}, ())
    after = office_taken_back(WAITING, ["h", "f"], SEQ, BY, AT)
    assert list(after.written) == ["f"], "the others are taken back all the same"


def test_a_refused_value_that_is_the_offices_is_told_once_more_and_no_conflict_fm12() -> None:
    held = Record("r", "t", {"f": "same"}, pending={"f": Pending(6, "same", held=True)})
    decision = office_taken_back(held, ["f"], SEQ, BY, AT)
    assert decision.record is not None
    assert decision.record.pending == {"f": Pending(SEQ, "same", BY, AT)}
    assert (decision.action, decision.lost) == (Action.UPDATE, ())


BORN = Record("r", "t", {"f": "a"}, version=9, born=Mark(6, "Maria", "at 6", held=True))


def test_a_record_that_the_office_cannot_take_is_deleted_and_its_loss_is_told_fm12_g3() -> None:
    decision = left(BORN, SEQ, 0, BY, AT)
    assert decision == with_lost(
        merge.online_delete(BORN, SEQ, 0, BY, AT),
        of_the_record(BORN, "given_up", 6, "Maria", "at 6"),
    )
    known = Record("r", "t", {"f": "a"}, key=KEY, version=9)
    assert left(known, SEQ, 0, BY, AT).lost == (of_the_record(known, "given_up", 9, None, None),)
    assert (
        left(WAITING, SEQ, 8, BY, AT).record == merge.online_delete(WAITING, SEQ, 8, BY, AT).record
    )


def test_a_record_that_is_gone_already_is_not_lost_once_more() -> None:
    gone = merge.online_delete(BORN, 11, 0, BY, AT).record
    assert gone is not None
    for decision in (left(gone, SEQ, 0, BY, AT), merged_away(gone, (), SEQ, 0, (BY, AT))):
        assert (decision.status, decision.action) == (Status.UNCHANGED, None)
        assert decision.lost == ()


def with_lost(decision: merge.Decision, *lost: Lost) -> merge.Decision:
    """The decision with these losses."""
    return replace(decision, lost=lost)


def test_a_record_that_becomes_one_with_another_is_deleted_and_its_losses_are_told_fm13_g3() -> (
    None
):
    other = given_up("f", 6)
    decision = merged_away(BORN, (other,), SEQ, 3, (BY, AT))
    assert decision == with_lost(
        merge.online_delete(BORN, SEQ, 3, BY, AT),
        of_the_record(BORN, "merged", 6, "Maria", "at 6"),
        other,
    )


def test_what_was_refused_is_told_once_more_from_what_the_office_holds_fm12() -> None:
    decision = told_again(WAITING, SEQ)
    after = decision.record
    assert after is not None
    assert after.pending == {
        "f": Pending(SEQ, "office", "Maria", "at 6"),
        "g": WAITING.pending["g"],
        "h": WAITING.pending["h"],
    }
    assert (after.fields, after.version) == (WAITING.fields, SEQ)
    assert (decision.action, decision.written, decision.lost) == (Action.UPDATE, {}, ())


# --- two records become one ----------------------------------------------------------------


def field(name: str, *, generated: bool = False, read_only: bool = False) -> Field:
    """A text field."""
    reference = Reference("t", "id") if name == "parent" else None
    return Field(
        name, Kind.TEXT, "TEXT", generated=generated, read_only=read_only, reference=reference
    )


TYPE = RecordType(
    "t", 1, "t", ("id",), KeyGiver.OFFICE,
    (field("f"), field("g"), field("parent"), field("total", generated=True), field("no", read_only=True)),
)  # fmt: skip
NEW = Record("new", "t", {}, version=9, born=Mark(6, "Maria", "at 6"))


def one_of(
    online: dict[str, Cell], office: dict[str, Cell], *preferred: str, born: Mark | None = NEW.born
) -> Merged:
    """What the two come to."""
    new = Record("new", "t", online, version=9, born=born)
    return merged(TYPE, new, Record("there", "t", office, key=KEY), preferred)


@pytest.mark.parametrize(
    ("rule", "online", "office", "preferred", "edits", "lost"),
    [
        ("an empty field is filled", "a", None, (), {"f": "a"}, False),
        ("an empty text is empty", "a", "", (), {"f": "a"}, False),
        ("the office's value stands", "a", "b", (), {}, True),
        ("unless the other is preferred", "a", "b", ("f",), {"f": "a"}, False),
        ("another's preference says nothing of it", "a", "b", ("g",), {}, True),
        ("nothing is no value", None, "b", ("f",), {}, False),
        ("an empty text is none", "", "b", ("f",), {}, False),
        ("the same is the same", "b", "b", ("f",), {}, False),
        ("1 is not 1.0", 1, 1.0, (), {}, True),
        ("nought is a value", 0, "b", (), {}, True),
    ],
)  # fmt: skip
def test_two_records_become_one_field_by_field_fm13_g3(
    rule: str,
    online: Cell,
    office: Cell,
    preferred: tuple[str, ...],
    edits: dict[str, Cell],
    lost: bool,
) -> None:
    found = one_of({"f": online}, {"f": office}, *preferred)
    assert found.edits == edits, rule
    assert [one.field for one in found.lost] == (["f"] if lost else []), rule


def test_what_stands_nowhere_afterwards_is_in_the_conflicts_of_the_one_that_lives_fm13_g3() -> None:
    (lost,) = one_of({"f": "a"}, {"f": "b"}).lost
    assert lost == Lost(
        type="t",
        record="there",
        key=KEY,
        field="f",
        base=None,
        office="b",
        online="a",
        online_seq=6,
        online_by="Maria",
        online_at="at 6",
        outcome="merged",
    )
    (lost,) = one_of({"f": "a"}, {"f": "b"}, born=None).lost
    assert (lost.online_seq, lost.online_by, lost.online_at) == (9, None, None)


def test_what_only_the_office_gives_is_not_written_fm13_g3() -> None:
    found = one_of({"total": "1", "no": "2"}, {"total": None, "no": None}, "total", "no")
    assert found.edits == {}
    assert [one.field for one in found.lost] == ["total", "no"]


def test_a_record_that_refers_to_itself_refers_to_the_one_that_it_becomes_fm14() -> None:
    assert one_of({"parent": "new"}, {"parent": None}).edits == {"parent": "there"}
    assert one_of({"parent": "new"}, {"parent": "there"}) == Merged({}, ())
    assert one_of({"parent": "other"}, {"parent": None}).edits == {"parent": "other"}


def test_which_fields_lead_to_a_record() -> None:
    fields: dict[str, Cell] = {"a": "r", "b": "s", "c": "r", "d": "r"}
    assert pointing_at(fields, ["a", "b", "c", "e"], "r") == ("a", "c")
