"""Retention: what is older than a moment is let go of, a little at a time, and nothing that anybody still needs.

A row of the change log stays as long as the office is to be told by it: the
record's pending writes name such rows (core.record.awaited), so an office may
be away for longer than anything is kept. What goes is counted in the ledger's
checkpoint in the same transaction, so its difference stays what it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

from samsyn.core.changes import OfficeChange
from samsyn.core.record import Record, awaited, settled
from samsyn.records import ledger, progress, references
from samsyn.records.ledger import Checkpoint, Ledger
from samsyn.records.quarantine import ONLINE
from samsyn.records.rows import records_by_id, to_json
from samsyn.records.tenant import Row, Tenant, as_list, one_of, writing
from samsyn.records.unit import Source, company_unit

ROWS = 1_000
"""Rows let go of in one transaction: other writers of the company wait for no more."""
_LOG = "seq, record_id, source, connection, batch, fields IS NULL, CAST(fields AS TEXT) = '{}'"
"""The last of these: the row only tells the office once more (Unit.tell_again)."""


class Trimmed(msgspec.Struct):
    """What was let go of, and the rows of the log that stay although they are old."""

    changes: int = 0
    kept: int = 0
    records: int = 0
    conflicts: int = 0
    quarantine: int = 0
    links: int = 0


def trim(tenant: Tenant, before: str, at: str, *, rows: int = ROWS) -> Trimmed:
    """Let go of what is older than the moment `before`; harmless to repeat and to kill anywhere.

    The caller sees to it that `before` lies further back than anything can be
    taken back. `rows` is how much one transaction takes.
    """
    done = Trimmed()
    while _Step(tenant, before, at, rows, done).took_some():
        pass
    _drop_heard(tenant, at, rows, done)
    _drop_resolved(tenant, before, at, rows, done)
    _drop_links(tenant, before, at, done)
    with writing():
        progress.drop_old(tenant, before)
    return done


def plan(tenant: Tenant, before: str) -> Trimmed:
    """How much is older than the moment; nothing is let go of. Rows that will stay are not told apart."""
    upto = ledger.checkpoint(tenant).upto
    return Trimmed(
        changes=_count(tenant, "change", "seq > %(upto)s AND at < %(before)s", before, upto),
        conflicts=_count(tenant, "conflict", "at < %(before)s", before, upto),
        quarantine=_count(tenant, "quarantine", "resolved_at < %(before)s", before, upto),
        links=_count(tenant, "link", "at < %(before)s", before, upto),
    )


def _count(tenant: Tenant, table: str, where: str, before: str, upto: int) -> int:
    found = tenant.row(
        f"SELECT count(*) FROM records_{table} WHERE company_id = %(company)s AND {where}",
        before=before,
        upto=upto,
    )
    return int(found[0]) if found else 0


class _Step:
    """One transaction: the next rows of the log, with the conflicts that they decided."""

    def __init__(self, tenant: Tenant, before: str, at: str, rows: int, done: Trimmed) -> None:
        self._tenant, self._before, self._at = tenant, before, at
        self._rows, self._done = rows, done

    def took_some(self) -> bool:
        """Whether there were rows; false at the end."""
        tenant = self._tenant
        with company_unit(tenant, Source.SERVICE, None, self._at):
            counted = ledger.checkpoint(tenant)
            rows = self._old_rows(counted.upto)
            if not rows:
                return False
            upto = rows[-1][0]
            valued = list(dict.fromkeys(row[1] for row in rows if not row[5]))
            records = records_by_id(tenant, valued)
            now = _Office.of(tenant)
            kept = {row[0] for row in rows if now.awaits(row, records.get(row[1]))}
            gone = [r for r in records.values() if now.is_gone(r, upto)]
            self._count(counted, rows, upto, records, {r.id for r in gone})
            self._let_go(counted, [row for row in rows if row[0] not in kept], gone)
            self._done.kept += len(kept)
        return True

    def _old_rows(self, after: int) -> list[Row]:
        found = self._tenant.rows(
            f"SELECT {_LOG}, at FROM records_change WHERE company_id = %(company)s"
            " AND seq > %(after)s ORDER BY seq LIMIT %(limit)s",
            after=after,
            limit=self._rows,
        )
        guard = _guarded(self._tenant)
        old: list[Row] = []
        for row in found:
            if row[7] >= self._before or (guard is not None and row[0] > guard):
                break
            old.append(row)
        return old

    def _count(
        self,
        counted: Checkpoint,
        rows: list[Row],
        upto: int,
        records: dict[str, Record],
        gone: Collection[str],
    ) -> None:
        """What the audit found until now and does not find from now on."""
        tenant, since = self._tenant, counted.upto
        entries, lost = ledger.told_of(
            tenant, one_of("record_id", "ids"), since, ids=as_list(list(records))
        )
        for record in records.values():
            story, conflicts = entries.get(record.id, []), lost.get(record.id, set())
            was, left = Ledger(), Ledger()
            counted.loaded -= ledger.audit(was, record, story, conflicts, since)
            if record.id not in gone:
                counted.loaded += ledger.audit(left, record, story, conflicts, upto)
            ledger.add(counted.counted, was)
            ledger.add(counted.counted, left, -1)
        counted.unvalued += sum(bool(row[5]) for row in rows)
        counted.counted.conflict += ledger.overruled(tenant, since, upto)
        counted.upto = upto
        self._done.conflicts += tenant.execute(
            "DELETE FROM records_conflict WHERE company_id = %(company)s AND office_seq <= %(upto)s",
            upto=upto,
        )

    def _let_go(self, counted: Checkpoint, rows: list[Row], gone: list[Record]) -> None:
        _delete(self._tenant, rows)
        _purge(self._tenant, gone)
        counted.rows += len(rows)
        _store(self._tenant, counted)
        self._done.changes += len(rows)
        self._done.records += len(gone)


class _Office(msgspec.Struct, frozen=True):
    """How far the company's office has come, through whichever connection."""

    floor: int
    cursor: int

    @classmethod
    def of(cls, tenant: Tenant) -> _Office:
        """As the store knows it; it may have come further."""
        found = tenant.row(
            "SELECT max(floor), max(cursor) FROM records_connection WHERE company_id = %(company)s"
        )
        floor, cursor = found or (0, 0)
        return cls(floor or 0, cursor or 0)

    def awaits(self, row: Row, record: Record | None) -> bool:
        """Whether the office is still to be told by a row of the log."""
        seq, _, source, _, _, _, told_again, *_ = row
        if source == "office" or record is None:
            return False
        if told_again and seq > self.cursor:
            return True
        return seq in awaited(settled(record, self.floor))

    def is_gone(self, record: Record, upto: int) -> bool:
        """Deleted on both sides, so long ago that nothing is kept of it."""
        return not record.alive and record.version <= upto and settled(record, self.floor).at_rest


