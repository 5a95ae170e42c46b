"""A connection is taken up again after a restore, as a person chose; each step may be killed and goes on.

What is under way is remembered in the company database, and the service
answers a repeated step as it did the first time.
"""

from __future__ import annotations

import secrets
from typing import ClassVar

import msgspec

from samsyn.agent import absence, lease, resync
from samsyn.agent.greeting import connection_of
from samsyn.agent.loading import Progress, no_progress
from samsyn.agent.service import Restoring, ServiceRefused
from samsyn.agent.underway import Choice, Underway, ended, give_up, remember, underway
from samsyn.companydb import books
from samsyn.companydb import held as holding
from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.claim import floor, last_batch
from samsyn.companydb.references import by_name
from samsyn.companydb.rows import INSERTED, UPDATED, CompanyDb, JournalRow
from samsyn.companydb.since_backup import compared, take_out, unsent
from samsyn.companydb.trouble import schema_errors
from samsyn.core.changes import Delete, Operation
from samsyn.core.errors import SamsynError
from samsyn.core.reopen import AtOffice
from samsyn.protocol.messages import Chunks, Cursor
from samsyn.protocol.restoring import (
    Begin,
    Look,
    Rejoin,
    Reopen,
    ReopenedRecord,
    Reopening,
    Seen,
    Standing,
    Told,
)

STALE = "UPDATE_STALE"
"""What the service says of an operation after which another one was carried out."""
NOTHING = "NOTHING_TO_UPDATE"
"""What it says where neither side was put back, or the other one was."""


class OtherUnderway(SamsynError):
    """An update with the other choice was begun: `choice`. It is to be finished first."""

    code: ClassVar[str] = "UPDATE_UNDERWAY"


class ServiceWasRestored(SamsynError):
    """The backup that was put back is the service's: there is no backup here to be the truth."""

    code: ClassVar[str] = "SERVICE_WAS_RESTORED"


class TablesChanged(SamsynError):
    """The program has changed tables that are to be attached again first: `reason`."""

    code: ClassVar[str] = "TABLES_CHANGED"


def told(db: CompanyDb) -> Told:
    """The state of the database, for the service. Raises NotConnected."""
    connection = connection_of(db)
    taken, cursor = books.taken(db), books.marked_cursor(db)
    return Told(
        link=connection.link,
        next_link=connection.next_link,
        cursor=cursor.number,
        floor=floor(db),
        batch=taken.number,
        batch_hash=taken.hash,
        claimed=last_batch(db).number,
        loaded=tuple(t.name for t in db.types.values() if _was_loaded(resync.load_state(db, t))),
        mark=cursor.mark,
        chunks=books.chunks(db),
        links=connection.links,
        held={one.type: one.cursor for one in holding.held(db).values()},
    )


def carry_out(
    db: CompanyDb,
    service: Restoring,
    fence: int,
    choice: Choice,
    *,
    progress: Progress = no_progress,
) -> Standing:
    """Does what the person chose, up to where an ordinary sync goes on; how both had stood.

    The caller holds the lease under `fence`. Raises OtherUnderway,
    ServiceWasRestored, TablesChanged, and what the service raises.
    """
    with schema_errors(TablesChanged):
        return _carried_out_anew(db, service, fence, choice, progress)


def _carried_out_anew(
    db: CompanyDb, service: Restoring, fence: int, choice: Choice, progress: Progress
) -> Standing:
    """What the service has gone on from since, or was put back before, gives way to what is chosen now."""
    begun = underway(db)
    if begun is not None and begun.choice is not choice:
        if service.look(Look(begun.told)).standing is not Standing.SERVICE_BACK:
            raise OtherUnderway(choice=begun.choice.value)
        begun = None  # the service that knew of it was put back, too
    try:
        return _carried_out(db, service, fence, choice, begun, progress)
    except ServiceRefused as error:
        rejoins = begun is not None and begun.rejoins
        if error.problem != STALE and not (rejoins and error.problem == NOTHING):
            raise
    with db.transaction():
        give_up(db)
    return _carried_out(db, service, lease.current(db).fence, choice, None, progress)


def _carried_out(
    db: CompanyDb,
    service: Restoring,
    fence: int,
    choice: Choice,
    begun: Underway | None,
    progress: Progress,
) -> Standing:
    now = begun or Underway(secrets.token_hex(16), choice, secrets.token_hex(16), told(db))
    seen = service.look(Look(now.told))
    standing = Standing.SERVICE_BACK if now.rejoins else seen.standing
    if standing is Standing.SAME:
        return standing
    if standing is Standing.SERVICE_BACK and choice is Choice.BACKUP_IS_TRUTH:
        raise ServiceWasRestored()
    fence = _ahead(db, fence, seen)
    now = msgspec.structs.replace(now, rejoins=standing is Standing.SERVICE_BACK)
    with db.transaction():
        lease.check(db, fence)
        remember(db, now)
    if now.rejoins:
        _rejoin(db, service, fence, now)
    else:
        _Reopening(db, service, fence, now, progress).all()
    return standing


