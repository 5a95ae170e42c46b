"""What happened: the ordered change log, a record's history, and the conflicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from samsyn.core.cells import Cell
from samsyn.core.merge import Action
from samsyn.records.rows import key_of
from samsyn.records.tenant import Row, Tenant
from samsyn.records.wanted import Wanted, conditions

MAX_PAGE = 1_000
_CHANGE = (
    "seq, type, record_id, action, source, author, at, fields,"
    " CASE WHEN connection IS NULL AND NOT (source = 'office') THEN batch END,"
    " CASE WHEN source = 'office' THEN batch END"
)
_CONFLICT = (
    "office_seq, no, type, record_id, key, field, base, office, online, kept, office_by,"
    " online_by, at, outcome, reason, online_seq, online_at, reapplied_seq, decided"
)

_SEARCHED = (
    "coalesce(field, '') || ' ' || office || ' ' || online || ' ' || coalesce(online_by, '')"
    " || ' ' || coalesce(office_by, '') || ' ' || coalesce(key, '')"
)


class ChangeView(msgspec.Struct, frozen=True):
    """A row of the change log.

    `fields` holds (old, new) by field; it is None for a record of the first
    load, whose values are those of the record. `batch` is the number by which
    online work can be undone.
    """

    seq: int
    type: str
    record: str
    action: str
    source: str
    by: str | None
    at: str
    fields: dict[str, tuple[Cell, Cell]] | None
    batch: int | None = None
    office_batch: int | None = None
    """The office's batch that brought it."""


class ConflictView(msgspec.Struct, frozen=True):
    """A conflict: who wrote what on which side, and which value stands."""

    id: str
    type: str
    record: str
    key: tuple[Cell, ...] | None
    field: str | None
    base: Cell
    office: Cell
    online: Cell
    kept: str
    office_by: str | None
    online_by: str | None
    at: str
    outcome: str
    reason: str | None
    office_seq: int
    online_seq: int
    online_at: str | None
    reapplied_seq: int | None
    group: tuple[str, ...] = ()
    """The fields that were decided together with this one."""


def log_head(tenant: Tenant) -> int:
    """The number of the newest change of the log."""
    found = tenant.row("SELECT head FROM records_company WHERE company_id = %(company)s")
    return int(found[0]) if found else 0


def changes(tenant: Tenant, since: int, limit: int) -> list[ChangeView]:
    """The log after a number, in order; the last number is where to go on."""
    found = tenant.rows(
        f"SELECT {_CHANGE} FROM records_change WHERE company_id = %(company)s AND seq > %(since)s"
        " ORDER BY seq LIMIT %(limit)s",
        since=since,
        limit=min(limit, MAX_PAGE),
    )
    return [_change(row) for row in found]


def latest(tenant: Tenant, limit: int) -> list[ChangeView]:
    """The newest changes, the newest first, as far as the log's last rows hold any; no first loads."""
    found = tenant.rows(
        f"SELECT {_CHANGE} FROM records_change WHERE company_id = %(company)s AND seq > %(since)s"
        " AND fields IS NOT NULL ORDER BY seq DESC LIMIT %(limit)s",
        since=log_head(tenant) - MAX_PAGE,
        limit=limit,
    )
    return [_change(row) for row in found]


class Gone(msgspec.Struct, frozen=True):
    """A record as it was when it was deleted."""

    key: tuple[Cell, ...] | None
    fields: dict[str, Cell]


_gone = msgspec.json.Decoder(Gone)


def deleted(tenant: Tenant, changes: Sequence[ChangeView]) -> dict[int, Gone]:
    """What those of the changes deleted that are deletions, by number."""
    numbers = [one.seq for one in changes if one.action == Action.DELETE.value]
    if not numbers:
        return {}
    found = tenant.rows(
        "SELECT seq, whole FROM records_change WHERE company_id = %(company)s"
        " AND seq >= %(first)s AND seq <= %(last)s AND action = 'delete' AND whole IS NOT NULL",
        first=min(numbers),
        last=max(numbers),
    )
    return {seq: _gone.decode(whole) for seq, whole in found if seq in numbers}


def history(tenant: Tenant, record_id: str, before: int | None, limit: int) -> list[ChangeView]:
    """A record's changes, the newest first; its first load is not among them."""
    found = tenant.rows(
        f"SELECT {_CHANGE} FROM records_change WHERE company_id = %(company)s"
        " AND record_id = %(record)s AND fields IS NOT NULL"
        + (" AND seq < %(before)s" if before is not None else "")
        + " ORDER BY seq DESC LIMIT %(limit)s",
        record=record_id,
        limit=min(limit, MAX_PAGE),
        **({"before": before} if before is not None else {}),
    )
    return [_change(row) for row in found]


