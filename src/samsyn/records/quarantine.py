"""Quarantine: what one side cannot accept, kept with its reason until it is resolved."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import uuid_utils

from samsyn.core.cells import Cell
from samsyn.core.changes import Delete, OfficeChange, Put, Refused
from samsyn.core.record import Record
from samsyn.protocol.messages import Refusal
from samsyn.records.rows import key_of, to_json
from samsyn.records.tenant import Row, Tenant, as_list, one_of
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


class Keeper:
    """Keeps the quarantine in line with the changes of one batch."""

    def __init__(self, unit: Unit, changes: Sequence[OfficeChange]) -> None:
        self.unit = unit
        self.ids = list(dict.fromkeys(change.id for change in changes))
        self._refused_by_office: dict[str, Refused] = {}
        self._open: dict[str, dict[str, OfficeChange]] = {}
        for row in _open_rows(unit.tenant, ONLINE, self.ids):
            self._opened(row[0], msgspec.json.decode(row[2], type=OfficeChange))
        self._resolved: list[str] = []

    def refuse(self, change: OfficeChange, refusal: Refusal) -> None:
        """Keep an office change that the service cannot take."""
        key = change.key if isinstance(change, Put) else None
        told = (refusal.field, refusal.code, refusal.reason)
        self._opened(_keep(self.unit, ONLINE, change, key, told), change)

    def take(self, change: OfficeChange) -> None:
        """A change was taken: what it says again, or makes moot, is resolved."""
        if isinstance(change, Refused):
            self._refused_by_office[change.id] = change
        for item_id, kept in self._open.get(change.id, {}).items():
            if _follows(change, kept):
                self._resolved.append(item_id)

    def settle(self) -> None:
        """After the last change: what is held lies in quarantine, and nothing else of the office."""
        lying = _open_rows(self.unit.tenant, OFFICE, self.ids)
        for item_id, record_id, _ in lying:
            if record_id in self._refused_by_office or not held(self.unit.record(record_id)):
                self._resolved.append(item_id)
        for record_id, change in self._refused_by_office.items():
            record = self.unit.record(record_id)
            if record is not None and held(record):
                told = (change.field, change.code, change.reason)
                _keep(self.unit, OFFICE, change, record.key, told)
        if self._resolved:
            self.unit.tenant.execute(
                "UPDATE records_quarantine SET resolved_at = %(at)s"
                f" WHERE company_id = %(company)s AND {one_of('id', 'ids')}",
                at=self.unit.at,
                ids=as_list(self._resolved),
            )

    def _opened(self, item_id: str, change: OfficeChange) -> None:
        self._open.setdefault(change.id, {})[item_id] = change


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


def _follows(change: OfficeChange, kept: OfficeChange) -> bool:
    """Whether a change of the same record leaves nothing of a kept one to be done."""
    match change:
        case Delete():
            return True
        case Put():
            return not isinstance(kept, Put) or kept.fields.keys() <= change.fields.keys()
        case _:
            return False


def _keep(
    unit: Unit,
    side: str,
    change: OfficeChange,
    key: tuple[Cell, ...] | None,
    told: tuple[str | None, str, str],
) -> str:
    """Put a change into quarantine with field, code and reason; the id of the item."""
    field, code, reason = told
    item_id = uuid_utils.uuid7().hex
    unit.tenant.insert(
        "records_quarantine",
        ("id", "side", "type", "record_id", "key", "field", "code", "reason", "since", "item"),
        [
            (
                item_id,
                side,
                _shown(change.type),
                _shown(change.id)[:32],
                None if key is None else to_json(key),
                None if field is None else _shown(field),
                _shown(code)[:64],
                _shown(reason),
                unit.at,
                to_json(change),
            )
        ],
    )
    return item_id


def _open_rows(tenant: Tenant, side: str, ids: list[str]) -> list[Row]:
    """Id, record and change of what lies in quarantine for these records."""
    return tenant.rows(
        "SELECT id, record_id, item FROM records_quarantine WHERE company_id = %(company)s"
        f" AND resolved_at IS NULL AND side = %(side)s AND {one_of('record_id', 'ids')}",
        side=side,
        ids=as_list(ids),
    )


def _shown(text: str) -> str:
    """Text as PostgreSQL stores it: what came may hold NUL, which is often why it was refused."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")
