"""How an office's database stands to the service: the same, put back, or ahead of a service put back."""

from __future__ import annotations

import msgspec

from samsyn.protocol.messages import Cursor
from samsyn.protocol.restoring import Cut, Standing, Told
from samsyn.records import marks
from samsyn.records.connections import Caller, ConnectionState
from samsyn.records.errors import BackupTooOld
from samsyn.records.tenant import as_list, one_of

NEWEST = 100
"""So many links are told to an office that was put back."""
REJOIN = "rejoin"
"""What a restore is called after which the service was the one that was put back."""


class Place(msgspec.Struct, frozen=True):
    """How both stand; `at` is when the last link that both know was new."""

    standing: Standing
    at: str | None = None


class Base(msgspec.Struct, frozen=True):
    """The last link of an office's history that this service knows.

    `left` says that somebody has gone on from there to another one than the office
    did: what that told the service is of another branch. `cursor`, `batch` and
    `chunk` are how far the database had come that went on, where that was noted.
    """

    link: str
    at: str
    epoch: int
    left: bool
    cursor: int | None
    batch: int | None
    chunk: int | None


def place(caller: Caller, now: ConnectionState, told: Told, online_head: int) -> Place:
    """How the database that is told of stands to the service as it is now. Raises BackupTooOld.

    One that says more under its link than the database that went on had said is
    ahead of nothing: it is of a branch that both sides were put back from. So is one
    of which the service knows an earlier link alone, and has gone on from that itself.
    """
    base = _base(caller, now, told)
    if base is None:
        check_age(caller, now, told.batch, told.cursor)
    at = None if base is None else base.at
    if base is not None and (base.left or base.epoch < now.epoch or _limited(told, base) != told):
        return Place(Standing.OFFICE_BACK, at)
    ahead = (
        told.batch > now.batch
        or told.cursor > online_head
        or (told.batch == now.batch and told.batch_hash != now.batch_hash)
        or not marks.is_known(caller.tenant, Cursor(told.cursor, told.mark))
        or (told.chunks is not None and told.chunks.taken > now.chunk)
    )
    unknown = told.link is not None and (base is None or base.link != told.link)
    if ahead or unknown:
        return Place(Standing.SERVICE_BACK, at)
    if not _is_newest(now, told) or _is_behind(now, told):
        return Place(Standing.OFFICE_BACK, at)
    return Place(Standing.SAME, at)


def cut(caller: Caller, now: ConnectionState, told: Told, head: int) -> Cut:
    """Up to where the office holds what the service does.

    A claimed batch never changes, so whatever lay in the office's outbox is
    what the service took under that number, unless a restore came between:
    then numbers beyond its own were given anew, and where it was the service that was put back those of
    online changes too, and it had forgotten the chunks after its backup. So were those that it tells
    beyond what was told under its link by the database that went on: both sides had been put back together, and it is of the branch before (FM21, FM22).
    Raises BackupTooOld.
    """
    base = _base(caller, now, told)
    if base is not None:
        told = _limited(told, base)
    restores = _restores_since(caller, base)
    rejoins = [one for one in restores if one.kind == REJOIN]
    batch = min(told.claimed, restores[0].upto_batch if restores else now.batch)
    cursor, chunk = told.cursor, None if told.chunks is None else told.chunks.read
    if not (told.mark and marks.is_known(caller.tenant, Cursor(cursor, told.mark))):
        cursor = min([cursor, *(one.cursor for one in rejoins)])
    if chunk is not None:
        chunk = min([chunk, *(one.chunk or 0 for one in rejoins)])
    if base is not None and base.left and base.cursor is None and restores:
        cursor, chunk = min(cursor, restores[0].cursor), restores[0].chunk or 0
    _check_log(caller, cursor, batch)
    [(first_lost,)] = caller.tenant.rows(
        "SELECT min(seq) FROM records_change WHERE company_id = %(company)s"
        " AND source = 'office' AND connection = %(connection)s"
        " AND (batch > %(batch)s OR chunk > %(chunk)s)",
        connection=caller.connection,
        batch=batch,
        chunk=chunk,
    )
    return Cut(cursor, batch, first_lost, head, chunk)


def left_at(caller: Caller, now: ConnectionState, told: Told) -> int | None:
    """The number of the log at which a restore left the branch that is told of; None where none did."""
    restores = _restores_since(caller, _base(caller, now, told))
    return restores[0].upto if restores else None


def newest_links(caller: Caller) -> tuple[str, ...]:
    """The newest that the connection has had, the oldest of them first."""
    found = caller.tenant.rows(
        "SELECT link FROM records_link WHERE company_id = %(company)s"
        " AND connection = %(connection)s ORDER BY epoch DESC, batch DESC, cursor DESC, at DESC LIMIT %(limit)s",
        connection=caller.connection,
        limit=NEWEST,
    )
    return tuple(row[0] for row in reversed(found))


def note_links(caller: Caller, now: ConnectionState, told: Told, at: str) -> None:
    """A service that was put back learns the links that it has forgotten: a backup of the office may tell one yet."""
    if told.link is None:
        return
    caller.tenant.insert(
        "records_link",
        ("connection", "link", "cursor", "batch", "at", "epoch"),
        [
            (caller.connection, link, now.floor, now.batch, at, now.epoch)
            for link in (*told.links, told.link)
        ],
        " ON CONFLICT DO NOTHING",
    )


class _Restore(msgspec.Struct, frozen=True):
    """What a restore stored of its cut, and the last batch that the service had."""

    kind: str
    cursor: int
    chunk: int | None
    upto: int
    upto_batch: int


def _restores_since(caller: Caller, base: Base | None) -> list[_Restore]:
    """Those that came after a link, in order; all where none is known."""
    found = caller.tenant.rows(
        "SELECT kind, cursor, chunk, upto, upto_batch FROM records_restore"
        " WHERE company_id = %(company)s AND connection = %(connection)s AND epoch > %(epoch)s"
        " ORDER BY epoch",
        connection=caller.connection,
        epoch=0 if base is None else base.epoch,
    )
    return [_Restore(*row) for row in found]


def _base(caller: Caller, now: ConnectionState, told: Told) -> Base | None:
    history = [link for link in (*told.links, told.link) if link is not None]
    found = caller.tenant.rows(
        "SELECT link, at, epoch, left_cursor, left_batch, left_chunk FROM records_link"
        f" WHERE company_id = %(company)s AND connection = %(connection)s AND {one_of('link', 'links')}",
        connection=caller.connection,
        links=as_list(history),
    )
    known = {row[0]: row for row in found}
    last = next((link for link in reversed(history) if link in known), None)
    if now.link in history and told.link not in known:
        last = now.link  # all that this service knows has come to the office
    if last is None:
        return None
    _, at, epoch, cursor, batch, chunk = known[last]
    return Base(last, at, epoch, last not in (told.link, now.link), cursor, batch, chunk)


def _limited(told: Told, base: Base) -> Told:
    """What is told, up to where the database that went on left the same link."""
    if base.cursor is None or base.batch is None:
        return told
    chunks = told.chunks
    if chunks is not None and base.chunk is not None and chunks.read > base.chunk:
        chunks = msgspec.structs.replace(chunks, read=base.chunk)
    return msgspec.structs.replace(
        told,
        cursor=min(told.cursor, base.cursor),
        claimed=min(told.claimed, base.batch),
        chunks=chunks,
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
