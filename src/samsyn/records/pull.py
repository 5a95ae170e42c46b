"""Pull: the net online changes since the office's cursor, in an order that its keys allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from samsyn.core.changes import OnlineChange, Operation
from samsyn.core.net import net_change, parents_first
from samsyn.core.record import Record
from samsyn.protocol.messages import Coming, Cursor, Pull
from samsyn.records import connections, marks
from samsyn.records.catalogs import TypeState, types
from samsyn.records.connections import Caller, Position
from samsyn.records.errors import StateDiverged
from samsyn.records.quarantine import to_send_again
from samsyn.records.rows import COLUMNS, record_of
from samsyn.records.tenant import Row, Tenant, as_list, one_of, snapshot, writing

MAX_BYTES = 16 * 1024 * 1024
"""Of stored JSON in one page; a single larger record still comes."""


def pull(caller: Caller, cursor: Cursor, floor: int, limit: int, fence: int, at: str) -> Pull:
    """A page, and how far the office has come stored."""
    answer = page(caller, cursor, floor, limit)
    store_position(caller, Position(cursor.number, floor, fence), at)
    return answer


def page(caller: Caller, cursor: Cursor, floor: int, limit: int) -> Pull:
    """Net changes in (cursor, upto]; `floor` is told by the office (core.record.settled). Raises StateDiverged."""
    tenant, since = caller.tenant, cursor.number
    with snapshot():
        now = connections.state(caller)
        if (
            since < now.cursor
        ):  # what was taken is not asked for again, unless a backup was put back
            raise StateDiverged(what="cursor", office=since, online=now.cursor)
        marks.check(tenant, cursor)
        head = online_head(tenant)
        upto, records, named = _page(tenant, since, head, limit)
        mark = cursor.mark if upto == since else marks.marked(tenant, upto).mark
        catalog = types(tenant)
        coming = _coming(tenant, since) if upto < head else {}
        send_again = to_send_again(tenant, named) if named else ()
    settled_to = max(now.floor, min(floor, head))
    changes = _told(catalog, records, since, upto, settled_to)
    return Pull(
        since=since,
        upto=upto,
        online_head=head,
        included_batch=now.batch,
        changes=tuple(ordered(catalog, changes, {r.id: r for r in records})),
        more=upto < head,
        coming=coming,
        send_again=send_again,
        mark=mark,
    )


def page_of_type(
    caller: Caller, since: int, cursor: Cursor, floor: int, limit: int, type_: str
) -> Pull:
    """Net changes of one type after `since` up to the office's cursor: it has held the type back. Raises StateDiverged."""
    tenant, upto = caller.tenant, cursor.number
    with snapshot():
        now = connections.state(caller)
        marks.check(tenant, cursor)
        head = online_head(tenant)
        reached, records, named = _page(tenant, since, min(upto, head), limit, type_)
        catalog = types(tenant)
        coming = _coming(tenant, since) if reached < upto else {}
        send_again = to_send_again(tenant, named) if named else ()
    settled_to = max(now.floor, min(floor, head))
    changes = _told(catalog, records, since, reached, settled_to)
    return Pull(
        since=since,
        upto=reached,
        online_head=head,
        included_batch=now.batch,
        changes=tuple(ordered(catalog, changes, {r.id: r for r in records})),
        more=reached < upto,
        coming=coming,
        send_again=send_again,
    )


def _told(
    catalog: Mapping[str, TypeState], records: Sequence[Record], since: int, upto: int, floor: int
) -> list[OnlineChange]:
    """The net changes, without fields that the office's table no longer has."""
    told = []
    for record in records:
        change = net_change(record, since, upto, floor)
        if change is None:
            continue
        state = catalog.get(change.type)
        if state is not None and not change.fields.keys() <= state.names:
            known = {f: c for f, c in change.fields.items() if f in state.names}
            change = msgspec.structs.replace(change, fields=known)
        if change.fields or change.operation is not Operation.UPDATE:
            told.append(change)
    return told


def store_position(caller: Caller, told: Position, at: str) -> None:
    """Remember how far the office has come; nothing is written where that is no news.

    It may be late or lost: the office tells it again, and an older position
    only lets more wait than need be.
    """
    now = connections.state(caller)
    if told.floor <= now.floor and told.cursor <= now.cursor:
        return
    with writing():
        head = online_head(caller.tenant)
        known = Position(min(told.cursor, head), min(told.floor, head), told.fence)
        connections.heard(caller, now, known, at)


def online_head(tenant: Tenant) -> int:
    """The number of the newest change that the office is to be told."""
    found = tenant.row("SELECT online_head FROM records_company WHERE company_id = %(company)s")
    return int(found[0]) if found else 0


