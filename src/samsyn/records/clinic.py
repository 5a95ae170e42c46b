"""The quarantine clinic: carries out the fix that a person has chosen, in one unit of work.

The service changes its own records; the office learns of it as of any online
change, and both entries close when it has taken that. A fix chosen twice is
carried out once.
"""

from __future__ import annotations

import msgspec

from samsyn.core import mending
from samsyn.core.changes import OfficeChange, Operation, Put, Refused
from samsyn.core.clinic import Case, Fix, Offer, offers
from samsyn.core.record import Record
from samsyn.protocol.messages import FixOrder
from samsyn.records.checks import RECORD_ID
from samsyn.records.errors import (
    EntrySettled,
    FixIncomplete,
    FixUnfit,
    UnknownEntry,
    UnknownFix,
    UnknownRecord,
)
from samsyn.records.queries import referring_to
from samsyn.records.unit import Unit


class StoredEntry(msgspec.Struct, frozen=True):
    """An entry as it is stored."""

    id: str
    side: str
    type: str
    record: str
    field: str | None
    code: str
    change: OfficeChange
    resolved_at: str | None
    fix: str | None


def carry_out(unit: Unit, order: FixOrder) -> None:
    """Carries a fix out; nothing where it was before.

    Raises UnknownEntry, UnknownFix, FixUnfit, FixIncomplete, EntrySettled and,
    of the values, UnknownField.
    """
    entry = entry_of(unit, order.id)
    fix = fix_named(order.fix)
    if entry.resolved_at is not None:
        if entry.fix == fix.value:
            return
        raise EntrySettled(entry=entry.id, at=entry.resolved_at, fix=entry.fix)
    record = unit.record(entry.record)
    if entry.fix == fix.value and (fix in ONCE or record is None or not record.alive):
        return
    offer = _offered(unit, entry, record, fix, order)
    if entry.side == "online":
        if fix is Fix.SEND_AGAIN:
            unit.tell_again(entry.type, entry.record)
    else:
        assert record is not None, "nothing is offered for a record that is gone"
        _mend(unit, entry, record, offer, order)
    unit.tenant.execute(
        "UPDATE records_quarantine SET fix = %(fix)s, fixed_by = %(by)s, fixed_at = %(at)s"
        " WHERE company_id = %(company)s AND id = %(id)s",
        id=entry.id,
        fix=fix.value,
        by=unit.by,
        at=unit.at,
    )


ONCE = frozenset({Fix.RETRY, Fix.SEND_AGAIN})
"""Asked for again before the office has answered, they are still the same."""


def entry_of(unit: Unit, entry_id: str) -> StoredEntry:
    """The entry of that id; UnknownEntry."""
    found = (
        None
        if not RECORD_ID.fullmatch(entry_id)
        else unit.tenant.row(
            "SELECT id, side, type, record_id, field, code, item, resolved_at, fix"
            " FROM records_quarantine WHERE company_id = %(company)s AND id = %(id)s",
            id=entry_id,
        )
    )
    if found is None:
        raise UnknownEntry(entry=entry_id[:100])
    id_, side, type_, record, field, code, item, resolved_at, fix = found
    change = msgspec.json.decode(item, type=OfficeChange)
    return StoredEntry(id_, side, type_, record, field, code, change, resolved_at, fix)


def fix_named(name: str) -> Fix:
    """The fix of that name; UnknownFix."""
    try:
        return Fix(name)
    except ValueError as error:
        raise UnknownFix(fix=name[:100], known=[fix.value for fix in Fix]) from error


def case_of(
    side: str, code: str, field: str | None, change: OfficeChange, parent: Record | None
) -> Case:
    """An entry as the rules see it; `parent` is the record that it waits for, if there is one."""
    if not isinstance(change, Refused):
        fields = tuple(change.fields) if isinstance(change, Put) else ()
        return Case(side, code, Operation.UPDATE, fields, field)
    return Case(
        side=side,
        code=code,
        operation=change.operation,
        fields=change.fields,
        field=field,
        holders=change.holders,
        parent=parent_of(change),
        parent_lives=parent is not None and parent.alive,
    )


