"""Taking back, each rule as a row: what a record's log says, what was chosen, and the steps."""

from __future__ import annotations

import pytest
from msgspec import Struct

from samsyn.core.cells import Cell
from samsyn.core.changes import Operation
from samsyn.core.merge import Action
from samsyn.core.record import Record
from samsyn.core.undo import Logged, Step, as_held, steps

INSERT, UPDATE, DELETE, REVIVE, REOPEN = (
    Action.INSERT,
    Action.UPDATE,
    Action.DELETE,
    Action.REVIVE,
    Action.REOPEN,
)
CHANGED_SINCE, RECORD_GONE = "CHANGED_SINCE", "RECORD_GONE"
"""Stable: programs and words go by them."""
WHO = {"m": "Maria", "e": "Erik", "a": "Anna", "t": "the trigger"}


def log(*rows: str) -> tuple[Logged, ...]:
    """`5 m f:a>b g:x>y`: number, who (t: derived), writes; `5 m delete` and the like without."""
    found = []
    for text in rows:
        seq, who, *rest = text.split()
        action = UPDATE
        fields: dict[str, tuple[Cell, Cell]] = {}
        derived = set[str]()
        for word in rest:
            if ":" not in word:
                action = Action(word)
                continue
            name, _, values = word.partition(":")
            if name.startswith("~"):
                name = name[1:]
                derived.add(name)
            old, _, new = values.partition(">")
            fields[name] = (old or None, new or None)
        if who == "t":
            derived |= fields.keys()
        found.append(Logged(int(seq), action, fields, WHO[who], frozenset(derived)))
    return tuple(found)


def back(field: str, now: Cell, to: Cell) -> Step:
    """The field goes back."""
    return Step(Operation.UPDATE, field, now, to)


def stays(field: str, now: Cell, by: str = "Erik") -> Step:
    """The field stays, because somebody has changed it since."""
    return Step(Operation.UPDATE, field, now, now, CHANGED_SINCE, by)


class Case(Struct, frozen=True):
    """One rule. What Maria wrote is chosen, unless `chosen` says otherwise."""

    rule: str
    record: Record
    log: tuple[Logged, ...]
    steps: list[Step]
    chosen: tuple[int, ...] | None = None
    groups: tuple[tuple[str, ...], ...] = ()


def living(**fields: Cell) -> Record:
    """A record that lives."""
    return Record("r", "t", fields)


def dead(**fields: Cell) -> Record:
    """A record that is deleted."""
    return Record("r", "t", fields, alive=False)


BACK = Step(Operation.INSERT)
AWAY = Step(Operation.DELETE)
STAYS = Step(Operation.DELETE, why_not=CHANGED_SINCE, changed_by="Erik")
GROUP = (("f", "g"),)

FIELDS = [
    Case("a field goes back to what it was before the first of the chosen writes",
         living(f="c"), log("5 m f:a>b", "6 m f:b>c"), [back("f", "c", "a")]),
    Case("fields go back in the order in which they were written",
         living(f="b", g="y"), log("5 m g:x>y", "6 m f:a>b"), [back("g", "y", "x"), back("f", "b", "a")]),
    Case("what somebody has written since stays, with the one who did last",
         living(f="d"), log("5 m f:a>b", "6 t f:b>c", "7 e f:c>d"), [stays("f", "d")]),
    Case("a field of which somebody has written another goes back all the same",
         living(f="b", g="y"), log("5 m f:a>b", "6 e g:x>y"), [back("f", "b", "a")]),
    Case("where somebody has written in between, only what came after goes back",
         living(f="d"), log("5 m f:a>b", "6 e f:b>c", "7 m f:c>d"), [back("f", "d", "c")]),
    Case("where somebody has put it back already there is nothing to do",
         living(f="a"), log("5 m f:a>b", "6 e f:b>a"), []),
    Case("where the chosen writes come to nothing there is nothing to do",
         living(f="a"), log("5 m f:a>b", "6 m f:b>a"), []),
    Case("what triggers made of a chosen write goes back with it",
         living(f="B"), log("5 m f:a>b", "6 t f:b>B"), [back("f", "B", "a")]),
    Case("what triggers made of somebody else's write before stays",
         living(f="c"), log("4 e f:>a", "5 t f:a>A", "6 m f:A>c"), [back("f", "c", "A")]),
    Case("what triggers made of another field is somebody's write of this one too",
         living(f="b", g="Y"), log("5 m f:a>b g:x>y", "6 e ~f:b>b g:y>Y"),
         [back("f", "b", "a"), stays("g", "Y")]),
    Case("of many chosen writes the first says what was before",
         living(f="d"), log("5 m f:a>b", "6 m f:b>c", "7 m f:c>d"), [back("f", "d", "a")]),
    Case("what was before somebody else's write says nothing of whether it was put back",
         living(f="b"), log("4 e f:a>b", "5 m f:b>c", "6 e f:c>b"), []),
    Case("nothing chosen is nothing to do", living(f="b"), log("5 e f:a>b"), []),
]  # fmt: skip

