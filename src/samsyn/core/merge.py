"""The merge: what a change does to a record of the online store. Pure; the caller writes.

The office is the authority on values and the service the recorder of order:
an office change that had not seen a field's pending online write overrides it
and the loss is recorded, once, here.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

from samsyn.core.cells import Cell, same
from samsyn.core.changes import Delete, Lost, Operation, Put, Refused, Taken
from samsyn.core.groups import Groups, together
from samsyn.core.losing import Values, lost_record, lost_value
from samsyn.core.record import Mark, Pending, Record, Step, settled

ONLINE_VALUE = "online_value"
"""The outcome where the field's rule lets the online value stand."""


class Status(enum.Enum):
    """What became of a change."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    UNKNOWN_RECORD = "unknown_record"
    """The service does not have the record: send all of it."""


class Action(enum.Enum):
    """What the change log calls a change of a record."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    REVIVE = "revive"
    REOPEN = "reopen"
    """It waits for the office again, which was put back to a backup."""


class Decision(msgspec.Struct, frozen=True):
    """The record after a change, the row for the change log and what was lost.

    `action` is None where the change log gets no row; the number handed in is
    then not used. `written` holds (old, new) of each field that changed.
    `resend` says that the office must get the row although it made the change.
    """

    record: Record | None
    status: Status = Status.APPLIED
    action: Action | None = None
    written: dict[str, tuple[Cell, Cell]] = {}
    lost: tuple[Lost, ...] = ()


# --- changes from the office ---------------------------------------------------------


def office_put(record: Record | None, put: Put, seq: int, floor: int) -> Decision:
    """The office wrote fields of a record.

    A field with a pending online write that the office had not seen, and a
    different value, is a conflict: the office's value stands (G2).
    """
    if record is None:
        return _created_by_office(None, put, seq)
    now = settled(record, floor)
    if now.alive:
        return _merged(now, put, put.fields, seq, _made_once(now.born))
    if now.died is None:
        return _created_by_office(record, put, seq)
    return _revived_by_office(record, now.died, put, seq, floor)


def office_state(
    record: Record | None, put: Put, seq: int, floor: int, groups: Groups = ()
) -> Decision:
    """The office told how a record stands, not what changed: first load and resync.

    Fields equal to what an office that has taken in online work up to `put.seen` may hold did not
    change there, so what waits online for them goes on waiting, unless another of their group did.
    Of a record that was made online without the office's having seen it all is the office's own.
    """
    if record is None:
        return _created_by_office(None, put, seq)
    now = settled(record, floor)
    born = now.born if now.alive else _made_once(now.born)
    unborn = _is_unborn(born, put.seen)
    told = (f for f, v in put.fields.items() if unborn or not _may_hold(now, f, v, put.seen))
    news = together(groups, told)
    changed = {f: v for f, v in put.fields.items() if f in news}
    if now.alive:
        return _merged(replace(now, born=None), put, changed, seq, now.born)
    if now.died is None:
        return _created_by_office(record, put, seq)
    if not changed:
        return Decision(record, Status.UNCHANGED)
    return _revived_by_office(record, now.died, replace(put, fields=changed), seq, floor)


def office_delete(record: Record | None, delete: Delete, seq: int, floor: int) -> Decision:
    """The office deleted a record: that beats online edits, which are recorded as lost."""
    if record is None:
        return Decision(None, Status.UNCHANGED)
    now = settled(record, floor)
    if not now.alive:
        return Decision(replace(now, died=None, pending={}), Status.UNCHANGED)
    unborn = now.born if _is_unborn(now.born, delete.seen) else None
    lost = tuple(
        _lost(now, field, pending, None, "office_deleted", delete.seen)
        for field, pending in now.pending.items()
        if pending.held or pending.seq > delete.seen
        if unborn is None or pending.seq != unborn.seq  # that goes with the record
    )
    if unborn is not None:
        lost += (lost_record(now, unborn, "office_deleted"),)
    gone = replace(now, alive=False, pending={}, born=None, version=seq)
    return Decision(gone, action=Action.DELETE, lost=lost)


def office_refused(record: Record | None, refused: Refused, seq: int) -> Decision:
    """The office cannot take an online change: it is held, or a deletion is undone."""
    if record is None:
        return Decision(None, Status.UNCHANGED)
    if refused.operation is Operation.DELETE:
        return _deletion_refused(record, refused, seq)
    fields = dict(record.pending)
    for field in refused.fields:
        if field in fields:
            fields[field] = _held(fields[field], refused)
    born = record.born
    if refused.operation is Operation.INSERT and born is not None:
        born = replace(born, held=True)
    return Decision(replace(record, pending=fields, born=born), Status.UNCHANGED)