def parent_of(change: OfficeChange) -> str | None:
    """The record that a refused change waits for."""
    if isinstance(change, Refused) and change.code == "PARENT_MISSING":
        return change.reason
    return None


def _offered(
    unit: Unit, entry: StoredEntry, record: Record | None, fix: Fix, order: FixOrder
) -> Offer:
    """The offer that was chosen; FixUnfit where there is none, FixIncomplete where there are more."""
    parent = parent_of(entry.change)
    case = case_of(
        entry.side, entry.code, entry.field, entry.change, unit.record(parent) if parent else None
    )
    there = entry.side == "online" or (record is not None and record.alive)
    offered = offers(case) if there else ()
    fitting = [offer for offer in offered if offer.fix is fix]
    if fix is Fix.MERGE_WITH and order.record is not None:
        fitting = [offer for offer in fitting if offer.record == order.record]
    if not fitting or fix is Fix.EDIT_OFFICE:
        names = [offer.fix.value for offer in offered if offer.fix is not Fix.EDIT_OFFICE]
        raise FixUnfit(fix=fix.value, fixes=list(dict.fromkeys(names)))
    if len(fitting) > 1:
        raise FixIncomplete(fix=fix.value, needs="record")
    return fitting[0]


def _mend(unit: Unit, entry: StoredEntry, record: Record, offer: Offer, order: FixOrder) -> None:
    match offer.fix:
        case Fix.EDIT | Fix.NEW_KEY:
            if not order.fields:
                raise FixIncomplete(fix=offer.fix.value, needs="fields")
            after = unit.edit(record.id, order.fields)
            if after.version == record.version and entry.fix is None:
                unit.take(record.id, mending.told_again(record, unit.next_seq))
        case Fix.TAKE_OFFICE:
            assert isinstance(entry.change, Refused), "what the office refused"
            decision = mending.office_taken_back(
                record, entry.change.fields, unit.next_seq, unit.by, unit.at
            )
            unit.take(record.id, decision)
        case Fix.SKIP:
            unit.take(record.id, mending.left(record, unit.next_seq, unit.floor, unit.by, unit.at))
        case Fix.RETRY:
            unit.take(record.id, mending.told_again(record, unit.next_seq))
        case Fix.MERGE_WITH:
            assert offer.record is not None, "of a record that is in the way"
            _merge(unit, record, offer.record, order)
        case Fix.WAIT | Fix.SEND_AGAIN | Fix.EDIT_OFFICE:
            return


def _merge(unit: Unit, new: Record, other: str, order: FixOrder) -> None:
    """The new record becomes one with the other, and what refers to it refers to that."""
    existing = unit.record(other)
    if existing is None or not existing.alive:
        raise UnknownRecord(record=other)
    record_type = unit.types[new.type].type
    become = mending.merged(record_type, new, existing, order.prefer)
    _point_elsewhere(unit, new, existing.id)
    if become.edits:
        unit.edit(existing.id, become.edits)
    new = unit.record(new.id) or new
    moment = (unit.by, unit.at)
    gone = mending.merged_away(new, become.lost, unit.next_seq, unit.floor, moment)
    unit.take(new.id, gone)


def _point_elsewhere(unit: Unit, new: Record, other: str) -> None:
    for state in unit.types.values():
        names = [
            field.name
            for field in state.type.fields
            if field.reference is not None and field.reference.type == new.type
        ]
        ids = referring_to(unit.tenant, state.type.name, names, new.id) if names else []
        unit.load(ids)
        for record_id in ids:
            record = unit.record(record_id)
            if record is None or record_id == new.id:
                continue
            pointing = mending.pointing_at(record.fields, names, new.id)
            unit.edit(record_id, dict.fromkeys(pointing, other))
