"""Quarantine: what one side cannot accept, kept with its reason until it is resolved."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import TypeGuard

import msgspec
import uuid_utils

from samsyn.core.cells import Cell
from samsyn.core.changes import Delete, OfficeChange, Put, Refused
from samsyn.core.clinic import Fix
from samsyn.core.record import Mark, Pending, Record
from samsyn.protocol.messages import Named, Refusal, RefusedRecord
from samsyn.records import befalling, freezing
from samsyn.records.rows import to_json
from samsyn.records.tenant import Row, Tenant, as_list, one_of
from samsyn.records.unit import Unit

OFFICE, ONLINE = "office", "online"


class Keeper:
    """Keeps the quarantine in line with the changes of one batch."""

    def __init__(self, unit: Unit, changes: Sequence[OfficeChange]) -> None:
        self.unit = unit
        self.ids = list(dict.fromkeys(change.id for change in changes))
        self._refused_by_office: dict[str, Refused] = {}
        self._open: dict[str, dict[str, OfficeChange]] = {}
        self._since: dict[str, str] = {}
        for item_id, _, item, since in _open_rows(unit.tenant, ONLINE, self.ids):
            self._since[item_id] = since
            self._opened(item_id, msgspec.json.decode(item, type=OfficeChange))
        self._resolved: list[str] = []

    def refuse(self, change: OfficeChange, refusal: Refusal) -> None:
        """Keep an office change that the service cannot take."""
        key = change.key if isinstance(change, Put) else None
        told = (refusal.field, refusal.code, refusal.reason)
        since = self._replaced(change)
        self._opened(_keep(self.unit, ONLINE, change, key, told, since), change)

    def take(self, change: OfficeChange) -> None:
        """A change was taken: what it says again, or makes moot, is resolved."""
        if isinstance(change, Refused):
            self._refused_by_office[change.id] = change
        self._replaced(change)

    def _replaced(self, change: OfficeChange) -> str:
        """What lies of the record and is said anew is resolved; since when the oldest of it lay."""
        state = self.unit.types.get(change.type)
        known = state.names if state is not None else frozenset()
        since = self.unit.at
        opened = self._open.get(change.id, {})
        for item_id, kept in list(opened.items()):
            if _follows(change, kept, known):
                since = min(since, self._since.get(item_id, since))
                self._resolved.append(item_id)
                del opened[item_id]
        return since

    def settle(self) -> None:
        """After the last change: what is held lies in quarantine, and nothing else of the office."""
        lying = _open_rows(self.unit.tenant, OFFICE, self.ids)
        since: dict[str, str] = {}
        for item_id, record_id, _, then in lying:
            if record_id in self._refused_by_office or not held(self.unit.record(record_id)):
                self._resolved.append(item_id)
                since[record_id] = then
        refused = {i: r for i in self._refused_by_office if _is_held(r := self.unit.record(i))}
        since |= self._since_before([r for i, r in refused.items() if i not in since])
        for record_id, record in refused.items():
            change = self._refused_by_office[record_id]
            told = (change.field, change.code, change.reason)
            then = since.get(record_id, self.unit.at)
            item_id = _keep(self.unit, OFFICE, change, record.key, told, then)
            if record.alive:
                self.unit.news += befalling.of_refused(record, then, self.unit.at)
            else:
                self._resolved.append(item_id)  # known where the record comes back
        _resolve(self.unit, self._resolved)
        self._open_again(self._refused_by_office.keys() | {row[1] for row in lying})

    def _since_before(self, records: list[Record]) -> dict[str, str]:
        """Since when it lay here what was told anew after a restore, and is refused again."""
        if not records:
            return {}
        found: dict[str, tuple[str, int]] = {
            record_id: (since, told_anew)
            for record_id, since, told_anew in self.unit.tenant.rows(
                "SELECT record_id, since, told_anew FROM records_quarantine"
                " WHERE company_id = %(company)s AND told_anew IS NOT NULL"
                f" AND {one_of('record_id', 'ids')} ORDER BY id",
                ids=as_list([record.id for record in records]),
            )
        }
        return {
            record.id: found[record.id][0]
            for record in records
            if record.id in found and _held_since(record) <= found[record.id][1]
        }

    def _open_again(self, known: Set[str]) -> None:
        """What is held of a record that was deleted online, and lives by what the office wrote, lies here again."""
        back = [i for i in self.ids if i not in known and held(self.unit.record(i))]
        if not back:
            return
        found = self.unit.tenant.rows(
            "SELECT record_id, max(id) FROM records_quarantine WHERE company_id = %(company)s"
            f" AND side = %(side)s AND {one_of('record_id', 'ids')} GROUP BY record_id",
            side=OFFICE,
            ids=as_list(back),
        )
        self.unit.tenant.execute(
            "UPDATE records_quarantine SET resolved_at = NULL"
            f" WHERE company_id = %(company)s AND {one_of('id', 'ids')}",
            ids=as_list([item_id for _, item_id in found]),
        )
        for record_id, _ in found:
            record = self.unit.record(record_id)
            assert record is not None, "it is held"
            self.unit.news += befalling.of_refused(record, self.unit.at, self.unit.at)

    def _opened(self, item_id: str, change: OfficeChange) -> None:
        self._open.setdefault(change.id, {})[item_id] = change


def held(record: Record | None) -> bool:
    """Whether anything of the record is held because the office refused it."""
    return _is_held(record) and record.alive


def _is_held(record: Record | None) -> TypeGuard[Record]:
    return record is not None and bool(_held(record))


def _held(record: Record) -> list[Mark | Pending]:
    born = [] if record.born is None else [record.born]
    marks: list[Mark | Pending] = [*record.pending.values(), *born]
    return [mark for mark in marks if mark.held]


def _held_since(record: Record) -> int:
    """The number of the last change that is held."""
    return max(mark.seq for mark in _held(record))


def release(unit: Unit, ids: list[str]) -> None:
    """Nothing of these records is held any more: what lies of the office's is resolved."""
    _resolve(unit, [item_id for item_id, *_ in _open_rows(unit.tenant, OFFICE, ids)])