def _drop_heard(tenant: Tenant, at: str, rows: int, done: Trimmed) -> None:
    """Rows that an earlier trim left for the office, which has heard of them meanwhile."""
    after, more = 0, True
    while more:
        with company_unit(tenant, Source.SERVICE, None, at):
            counted = ledger.checkpoint(tenant)
            found = tenant.rows(
                f"SELECT {_LOG} FROM records_change WHERE company_id = %(company)s"
                " AND seq > %(after)s AND seq <= %(upto)s ORDER BY seq LIMIT %(limit)s",
                after=after,
                upto=counted.upto,
                limit=rows,
            )
            more = len(found) == rows
            if not found:
                return
            after = found[-1][0]
            records = records_by_id(tenant, list(dict.fromkeys(row[1] for row in found)))
            now = _Office.of(tenant)
            heard = [row for row in found if not now.awaits(row, records.get(row[1]))]
            gone = [r for r in records.values() if now.is_gone(r, counted.upto)]
            for record in gone:
                was = Ledger()
                counted.loaded -= ledger.audit(was, record, [], set(), counted.upto)
                ledger.add(counted.counted, was)
            _delete(tenant, heard)
            _purge(tenant, gone)
            counted.rows += len(heard)
            _store(tenant, counted)
            done.changes += len(heard)
            done.records += len(gone)


