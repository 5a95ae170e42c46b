"""Repairs what the verifier has found, by the merge rules: as if the trigger had seen it.

A row that differs, or that the service lacks, is told as it stands, like a
chunk of a load: a field equal to what the office is known to hold did not
change, any other is the office's news. A row without identity gets a journal
row as of its insert. What has no row any more is deleted online, unless that is so
much that a person must say so. Each step checks again, in its own transaction,
that nothing unsent concerns the record; what is on its way needs no repair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from samsyn.agent import absence, resync
from samsyn.agent.certificates import TypeCertificate, keep
from samsyn.agent.chunks import OutChunk, out_chunk
from samsyn.agent.clock import now_text
from samsyn.agent.confirming import Found, in_groups, what_is_unsent
from samsyn.agent.continuity import Continuity
from samsyn.agent.service import Service, ServiceRefused
from samsyn.agent.trace import Trace, no_trace
from samsyn.companydb import books
from samsyn.companydb.books import Conflict
from samsyn.companydb.load import encoded, slice_rows
from samsyn.companydb.rows import INSERTED, CompanyDb, JournalRow, Key
from samsyn.companydb.unseen import absent, tell_gone
from samsyn.core.catalog import RecordType

AT_ONCE = 200


class Repairer:
    """Repairs under a lease; what it leaves undone is found again by the next comparison."""

    def __init__(
        self,
        db: CompanyDb,
        service: Service,
        continuity: Continuity,
        new_id: Callable[[], str],
        trace: Trace = no_trace,
        now: Callable[[], str] = now_text,
    ) -> None:
        self._db = db
        self._now = now
        self._service = service
        self._continuity = continuity
        self._new_id = new_id
        self._trace = trace

    def repair(self, record_type: RecordType, found: Sequence[Found], records: int) -> None:
        """Repairs differences of a type that has so many records here, or holds it where too many are gone."""
        gone = _of(found, "online_only")
        with self._continuity.transaction():
            if absence.hold(self._db, record_type, len(gone), records + len(gone), self._now()):
                return
        unknown = [f.key for f in _of(found, "no_identity") if f.key is not None]
        with self._continuity.transaction():
            moved = self._recognised(record_type, unknown, gone)
        self._add(record_type, [key for key in unknown if key not in moved.values()])
        self._forget(record_type, _of(found, "vanished"))
        self._forget(record_type, [f for f in gone if f.record not in moved])
        self._tell(record_type, [*_of(found, "differs"), *_of(found, "office_only")])
        self._tell(record_type, [f for f in gone if f.record in moved])
        self._trace("repair", type=record_type.name, found=len(found))

    def load_again(self, record_type: RecordType) -> None:
        """What differs in too many places to be mended one by one."""
        with self._continuity.transaction():
            resync.request(self._db, record_type, resync.Why.DIFFERENCES)

    def remember(self, record_type: RecordType, told: TypeCertificate) -> None:
        """Keeps what a comparison said."""
        with self._continuity.transaction():
            keep(self._db, record_type, told)

    def _recognised(
        self, record_type: RecordType, unknown: Sequence[Key], gone: Sequence[Found]
    ) -> dict[str, Key]:
        """Rows whose key is that of a record which has lost its identity here: it is that record."""
        wanted = set(unknown)
        mine = {
            f.record: key
            for f in gone
            if f.key is not None and (key := self._db.key_of_cells(record_type, f.key)) in wanted  # type: ignore[arg-type]  # cells, as the service tells them
        }
        if mine:
            unsent = what_is_unsent(self._db, record_type)
            free = absent(self._db, record_type, list(mine))
            taken = self._db.ids_of(record_type, list(mine.values()))
            mine = {
                record: key
                for record, key in mine.items()
                if free.get(record, key) is None
                and key not in taken
                and not unsent.concerns(record, key)
            }
            self._db.identify(record_type, [(key, record) for record, key in mine.items()])
        return mine

    def _add(self, record_type: RecordType, unknown: Sequence[Key]) -> None:
        """Rows that nobody saw come: the claim takes them as it takes any insert."""
        for start in range(0, len(unknown), AT_ONCE):
            keys = unknown[start : start + AT_ONCE]
            with self._continuity.transaction():
                known = self._db.ids_of(record_type, keys)
                there = self._db.read(record_type, [k for k in keys if k not in known], only=())
                unsent = what_is_unsent(self._db, record_type)
                seen = books.cursor(self._db)
                self._db.add_journal(
                    JournalRow(0, record_type.no, INSERTED, seen, 0, None, key)
                    for key in there
                    if not unsent.concerns("", key)
                )

    def _forget(self, record_type: RecordType, gone: Sequence[Found]) -> None:
        """Rows that nobody saw go."""
        for group in in_groups(gone, AT_ONCE):
            with self._continuity.transaction():
                unsent = what_is_unsent(self._db, record_type)
                missing = absent(self._db, record_type, [f.record for f in group])
                sure = {r: key for r, key in missing.items() if not unsent.concerns(r, key)}
                tell_gone(self._db, record_type, sure, books.cursor(self._db))

    def _tell(self, record_type: RecordType, found: Sequence[Found]) -> None:
        """Rows as they stand, like a chunk of a load."""
        for group in in_groups(found, min(AT_ONCE, slice_rows(record_type))):
            chunk = self._told(record_type, [f.record for f in group])
            if chunk is None:
                continue
            try:
                answer = self._service.load(chunk.body)
            except ServiceRefused as error:
                if error.problem != "CHUNK_STALE":
                    raise
                continue  # something else was sent meanwhile: found again, and read anew
            with self._continuity.transaction():
                books.took_chunk(self._db, answer.number)
                books.add_conflicts(self._db, [Conflict("", lost) for lost in answer.lost])

    def _told(self, record_type: RecordType, records: Sequence[str]) -> OutChunk | None:
        with self._continuity.transaction():
            keys = self._db.keys_of(record_type, records)
            self._db.lock(record_type, list(keys.values()))
            unsent = what_is_unsent(self._db, record_type)
            ids = {key: r for r, key in keys.items() if not unsent.concerns(r, key)}
            rows = self._db.read(record_type, list(ids))
            if not rows:
                return None
            some = encoded(
                self._db, record_type, [(s, ids[k]) for k, s in rows.items()], self._new_id
            )
            fence, taken = self._continuity.fence, books.taken(self._db).number
            return out_chunk(self._db, fence, record_type, some, taken, last=False)


def _of(found: Sequence[Found], what: str) -> list[Found]:
    return [one for one in found if one.what == what]
