"""Re-apply: what lost a conflict is written once more, as an ordinary new edit, once."""

from __future__ import annotations

from typing import Any

import msgspec

from samsyn.core.cells import Cell, same
from samsyn.core.changes import Operation
from samsyn.core.record import Record
from samsyn.core.undo import Step
from samsyn.protocol.undo import Reapplied
from samsyn.records.catalogs import types
from samsyn.records.compensation import Planned, carry_out, check, title_of
from samsyn.records.errors import CannotReapply, ChangedSince, NoLongerKept, UnknownConflict
from samsyn.records.history import ConflictView, conflict, conflicts_of, seq_of
from samsyn.records.ledger import checkpoint
from samsyn.records.tenant import Tenant
from samsyn.records.unit import Source, Unit, company_unit

DELETED_AT_OFFICE = "office_deleted"
DELETION_LOST = frozenset(["deletion_undone", "delete_refused"])
NOT_THIS_KIND = "NOT_THIS_KIND"


def reapply(
    tenant: Tenant, conflict_id: str, by: str | None, at: str, *, anyway: bool = False
) -> Reapplied:
    """Write the losing value of a conflict once more, with the rest of its group or record.

    The same again does nothing and gives the same answer. Raises
    UnknownConflict; ChangedSince where somebody has written there since,
    unless `anyway`; CannotReapply; NoLongerKept where it was that old.
    """
    with company_unit(tenant, Source.REAPPLY, by, at) as unit:
        one = conflict(tenant, conflict_id)
        if one is None:
            if 0 < seq_of(conflict_id) <= checkpoint(tenant).upto:
                raise NoLongerKept(conflict=conflict_id)
            raise UnknownConflict(conflict=conflict_id)
        if one.reapplied_seq is not None:
            return _told(one, one.reapplied_seq, new=False)
        story = _story(tenant, one)
        record = unit.record(one.record)
        if record is None:
            raise CannotReapply(conflict=conflict_id, why="RECORD_GONE")
        steps, since = _steps(tenant, story, record)
        if since and not anyway:
            raise ChangedSince(conflict=conflict_id, record=record.id, fields=sorted(since))
        _carry_out(unit, conflict_id, record, steps)
        for other in story:
            _mark(tenant, other, unit.head)
        return _told(one, unit.head, new=True)


def _story(tenant: Tenant, one: ConflictView) -> list[ConflictView]:
    """The conflicts that belong together: of one group, or of one lost record."""
    beside = [c for c in conflicts_of(tenant, one.office_seq) if c.record == one.record]
    if one.outcome == DELETED_AT_OFFICE:
        return [c for c in beside if c.outcome == DELETED_AT_OFFICE]
    if one.group:
        return [c for c in beside if c.group == one.group and c.outcome == one.outcome]
    return [one]


def _steps(
    tenant: Tenant, story: list[ConflictView], record: Record
) -> tuple[list[Step], set[str]]:
    """What to do, and the fields that somebody has written since (the record's id for all of it)."""
    one = story[0]
    if one.outcome in DELETION_LOST:
        since = {record.id} if record.version > one.office_seq or not record.alive else set[str]()
        return [Step(Operation.DELETE)] if record.alive else [], since
    lost = {c.field: c.online if c.kept == "office" else c.office for c in story if c.field}
    if one.outcome == DELETED_AT_OFFICE:
        if record.alive:
            since = {f for f, cell in lost.items() if not same(record.fields.get(f), cell)}
            return _edits(record, lost), since
        return [Step(Operation.INSERT), *_edits(record, lost)], set()
    if not lost:
        raise CannotReapply(conflict=one.id, why=NOT_THIS_KIND)
    before, stood = _of_the_group(tenant, one)
    stood |= {c.field: c.office if c.kept == "office" else c.online for c in story if c.field}
    since = {f for f, cell in stood.items() if not same(record.fields.get(f), cell)}
    edits = _edits(record, before | lost)
    return (edits if record.alive else [Step(Operation.INSERT), *edits]), (
        since if record.alive else {record.id}
    )


def _of_the_group(tenant: Tenant, one: ConflictView) -> tuple[dict[str, Cell], dict[str, Cell]]:
    """The other fields of its group that the same change wrote: as they were, and as they became."""
    found = tenant.row(
        "SELECT fields FROM records_change WHERE company_id = %(company)s AND seq = %(seq)s",
        seq=one.office_seq,
    )
    written: dict[str, tuple[Any, Any]] = _written.decode(found[0]) if found and found[0] else {}
    own = {name: values for name, values in written.items() if name in one.group}
    return {n: old for n, (old, _) in own.items()}, {n: new for n, (_, new) in own.items()}


_written = msgspec.json.Decoder(dict[str, tuple[Any, Any]])  # Any: cells


def _edits(record: Record, fields: dict[str, Cell]) -> list[Step]:
    return [
        Step(Operation.UPDATE, name, record.fields.get(name), cell)
        for name, cell in fields.items()
        if not same(record.fields.get(name), cell)
    ]


def _carry_out(unit: Unit, conflict_id: str, record: Record, steps: list[Step]) -> None:
    state = types(unit.tenant).get(record.type)
    if state is None or not state.synced or not state.loaded:
        raise CannotReapply(conflict=conflict_id, why="TYPE_GONE")
    planned = Planned(record, title_of(state.type, record), steps)
    if not planned.fields.keys() <= state.names:
        raise CannotReapply(conflict=conflict_id, why="TYPE_GONE")
    check(unit.tenant, {record.id: planned})
    why = next((step.why_not for step in planned.steps if step.why_not is not None), None)
    if why is not None:
        raise CannotReapply(conflict=conflict_id, why=why)
    carry_out(unit, [planned])


def _mark(tenant: Tenant, one: ConflictView, seq: int) -> None:
    office_seq, _, number = one.id.partition(".")
    tenant.execute(
        "UPDATE records_conflict SET reapplied_seq = %(seq)s WHERE company_id = %(company)s"
        " AND office_seq = %(office_seq)s AND no = %(no)s",
        seq=seq,
        office_seq=int(office_seq),
        no=int(number),
    )


def _told(one: ConflictView, seq: int, *, new: bool) -> Reapplied:
    return Reapplied(one.id, one.type, one.record, seq, new)
