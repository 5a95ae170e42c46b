"""Taking a connection up again after a restore: the look at what differs, and what is done then."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from samsyn.core.catalog import KeyGiver, RecordType
from samsyn.core.cells import Cell, same
from samsyn.core.record import Record
from samsyn.core.reopen import AtOffice, Since, Writer, reopened, told_anew
from samsyn.protocol.restoring import (
    Begin,
    Begun,
    Cut,
    FieldSince,
    Look,
    RecordSince,
    Rejoin,
    Rejoined,
    Reopen,
    ReopenedRecord,
    Reopening,
    Seen,
    Standing,
    Told,
)
from samsyn.records import connections, marks, quarantine, since
from samsyn.records.catalogs import types
from samsyn.records.compensation import title_of
from samsyn.records.connections import Caller, ConnectionState
from samsyn.records.errors import NothingToUpdate, UpdateStale
from samsyn.records.history import log_head
from samsyn.records.progress import forget_taken
from samsyn.records.pull import online_head, waiting_down
from samsyn.records.rows import to_json
from samsyn.records.since import View
from samsyn.records.standing import REJOIN, Place, cut, left_at, newest_links, note_links, place
from samsyn.records.tenant import snapshot
from samsyn.records.unit import Source, Unit, company_unit


def look(caller: Caller, asked: Look) -> Seen:
    """How both sides stand, and a page of what came after the cut; nothing is changed."""
    tenant = caller.tenant
    with snapshot():
        now = connections.state(caller)
        head = online_head(tenant)
        stands = place(caller, now, asked.told, head)
        seen = Seen(
            standing=stands.standing,
            at=stands.at,
            batch=now.batch,
            batch_hash=now.batch_hash,
            fence=now.fence,
            online_head=head,
            waiting=waiting_down(tenant, min(asked.told.cursor, now.floor)),
        )
        if stands.standing is not Standing.OFFICE_BACK:
            return seen
        where = asked.cut or cut(caller, now, asked.told, log_head(tenant))
        known = types(tenant)
        view = _view(caller, now, where, asked.told)
        page = since.page(tenant, view, known, asked.after)
    return msgspec.structs.replace(
        seen,
        cut=where,
        records=tuple(_told(known[r.type].type, r, s) for r, s in page.records),
        after=page.after,
        more=page.more,
        fields={name: tuple(sorted(t.names)) for name, t in known.items() if t.synced},
    )


def begin(caller: Caller, asked: Begin, at: str) -> Begun:
    """Begin to carry out a restore of the office, up to a cut that both sides then look at.

    Raises NothingToUpdate where the office was not put back, UpdateStale where
    something else has been carried out since this operation began.
    """
    with company_unit(caller.tenant, Source.SERVICE, caller.computer, at) as unit:
        now = connections.state(caller, lock=True)
        step = _begun(caller, asked.operation)
        if step is not None:
            _check_goes_on(now, step)
            return Begun(step.cut, newest_links(caller))
        stands: Place = place(caller, now, asked.told, unit.online_head)
        if stands.standing is not Standing.OFFICE_BACK:
            raise NothingToUpdate(standing=stands.standing.value)
        _check_is_new(now, asked.fence)
        where = cut(caller, now, asked.told, unit.head)
        _store(caller, now, asked, where, asked.choice, at)
        floor = min(now.floor, asked.told.floor, where.cursor)
        _set_back(caller, asked, now, floor, where.cursor)
        _reopen_refused(unit, asked.refused)
        return Begun(where, newest_links(caller))


def reopen(caller: Caller, asked: Reopen, at: str) -> Reopening:
    """Carry out a page of a restore of the office; the same page again gets the same answer.

    Raises UpdateStale where the operation has not begun, as far as this
    service knows, or something else has been carried out since.
    """
    with company_unit(caller.tenant, Source.SERVICE, caller.computer, at) as unit:
        now = connections.state(caller, lock=True)
        step = _begun(caller, asked.operation)
        if step is None:
            raise UpdateStale()
        _check_goes_on(now, step)
        if step.answer is not None and asked.after == step.before:
            return msgspec.json.decode(step.answer, type=Reopening)
        if asked.after != step.after:
            raise UpdateStale()
        known = unit.types
        view = _view(caller, now, step.cut, asked.told)
        page = since.page(unit.tenant, view, known, asked.after)
        done = [_reopened(unit, r, s, asked.held.get(r.id)) for r, s in page.records]
        answer = Reopening(
            tuple(one for one in done if one is not None),
            page.after,
            page.more,
            now.batch,
            now.batch_hash,
            now.chunk,
        )
        if not page.more:
            tell_refused_anew(unit)
        _keep(caller, asked, answer)
        return answer


def rejoin(caller: Caller, asked: Rejoin, at: str) -> Rejoined:
    """Go on with an office that knows more than this service, which was put back.

    What the office has taken of online work is believed up to the floor alone:
    numbers beyond may have been given anew since.
    """
    with company_unit(caller.tenant, Source.SERVICE, caller.computer, at) as unit:
        now = connections.state(caller, lock=True)
        known = _begun(caller, asked.operation)
        if known is None:
            _check_is_new(now, asked.fence)
            stands = place(caller, now, asked.told, unit.online_head)
            if stands.standing is not Standing.SERVICE_BACK:
                raise NothingToUpdate(standing=stands.standing.value)
            floor = _known_floor(caller, now)
            where = Cut(floor, now.batch, None, unit.head, now.chunk)
            note_links(caller, now, asked.told, at)
            _store(caller, now, asked, where, REJOIN, at)
            _set_back(caller, asked, now, floor, floor)
            tell_refused_anew(unit)
        else:
            _check_goes_on(now, known)
            floor = now.floor
        mark = marks.marked(unit.tenant, floor).mark
        chunk = _last_chunk(asked, now)
        return Rejoined(now.batch, now.batch_hash, floor, mark, chunk)


# --- the steps of an operation ------------------------------------------------------------


class _Step(msgspec.Struct, frozen=True):
    """How far an operation has come; `before` and `answer` are of its last page."""

    link: str
    cut: Cut
    before: int | None
    after: int | None
    answer: bytes | None


def _begun(caller: Caller, operation: str) -> _Step | None:
    found = caller.tenant.row(
        "SELECT link, cursor, batch, first_lost, upto, chunk, page_before, page_after, answer"
        " FROM records_restore WHERE company_id = %(company)s AND connection = %(connection)s"
        " AND operation = %(operation)s",
        connection=caller.connection,
        operation=operation,
    )
    if found is None:
        return None
    link, cursor, batch, first_lost, upto, chunk, before, after, answer = found
    kept = None if answer is None else bytes(answer)
    return _Step(link, Cut(cursor, batch, first_lost, upto, chunk), before, after, kept)


def _known_floor(caller: Caller, now: ConnectionState) -> int:
    """How far the office is known to have taken in online work.

    A restore that this service has begun and not carried to its end had set that
    back, and the records that it was to reopen do not all wait yet: then what was known before counts,
    before another one, too, that was broken off by this one.
    """
    found = caller.tenant.row(
        "SELECT floor_before, answer FROM records_restore WHERE company_id = %(company)s"
        " AND connection = %(connection)s AND link = %(link)s AND kind <> %(rejoin)s",
        connection=caller.connection,
        link=now.link or "",
        rejoin=REJOIN,
    )
    if found is None:
        return now.floor
    before, answer = found
    ended = answer is not None and not msgspec.json.decode(bytes(answer), type=Reopening).more
    return now.floor if ended or before is None else int(before)


def _check_goes_on(now: ConnectionState, step: _Step) -> None:
    """UpdateStale where something else was carried out, or said, since the operation began."""
    if now.link != step.link:
        raise UpdateStale()


def _check_is_new(now: ConnectionState, fence: int) -> None:
    """UpdateStale where another agent has spoken since: who sent this has given it up, and it comes late."""
    if fence <= now.fence:
        raise UpdateStale()


def _store(
    caller: Caller, now: ConnectionState, asked: Begin | Rejoin, where: Cut, kind: str, at: str
) -> None:
    caller.tenant.insert(
        "records_restore",
        ("connection", "epoch", "operation", "kind", "link", "cursor", "batch", "first_lost",
         "upto", "upto_batch", "floor_before", "chunk", "at", "computer"),
        [
            (caller.connection, now.epoch + 1, asked.operation, kind, asked.next_link,
             where.cursor, where.batch, where.first_lost, where.upto, now.batch,
             _known_floor(caller, now), where.chunk, at, caller.computer)
        ],
    )  # fmt: skip
    caller.tenant.insert(
        "records_link",
        ("connection", "link", "cursor", "batch", "at", "epoch"),
        [(caller.connection, asked.next_link, asked.told.cursor, now.batch, at, now.epoch + 1)],
    )


def _set_back(
    caller: Caller, asked: Begin | Rejoin, now: ConnectionState, floor: int, cursor: int
) -> None:
    """From here on only the database that carries this out may speak. Numbers of chunks are given once."""
    caller.tenant.execute(
        "UPDATE records_connection SET link = %(link)s, previous_link = NULL, epoch = epoch + 1,"
        " fence = %(fence)s, floor = %(floor)s, cursor = %(cursor)s, chunk = %(chunk)s"
        " WHERE company_id = %(company)s AND id = %(id)s",
        id=caller.connection,
        link=asked.next_link,
        fence=asked.fence,
        floor=floor,
        cursor=cursor,
        chunk=_last_chunk(asked, now),
    )
    forget_taken(caller.tenant, cursor)


def _last_chunk(asked: Begin | Rejoin, now: ConnectionState) -> int:
    """The last one that either side knows of."""
    chunks = asked.told.chunks
    return now.chunk if chunks is None else max(now.chunk, chunks.read)


def _keep(caller: Caller, asked: Reopen, answer: Reopening) -> None:
    caller.tenant.execute(
        "UPDATE records_restore SET page_before = %(before)s, page_after = %(after)s,"
        " answer = %(answer)s WHERE company_id = %(company)s AND connection = %(connection)s"
        " AND operation = %(operation)s",
        connection=caller.connection,
        operation=asked.operation,
        before=asked.after,
        after=answer.after,
        answer=msgspec.json.encode(answer),
    )


def _view(caller: Caller, now: ConnectionState, where: Cut, told: Told) -> View:
    left = left_at(caller, now, told)
    return View(caller.connection, where, frozenset(told.loaded), left, told.held)


# --- one record -----------------------------------------------------------------------------


def _reopen_refused(unit: Unit, refused: Mapping[str, AtOffice]) -> None:
    """What the office has in quarantine is told to it anew."""
    unit.load(refused)
    for record_id, held in refused.items():
        record = unit.record(record_id)
        if record is not None:
            _reopened(unit, record, Since(), held)


def tell_refused_anew(unit: Unit) -> None:
    """What the service holds as refused waits for the office once more, which takes it or refuses it again.

    Whichever side was put back: the office forgets what it had refused, and says nothing of it
    where it takes it now.
    """
    for type_ in unit.types:
        for record in unit.waiting(type_):
            decision, kept = told_anew(record, unit.next_seq)
            unit.take(record.id, decision, whole=to_json(kept))
    quarantine.tell_anew(unit)


def _reopened(
    unit: Unit, record: Record, came: Since, held: AtOffice | None
) -> ReopenedRecord | None:
    given = unit.types[record.type].type.key_giver is KeyGiver.OFFICE
    now = unit.record(record.id)
    assert now is not None, "the log has a row of it"
    decision, kept = reopened(now, came, held, unit.next_seq, number_given=given)
    unit.take(record.id, decision, whole=to_json(kept))
    if decision.action is None:
        return None
    return ReopenedRecord(record.type, record.id, kept.there, record.alive, tuple(kept.fields))


def _changed(record: Record, inserted: dict[str, Cell] | None) -> dict[str, Cell]:
    """What has been written since the office made a record, which may lie unsent in its backup: the values of then."""
    made = inserted or {}
    return {f: value for f, value in made.items() if not same(value, record.fields.get(f))}


def _told(record_type: RecordType, record: Record, came: Since) -> RecordSince:
    there = record.alive if came.there is None else came.there
    written = came.base if there else _changed(record, came.inserted)
    return RecordSince(
        type=record.type,
        id=record.id,
        key=record.key,
        title=title_of(record_type, record),
        there=there,
        alive=record.alive,
        fields=tuple(
            FieldSince(field, base, record.fields.get(field), who.by, who.at, who.by_office)
            for field, base in written.items()
            for who in [came.writers.get(field, Writer())]
        ),
        told={field: tuple(values) for field, values in came.told.items()},
        inserted=None if there else came.inserted,
        by=came.last.by,
        at=came.last.at,
        by_office=came.last.by_office,
    )
