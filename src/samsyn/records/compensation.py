"""Compensation: rows of the change log are taken back by ordinary online work, planned first.

Which rows, others decide (`records.undo`). The plan is made under the same lock
as its carrying out, so that nothing can change in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from types import MappingProxyType
from typing import Any

import msgspec

from samsyn.core.catalog import KeyGiver, RecordType
from samsyn.core.cells import Cell
from samsyn.core.changes import Operation
from samsyn.core.merge import Action
from samsyn.core.record import Record
from samsyn.core.reopen import AtOffice
from samsyn.core.undo import Logged, Step, as_held, steps
from samsyn.core.values import render_key
from samsyn.records.catalogs import TypeState, types
from samsyn.records.queries import living_with
from samsyn.records.rows import records_by_id
from samsyn.records.sql import Parameters, text_of
from samsyn.records.tenant import Row, Tenant, as_list, one_of
from samsyn.records.unit import Unit

TYPE_GONE, REFERENCE_GONE, STILL_REFERRED, KEY_TAKEN = (
    "TYPE_GONE",
    "REFERENCE_GONE",
    "STILL_REFERRED",
    "KEY_TAKEN",
)
AT_ONCE = 1_000


class Planned(msgspec.Struct):
    """A record to be taken back: its steps, and what people call it."""

    record: Record
    title: str
    steps: list[Step]

    @property
    def doing(self) -> list[Step]:
        """The steps that nothing speaks against."""
        return [step for step in self.steps if step.why_not is None]

    @property
    def whole(self) -> Operation | None:
        """INSERT or DELETE where the whole record comes back or goes."""
        whole = (s.operation for s in self.doing if s.operation is not Operation.UPDATE)
        return next(whole, None)

    @property
    def after(self) -> dict[str, Cell] | None:
        """Its fields once it has been carried out; None where it is gone then."""
        alive = self.record.alive or self.whole is Operation.INSERT
        if not alive or self.whole is Operation.DELETE:
            return None
        return {**self.record.fields, **self.fields}

    @property
    def fields(self) -> dict[str, Cell]:
        """The values to be put back."""
        return {s.field: s.back for s in self.doing if s.field is not None}

    def stop(self, why_not: str, fields: Set[str] | None = None) -> None:
        """These fields, or all of it, stay as they are."""
        self.steps = [
            msgspec.structs.replace(s, why_not=why_not)
            if s.why_not is None and (fields is None or s.field in fields)
            else s
            for s in self.steps
        ]


def plan(
    tenant: Tenant,
    selected: Mapping[str, Set[int]],
    held: Mapping[str, AtOffice] = MappingProxyType({}),
) -> list[Planned]:
    """How to take back these rows of the log, by record; the company is locked, or it is only shown.

    `held` tells of the records that go back to what an office held, and not to what was there before.
    """
    known = types(tenant)
    planned: dict[str, Planned] = {}
    ids = list(selected)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        records = records_by_id(tenant, some)
        log = _log(tenant, some, min(min(selected[i]) for i in some), loaded=bool(held))
        for record_id in some:
            record = records.get(record_id)
            if record is not None:
                own = [row for row in log[record_id] if row.seq >= min(selected[record_id])]
                here = held.get(record_id)
                if here is not None and here.there:
                    own = as_held(own, selected[record_id], here.fields)
                planned[record_id] = _planned(known, record, own, selected[record_id])
    found = {i: one for i, one in planned.items() if one.steps}
    check(tenant, found)
    return list(found.values())


def check(tenant: Tenant, planned: Mapping[str, Planned]) -> None:
    """Stops the steps that references and keys stand against, by record."""
    known = types(tenant)
    while _checked(tenant, known, planned):
        pass


def carry_out(unit: Unit, planned: Iterable[Planned]) -> int:
    """Do what the plan says, as ordinary online work; how many records were changed."""
    doing = [one for one in planned if one.doing]
    unit.load(one.record.id for one in doing)
    for one in doing:
        if one.whole is Operation.INSERT:
            unit.restore(one.record.id)
    for one in doing:
        if one.fields:
            unit.edit(one.record.id, one.fields)
    for one in doing:
        if one.whole is Operation.DELETE:
            unit.delete(one.record.id)
    return len(doing)


# --- one record -------------------------------------------------------------------------


def _planned(
    known: Mapping[str, TypeState], record: Record, log: list[Logged], selected: Set[int]
) -> Planned:
    state = known.get(record.type)
    if state is None:
        return Planned(record, record.id[:8], [])
    found = Planned(
        record, title_of(state.type, record), steps(record, log, selected, state.type.groups)
    )
    if not state.synced or not state.loaded:
        found.stop(TYPE_GONE)
    gone = {s.field for s in found.steps if s.field is not None} - state.names
    if gone:
        found.stop(TYPE_GONE, gone)
    return found


def title_of(record_type: RecordType, record: Record) -> str:
    """What people call a record: its title where it has one, else its key."""
    titled = record.fields.get(record_type.title) if record_type.title else None
    if isinstance(titled, str) and titled:
        return titled
    return ", ".join(str(render_key(part)) for part in record.key or ()) or record.id[:8]


def _log(tenant: Tenant, ids: list[str], since: int, *, loaded: bool) -> dict[str, list[Logged]]:
    """Each record's rows from a number on; those of a load, whose values are not kept, only where they count."""
    found = tenant.rows(
        "SELECT record_id, seq, action, fields, author, derived FROM records_change"
        f" WHERE company_id = %(company)s AND {one_of('record_id', 'ids')}"
        f"{'' if loaded else ' AND fields IS NOT NULL'} AND seq >= %(since)s"
        " ORDER BY record_id, seq",
        ids=as_list(ids),
        since=since,
    )
    log: dict[str, list[Logged]] = {i: [] for i in ids}
    for row in found:
        log[row[0]].append(_logged(row))
    return log


