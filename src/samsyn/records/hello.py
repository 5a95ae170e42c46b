"""Hello: is this the database that spoke last, and do both sides agree on what was exchanged?"""

from __future__ import annotations

from samsyn.protocol import VERSION
from samsyn.protocol.messages import Cursor, Hello, HelloAnswer
from samsyn.records import connections, marks
from samsyn.records.catalogs import store_catalog, types
from samsyn.records.connections import Caller, ConnectionState
from samsyn.records.dropping import dropped, give_up
from samsyn.records.errors import LinkOld, LinkUnknown, ProtocolUnsupported, StateDiverged
from samsyn.records.standing import check_age
from samsyn.records.tenant import Tenant
from samsyn.records.unit import Source, company_unit


def hello(caller: Caller, told: Hello, at: str) -> HelloAnswer:
    """Begin a session. Raises ProtocolUnsupported, Fenced, LinkOld, LinkUnknown, BackupTooOld, StateDiverged."""
    if told.protocol != VERSION:
        raise ProtocolUnsupported(spoken=told.protocol, supported=VERSION)
    with company_unit(caller.tenant, Source.OFFICE, caller.computer, at) as unit:
        now = connections.state(caller, lock=True)
        repeated = _check_link(caller, now, told)
        _check_exchanged(now, told, unit.online_head)
        marks.check(caller.tenant, Cursor(told.cursor, told.mark))
        connections.check_fence(now, told.fence)  # last: an older lease may lie in a backup
        if not repeated:
            _store_link(caller, now, told, at)
        _store_session(caller, told, at)
        gone = dropped(types(caller.tenant), told.catalog)
        store_catalog(caller.tenant, told.catalog, at)
        give_up(unit, gone)
        return _answer(caller.tenant, now, unit.online_head)


def _check_link(caller: Caller, now: ConnectionState, told: Hello) -> bool:
    """Whether this hello was heard before; LinkOld, LinkUnknown."""
    if told.link == now.link:
        return told.next_link == now.link
    if told.link == now.previous_link and told.next_link == now.link:
        return True
    found = caller.tenant.row(
        "SELECT cursor, batch, at FROM records_link WHERE company_id = %(company)s"
        " AND connection = %(connection)s AND link = %(link)s",
        connection=caller.connection,
        link=told.link or "",
    )
    if found is None:
        if told.link is not None:
            check_age(caller, now, told.batch, told.cursor)
        raise LinkUnknown()
    raise LinkOld(cursor=found[0], batch=found[1], at=found[2])


def _check_exchanged(now: ConnectionState, told: Hello, online_head: int) -> None:
    """StateDiverged where one side's history is not a continuation of the other's.

    The cursor that is stored may lag behind the office's, and is never ahead of it.
    """
    if not now.cursor <= told.cursor <= online_head:
        online = now.cursor if told.cursor < now.cursor else online_head
        raise StateDiverged(what="cursor", office=told.cursor, online=online)
    if not told.batch <= now.batch <= told.claimed:
        raise StateDiverged(what="batch", office=told.batch, online=now.batch)
    if told.batch == now.batch and told.batch_hash != now.batch_hash:
        raise StateDiverged(what="batch_hash", office=told.batch_hash, online=now.batch_hash)
    if told.chunks is not None and not told.chunks.taken <= now.chunk <= told.chunks.read:
        office = told.chunks.read if told.chunks.read < now.chunk else told.chunks.taken
        raise StateDiverged(what="chunk", office=office, online=now.chunk)


def _store_link(caller: Caller, now: ConnectionState, told: Hello, at: str) -> None:
    caller.tenant.execute(
        "UPDATE records_connection SET previous_link = link, link = %(link)s"
        " WHERE company_id = %(company)s AND id = %(id)s",
        id=caller.connection,
        link=told.next_link,
    )
    if now.link is None:
        connections.go_on_from(caller)
    _leave_link(caller, told)
    caller.tenant.execute(
        "INSERT INTO records_link (company_id, connection, link, cursor, batch, at, epoch)"
        " VALUES (%(company)s, %(connection)s, %(link)s, %(cursor)s, %(batch)s, %(at)s, %(epoch)s)"
        " ON CONFLICT DO NOTHING",
        connection=caller.connection,
        link=told.next_link,
        cursor=told.cursor,
        batch=now.batch,
        at=at,
        epoch=now.epoch,
    )


def _leave_link(caller: Caller, told: Hello) -> None:
    """Under its link of before, this database has said no more than this; a backup that says more is of another branch."""
    caller.tenant.execute(
        "UPDATE records_link SET left_cursor = %(cursor)s, left_batch = %(batch)s,"
        " left_chunk = %(chunk)s WHERE company_id = %(company)s AND connection = %(connection)s"
        " AND link = %(link)s",
        connection=caller.connection,
        link=told.link or "",
        cursor=told.cursor,
        batch=told.claimed,
        chunk=None if told.chunks is None else told.chunks.read,
    )


def _store_session(caller: Caller, told: Hello, at: str) -> None:
    caller.tenant.execute(
        "UPDATE records_connection SET fence = %(fence)s, computer = %(computer)s,"
        " fingerprint = %(fingerprint)s, last_seen = %(at)s"
        " WHERE company_id = %(company)s AND id = %(id)s",
        id=caller.connection,
        fence=told.fence,
        computer=told.computer,
        fingerprint=told.catalog.fingerprint,
        at=at,
    )


def _answer(tenant: Tenant, now: ConnectionState, online_head: int) -> HelloAnswer:
    named = tenant.row(
        "SELECT name, trimmed_online FROM records_company WHERE company_id = %(company)s"
    )
    assert named is not None, "the unit has locked it"
    return HelloAnswer(
        company=tenant.company,
        company_name=named[0],
        online_head=online_head,
        batch=now.batch,
        batch_hash=now.batch_hash,
        loaded=tuple(name for name, state in types(tenant).items() if state.loaded),
        holds=_types_with_records(tenant),
        trimmed=named[1],
    )


def _types_with_records(tenant: Tenant) -> tuple[str, ...]:
    """Not how many: to count them would make each session dearer as the company grows."""
    found = tenant.rows(
        "SELECT t.name FROM records_type AS t WHERE t.company_id = %(company)s AND EXISTS"
        " (SELECT 1 FROM records_record AS r WHERE r.company_id = t.company_id AND r.type = t.name)"
        " ORDER BY t.position, t.name"
    )
    return tuple(name for (name,) in found)


def record_counts(tenant: Tenant) -> dict[str, int]:
    """Living and deleted records by type."""
    found: list[tuple[str, int]] = tenant.rows(
        "SELECT type, count(*) FROM records_record WHERE company_id = %(company)s GROUP BY type"
    )
    return dict(found)
