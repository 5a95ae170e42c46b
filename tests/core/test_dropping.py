"""Fields that the office has dropped: which online writes are told as lost."""

from __future__ import annotations

import pytest
from msgspec import Struct
from msgspec.structs import replace

from samsyn.core.cells import Cell
from samsyn.core.changes import Lost
from samsyn.core.dropping import without_fields
from samsyn.core.merge import Action, Status
from samsyn.core.record import Mark, Pending, Record

SEQ, FLOOR = 20, 3
KEY: tuple[Cell, ...] = (7,)
REST = Record("r", "t", {"f": "now", "g": "now"}, key=KEY, version=9)
WAITING = replace(REST, pending={"f": Pending(6, "old", "Maria", "at 6"), "g": Pending(8, "old")})
NEW = replace(REST, born=Mark(5, "Erik", "at 5"))


def loss(base: Cell, online: Cell, seq: int, by: str) -> Lost:
    """The conflict of a value that can never arrive."""
    return Lost("t", "r", KEY, "f", base, None, online, seq, by, f"at {seq}", "field_gone")


class Case(Struct, frozen=True):
    """One rule, for field f; `lost` None where nothing is."""

    rule: str
    record: Record
    lost: Lost | None
    floor: int = FLOOR


CASES = [
    Case("what waits there is lost", WAITING, loss("old", "now", 6, "Maria")),
    Case("what the office has taken is not", WAITING, None, floor=6),
    Case("nor what it wrote itself", REST, None),
    Case("a record that the office does not have has waited with every field",
         NEW, loss(None, "now", 5, "Erik")),
    Case("but not with an empty one", replace(NEW, fields={"f": None, "g": "now"}), None),
    Case("a field written since has its own writer",
         replace(NEW, pending=WAITING.pending), loss("old", "now", 6, "Maria")),
    Case("1 is not 1.0",
         replace(REST, fields={"f": 1, "g": "now"}, pending={"f": Pending(6, 1.0, "Maria", "at 6")}),
         loss(1.0, 1, 6, "Maria")),
    Case("of a deleted record nothing is lost", replace(WAITING, alive=False), None),
    Case("unless its deletion waits too, since the office may keep it",
         replace(WAITING, alive=False, died=Mark(9, "Maria", "at 9")), loss("old", "now", 6, "Maria")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_what_was_written_online_where_the_office_has_dropped_the_field_g3_fm24(case: Case) -> None:
    decision = without_fields(case.record, ["no field", "f"], SEQ, case.floor)
    after = decision.record
    assert after is not None
    assert "f" not in after.pending, "nothing waits there any more"
    assert after.fields["g"] == "now", "the others are as they were"
    assert ("g" in after.pending) == ("g" in case.record.pending)
    if case.lost is None:
        assert (decision.status, decision.action, decision.lost) == (Status.UNCHANGED, None, ())
        assert (after.fields, after.version) == (case.record.fields, 9)
    else:
        assert (decision.status, decision.action) == (Status.APPLIED, Action.UPDATE)
        assert decision.lost == (case.lost,)
        assert decision.written == {"f": (case.lost.online, None)}
        assert (after.fields["f"], after.version) == (None, SEQ)


def test_what_was_written_back_to_what_the_office_had_loses_nothing_and_counts_as_the_offices_g3() -> (
    None
):
    back = replace(WAITING, pending={"f": Pending(6, "now", "Maria", "at 6")})
    decision = without_fields(back, ["f"], SEQ, FLOOR)
    assert (decision.action, decision.lost) == (Action.UPDATE, ())
    assert decision.written == {"f": ("now", "now")}
    assert decision.record is not None
    assert (decision.record.fields, decision.record.pending) == (back.fields, {})