def _ahead(db: CompanyDb, fence: int, seen: Seen) -> int:
    """A fencing number above all that the service has heard: the backup's own may be old."""
    if fence > seen.fence:
        return fence
    with db.transaction():
        lease.check(db, fence)
        now = lease.current(db)
        books.set_fact(db, "lease", msgspec.structs.replace(now, fence=seen.fence + 1))
    return seen.fence + 1


def _was_loaded(state: resync.TypeLoad) -> bool:
    return state.done or state.again


# --- the office was put back ----------------------------------------------------------------


class _Reopening:
    """Begin, then page by page: look, note what is held here, tell it, and do what the answer asks for."""

    def __init__(
        self,
        db: CompanyDb,
        service: Restoring,
        fence: int,
        underway: Underway,
        progress: Progress,
    ) -> None:
        self._db, self._service, self._fence = db, service, fence
        self._now, self._progress = underway, progress

    def all(self) -> None:
        """Every page from where it stopped, and the end."""
        if self._now.cut is None:
            self._begin()
        while True:
            answer = self._page()
            if not answer.more:
                break
        with self._db.transaction():
            lease.check(self._db, self._fence)
            self._end(answer)

    def _begin(self) -> None:
        """The service takes nothing from any other copy of the database from here on, and says where to look."""
        now = self._now
        refused = self._refused()
        begun = self._service.begin(
            Begin(now.told, now.operation, now.choice.value, now.next_link, self._fence, refused)
        )
        self._remember(msgspec.structs.replace(now, cut=begun.cut, links=begun.links))

    def _remember(self, now: Underway) -> None:
        with self._db.transaction():
            lease.check(self._db, self._fence)
            remember(self._db, now)
        self._now = now

    def _page(self) -> Reopening:
        if self._now.page is None:
            self._note()
        now, cut, page = self._now, self._now.cut, self._now.page
        assert cut is not None, "it was begun"
        assert page is not None, "it was noted"
        answer = self._service.reopen(Reopen(now.told, now.operation, now.after, page))
        self._now = msgspec.structs.replace(now, after=answer.after, page=None)
        with self._db.transaction():
            lease.check(self._db, self._fence)
            if now.choice is Choice.BACKUP_IS_TRUTH:
                self._insist(answer.records)
            remember(self._db, self._now)
        self._progress("", min(answer.after, cut.upto), cut.upto)
        return answer

    def _note(self) -> None:
        """What is held of the next page is noted before it is told, and leaves the journal with that.

        The service takes a page in once. Asked again after a kill the office says the same,
        whatever people have written in between: that is work since the restore.
        """
        now = self._now
        seen = self._service.look(Look(now.told, now.cut, now.after))
        with self._db.transaction():
            lease.check(self._db, self._fence)
            journal = unsent(self._db)
            found = compared(self._db, seen.records, journal)
            take_out(self._db, found.sent, journal)
            taken = {*now.recognised, *(one.record_type.name for one in found.sent)}
            now = msgspec.structs.replace(
                now, page=found.at_office, recognised=tuple(sorted(taken))
            )
            remember(self._db, now)
        self._now = now

    def _refused(self) -> dict[str, AtOffice]:
        """What the office holds where it could not take an online change: it is told anew."""
        held: dict[str, AtOffice] = {}
        for entry in books.quarantine(self._db, "office"):
            if entry.change is not None:
                there = entry.change.operation is not Operation.INSERT
                known = {f: v for f, v in entry.change.expected.items() if f in entry.change.fields}
                held[entry.record] = AtOffice(there=there, fields=known if there else {})
        return held

    def _insist(self, records: tuple[ReopenedRecord, ...]) -> None:
        """The office sends these as it has them."""
        types = by_name(self._db)
        cursor, journal = books.cursor(self._db), unsent(self._db)
        for record in records:
            record_type = types.get(record.type)
            if record_type is None:
                continue
            key = self._db.keys_of(record_type, [record.id]).get(record.id)
            if not record.there or key is None:
                books.add_report(self._db, Delete(record.type, record.id, cursor))
                continue
            key = journal.where(record.id, key)
            if key is None:
                continue  # deleted since: the journal tells it
            if record.alive:
                names = set(record.fields)
                mask = sum(1 << n for n, f in enumerate(record_type.fields) if f.name in names)
                row = JournalRow(0, record_type.no, UPDATED, cursor, mask, key, key)
            else:
                row = JournalRow(0, record_type.no, INSERTED, cursor, 0, None, key)
            self._db.add_journal([row])

    def _end(self, answer: Reopening) -> None:
        """The office goes on from the service's last batch; the next hello is an ordinary one."""
        db = self._db
        outbox = book_name(db.engine, "outbox")
        taken = books.Taken(answer.batch, answer.batch_hash)
        if _is_of_another_branch(self._now, answer):
            _leave_branch(db, self._now)
        else:
            db.run(f"DELETE FROM {outbox} WHERE number <= $1", answer.batch)
        books.set_fact(db, "taken", taken)
        _count_chunks_from(db, answer.chunk)
        if last_batch(db).number <= answer.batch:
            books.set_fact(db, "claimed", taken)
        for entry in books.quarantine(db, "office"):
            books.release(db, "office", entry.record)
        _keep_deletions(db, 0, books.cursor(db))
        _join(db, self._now)