def _drop_resolved(tenant: Tenant, before: str, at: str, rows: int, done: Trimmed) -> None:
    while True:
        with company_unit(tenant, Source.SERVICE, None, at):
            found = tenant.rows(
                "SELECT id, side, item FROM records_quarantine WHERE company_id = %(company)s"
                " AND resolved_at < %(before)s ORDER BY id LIMIT %(limit)s",
                before=before,
                limit=rows,
            )
            if not found:
                return
            counted = ledger.checkpoint(tenant)
            for _, side, item in found:
                if side == ONLINE:
                    change = msgspec.json.decode(item, type=OfficeChange)
                    counted.counted.superseded += ledger.writes_of(change)
            done.quarantine += tenant.execute(
                "DELETE FROM records_quarantine WHERE company_id = %(company)s"
                f" AND {one_of('id', 'ids')}",
                ids=as_list([row[0] for row in found]),
            )
            _store(tenant, counted)


def _drop_links(tenant: Tenant, before: str, at: str, done: Trimmed) -> None:
    """Old links, but for the two that a living database may tell; where the newest stood is noted."""
    old = (
        "records_link.company_id = %(company)s AND records_link.at < %(before)s"
        " AND NOT EXISTS (SELECT 1 FROM records_connection AS c"
        " WHERE c.company_id = records_link.company_id AND c.id = records_link.connection"
        " AND records_link.link IN (c.link, c.previous_link))"
    )
    with company_unit(tenant, Source.SERVICE, None, at):
        newest = tenant.rows(
            "SELECT connection, max(batch), max(cursor), max(at) FROM records_link"
            f" WHERE {old} GROUP BY connection",
            before=before,
        )
        for connection, batch, cursor, moment in newest:
            tenant.execute(
                "UPDATE records_connection SET trimmed_link_batch = %(batch)s,"
                " trimmed_link_cursor = %(cursor)s, trimmed_link_at = %(moment)s"
                " WHERE company_id = %(company)s AND id = %(connection)s",
                connection=connection,
                batch=batch,
                cursor=cursor,
                moment=moment,
            )
        done.links += tenant.execute(f"DELETE FROM records_link WHERE {old}", before=before)
        tenant.execute(
            "UPDATE records_restore SET answer = NULL"
            " WHERE company_id = %(company)s AND at < %(before)s AND answer IS NOT NULL",
            before=before,
        )


def _guarded(tenant: Tenant) -> int | None:
    """The number up to which a restore that may still be taken back needs nothing."""
    found = tenant.row(
        "SELECT min(CASE WHEN first_lost IS NULL OR first_lost > cursor THEN cursor"
        " ELSE first_lost - 1 END) FROM records_restore"
        " WHERE company_id = %(company)s AND answer IS NOT NULL"
    )
    return None if found is None or found[0] is None else int(found[0])


def _delete(tenant: Tenant, rows: Iterable[Row]) -> None:
    """Rows of the log, and the note of which are gone."""
    gone = list(rows)
    if not gone:
        return
    numbers = as_list([str(row[0]) for row in gone])
    tenant.execute(
        "DELETE FROM records_change WHERE company_id = %(company)s"
        " AND seq >= %(first)s AND seq <= %(last)s"
        f" AND {one_of('CAST(seq AS TEXT)', 'numbers')}",
        first=gone[0][0],
        last=gone[-1][0],
        numbers=numbers,
    )
    online = max((row[0] for row in gone if row[2] != "office"), default=0)
    tenant.execute(
        "UPDATE records_company SET trimmed_online = %(online)s"
        " WHERE company_id = %(company)s AND trimmed_online < %(online)s",
        online=online,
    )
    batches: dict[str, int] = {}
    for _, _, source, connection, batch, *_ in gone:
        if source == "office" and connection is not None and batch is not None:
            batches[connection] = max(batch, batches.get(connection, 0))
    for connection, batch in batches.items():
        tenant.execute(
            "UPDATE records_connection SET trimmed_batch = %(batch)s WHERE company_id = %(company)s"
            " AND id = %(connection)s AND trimmed_batch < %(batch)s",
            connection=connection,
            batch=batch,
        )


def _purge(tenant: Tenant, gone: Iterable[Record]) -> None:
    records = list(gone)
    ids = [record.id for record in records]
    if ids:
        references.forget(tenant, records)
        tenant.execute(
            f"DELETE FROM records_record WHERE company_id = %(company)s AND {one_of('id', 'ids')}",
            ids=as_list(ids),
        )


def _store(tenant: Tenant, counted: Checkpoint) -> None:
    tenant.execute(
        "UPDATE records_company SET checkpoint = %(checkpoint)s WHERE company_id = %(company)s",
        checkpoint=to_json(counted),
    )
