"""How an office's database stands to the service: the same, put back, or ahead of a service put back."""

from __future__ import annotations

import msgspec

from samsyn.protocol.messages import Cursor
from samsyn.protocol.restoring import Cut, Standing, Told
from samsyn.records import marks
from samsyn.records.connections import Caller, ConnectionState
from samsyn.records.errors import BackupTooOld


class Place(msgspec.Struct, frozen=True):
    """How both stand; `at` and `epoch` are those of the link that the office told."""

    standing: Standing
    at: str | None = None
    epoch: int = 0


def place(caller: Caller, now: ConnectionState, told: Told, online_head: int) -> Place:
    """How the database that is told of stands to the service as it is now. Raises BackupTooOld.

    One that says more under its link than the database that went on had said is
    ahead of nothing: it is of a branch that both sides were put back from.
    """
    found = _link(caller, told.link)
    if found is None:
        check_age(caller, now, told.batch, told.cursor)
    at, epoch = found or (None, 0)
    if _of_this_branch(caller, told) != told:
        return Place(Standing.OFFICE_BACK, at, epoch)
    ahead = (
        told.batch > now.batch
        or told.cursor > online_head
        or (told.batch == now.batch and told.batch_hash != now.batch_hash)
        or not marks.is_known(caller.tenant, Cursor(told.cursor, told.mark))
        or (told.chunks is not None and told.chunks.taken > now.chunk)
    )
    if ahead or (found is None and told.link is not None):
        return Place(Standing.SERVICE_BACK, at, epoch)
    if not _is_newest(now, told) or _is_behind(now, told):
        return Place(Standing.OFFICE_BACK, at, epoch)
    return Place(Standing.SAME, at, epoch)


def cut(caller: Caller, now: ConnectionState, told: Told, epoch: int, head: int) -> Cut:
    """Up to where the office holds what the service does.

    A claimed batch never changes, so whatever lay in the office's outbox is
    what the service took under that number, unless a restore came between:
    then numbers beyond its own were given anew. So were those that it tells
    beyond what was told under its link by the database that went on: both
    sides had been put back together, and it is of the branch before (FM21, FM22).
    Raises BackupTooOld.
    """
    told = _of_this_branch(caller, told)
    found = caller.tenant.row(
        "SELECT upto_batch FROM records_restore WHERE company_id = %(company)s"
        " AND connection = %(connection)s AND epoch > %(epoch)s ORDER BY epoch LIMIT 1",
        connection=caller.connection,
        epoch=epoch,
    )
    batch = min(told.claimed, now.batch if found is None else found[0])
    _check_log(caller, told.cursor, batch)
    chunk = None if told.chunks is None else told.chunks.read
    [(first_lost,)] = caller.tenant.rows(
        "SELECT min(seq) FROM records_change WHERE company_id = %(company)s"
        " AND source = 'office' AND connection = %(connection)s"
        " AND (batch > %(batch)s OR chunk > %(chunk)s)",
        connection=caller.connection,
        batch=batch,
        chunk=chunk,
    )
    return Cut(told.cursor, batch, first_lost, head, chunk)


def left_at(caller: Caller, told: Told) -> int | None:
    """The number of the log at which another restore left the branch that is told of; None where none did."""
    found = _link(caller, told.link)
    row = caller.tenant.row(
        "SELECT upto FROM records_restore WHERE company_id = %(company)s"
        " AND connection = %(connection)s AND epoch > %(epoch)s ORDER BY epoch LIMIT 1",
        connection=caller.connection,
        epoch=0 if found is None else found[1],
    )
    return None if row is None else int(row[0])


def _of_this_branch(caller: Caller, told: Told) -> Told:
    """What is told, up to where the database that went on left the same link."""
    found = caller.tenant.row(
        "SELECT left_cursor, left_batch, left_chunk FROM records_link WHERE company_id = %(company)s"
        " AND connection = %(connection)s AND link = %(link)s",
        connection=caller.connection,
        link=told.link,
    )
    cursor, claimed, read = found or (None, None, None)
    if cursor is None:
        return told
    chunks = told.chunks
    if chunks is not None and read is not None and chunks.read > read:
        chunks = msgspec.structs.replace(chunks, read=read)
    return msgspec.structs.replace(
        told, cursor=min(told.cursor, cursor), claimed=min(told.claimed, claimed), chunks=chunks
    )


def check_age(caller: Caller, now: ConnectionState, batch: int, cursor: int) -> None:
    """BackupTooOld where an unknown link may be one that retention has let go of."""
    [(kept_batch, kept_cursor, at)] = caller.tenant.rows(
        "SELECT trimmed_link_batch, trimmed_link_cursor, trimmed_link_at FROM records_connection"
        " WHERE company_id = %(company)s AND id = %(id)s",
        id=caller.connection,
    )
    behind = batch < now.batch or cursor < now.cursor
    if at is not None and behind and batch <= kept_batch and cursor <= kept_cursor:
        raise BackupTooOld(at=at)


def _check_log(caller: Caller, cursor: int, batch: int) -> None:
    """BackupTooOld where rows of the log are gone that came after the cut."""
    [(trimmed_batch, trimmed_online)] = caller.tenant.rows(
        "SELECT trimmed_batch, trimmed_online FROM records_connection AS c"
        " JOIN records_company AS company ON company.company_id = c.company_id"
        " WHERE c.company_id = %(company)s AND c.id = %(id)s",
        id=caller.connection,
    )
    if batch < trimmed_batch or cursor < trimmed_online:
        raise BackupTooOld(at=None)


def _is_behind(now: ConnectionState, told: Told) -> bool:
    """The service has heard of something that the office does not know to have sent or taken."""
    chunk_is_new = told.chunks is not None and told.chunks.read < now.chunk
    return told.cursor < now.cursor or told.claimed < now.batch or chunk_is_new


def _is_newest(now: ConnectionState, told: Told) -> bool:
    if told.link == now.link:
        return True
    return told.link == now.previous_link and told.next_link == now.link


def _link(caller: Caller, link: str | None) -> tuple[str, int] | None:
    """When it was made, and in which epoch."""
    found = caller.tenant.row(
        "SELECT at, epoch FROM records_link WHERE company_id = %(company)s"
        " AND connection = %(connection)s AND link = %(link)s",
        connection=caller.connection,
        link=link,
    )
    return None if found is None else (found[0], found[1])
