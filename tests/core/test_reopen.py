"""What came after a backup of the office, from the log, and how a record waits for it again."""

from __future__ import annotations

import pytest
from msgspec import Struct
from msgspec.structs import replace

from samsyn.core.cells import Cell
from samsyn.core.merge import Action, Status
from samsyn.core.record import Mark, Pending, Record
from samsyn.core.reopen import AtOffice, LogRow, Since, Writer, reopened, since_cut, told_anew

INSERT, UPDATE, DELETE, REVIVE, REOPEN = (
    Action.INSERT,
    Action.UPDATE,
    Action.DELETE,
    Action.REVIVE,
    Action.REOPEN,
)
Written = dict[str, tuple[Cell, Cell]]


def office(
    seq: int, action: Action = UPDATE, *, before: bool = False, **fields: tuple[Cell, Cell]
) -> LogRow:
    """A change of the office, after the cut unless `before`."""
    return LogRow(seq, action, fields, True, not before, "DESK-1", f"at {seq}")


def online(
    seq: int, action: Action = UPDATE, *, before: bool = False, **fields: tuple[Cell, Cell]
) -> LogRow:
    """A change made online, after the cut unless `before`."""
    return LogRow(seq, action, fields, False, not before, "Maria", f"at {seq}")


def loaded(seq: int, *, after: bool = True) -> LogRow:
    """A record of a first load, whose values were not logged."""
    return LogRow(seq, INSERT, None, True, after, "DESK-1", f"at {seq}")


def earlier(seq: int, held: AtOffice, *, after: bool) -> LogRow:
    """An earlier reopening, and what the office was taken to hold then."""
    return LogRow(seq, REOPEN, {}, False, after, "DESK-1", f"at {seq}", reopened=held)


def desk(seq: int) -> Writer:
    """The office as the one who wrote."""
    return Writer("DESK-1", f"at {seq}", True)


def maria(seq: int) -> Writer:
    """Somebody online as the one who wrote."""
    return Writer("Maria", f"at {seq}", False)


class Walk(Struct, frozen=True):
    """One rule of the walk through a log."""

    rule: str
    log: tuple[LogRow, ...]
    since: Since


WALKS = [
    Walk("nothing has happened", (), Since()),
    Walk("what came before the cut, the office holds", (online(4, before=True, f=("a", "b")),), Since()),
    Walk("of what was written after, the office holds what was there before the first",
         (online(6, f=("a", "b")), office(7, f=("b", "c"), g=("x", "y"))),
         Since(base={"f": "a", "g": "x"}, writers={"f": desk(7), "g": desk(7)},
               told={"f": ["c"], "g": ["y"]}, last=desk(7))),
    Walk("all that the office itself sent next is kept, in order",
         (office(6, f=("a", "b")), office(7, f=("b", "c")), online(8, f=("c", "d"))),
         Since(base={"f": "a"}, writers={"f": maria(8)}, told={"f": ["b", "c"]}, last=maria(8))),
    Walk("but not what came later than the journal of the backup was sent",
         (replace(office(6, f=("a", "b")), awaited=False),),
         Since(base={"f": "a"}, writers={"f": desk(6)}, last=desk(6))),
    Walk("a number that the office's database gives is told, and is nobody's work",
         (online(6, f=("a", "b")), replace(office(7, id=(None, 3)), derived=True)),
         Since(base={"f": "a", "id": None}, writers={"f": maria(6), "id": desk(7)},
               told={"id": [3]}, last=maria(6))),
    Walk("a record made online after the cut is not there",
         (online(6, INSERT, f=(None, "a")),),
         Since(there=False, base={"f": None}, writers={"f": maria(6)}, last=maria(6))),
    Walk("one that the office made is not there either, and how it told it first is kept",
         (office(6, INSERT, f=(None, "a")), office(7, f=("a", "b"))),
         Since(there=False, base={"f": None}, writers={"f": desk(7)}, told={"f": ["a", "b"]},
               inserted={"f": "a"}, last=desk(7))),
    Walk("one of a first load after the cut is not there, and nothing is known of its values",
         (loaded(6),), Since(there=False, last=desk(6))),
    Walk("a record deleted after the cut is there", (online(6, DELETE),), Since(there=True, last=maria(6))),
    Walk("what became of it first counts",
         (online(6, DELETE), online(7, REVIVE)), Since(there=True, last=maria(7))),
    Walk("a record brought back online after the cut is not there",
         (online(6, REVIVE),), Since(there=False, last=maria(6))),
    Walk("a record whose deletion the office undid was there all the time",
         (office(6, REVIVE, f=("a", "b")),),
         Since(there=True, base={"f": "a"}, writers={"f": desk(6)}, told={"f": ["b"]}, last=desk(6))),
    Walk("an edit says nothing of whether it is there",
         (online(6, f=("a", "b")),),
         Since(base={"f": "a"}, writers={"f": maria(6)}, last=maria(6))),
    Walk("a field that the backup tells of is no longer open, the others are",
         (online(6, f=("a", "b"), g=("x", "y")), office(7, f=("y", "z")), office(8, before=True, f=("z", "q"))),
         Since(base={"g": "x"}, writers={"g": maria(6)}, last=desk(7))),
    Walk("a deletion that the backup tells of closes all fields",
         (office(6, f=("a", "b")), online(7, DELETE), office(8, DELETE, before=True)),
         Since(last=maria(7))),
    Walk("so does a record that the backup tells of as new",
         (office(6, INSERT, f=(None, "b"), g=(None, "y")), office(8, INSERT, before=True, f=(None, "b"))),
         Since(last=desk(6))),
    Walk("so does one of its first load",
         (office(6, f=("a", "b")), loaded(8, after=False)), Since(last=desk(6))),
    Walk("what the backup brought back is there again, with the other fields open still",
         (online(6, DELETE), online(7, g=("x", "y")), office(8, REVIVE, before=True, f=("a", "b"))),
         Since(base={"g": "x"}, writers={"g": maria(7)}, last=maria(7))),
    Walk("an edit that the backup tells of says nothing of whether it is there",
         (online(6, DELETE), office(8, before=True, f=("a", "b"))), Since(there=True, last=maria(6))),
    Walk("an earlier restore after the cut says what the office held then",
         (online(6, f=("a", "b"), g=("x", "y")), earlier(7, AtOffice(False, {"f": "c"}), after=True)),
         Since(there=False, base={"f": "c", "g": "x"}, writers={"f": maria(6), "g": maria(6)}, last=maria(6))),
    Walk("one that is taken in closes what it had opened",
         (online(6, DELETE), online(6, f=("a", "b"), g=("x", "y")),
          earlier(8, AtOffice(True, {"f": "c"}), after=False)),
         Since(base={"g": "x"}, writers={"g": maria(6)}, last=maria(6))),
]  # fmt: skip


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.rule)
def test_what_came_after_the_cut_fm21_g7(walk: Walk) -> None:
    assert since_cut(walk.log) == walk.since


