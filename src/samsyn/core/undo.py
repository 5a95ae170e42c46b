"""What it takes to take changes of one record back: pure, from its log to steps with reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

import msgspec

from samsyn.core.cells import Cell, same
from samsyn.core.changes import Operation
from samsyn.core.merge import Action
from samsyn.core.record import Record

CHANGED_SINCE = "CHANGED_SINCE"
RECORD_GONE = "RECORD_GONE"
_WRITING = frozenset({Action.INSERT, Action.UPDATE, Action.REVIVE})


class Logged(msgspec.Struct, frozen=True):
    """A row of the change log. `derived` names fields that the office's own triggers gave."""

    seq: int
    action: Action
    fields: dict[str, tuple[Cell, Cell]]
    by: str | None
    derived: frozenset[str] = frozenset()


class Step(msgspec.Struct, frozen=True):
    """One thing to take back: a field's value, or with INSERT and DELETE a whole record.

    `why_not` is a stable code where it stays as it is: CHANGED_SINCE with the
    one who did in `changed_by`, RECORD_GONE, and what the store knows of
    others (REFERENCE_GONE, STILL_REFERRED, KEY_TAKEN).
    """

    operation: Operation
    field: str | None = None
    now: Cell = None
    back: Cell = None
    why_not: str | None = None
    changed_by: str | None = None


def steps(
    record: Record,
    log: Sequence[Logged],
    selected: Set[int],
    groups: Sequence[Sequence[str]] = (),
) -> list[Step]:
    """How to take back the selected rows of a record's log.

    `log` holds, in order, every row from the first selected one on. What
    somebody else has changed since stays (G2); what the office's triggers made
    of a selected write belongs to it. Fields of a group go back together. That
    a record waits for the office once more is nobody's change.
    """
    log = [row for row in log if row.action is not Action.REOPEN]
    if selected.isdisjoint(row.seq for row in log):
        return []
    whole = _existence(record, log, selected)
    if whole is not None and whole.operation is not Operation.INSERT:
        return [whole]
    if whole is None and not record.alive:
        return _of_the_dead(log, selected)
    fields = _fields(record, log, selected)
    return [*([whole] if whole else []), *_whole_groups(fields, log, selected, groups)]


def as_held(log: Sequence[Logged], selected: Set[int], held: Mapping[str, Cell]) -> list[Logged]:
    """The log for who wants the selected rows taken back to what an office held meanwhile that had the record.

    That may be what the rows say: they were sent from a backup in which they lay unsent. A field
    that is not among `held` was not concerned. A record that a load brought has a row without
    values: all of `held` was told with it.
    """
    found: list[Logged] = []
    told: set[str] = set()
    for row in log:
        if row.seq in selected and row.action in _WRITING:
            written = row.fields
            if row.action is Action.INSERT and not written:
                written = dict.fromkeys(held, (None, None))
            fields = {
                field: (old if field in told else held[field], new)
                for field, (old, new) in written.items()
                if field in held
            }
            told |= fields.keys()
            row = msgspec.structs.replace(row, action=Action.UPDATE, fields=fields)
        found.append(row)
    return found


def _existence(record: Record, log: Sequence[Logged], selected: Set[int]) -> Step | None:
    """The record to be made or deleted again, if that was what the selected rows did."""
    life = [row for row in log if row.action is not Action.UPDATE]
    born = next((r for r in life if r.seq in selected and r.action is Action.INSERT), None)
    run = _last_run(life, selected)
    if run and run[0].action is Action.DELETE:
        return None if record.alive else Step(Operation.INSERT)
    first = run[0] if run else born
    if first is None or not record.alive:
        return None
    other = _first_other(log, first.seq, selected)
    if other is None:
        return Step(Operation.DELETE)
    return Step(Operation.DELETE, why_not=CHANGED_SINCE, changed_by=other.by)


def _of_the_dead(log: Sequence[Logged], selected: Set[int]) -> list[Step]:
    """Deleted by somebody else: that stays; a record that the selected rows made is gone anyway.

    So is what triggers have made of one that was deleted before.
    """
    deleted = next((row for row in reversed(log) if row.action is Action.DELETE), None)
    made = any(row.seq in selected and row.action is not Action.UPDATE for row in log)
    if made or deleted is None:
        return []
    return [Step(Operation.UPDATE, why_not=RECORD_GONE, changed_by=deleted.by)]


def _fields(record: Record, log: Sequence[Logged], selected: Set[int]) -> list[Step]:
    found: list[Step] = []
    names = dict.fromkeys(f for row in log if row.seq in selected for f in row.fields)
    for name in names:
        writes = [row for row in log if name in row.fields]
        run = _last_run(writes, selected, name)
        now = record.fields.get(name)
        before = next(row for row in writes if row.seq in selected).fields[name][0]
        if not run and not same(now, before):
            found.append(Step(Operation.UPDATE, name, now, now, CHANGED_SINCE, writes[-1].by))
        elif run and not same(now, back := run[0].fields[name][0]):
            found.append(Step(Operation.UPDATE, name, now, back))
    return found


def _whole_groups(
    found: list[Step],
    log: Sequence[Logged],
    selected: Set[int],
    groups: Sequence[Sequence[str]],
) -> list[Step]:
    """Where somebody else has changed a field of a group since, all of the group stays."""
    first = min(selected)
    for group in groups:
        other = next(
            (
                row
                for row in log
                if row.seq > first and row.seq not in selected
                if any(f in row.fields and f not in row.derived for f in group)
            ),
            None,
        )
        if other is not None:
            found = [
                msgspec.structs.replace(s, why_not=CHANGED_SINCE, changed_by=other.by)
                if s.field in group and s.why_not is None
                else s
                for s in found
            ]
    return found


def _last_run(rows: Sequence[Logged], selected: Set[int], field: str | None = None) -> list[Logged]:
    """The selected rows at the end, with what was derived from them, in order."""
    run: list[Logged] = []
    for row in reversed(rows):
        if row.seq not in selected and field not in row.derived:
            break
        run.insert(0, row)
    while run and run[0].seq not in selected:
        del run[0]
    return run


def _first_other(log: Sequence[Logged], after: int, selected: Set[int]) -> Logged | None:
    """The first row after a number that is somebody else's own."""
    others = (row for row in log if row.seq > after and row.seq not in selected)
    own = (r for r in others if r.action is not Action.UPDATE or r.fields.keys() - r.derived)
    return next(own, None)