RECORDS = [
    Case("a deleted record comes back", dead(f="a"), log("5 m delete"), [BACK]),
    Case("it comes back with the fields that it had before the chosen writes",
         dead(f="b"), log("4 m f:a>b", "5 m delete"), [BACK, back("f", "b", "a")]),
    Case("a deleted record that somebody brought back is there already",
         living(f="a"), log("5 m delete", "6 e revive"), []),
    Case("a deletion that was itself taken back with the chosen ones is nothing",
         living(f="a"), log("5 m delete", "6 m revive"), []),
    Case("a record that was made is deleted, whatever its maker wrote in it",
         living(f="b"), log("5 m insert f:>a", "6 m f:a>b"), [AWAY]),
    Case("a record that was brought back is deleted again",
         living(f="a"), log("5 m revive"), [AWAY]),
    Case("what triggers made of it does not keep it",
         living(f="A"), log("5 m insert f:>a", "6 t f:a>A"), [AWAY]),
    Case("a record in which somebody has written since stays",
         living(f="b"), log("5 m insert f:>a", "6 e f:a>b"), [STAYS]),
    Case("so does one where a trigger answered what somebody wrote",
         living(f="b", g="G"), log("5 m insert f:>a", "6 e f:a>b ~g:>G"), [STAYS]),
    Case("what somebody wrote before it was brought back keeps nothing",
         living(f="b"), log("4 m f:>a", "5 e f:a>b", "6 e delete", "7 m revive"), [AWAY]),
    Case("a record that was made, and that somebody has deleted and brought back, stays",
         living(f="a"), log("5 m insert f:>a", "6 e delete", "7 e revive"), [STAYS]),
    Case("somebody's write between the making and the bringing back keeps it",
         living(f="b"), log("4 m insert f:>a", "5 e f:a>b", "6 m delete", "7 m revive"), [STAYS]),
    Case("a record that was made and is gone needs nothing",
         dead(f="a"), log("5 m insert f:>a", "6 e delete"), []),
    Case("a record that was brought back and is gone needs nothing",
         dead(f="a"), log("5 m revive", "6 e delete"), []),
    Case("a chosen write in a record that somebody has deleted since stays, with the one who did",
         dead(f="b"), log("5 m f:a>b", "6 e delete"),
         [Step(Operation.UPDATE, why_not=RECORD_GONE, changed_by="Erik")]),
    Case("what triggers made of a record that was gone already names nobody",
         dead(f="B"), log("4 m f:a>b", "5 e delete", "6 t f:b>B"),
         [Step(Operation.UPDATE, why_not=RECORD_GONE, changed_by="Erik")]),
    Case("a record that was brought back among the chosen and is gone needs nothing",
         dead(f="b"), log("4 m f:a>b", "5 m delete", "6 m revive", "7 e delete"),
         [], chosen=(4, 6)),
    Case("of two deletions the last one counts",
         dead(f="b"), log("4 m f:a>b", "5 m delete", "6 m revive", "7 e delete"),
         [Step(Operation.UPDATE, why_not=RECORD_GONE, changed_by="Erik")], chosen=(4,)),
    Case("a record that somebody else made has its fields put back",
         living(f="b"), log("4 e insert f:>a", "5 m f:a>b"), [back("f", "b", "a")]),
    Case("that a record waits for an office again is nobody's change: it may be deleted still",
         living(f="a"), log("5 m insert f:>a", "6 e reopen"), [AWAY]),
    Case("that a deletion waits for an office again is nobody's change: it is taken back",
         dead(f="a"), log("5 m delete", "6 e reopen"), [BACK]),
    Case("that a record waits again is nothing to take back",
         living(f="a"), log("5 m reopen"), []),
    Case("that a deleted record waits again is nothing to take back",
         dead(f="a"), log("5 m reopen"), []),
]  # fmt: skip