_fields = msgspec.json.Decoder(dict[str, tuple[Any, Any]])  # Any: cells
_names = msgspec.json.Decoder(list[str])


def _logged(row: Row) -> Logged:
    _, seq, action, fields, author, derived = row
    made = frozenset(_names.decode(derived)) if derived else frozenset()
    written = {} if fields is None else _fields.decode(fields)
    return Logged(seq, Action(action), written, author, made)


# --- what others have to do with it -----------------------------------------------------


def _checked(
    tenant: Tenant, known: Mapping[str, TypeState], planned: Mapping[str, Planned]
) -> bool:
    """Stops what others stand against; true where something was, which may stand against more."""
    before = sum(len(one.doing) for one in planned.values())
    for one in planned.values():
        if one.doing and (state := known.get(one.record.type)) is not None:
            _check_key(tenant, state.type, one, planned)
    _check_targets(tenant, known, planned)
    _check_referrers(tenant, known, planned)
    return sum(len(one.doing) for one in planned.values()) < before


def _check_key(
    tenant: Tenant, record_type: RecordType, one: Planned, planned: Mapping[str, Planned]
) -> None:
    """The key that a person gives may have gone to another record."""
    touched = one.whole is Operation.INSERT or any(f in record_type.key for f in one.fields)
    if record_type.key_giver is not KeyGiver.PERSON or not touched or one.after is None:
        return
    key = {name: one.after.get(name) for name in record_type.key}
    other = living_with(tenant, record_type, key, one.record.id)
    if other is not None and not _leaves(planned.get(other), key):
        one.stop(KEY_TAKEN)


def _leaves(other: Planned | None, key: Mapping[str, Cell]) -> bool:
    """Whether a record no longer has the key once it has been carried out."""
    if other is None:
        return False
    return other.after is None or any(other.after.get(n) != c for n, c in key.items())


def _check_targets(
    tenant: Tenant, known: Mapping[str, TypeState], planned: Mapping[str, Planned]
) -> None:
    """What a record would refer to again must be there."""
    wanted: dict[str, dict[str, str]] = {}
    for one in planned.values():
        put = one.after if one.whole is Operation.INSERT else one.fields
        wanted[one.record.id] = {
            f.name: cell
            for f in known[one.record.type].type.fields
            if f.reference is not None and isinstance(cell := (put or {}).get(f.name), str)
        }
    targets = {cell for cells in wanted.values() for cell in cells.values()}
    there = _alive(tenant, targets - planned.keys())
    there |= {i for i, one in planned.items() if one.after is not None}
    for record_id, cells in wanted.items():
        gone = {name for name, cell in cells.items() if cell not in there}
        if gone:
            one = planned[record_id]
            one.stop(REFERENCE_GONE, None if one.whole is Operation.INSERT else gone)


def _alive(tenant: Tenant, ids: Set[str]) -> set[str]:
    found = tenant.rows(
        "SELECT id FROM records_record WHERE company_id = %(company)s AND alive"
        f" AND {one_of('id', 'ids')}",
        ids=as_list(sorted(ids)),
    )
    return {row[0] for row in found}


def _check_referrers(
    tenant: Tenant, known: Mapping[str, TypeState], planned: Mapping[str, Planned]
) -> None:
    """A record that others refer to cannot go."""
    going: dict[str, set[str]] = {}
    for one in planned.values():
        if one.whole is Operation.DELETE:
            going.setdefault(one.record.type, set()).add(one.record.id)
    for state in known.values():
        for field in state.type.fields:
            ids = going.get(field.reference.type) if field.reference else None
            if ids:
                for record_id, target in _referrers(tenant, state.type.name, field.name, ids):
                    other = planned.get(record_id)
                    after = other.after if other is not None else {field.name: target}
                    if after is not None and after.get(field.name) == target:
                        planned[target].stop(STILL_REFERRED)
    _check_coming(known, planned)


def _check_coming(known: Mapping[str, TypeState], planned: Mapping[str, Planned]) -> None:
    """What refers to a record once it is back, too."""
    for one in planned.values():
        for field in known[one.record.type].type.fields:
            target = (one.after or {}).get(field.name) if field.reference is not None else None
            other = planned.get(target) if isinstance(target, str) else None
            if other is not None and other.whole is Operation.DELETE:
                other.stop(STILL_REFERRED)


def _referrers(tenant: Tenant, type_: str, field: str, ids: Set[str]) -> list[Row]:
    """Living records of a type whose field refers to one of these, each with its target."""
    parameters = Parameters()
    cell = text_of(parameters.add_field(field))
    return tenant.rows(
        f"SELECT id, {cell} FROM records_record WHERE company_id = %(company)s"
        f" AND type = %(type)s AND alive AND {one_of(cell, 'ids')}",
        type=type_,
        ids=as_list(sorted(ids)),
        **parameters.values,
    )
