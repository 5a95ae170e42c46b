"""What lies in quarantine, as people read it: names, both sides' values, and the fixes that apply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell
from samsyn.core.changes import Holder, OfficeChange, Operation, Put, Refused
from samsyn.core.clinic import Fix, offers
from samsyn.core.record import Record
from samsyn.protocol.messages import HeldValue, InTheWay, QuarantineEntry, Remedy
from samsyn.records.catalogs import TypeState, types
from samsyn.records.checks import RECORD_ID
from samsyn.records.clinic import case_of, parent_of
from samsyn.records.errors import UnknownEntry
from samsyn.records.rows import key_of, records_by_id
from samsyn.records.tenant import Row, Tenant, as_list, one_of
from samsyn.records.wanted import Wanted, conditions

_COLUMNS = (
    "id, side, type, record_id, key, field, reason, code, since, item, fix, fixed_by, fixed_at,"
    " resolved_at"
)

_SEARCHED = "coalesce(field, '') || ' ' || reason || ' ' || coalesce(key, '') || ' ' || code"


def entries(
    tenant: Tenant,
    limit: int = 500,
    after: str = "",
    *,
    resolved: bool = False,
    wanted: Wanted | None = None,
) -> list[QuarantineEntry]:
    """What lies in quarantine, the oldest first, all or those wanted; go on after the last id."""
    state, values = "IS NOT NULL" if resolved else "IS NULL", dict[str, Any]()
    where = f" AND resolved_at {state} AND id > %(after)s"
    if wanted is not None:
        only, values = conditions(wanted, "records_quarantine", _SEARCHED, "since", None)
        where += only
    found = tenant.rows(
        f"SELECT {_COLUMNS} FROM records_quarantine WHERE company_id = %(company)s{where}"
        " ORDER BY id LIMIT %(limit)s",
        after=after,
        limit=limit,
        **values,
    )
    return _shown(tenant, found)


def refused_of(tenant: Tenant, records: Sequence[str]) -> list[QuarantineEntry]:
    """What of these records the office does not take now."""
    found = tenant.rows(
        f"SELECT {_COLUMNS} FROM records_quarantine WHERE company_id = %(company)s"
        f" AND resolved_at IS NULL AND side = 'office' AND {one_of('record_id', 'records')}"
        " ORDER BY id LIMIT %(limit)s",
        records=as_list(records),
        limit=500,
    )
    return _shown(tenant, found)


def entry(tenant: Tenant, entry_id: str) -> QuarantineEntry:
    """One entry, also one that has left quarantine; UnknownEntry."""
    found = (
        tenant.rows(
            f"SELECT {_COLUMNS} FROM records_quarantine"
            " WHERE company_id = %(company)s AND id = %(id)s",
            id=entry_id,
        )
        if RECORD_ID.fullmatch(entry_id)
        else []
    )
    if not found:
        raise UnknownEntry(entry=entry_id[:100])
    return _shown(tenant, found)[0]


def _shown(tenant: Tenant, rows: list[Row]) -> list[QuarantineEntry]:
    changes = [msgspec.json.decode(row[9], type=OfficeChange) for row in rows]
    wanted = dict.fromkeys(
        record_id
        for row, change in zip(rows, changes, strict=True)
        for record_id in (row[3], *_named(change))
    )
    reading = _Reading(types(tenant), records_by_id(tenant, list(wanted)))
    return [reading.entry(row, change) for row, change in zip(rows, changes, strict=True)]


def _named(change: OfficeChange) -> Iterable[str]:
    """The other records that a refusal names."""
    if isinstance(change, Refused):
        yield from (holder.record for holder in _held(change))
        parent = parent_of(change)
        if parent is not None:
            yield parent


def _held(change: OfficeChange) -> tuple[Holder, ...]:
    return change.holders if isinstance(change, Refused) else ()


class _Reading:
    """A page's types and records."""

    def __init__(self, types_: Mapping[str, TypeState], records: Mapping[str, Record]) -> None:
        self._types, self._records = types_, records

    def entry(self, row: Row, change: OfficeChange) -> QuarantineEntry:
        id_, side, type_, record_id, key, field, reason, code, since, _, fix, by, at, closed = row
        record = self._records.get(record_id)
        parent = parent_of(change)
        plain = QuarantineEntry(
            side, type_, record_id, key_of(key), field, reason, code, since, id_,
            fix=fix, fixed_by=by, fixed_at=at,
        )  # fmt: skip
        shown = replace(
            plain,
            title=self.title(record_id),
            operation=_operation(change),
            state=_state(plain, record, closed),
            values=_values(change, record),
            waits_for=None if parent is None else self.title(parent) or parent,
            holders=tuple(
                InTheWay(h.record, self.title(h.record), h.fields) for h in _held(change)
            ),
        )
        there = side == "online" or (record is not None and record.alive)
        if closed is not None or not there:
            return shown
        case = case_of(side, code, field, change, self._records.get(parent) if parent else None)
        remedies = [
            Remedy(o.fix.value, o.fields, o.record, self.title(o.record) if o.record else None)
            for o in offers(case)
            if o.fix is not Fix.MERGE_WITH or self._lives(o.record)
        ]
        return replace(shown, fixes=tuple(remedies))

    def title(self, record_id: str) -> str | None:
        """What people call a record: the value of its title field, else its key."""
        record = self._records.get(record_id)
        if record is None:
            return None
        state = self._types.get(record.type)
        return title_of(None if state is None else state.type, record)

    def _lives(self, record_id: str | None) -> bool:
        record = self._records.get(record_id or "")
        return record is not None and record.alive


def title_of(record_type: RecordType | None, record: Record) -> str | None:
    """The value of the title field, else the key; None where it has neither."""
    named: Cell = None
    if record_type is not None and record_type.title is not None:
        named = record.fields.get(record_type.title)
    if isinstance(named, str) and named:
        return named
    return None if record.key is None else ", ".join(str(part) for part in record.key)


def _operation(change: OfficeChange) -> str:
    if isinstance(change, Refused):
        return change.operation.value
    return Operation.UPDATE.value if isinstance(change, Put) else Operation.DELETE.value


def _state(entry: QuarantineEntry, record: Record | None, closed: str | None) -> str:
    if closed is not None:
        return "settled"
    if entry.side == "online":
        return {"skip": "aside", "send_again": "under_way"}.get(entry.fix or "", "open")
    gone = record is None or not record.alive
    chosen = entry.fix is not None and entry.fix != Fix.WAIT.value
    return "under_way" if gone or chosen else "open"


def _values(change: OfficeChange, record: Record | None) -> tuple[HeldValue, ...]:
    """Both sides' values of the fields at stake."""
    fields = record.fields if record is not None else {}
    if isinstance(change, Put):
        return tuple(HeldValue(f, cell, fields.get(f)) for f, cell in change.fields.items())
    if not isinstance(change, Refused) or record is None:
        return ()
    waiting = record.pending
    return tuple(
        HeldValue(f, waiting[f].base if f in waiting else None, fields.get(f))
        for f in change.fields
        if f in fields
    )
