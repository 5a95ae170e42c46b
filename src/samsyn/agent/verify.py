"""Proof that both sides are equal: bucket digests at one cut, down to the records that differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set

import msgspec

from samsyn.agent.service import Service
from samsyn.companydb import books
from samsyn.companydb import held as holding
from samsyn.companydb.claim import floor
from samsyn.companydb.load import slice_rows, slices
from samsyn.companydb.references import resolved
from samsyn.companydb.rows import CompanyDb
from samsyn.core.catalog import RecordType
from samsyn.core.cells import digest
from samsyn.protocol.messages import Identity

BUCKETS = 256
BUCKETS_AT_ONCE = 16
"""Buckets that differ are looked into so many at a time: the most record ids in memory."""
ATTEMPTS = 20
KEYS_AT_ONCE = 5_000
TOLD_AT_MOST = 1_000


class Difference(msgspec.Struct, frozen=True):
    """A record that is not the same on both sides.

    `what` is `differs`, `office_only`, `online_only`, `no_identity` (a row that
    no trigger saw), `waits` (online work that nobody is about to take), or, for
    a whole type, `never_at_rest`.
    """

    type: str
    record: str
    what: str


class Certificate(msgspec.Struct, frozen=True):
    """The result of a verification; records in quarantine are listed, not counted."""

    identical: bool
    records: int
    differences: list[Difference]
    quarantine: list[str]
    at: str


class Unsettled(Exception):
    """Something was written between the two readings: read again."""


def verify(db: CompanyDb, service: Service, rest: Callable[[], None], at: str) -> Certificate:
    """Compares every synced record. `rest` brings both sides to rest before each try of a type.

    Types that wait for a person are left out: their two sides are not meant to be equal.
    """
    records = 0
    differences: list[Difference] = []
    held = {entry.record for entry in books.quarantine(db)}
    for record_type in list(db.types.values()):
        if record_type.no in holding.held(db):
            continue
        for _ in range(ATTEMPTS):
            rest()
            try:
                compared = _Comparison(db, service, record_type, held)
                found = compared.differences()
            except Unsettled:
                continue
            records += compared.records
            differences += found
            break
        else:
            differences.append(Difference(record_type.name, "", "never_at_rest"))
    return Certificate(not differences, records, differences[:TOLD_AT_MOST], sorted(held), at)


class _Comparison:
    """One type at one cut. No lock is held while rows are read: the cut is checked after."""

    def __init__(
        self, db: CompanyDb, service: Service, record_type: RecordType, held: Set[str]
    ) -> None:
        self._db, self._service, self._type = db, service, record_type
        self._cut = self._rest_cut()
        service.pull(books.cursor(db), floor(db), 1)  # tells what has been taken: all of it counts
        self._theirs = service.digests(record_type.name)
        if (self._theirs.online_head, self._theirs.included_batch) != self._cut:
            raise Unsettled
        self._held = held
        self._left_out = held | set(self._theirs.unsettled)
        self.records = 0

    def differences(self) -> list[Difference]:
        """Where the two sides differ; raises Unsettled when somebody wrote meanwhile."""
        found = [
            Difference(self._type.name, record, "waits")
            for record in self._theirs.unsettled
            if record not in self._held and not holding.held(self._db)  # there is one floor
        ]
        differing = self._differing_buckets(found)
        for start in range(0, len(differing), BUCKETS_AT_ONCE):
            if len(found) < TOLD_AT_MOST:
                found += self._descend(set(differing[start : start + BUCKETS_AT_ONCE]))
        if self._rest_cut() != self._cut:
            raise Unsettled
        return found

    def _rest_cut(self) -> tuple[int, int]:
        """The cursor and the last batch, when nothing waits."""
        db = self._db
        if holding.waiting_rows(db) or books.outbox_numbers(db) or books.report_count(db):
            raise Unsettled
        return books.cursor(db), books.taken(db).number

    def _differing_buckets(self, found: list[Difference]) -> list[int]:
        sums, counts = [0] * BUCKETS, [0] * BUCKETS
        for record, one in self._digests():
            self.records += 1
            if record is None:
                found.append(Difference(self._type.name, "", "no_identity"))
                continue
            bucket = _bucket(record)
            counts[bucket] += 1
            sums[bucket] = (sums[bucket] + one) % 2**64
        return [
            bucket
            for bucket, (count, total) in enumerate(self._theirs.buckets)
            if count != counts[bucket] or int(total or "0", 16) != sums[bucket]
        ]

    def _descend(self, buckets: Set[int]) -> list[Difference]:
        ours = {r: d for r, d in self._digests() if r is not None and _bucket(r) in buckets}
        theirs = {
            known.id: int(known.digest or "0", 16)
            for known in self._identities()
            if known.alive and known.id not in self._left_out and _bucket(known.id) in buckets
        }
        name = self._type.name
        return [
            *(Difference(name, r, "office_only") for r in ours if r not in theirs),
            *(Difference(name, r, "online_only") for r in theirs if r not in ours),
            *(Difference(name, r, "differs") for r, d in ours.items() if theirs.get(r, d) != d),
        ]

    def _digests(self) -> Iterator[tuple[str | None, int]]:
        """Every row's record id and digest; a row that no trigger saw has no id."""
        for rows in slices(self._db, self._type, None, slice_rows(self._type)):
            resolved(self._db, self._type, (state for state, _ in rows), None)
            for state, record in rows:
                if record not in self._left_out:
                    yield record, digest(record or "", state.fields)

    def _identities(self) -> Iterator[Identity]:
        after, more = "", True
        while more:
            page = self._service.identities(self._type.name, after, KEYS_AT_ONCE)
            yield from page.records
            more = page.more
            after = page.records[-1].id if page.records else after


def _bucket(record: str) -> int:
    return int(record[-2:], 16)