def test_where_the_office_holds_what_the_service_does_nothing_is_open_fm21() -> None:
    assert Since().nothing
    assert Since(last=maria(6), inserted={"f": 1}).nothing
    assert not Since(there=True).nothing
    assert not Since(there=False).nothing
    assert not Since(base={"f": None}).nothing


# --- how it waits --------------------------------------------------------------------------

SEQ = 20
RECORD = Record(
    "r", "t", {"f": "now", "g": "now", "h": "now"}, key=(7,), version=9,
    pending={"g": Pending(8, "old", "Erik", "at 8"), "h": Pending(9, "old", "Erik", "at 9")},
)  # fmt: skip
GONE = Record("r", "t", {"f": "now"}, key=(7,), version=9, alive=False)
MARIA_MARK = Mark(SEQ, "Maria", "at 6")


def since(by: Writer | None = None, there: bool | None = None, **base: Cell) -> Since:
    """What came after the cut: these fields, all written by one."""
    who = by or maria(6)
    return Since(there=there, base=base, writers=dict.fromkeys(base, who), last=who)


def test_what_was_written_after_waits_upon_what_the_backup_holds_fm21_g7() -> None:
    decision, kept = reopened(RECORD, since(f="cut", h="cut"), None, SEQ, number_given=True)
    after = decision.record
    assert after is not None
    assert after.pending == {
        "f": Pending(SEQ, "cut", "Maria", "at 6"),
        "g": RECORD.pending["g"],
        "h": Pending(SEQ, "cut", "Maria", "at 6"),
    }
    assert (after.fields, after.key, after.version) == (RECORD.fields, (7,), SEQ)
    assert (after.born, after.died) == (None, None)
    assert (decision.action, decision.status, decision.lost) == (REOPEN, Status.APPLIED, ())
    assert kept == AtOffice(True, {"f": "cut", "h": "cut"})


def test_what_the_backup_holds_too_waits_only_where_it_was_written_online_fm21() -> None:
    for by, waits in ((maria(6), True), (desk(6), False)):
        decision, _ = reopened(RECORD, since(by, f="now"), None, SEQ, number_given=True)
        assert decision.record is not None
        assert ("f" in decision.record.pending) is waits, "the office's own value came back to it"


def test_what_waited_is_at_rest_where_the_office_holds_it_fm21() -> None:
    decision, _ = reopened(RECORD, since(desk(6), g="now"), None, SEQ, number_given=True)
    assert decision.record is not None
    assert list(decision.record.pending) == ["h"]