def office_taken(record: Record | None, taken: Taken) -> Decision:
    """The office has now taken what it had refused: it is held no longer."""
    if record is None:
        return Decision(None, Status.UNCHANGED)
    pending = {field: _no_longer_held(field, p, taken) for field, p in record.pending.items()}
    born = replace(record.born, held=False) if record.born is not None else None
    return Decision(replace(record, pending=pending, born=born), Status.UNCHANGED)


# --- changes made online -------------------------------------------------------------


def online_create(record: Record, seq: int, by: str | None, at: str | None) -> Decision:
    """A record that never was is created online; the office does not have it yet."""
    created = replace(record, version=seq, born=Mark(seq, by, at))
    written: dict[str, tuple[Cell, Cell]] = {f: (None, v) for f, v in record.fields.items()}
    return Decision(created, action=Action.INSERT, written=written)


def online_edit(
    record: Record,
    fields: Mapping[str, Cell],
    seq: int,
    floor: int,
    by: str | None,
    at: str | None,
) -> Decision:
    """Fields were edited online; each waits for the office with what the office holds."""
    now = settled(record, floor)
    changed = {f: v for f, v in fields.items() if not same(now.fields.get(f), v)}
    if not changed:
        return Decision(record, Status.UNCHANGED)
    pending = dict(now.pending)
    for field in changed:
        pending[field] = _next_pending(now, field, seq, by, at)
    after = replace(now, fields={**now.fields, **changed}, pending=pending, version=seq)
    written = {f: (now.fields.get(f), v) for f, v in changed.items()}
    return Decision(after, action=Action.UPDATE, written=written)


def frozen(decision: Decision, fields: Iterable[str]) -> Decision:
    """An online edit of which these fields are told to nobody until a person writes there (FM19)."""
    record = decision.record
    assert record is not None, "an edit leaves a record"
    pending = dict(record.pending)
    for field in fields:
        pending[field] = replace(pending[field], held=True, frozen=True, trail=())
    return replace(decision, record=replace(record, pending=pending))


def online_delete(record: Record, seq: int, floor: int, by: str | None, at: str | None) -> Decision:
    """A record was deleted online; its pending edits wait with it in case it comes back."""
    now = settled(record, floor)
    if not now.alive:
        return Decision(record, Status.UNCHANGED)
    pending = {
        f: Pending(seq, p.base, p.by, p.at) if p.frozen else p for f, p in now.pending.items()
    }
    gone = replace(now, alive=False, pending=pending, died=Mark(seq, by, at), version=seq)
    return Decision(gone, action=Action.DELETE)


def online_restore(
    record: Record, seq: int, floor: int, by: str | None, at: str | None
) -> Decision:
    """A deleted record lives again with the fields it had, whether the office has it still or not.

    It is told as a new one: an office that still has the row takes it as an edit.
    """
    now = settled(record, floor)
    if now.alive:
        return Decision(record, Status.UNCHANGED)
    born = Mark(seq, by, at, again=True)
    return Decision(
        replace(now, alive=True, born=born, died=None, version=seq), action=Action.REVIVE
    )


# --- the parts -----------------------------------------------------------------------


def _created_by_office(record: Record | None, put: Put, seq: int) -> Decision:
    if not put.new:
        return Decision(record, Status.UNKNOWN_RECORD)
    created = Record(id=put.id, type=put.type, fields=dict(put.fields), key=put.key, version=seq)
    written: dict[str, tuple[Cell, Cell]] = {f: (None, v) for f, v in put.fields.items()}
    return Decision(created, action=Action.INSERT, written=written)


def _merged(
    now: Record, put: Put, fields: Mapping[str, Cell], seq: int, born: Mark | None = None
) -> Decision:
    """The office's values in a living record; `now` is settled.

    The value that an unseen online write has too is logged as the office's:
    its next write of the field then follows its own, and loses nothing. A
    derived value never overrides an online write that it was not derived from:
    that one is applied next, and derived anew (FM19). So does a field whose
    rule is that online stands, but for what the office cannot take; there the
    loss is the office's. Both go on waiting even where the values agree: the
    office may have taken an older online value since. Of a record that was made
    online, `born`, and that the office tells of without having seen that, each value
    which it overrides is lost: the side that knew of both was put back.
    """
    pending = dict(now.pending)
    taken = dict(now.fields)
    written: dict[str, tuple[Cell, Cell]] = {}
    lost: list[Lost] = []
    for field, value in fields.items():
        current, seen = now.fields.get(field), put.seen_of(field)
        waiting = pending.pop(field, _made_with(born, current))
        agreed = field in now.fields and same(current, value)
        unseen = waiting is not None and _unseen(waiting, seen)
        if agreed and not unseen:
            continue
        if waiting is not None and unseen:
            loss = _lost(now, field, waiting, value, "office_value", seen)
            stands = field in put.yields and not waiting.held
            if stands:
                loss = replace(loss, outcome=ONLINE_VALUE, kept="online")
            if not agreed and field not in put.derived:
                lost.append(loss)
            if stands or field in put.derived:
                pending[field] = _upon(waiting, seen, value)
                continue
        taken[field] = value
        written[field] = (current, value)
    unheard = _is_unborn(born, put.seen)  # what it was made with may still be overridden
    kept = now.born is not None and (now.born.held or put.is_derived or unheard)
    born = now.born if kept else None
    after = replace(now, key=put.key, pending=pending, born=born)
    if not written and not lost:
        status = Status.UNCHANGED if after == now else Status.APPLIED
        return Decision(after, status)
    after = replace(after, fields=taken, version=seq)
    return Decision(after, action=Action.UPDATE, written=written, lost=tuple(lost))