GROUPS = [
    Case("a group goes back together",
         living(f="b", g="y"), log("5 m f:a>b g:x>y"), [back("f", "b", "a"), back("g", "y", "x")],
         groups=GROUP),
    Case("where somebody has written one of a group since, all of it stays",
         living(f="b", g="z"), log("5 m f:a>b g:x>y", "6 e g:y>z"),
         [Step(Operation.UPDATE, "f", "b", "a", CHANGED_SINCE, "Erik"), stays("g", "z")], groups=GROUP),
    Case("also where that one was not chosen",
         living(f="b", g="z"), log("5 m f:a>b", "6 e g:y>z"),
         [Step(Operation.UPDATE, "f", "b", "a", CHANGED_SINCE, "Erik")], groups=GROUP),
    Case("what triggers made of one of a group keeps nothing",
         living(f="b", g="z"), log("5 m f:a>b", "6 t g:y>z"), [back("f", "b", "a")], groups=GROUP),
    Case("what was written of it before keeps nothing",
         living(f="b", g="z"), log("4 e g:y>z", "5 m f:a>b"), [back("f", "b", "a")], groups=GROUP),
    Case("a field of no group, or of another, is none of it",
         living(f="b", g="z", h="i", k="l"), log("5 m f:a>b h:g>i k:j>l", "6 e g:y>z"),
         [Step(Operation.UPDATE, "f", "b", "a", CHANGED_SINCE, "Erik"), back("h", "i", "g"), back("k", "l", "j")],
         groups=(("f", "g"), ("k", "n"))),
    Case("what is chosen of a group stands against nothing, one after another",
         living(f="b", g="y"), log("5 m f:a>b", "6 m g:x>y"), [back("f", "b", "a"), back("g", "y", "x")],
         groups=GROUP),
    Case("somebody's write between the chosen ones keeps the group",
         living(f="c", g="y"), log("5 m f:a>b", "6 e g:x>y", "7 m f:b>c"),
         [Step(Operation.UPDATE, "f", "c", "a", CHANGED_SINCE, "Erik")], groups=GROUP),
    Case("a field that stays for its own reason names who changed it",
         living(f="c", g="y"), log("5 m f:a>b", "6 e g:x>y", "7 a f:b>c"), [stays("f", "c", "Anna")],
         groups=GROUP),
    Case("each group has its own reason",
         living(f="b", g="z", k="l", n="o"), log("5 m f:a>b k:j>l", "6 e g:y>z", "7 t n:m>o"),
         [Step(Operation.UPDATE, "f", "b", "a", CHANGED_SINCE, "Erik"), back("k", "l", "j")],
         groups=(("f", "g"), ("k", "n"))),
]  # fmt: skip


def sentence(case: Case) -> str:
    """The rule as the test's name."""
    return case.rule


@pytest.mark.parametrize("case", [*FIELDS, *RECORDS, *GROUPS], ids=sentence)
def test_what_is_taken_back_g2(case: Case) -> None:
    own = {row.seq for row in case.log if row.by == "Maria"}
    chosen = own if case.chosen is None else set(case.chosen)
    assert steps(case.record, case.log, chosen, case.groups) == case.steps


HELD: dict[str, Cell] = {"f": "h", "k": "z"}


@pytest.mark.parametrize(
    ("record", "rows", "taken_back"),
    [
        (living(f="c"), log("5 m f:a>b", "6 m f:b>c"), [back("f", "c", "h")]),
        (living(f="b"), log("5 m insert f:>b g:>x"), [back("f", "b", "h")]),
        (living(f="b"), log("5 m revive f:a>b"), [back("f", "b", "h")]),
        (living(f="b"), log("5 m delete", "6 m revive f:a>b"), [back("f", "b", "h")]),
        (dead(f="b"), log("5 m revive f:a>b", "6 m delete"),
         [Step(Operation.INSERT), back("f", "b", "h")]),
        (living(f="h"), log("5 m revive f:a>h"), []),
        (living(f="b", k="z"), log("5 m insert"), [back("f", "b", "h")]),
        (living(f="b", k="y"), log("5 m insert"), [back("f", "b", "h"), back("k", "y", "z")]),
        (living(f="b", k="y"), log("5 m insert f:>b"), [back("f", "b", "h")]),
        (living(f="b", k="y"), log("5 m"), []),
        (dead(f="b"), log("5 m f:a>b"), []),
        (living(f="c"), log("5 m f:a>b", "6 e f:b>c"), [stays("f", "c")]),
        (living(f="d"), log("5 m f:a>b", "6 e f:b>c", "7 m f:c>d"), [back("f", "d", "c")]),
        (living(f="c", g="y"), log("5 m g:x>y", "6 e f:a>b", "7 m f:b>c"), [back("f", "c", "h")]),
    ],
)  # fmt: skip
def test_what_an_office_held_comes_back_and_not_what_the_log_says_of_before_g7_fm21(
    record: Record, rows: tuple[Logged, ...], taken_back: list[Step]
) -> None:
    """It had the record, whatever was online in between, and of some fields other values than anybody had heard of."""
    chosen = {row.seq for row in rows if row.by == "Maria"}
    assert steps(record, as_held(rows, chosen, HELD), chosen) == taken_back
