"""Quarantine: what one side cannot accept, kept with its reason until it is resolved."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import uuid_utils

from samsyn.core.cells import Cell
from samsyn.core.changes import OfficeChange, Operation, Put, Refused
from samsyn.core.record import Record
from samsyn.protocol.messages import Refusal
from samsyn.records.rows import key_of, to_json
from samsyn.records.tenant import Tenant, as_list, one_of
from samsyn.records.unit import Unit

OFFICE, ONLINE = "office", "online"


class Item(msgspec.Struct, frozen=True):
    """A change in quarantine, as it is listed. `side` is the one that refused it."""

    id: str
    side: str
    type: str
    record: str
    key: tuple[Cell, ...] | None
    field: str | None
    reason: str
    code: str
    since: str


def keep_refused(unit: Unit, change: OfficeChange, refusal: Refusal) -> None:
    """Keep an office change that the service cannot take."""
    key = change.key if isinstance(change, Put) else None
    _keep(unit, ONLINE, change, key, refusal.field, refusal.code, refusal.reason)


def settle(unit: Unit, changes: Sequence[OfficeChange]) -> None:
    """Bring the quarantine in line with what the changes of a batch left behind."""
    ids = list(dict.fromkeys(change.id for change in changes))
    refused = {c.id: c for c in changes if isinstance(c, Refused)}
    open_ids = _open(unit.tenant, OFFICE, ids)
    free = [i for i in ids if i in open_ids and not held(unit.record(i))]
    _resolve(unit, OFFICE, free)
    for record_id, change in refused.items():
        record = unit.record(record_id)
        if change.operation is Operation.DELETE or record is None or not held(record):
            continue
        _resolve(unit, OFFICE, [record_id])
        _keep(unit, OFFICE, change, record.key, change.field, change.code, change.reason)


def held(record: Record | None) -> bool:
    """Whether anything of the record is held because the office refused it."""
    if record is None or not record.alive:
        return False
    born = record.born is not None and record.born.held
    return born or any(pending.held for pending in record.pending.values())


def items(
    tenant: Tenant, limit: int = 500, after: str = "", *, resolved: bool = False
) -> list[Item]:
    """What lies in quarantine, the oldest first; go on after the last id."""
    state = "IS NOT NULL" if resolved else "IS NULL"
    found = tenant.rows(
        "SELECT id, side, type, record_id, key, field, reason, code, since"
        f" FROM records_quarantine WHERE company_id = %(company)s AND resolved_at {state}"
        " AND id > %(after)s ORDER BY id LIMIT %(limit)s",
        after=after,
        limit=limit,
    )
    return [
        Item(id_, side, type_, record, key_of(key), field, reason, code, since)
        for id_, side, type_, record, key, field, reason, code, since in found
    ]


def count(tenant: Tenant) -> int:
    """How many changes lie in quarantine."""
    found = tenant.row(
        "SELECT count(*) FROM records_quarantine"
        " WHERE company_id = %(company)s AND resolved_at IS NULL"
    )
    return int(found[0]) if found else 0


def _keep(
    unit: Unit,
    side: str,
    change: OfficeChange,
    key: tuple[Cell, ...] | None,
    field: str | None,
    code: str,
    reason: str,
) -> None:
    unit.tenant.insert(
        "records_quarantine",
        ("id", "side", "type", "record_id", "key", "field", "code", "reason", "since", "item"),
        [
            (
                uuid_utils.uuid7().hex,
                side,
                change.type,
                change.id,
                None if key is None else to_json(key),
                field,
                code,
                reason,
                unit.at,
                to_json(change),
            )
        ],
    )


def _open(tenant: Tenant, side: str, ids: list[str]) -> set[str]:
    found = tenant.rows(
        "SELECT record_id FROM records_quarantine WHERE company_id = %(company)s"
        f" AND resolved_at IS NULL AND side = %(side)s AND {one_of('record_id', 'ids')}",
        side=side,
        ids=as_list(ids),
    )
    return {row[0] for row in found}


def _resolve(unit: Unit, side: str, ids: list[str]) -> None:
    if ids:
        unit.tenant.execute(
            "UPDATE records_quarantine SET resolved_at = %(at)s WHERE company_id = %(company)s"
            f" AND resolved_at IS NULL AND side = %(side)s AND {one_of('record_id', 'ids')}",
            at=unit.at,
            side=side,
            ids=as_list(ids),
        )