def _revived_by_office(record: Record, died: Mark, put: Put, seq: int, floor: int) -> Decision:
    """Deleted online, edited at the office without knowing it: the record lives.

    What only triggers made keeps no record alive; it is noted, in case another change does.
    """
    now = settled(record, floor)
    if put.is_derived:
        return _merged(now, put, put.fields, seq)
    alive = replace(now, alive=True, died=None, version=seq)
    merged = _merged(alive, put, put.fields, seq, _made_once(now.born))
    undone = lost_record(now, died, "deletion_undone")
    return replace(
        merged,
        status=Status.APPLIED,
        action=Action.REVIVE,
        lost=(undone, *merged.lost),
    )


def _deletion_refused(record: Record, refused: Refused, seq: int) -> Decision:
    died = record.died
    if died is None or died.seq > refused.upto:
        return Decision(record, Status.UNCHANGED)
    alive = replace(record, alive=True, died=None, version=seq)
    lost = lost_record(record, died, "delete_refused", refused.field)
    return Decision(alive, action=Action.REVIVE, lost=(lost,))


def _held(pending: Pending, refused: Refused) -> Pending:
    """The office has what it had taken before, and nothing of the page that it refused."""
    base = pending.expected_at(refused.since)
    if pending.seq <= refused.upto:
        return replace(pending, base=base, held=True, trail=())
    later = tuple(step for step in pending.trail if step.seq > refused.upto)
    return replace(pending, base=base, trail=later)


def _no_longer_held(field: str, pending: Pending, taken: Taken) -> Pending:
    """A newer write of the field goes on waiting, upon what the office has taken."""
    if pending.frozen:
        return pending
    if pending.seq <= taken.upto:
        return replace(pending, held=False)
    if field not in taken.fields:
        return pending
    before = tuple(step for step in pending.trail if step.seq <= taken.upto)
    after = tuple(step for step in pending.trail if step.seq > taken.upto)
    step = Step(taken.upto, taken.fields[field])
    return replace(pending, trail=(*before, step, *after))


def _upon(pending: Pending, seen: int, value: Cell) -> Pending:
    """It goes on waiting; this is what the office holds meanwhile."""
    if pending.held:
        return replace(pending, base=value)
    before = tuple(step for step in pending.trail if step.seq <= seen)
    after = tuple(step for step in pending.trail if step.seq > seen)
    return replace(pending, trail=(*before, Step(seen, value), *after))


def _next_pending(now: Record, field: str, seq: int, by: str | None, at: str | None) -> Pending:
    current = now.fields.get(field)
    before = now.pending.get(field)
    if before is None:
        return Pending(seq, current, by, at)
    if before.held:
        return Pending(seq, before.base, by, at)
    return Pending(seq, before.base, by, at, trail=(*before.trail, Step(before.seq, current)))


def _may_hold(now: Record, field: str, value: Cell, seen: int) -> bool:
    """Whether an office that has taken in online work up to `seen` may hold the value from there.

    Its floor may be lower, and what it has refused it has not taken: then it holds what it had before.
    """
    waiting = now.pending.get(field)
    if waiting is None:
        return same(value, now.fields.get(field))
    known = [waiting.base, waiting.expected_at(seen)]
    if not waiting.held and waiting.seq <= seen:
        known.append(now.fields.get(field))
    return any(same(value, one) for one in known)


def _made_once(born: Mark | None) -> Mark | None:
    """What was brought back has been written before: that alone writes no value."""
    return None if born is not None and born.again else born


def _is_unborn(born: Mark | None, seen: int) -> bool:
    """It was made online, and who tells of it had not seen that."""
    return born is not None and born.seq > seen


def _made_with(born: Mark | None, value: Cell) -> Pending | None:
    """The value that a record was made with, as a write that another may override."""
    if born is None or value is None:
        return None
    return Pending(born.seq, None, born.by, born.at)


def _unseen(waiting: Pending, seen: int) -> bool:
    return waiting.held or waiting.seq > seen


def _lost(now: Record, field: str, waiting: Pending, office: Cell, outcome: str, seen: int) -> Lost:
    """`base` is what the office held when it wrote, having taken in online work up to `seen`."""
    values = Values(waiting.expected_at(seen), office, now.fields.get(field))
    return lost_value(now, field, values, waiting, outcome)
