"""Plans: what the office does with an online change, each rule as a row."""

from __future__ import annotations

import pytest
from msgspec import Struct
from msgspec.structs import replace

from samsyn.core.cells import Cell
from samsyn.core.changes import OnlineChange, Operation
from samsyn.core.plan import plan_step, what_is_wanted, without_deletion

INSERT, UPDATE, DELETE = Operation.INSERT, Operation.UPDATE, Operation.DELETE
ROW: dict[str, Cell] = {"f": "old", "g": "old", "h": "old"}
EXPECTED: dict[str, Cell] = {"f": "old", "g": "old"}


def change(
    operation: Operation, expected: dict[str, Cell] | None = None, **fields: Cell
) -> OnlineChange:
    """An online change of a record."""
    return OnlineChange(operation, "t", "r", fields, EXPECTED if expected is None else expected)


class Case(Struct, frozen=True):
    """One rule."""

    rule: str
    change: OnlineChange
    row: dict[str, Cell] | None
    does: Operation | None
    fields: dict[str, Cell] = {}
    unsent: tuple[str, ...] = ()
    deleted_here: bool = False
    uncaptured: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()


CASES = [
    Case("what the office holds as expected is written", change(UPDATE, f="new"), ROW, UPDATE, {"f": "new"}),
    Case("a field with an unsent change of the office's own is left alone",
         change(UPDATE, f="new", g="new"), ROW, UPDATE, {"g": "new"}, unsent=("f",)),
    Case("what is there already is not written", change(UPDATE, f="old"), ROW, None),
    Case("nor kept as if nobody had captured it", change(UPDATE, f="new"), {"f": "new"}, None),
    Case("1 is not 1.0", change(UPDATE, {"f": 1}, f=1.0), {"f": 1}, UPDATE, {"f": 1.0}),
    Case("a field that the table does not have is left out", change(UPDATE, n="new"), ROW, None),
    Case("a value that nobody captured is kept and sent",
         change(UPDATE, f="new", g="new"), {**ROW, "f": "other"}, UPDATE, {"g": "new"}, uncaptured=("f",)),
    Case("where nothing is expected, whatever is there is overwritten",
         change(UPDATE, h="new"), {**ROW, "h": "other"}, UPDATE, {"h": "new"}),
    Case("a group with a value that nobody captured is left alone",
         change(UPDATE, f="new", g="new", h="new"), {**ROW, "f": "other"}, UPDATE, {"h": "new"},
         uncaptured=("f", "g"), groups=(("f", "g"),)),
    Case("a record that is new to the office is made", change(INSERT, f="new"), None, INSERT, {"f": "new"}),
    Case("an edit of a record that is not here makes none", change(UPDATE, f="new"), None, None, {"f": "new"}),
    Case("a record that the office has deleted and not yet told stays so",
         change(INSERT, f="new"), None, None, deleted_here=True),
    Case("an edit of one too", change(UPDATE, f="new"), ROW, None, deleted_here=True),
    Case("a deletion deletes", change(DELETE), ROW, DELETE),
    Case("a deletion of what is not here does nothing", change(DELETE), None, None),
    Case("a deletion gives way to an unsent change", change(DELETE), ROW, None, unsent=("h",)),
    Case("a new record whose row is here already is written into it",
         change(INSERT, f="new"), ROW, UPDATE, {"f": "new"}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_what_the_office_does_with_an_online_change_g2(case: Case) -> None:
    step = plan_step(case.change, case.row, set(case.unsent), case.deleted_here, case.groups)
    assert (step.operation, step.fields, step.uncaptured) == (
        case.does,
        case.fields,
        case.uncaptured,
    )
    assert step.change == case.change


def test_of_a_deletion_that_the_offices_own_edits_undo_its_edits_are_wanted_fm18() -> None:
    deletion = change(DELETE, g="new")
    assert what_is_wanted(deletion, set()) == deletion
    assert what_is_wanted(deletion, {"f"}) == replace(deletion, operation=UPDATE)
    assert without_deletion(deletion) == replace(deletion, operation=UPDATE)


def test_a_record_that_came_back_before_its_deletion_was_heard_of_is_edited_fm18() -> None:
    back = change(INSERT, f="new", g="old", h=None)
    assert what_is_wanted(back, set(), is_here=True) == replace(
        back, operation=UPDATE, fields={"f": "new"}
    )
    assert what_is_wanted(back, set()) == back, "not here: all of it is wanted"
    assert what_is_wanted(back, {"f"}) == back, "whatever is unsent"
    edit = change(UPDATE, f="old")
    assert what_is_wanted(edit, {"f"}, is_here=True) == edit