def test_what_the_office_says_counts_more_than_the_log_fm21_g7() -> None:
    told = AtOffice(True, {"f": "told"})
    decision, kept = reopened(RECORD, since(f="cut", h="cut"), told, SEQ, number_given=True)
    assert decision.record is not None
    assert decision.record.pending["f"] == Pending(SEQ, "told", "Maria", "at 6")
    assert decision.record.pending["h"] == Pending(SEQ, "cut", "Maria", "at 6")
    assert kept == AtOffice(True, {"f": "told", "h": "cut"})
    unwritten, kept = reopened(RECORD, Since(), told, SEQ, number_given=True)
    assert unwritten.record is not None
    assert unwritten.record.pending["f"] == Pending(SEQ, "told"), "nobody is known to have written"


def test_what_the_office_says_it_holds_too_is_at_rest_where_nobody_wrote_it_fm21() -> None:
    decision, kept = reopened(RECORD, Since(), AtOffice(True, {"g": "now"}), SEQ, number_given=True)
    assert decision.record is not None
    assert list(decision.record.pending) == ["h"]
    assert kept == AtOffice(True, {"g": "now"})


def test_what_the_office_lacks_waits_as_new_and_it_may_have_it_still_fm21_g7() -> None:
    mark = Mark(SEQ, "Maria", "at 6", again=True)
    for number_given, key in ((True, None), (False, (7,))):
        what = since(there=False, f="cut")
        decision, kept = reopened(RECORD, what, None, SEQ, number_given=number_given)
        after = decision.record
        assert after is not None
        assert (after.born, after.died, after.key) == (mark, None, key)
        assert after.pending == {"f": Pending(SEQ, None, "Maria", "at 6")}, "it may be there yet"
        assert (after.version, decision.action) == (SEQ, REOPEN)
        assert kept == AtOffice(False, {}), "of what is not there it holds nothing"
    said, _ = reopened(RECORD, since(there=True), AtOffice(False), SEQ, number_given=False)
    assert said.record is not None
    assert said.record.born == mark, "the office says that it is not there"


def test_a_record_born_online_is_there_where_the_office_says_so_fm21() -> None:
    born = Record("r", "t", {"f": "now"}, version=9, born=Mark(6, "Maria", "at 6"))
    decision, _ = reopened(
        born, since(there=False, f="now"), AtOffice(True), SEQ, number_given=True
    )
    assert decision.record is not None
    assert decision.record.born is None
    assert decision.record.pending == {"f": Pending(SEQ, "now", "Maria", "at 6")}


def test_a_deletion_waits_again_where_the_office_has_the_record_fm21_g7() -> None:
    decision, kept = reopened(GONE, since(there=True, f="cut"), None, SEQ, number_given=True)
    after = decision.record
    assert after is not None
    assert (after.alive, after.died, after.born) == (False, MARIA_MARK, None)
    assert after.pending == {"f": Pending(SEQ, "cut", "Maria", "at 6")}
    assert (decision.action, kept) == (REOPEN, AtOffice(True, {"f": "cut"}))


@pytest.mark.parametrize("there", [None, False])
def test_nothing_is_told_of_a_deleted_record_that_the_office_lacks_fm21(there: bool | None) -> None:
    decision, kept = reopened(GONE, since(there=there), None, SEQ, number_given=True)
    assert (decision.record, decision.status, decision.action) == (GONE, Status.UNCHANGED, None)
    assert kept == AtOffice(False)


def test_a_record_that_lives_and_of_which_nothing_came_after_is_as_it_was_fm21() -> None:
    decision, kept = reopened(RECORD, Since(), None, SEQ, number_given=True)
    assert (decision.record, decision.status, decision.action) == (RECORD, Status.UNCHANGED, None)
    assert kept == AtOffice(True)


def test_what_was_refused_waits_as_if_it_came_now_fm22_fm12() -> None:
    held = Pending(3, "office", "Maria", "at 3", held=True)
    frozen = Pending(4, "turns", "program", "at 4", held=True, frozen=True)
    waits = Pending(5, "before", "Maria", "at 5")
    record = replace(RECORD, pending={"f": held, "g": frozen, "h": waits}, born=None)
    decision, kept = told_anew(record, SEQ)
    assert decision.record is not None
    assert decision.record.pending == {
        "f": Pending(SEQ, "office", "Maria", "at 3"),
        "g": frozen,
        "h": waits,
    }
    assert (decision.action, decision.record.version) == (REOPEN, SEQ)
    assert kept == AtOffice(True, {"f": "office"})


def test_a_refused_record_waits_as_if_it_was_made_now_fm22_fm12() -> None:
    record = replace(RECORD, pending={}, born=Mark(3, "Maria", "at 3", held=True))
    decision, kept = told_anew(record, SEQ)
    assert decision.record is not None
    assert decision.record.born == Mark(SEQ, "Maria", "at 3")
    assert kept == AtOffice(False)


def test_what_only_waits_is_not_told_anew_fm22() -> None:
    record = replace(RECORD, pending={"f": Pending(5, "before")}, born=Mark(3))
    decision, _ = told_anew(record, SEQ)
    assert (decision.action, decision.record) == (None, record)