def waiting_down(tenant: Tenant, cursor: int, limit: int = 100_000) -> int:
    """How many records have online changes after the cursor, counted up to the limit."""
    found = tenant.row(
        "SELECT count(*) FROM (SELECT DISTINCT record_id FROM records_change"
        " WHERE company_id = %(company)s AND NOT (source = 'office') AND seq > %(cursor)s"
        " LIMIT %(limit)s) AS waiting",
        cursor=cursor,
        limit=limit,
    )
    return int(found[0]) if found else 0


def _coming(tenant: Tenant, since: int) -> dict[str, Coming]:
    """How many records of each type were changed and deleted online after `since`."""
    found: list[tuple[str, int, int]] = tenant.rows(
        "SELECT type, count(DISTINCT record_id),"
        " count(DISTINCT CASE WHEN action = 'delete' THEN record_id END)"
        " FROM records_change WHERE company_id = %(company)s AND NOT (source = 'office')"
        " AND seq > %(since)s GROUP BY type",
        since=since,
    )
    return {name: Coming(changed, deleted) for name, changed, deleted in found}


def _page(
    tenant: Tenant, since: int, head: int, limit: int, type_: str | None = None
) -> tuple[int, list[Record], list[str]]:
    """Where the page ends, the records that changed online up to there, and all that it names."""
    of_type = "" if type_ is None else " AND type = %(type)s AND seq <= %(head)s"
    told = tenant.rows(
        "SELECT seq, record_id FROM records_change WHERE company_id = %(company)s"
        f" AND NOT (source = 'office') AND seq > %(since)s{of_type} ORDER BY seq LIMIT %(limit)s",
        since=since,
        limit=limit,
        **({} if type_ is None else {"type": type_, "head": head}),
    )
    upto = told[-1][0] if len(told) == limit else max(head, since)
    named = list(dict.fromkeys(record_id for _, record_id in told))
    rows = _rows(tenant, named)
    size = 0
    kept: dict[str, Row] = {}
    for place, (_, record_id) in enumerate(told):
        if record_id in kept or record_id not in rows:
            continue
        size += len(rows[record_id][5])
        if kept and size > MAX_BYTES:
            upto = told[place - 1][0]
            break
        kept[record_id] = rows[record_id]
    return upto, [record_of(row) for row in kept.values()], named


def _rows(tenant: Tenant, ids: list[str]) -> dict[str, Row]:
    found = tenant.rows(
        f"SELECT {COLUMNS} FROM records_record"
        f" WHERE company_id = %(company)s AND {one_of('id', 'ids')}",
        ids=as_list(ids),
    )
    return {row[0]: row for row in found}


def ordered(
    catalog: Mapping[str, TypeState],
    changes: Sequence[OnlineChange],
    records: Mapping[str, Record],
) -> list[OnlineChange]:
    """Inserts and updates with parents before children, then deletes with children before parents."""
    refers = {
        name: {f.reference.type for f in state.type.fields if f.reference is not None}
        for name, state in catalog.items()
    }
    rank = {name: place for place, name in enumerate(parents_first(refers))}
    by_rank = sorted(changes, key=lambda change: rank.get(change.type, len(rank)))
    written = [c for c in by_rank if c.operation is not Operation.DELETE]
    deleted = [c for c in by_rank if c.operation is Operation.DELETE]
    return [
        *_referred_first(catalog, written, {c.id: c.fields for c in written}),
        *reversed(_referred_first(catalog, deleted, {c.id: records[c.id].fields for c in deleted})),
    ]


def _referred_first(
    catalog: Mapping[str, TypeState],
    changes: Sequence[OnlineChange],
    fields: Mapping[str, Mapping[str, object]],
) -> list[OnlineChange]:
    """The changes in the same order, but each after those it refers to; rings are cut."""
    by_id = {change.id: change for change in changes}
    references = {
        name: [f.name for f in state.type.fields if f.reference is not None]
        for name, state in catalog.items()
    }
    placed: dict[str, OnlineChange] = {}
    met: set[str] = set()
    for start in changes:
        stack = [start.id]
        while stack:
            record_id = stack[-1]
            met.add(record_id)
            change = by_id[record_id]
            wanted = [
                cell
                for name in references.get(change.type, ())
                if isinstance(cell := fields[record_id].get(name), str)
                and cell in by_id
                and cell not in met
            ]
            if wanted:
                stack.extend(wanted)
            else:
                placed[stack.pop()] = change
    return list(placed.values())