def _is_of_another_branch(now: Underway, answer: Reopening) -> bool:
    """Whether the service has other changes under numbers that this database knows."""
    told, cut = now.told, now.cut
    assert cut is not None, "it was begun"
    read = 0 if told.chunks is None else told.chunks.read
    known = min(told.claimed, answer.batch)
    is_ahead = told.batch > answer.batch  # the service never took what it is known to have taken
    return is_ahead or cut.batch < known or cut.cursor < told.cursor or (cut.chunk or 0) < read


def _leave_branch(db: CompanyDb, now: Underway) -> None:
    """What this database has told, the service that went on never heard: every row is told as it stands."""
    assert now.cut is not None, "it was begun"
    journal, cursor = book_name(db.engine, "journal"), now.cut.cursor
    db.run(f"DELETE FROM {book_name(db.engine, 'outbox')}")
    books.set_fact(db, "claimed", None)
    if cursor < now.told.cursor:
        db.run(f"UPDATE {journal} SET seen = $1 WHERE seen > $1", cursor)
        holding.set_back(db, Cursor(cursor))
    for record_type in db.types.values():
        resync.request(db, record_type, resync.Why.RESTORED)


def _count_chunks_from(db: CompanyDb, chunk: int) -> None:
    """The service knows of later chunks than a backup does: their numbers are given once."""
    if chunk > books.chunks(db).read:
        books.set_fact(db, books.CHUNKS, Chunks(chunk, chunk))


def _keep_deletions(db: CompanyDb, least: int, most: int) -> None:
    """Words about what was refused are said anew where they still hold; what they had seen lies between."""
    for change in books.take_reports(db, books.report_count(db)):
        if isinstance(change, Delete):
            seen = max(least, min(change.seen, most))
            books.add_report(db, msgspec.structs.replace(change, seen=seen))


def _join(db: CompanyDb, now: Underway) -> None:
    connection = books.connection(db)
    assert connection is not None, "it was told of"
    books.set_fact(db, "connection", books.linked(connection, now.next_link, now.links))
    ended(db)
    books.set_fact(db, "agent", None)


# --- the service was put back ---------------------------------------------------------------


def _rejoin(db: CompanyDb, service: Restoring, fence: int, now: Underway) -> None:
    """Every row is told again; what the service knows the office to have taken is where it goes on."""
    answer = service.rejoin(Rejoin(now.told, now.operation, now.next_link, fence))
    with db.transaction():
        lease.check(db, fence)
        db.run(f"DELETE FROM {book_name(db.engine, 'outbox')}")
        journal = book_name(db.engine, "journal")
        # A service may also be put forward, to a later backup: then the office has taken more
        # than its own cursor says, which is of the service that it had meanwhile.
        db.run(f"UPDATE {journal} SET seen = $1 WHERE seen <> $1", answer.cursor)
        holding.set_back(db, Cursor(answer.cursor, answer.mark))
        for name in ("taken", "claimed"):
            books.set_fact(db, name, books.Taken(answer.batch, answer.batch_hash))
        for entry in books.quarantine(db):
            books.release(db, entry.side, entry.record)
        _count_chunks_from(db, answer.chunk)
        _keep_deletions(db, answer.cursor, answer.cursor)
        for record_type in db.types.values():
            resync.request(db, record_type, resync.Why.RESTORED)
            absence.accept(db, record_type.no)
        _join(db, now)