def tell_anew(unit: Unit) -> None:
    """Nothing of the office's is held any more, but what is frozen: it waits for the office once more.

    What it refuses then lies here since when it did before.
    """
    unit.tenant.execute(
        "UPDATE records_quarantine SET resolved_at = %(at)s, told_anew = %(head)s"
        " WHERE company_id = %(company)s AND resolved_at IS NULL AND side = %(side)s"
        " AND code <> %(frozen)s",
        at=unit.at,
        head=unit.head,
        side=OFFICE,
        frozen=freezing.OSCILLATES,
    )


def _resolve(unit: Unit, item_ids: Sequence[str]) -> None:
    if item_ids:
        unit.tenant.execute(
            "UPDATE records_quarantine SET resolved_at = %(at)s"
            f" WHERE company_id = %(company)s AND {one_of('id', 'ids')}",
            at=unit.at,
            ids=as_list(item_ids),
        )


def count(tenant: Tenant) -> int:
    """How many changes lie in quarantine."""
    found = tenant.row(
        "SELECT count(*) FROM records_quarantine"
        " WHERE company_id = %(company)s AND resolved_at IS NULL"
    )
    return int(found[0]) if found else 0


def keep_left_out(unit: Unit, left_out: Sequence[tuple[Put, str]]) -> dict[str, RefusedRecord]:
    """Keeps records of a chunk that cannot be stored; the answer for each, by id."""
    if not left_out:
        return {}
    keeper = Keeper(unit, [put for put, _ in left_out])
    for index, (put, reason) in enumerate(left_out):
        keeper.refuse(put, Refusal(index, "BAD_RECORD", reason))
    keeper.settle()
    return {put.id: RefusedRecord(put.id, "BAD_RECORD", reason) for put, reason in left_out}


def resolve_loaded(unit: Unit, ids: list[str]) -> None:
    """What was refused of these records has now come with a chunk."""
    lies = unit.tenant.row(
        "SELECT 1 FROM records_quarantine WHERE company_id = %(company)s"
        " AND resolved_at IS NULL AND side = 'online' LIMIT 1"
    )
    if lies is not None:
        unit.tenant.execute(
            "UPDATE records_quarantine SET resolved_at = %(at)s WHERE company_id = %(company)s"
            f" AND resolved_at IS NULL AND side = 'online' AND {one_of('record_id', 'ids')}",
            at=unit.at,
            ids=as_list(ids),
        )


def to_send_again(tenant: Tenant, ids: list[str]) -> tuple[Named, ...]:
    """Which of these records a person has asked the office to send again."""
    found = tenant.rows(
        "SELECT DISTINCT type, record_id FROM records_quarantine WHERE company_id = %(company)s"
        f" AND resolved_at IS NULL AND side = 'online' AND fix = %(fix)s"
        f" AND {one_of('record_id', 'ids')}",
        fix=Fix.SEND_AGAIN.value,
        ids=as_list(ids),
    )
    return tuple(Named(type_, record) for type_, record in found)


def _follows(change: OfficeChange, kept: OfficeChange, known: Set[str]) -> bool:
    """Whether a change of the same record leaves nothing of a kept one to be done.

    A field that the catalog does not have any more is nothing to wait for.
    """
    match change:
        case Delete():
            return True
        case Put(new=True):
            return True
        case Put():
            return not isinstance(kept, Put) or kept.fields.keys() & known <= change.fields.keys()
        case _:
            return False


def _keep(
    unit: Unit,
    side: str,
    change: OfficeChange,
    key: tuple[Cell, ...] | None,
    told: tuple[str | None, str, str],
    since: str,
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
                since,
                to_json(change),
            )
        ],
    )
    return item_id


def _open_rows(tenant: Tenant, side: str, ids: list[str]) -> list[Row]:
    """Id, record, change and since when, of what lies in quarantine for these records."""
    return tenant.rows(
        "SELECT id, record_id, item, since FROM records_quarantine WHERE company_id = %(company)s"
        f" AND resolved_at IS NULL AND side = %(side)s AND {one_of('record_id', 'ids')}",
        side=side,
        ids=as_list(ids),
    )


def _shown(text: str) -> str:
    """Text as PostgreSQL stores it: what came may hold NUL, which is often why it was refused."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")