def latest_online(tenant: Tenant, record_id: str) -> ChangeView | None:
    """A record's newest change that was made online, among its newest thousand."""
    found = tenant.row(
        f"SELECT * FROM (SELECT {_CHANGE} FROM records_change WHERE company_id = %(company)s"
        " AND record_id = %(record)s AND fields IS NOT NULL ORDER BY seq DESC LIMIT %(limit)s)"
        " AS newest WHERE NOT (source = 'office') ORDER BY seq DESC LIMIT 1",
        record=record_id,
        limit=MAX_PAGE,
    )
    return None if found is None else _change(found)


def conflicts(
    tenant: Tenant, limit: int, before: str | None = None, wanted: Wanted | None = None
) -> list[ConflictView]:
    """The conflicts, the newest first, all or those wanted; go on before the last one's id."""
    where, values = "", dict[str, Any]()
    if before is not None:
        seq, _, no = before.partition(".")
        where = " AND (office_seq < %(seq)s OR (office_seq = %(seq)s AND no < %(no)s))"
        values = {"seq": _whole(seq), "no": _whole(no)}
    if wanted is not None:
        only, told = conditions(wanted, "records_conflict", _SEARCHED, "at", "online_by")
        where, values = where + only, values | told
    found = tenant.rows(
        f"SELECT {_CONFLICT} FROM records_conflict WHERE company_id = %(company)s{where}"
        " ORDER BY office_seq DESC, no DESC LIMIT %(limit)s",
        limit=min(limit, MAX_PAGE),
        **values,
    )
    return [_conflict(row) for row in found]


def conflicts_of_record(tenant: Tenant, record_id: str) -> list[ConflictView]:
    """What a record's values lost and won, the newest first."""
    found = tenant.rows(
        f"SELECT {_CONFLICT} FROM records_conflict WHERE company_id = %(company)s"
        " AND record_id = %(record)s ORDER BY office_seq DESC, no DESC LIMIT %(limit)s",
        record=record_id,
        limit=MAX_PAGE,
    )
    return [_conflict(row) for row in found]


def conflict(tenant: Tenant, conflict_id: str) -> ConflictView | None:
    """One conflict by its id."""
    seq, _, no = conflict_id.partition(".")
    beside = conflicts_of(tenant, _whole(seq))
    return next((one for one in beside if one.id == f"{_whole(seq)}.{_whole(no)}"), None)


def seq_of(conflict_id: str) -> int:
    """The number of the change that decided a conflict, in its id; 0 where it is none."""
    return _whole(conflict_id.partition(".")[0])


def conflicts_of(tenant: Tenant, office_seq: int) -> list[ConflictView]:
    """The conflicts that one change decided."""
    found = tenant.rows(
        f"SELECT {_CONFLICT} FROM records_conflict WHERE company_id = %(company)s"
        " AND office_seq = %(seq)s ORDER BY no",
        seq=office_seq,
    )
    return [_conflict(row) for row in found]


def conflicts_at(tenant: Tenant, office_seqs: Sequence[int]) -> list[ConflictView]:
    """The conflicts that some changes decided, in order; of a thousand changes at most."""
    if not office_seqs:
        return []
    asked = {f"s{place}": seq for place, seq in enumerate(office_seqs[:MAX_PAGE])}
    found = tenant.rows(
        f"SELECT {_CONFLICT} FROM records_conflict WHERE company_id = %(company)s"
        f" AND office_seq IN ({', '.join(f'%({name})s' for name in asked)})"
        " ORDER BY office_seq, no",
        **asked,
    )
    return [_conflict(row) for row in found]


_written = msgspec.json.Decoder(dict[str, tuple[Any, Any]])  # Any: cells
_cell = msgspec.json.Decoder()


def _change(row: Row) -> ChangeView:
    seq, type_, record, action, source, author, at, fields, batch, office_batch = row
    written = None if fields is None else _written.decode(fields)
    return ChangeView(seq, type_, record, action, source, author, at, written, batch, office_batch)


def _conflict(row: Row) -> ConflictView:
    (
        office_seq, no, type_, record, key, field, base, office, online, kept, office_by,
        online_by, at, outcome, reason, online_seq, online_at, reapplied_seq, decided,
    ) = row  # fmt: skip
    return ConflictView(
        id=f"{office_seq}.{no}",
        type=type_,
        record=record,
        key=key_of(key),
        field=field,
        base=_cell.decode(base),
        office=_cell.decode(office),
        online=_cell.decode(online),
        kept=kept,
        office_by=office_by,
        online_by=online_by,
        at=at,
        outcome=outcome,
        reason=reason,
        office_seq=office_seq,
        online_seq=online_seq,
        online_at=online_at,
        reapplied_seq=reapplied_seq,
        group=tuple(_cell.decode(decided)) if decided else (),
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
