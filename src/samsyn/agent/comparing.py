"""Where the two sides of a type may differ: bucket digests first, records only where those differ.

Nothing is locked and nobody need rest: what is written meanwhile makes a
record a candidate at most, and `confirming` decides on each.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Set

import msgspec

from samsyn.agent.identities import identity_pages
from samsyn.agent.service import Service
from samsyn.companydb.load import slice_rows, slices
from samsyn.companydb.references import resolved
from samsyn.companydb.rows import CompanyDb, Key, RowState
from samsyn.core.catalog import RecordType
from samsyn.core.cells import digest
from samsyn.protocol.messages import Digests

BUCKETS = 256
UNKNOWN_AT_MOST = 2_000
"""Rows without identity that are remembered; of more, the type is loaded again anyway."""

Between = Callable[[], None]
"""Is called between two readings: the caller may do other work, or stop by raising."""


class Sizes(msgspec.Struct, frozen=True):
    """How a comparison goes about it; what it finds does not depend on them."""

    few_buckets: int = 8
    """So many are asked for one by one; of more, all records are gone through once."""
    records_at_once: int = 2_000
    candidates_at_once: int = 200
    resync_from: int = 1_000
    """So many differences of a type are not mended one by one: it is loaded again."""


ORDINARY = Sizes()


class Candidates(msgspec.Struct, frozen=True):
    """Records, and rows without identity, that may differ."""

    records: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.records or self.keys)

    def __len__(self) -> int:
        return len(self.records) + len(self.keys)


class Comparison:
    """One reading of a type on both sides.

    When `candidates` has ended, `records` counts the rows, and `frozen` the records with a
    field of which nothing is told: as far as that goes they are not the same.
    """

    def __init__(
        self,
        db: CompanyDb,
        service: Service,
        record_type: RecordType,
        held: Set[str],
        between: Between,
        sizes: Sizes = ORDINARY,
    ) -> None:
        self._db, self._service, self._type = db, service, record_type
        self._held, self._between, self._sizes = held, between, sizes
        self.records = 0
        self.frozen = 0

    def candidates(self) -> Iterator[Candidates]:
        """What may differ, a few at a time."""
        theirs = self._service.digests(self._type.name)
        self.frozen = len(theirs.frozen)
        waiting = [record for record in theirs.unsettled if record not in self._held]
        yield from self._portions(iter(waiting))
        left_out = self._held | set(theirs.unsettled)
        differing, unknown, identities = self._scanned(theirs, left_out)
        if unknown:
            yield Candidates(keys=tuple(unknown))
        if self._db.identity_count(self._type) > identities:
            gone = [
                record for _, record in self._db.vanished(self._type, self._sizes.records_at_once)
            ]
            yield from self._portions(record for record in gone if record not in left_out)
            left_out = left_out | set(gone)
        few = len(differing) <= self._sizes.few_buckets
        for bucket in sorted(differing) if few else [None]:
            found = _apart(self._office(bucket), self._online(bucket))
            chosen = (r for r in found if few or _bucket(r) in differing)
            yield from self._portions(record for record in chosen if record not in left_out)

    def _scanned(self, theirs: Digests, left_out: Set[str]) -> tuple[set[int], list[Key], int]:
        """The buckets that differ, rows without identity, and how many rows have one."""
        sums, counts = [0] * BUCKETS, [0] * BUCKETS
        unknown: list[Key] = []
        identities = 0
        for rows in slices(self._db, self._type, None, slice_rows(self._type)):
            resolved(self._db, self._type, (state for state, _ in rows), None)
            for state, record in rows:
                self.records += 1
                if record is None:
                    if len(unknown) < UNKNOWN_AT_MOST:
                        unknown.append(state.key)
                    continue
                identities += 1
                if record not in left_out:
                    bucket = _bucket(record)
                    counts[bucket] += 1
                    sums[bucket] = (sums[bucket] + digest(record, state.fields)) % 2**64
            self._between()
        differing = {
            bucket
            for bucket, (count, total) in enumerate(theirs.buckets)
            if count != counts[bucket] or int(total or "0", 16) != sums[bucket]
        }
        return differing, unknown, identities

    def _office(self, bucket: int | None) -> Iterator[tuple[str, int | None]]:
        """Each identity with its row's digest, None where there is no row, in id order."""
        after = ""
        while known := self._db.records_after(
            self._type, after, self._sizes.records_at_once, bucket
        ):
            records, step = list(known), slice_rows(self._type)
            for start in range(0, len(records), step):
                some = {r: known[r] for r in records[start : start + step]}
                digests = digests_of(self._db, self._type, some)
                yield from ((r, digests.get(r)) for r in some)
                self._between()
            after = records[-1]

    def _online(self, bucket: int | None) -> Iterator[tuple[str, int | None]]:
        """Each record's digest, None for a deleted one; of one that is not at rest, any other."""
        at_once = self._sizes.records_at_once
        for page in identity_pages(self._service, self._type.name, at_once, bucket):
            for known in page:
                rests = int(known.digest or "0", 16) if known.alive else None
                yield known.id, rests if known.at_rest else NOT_AT_REST
            self._between()

    def _portions(self, records: Iterator[str]) -> Iterator[Candidates]:
        while some := tuple(itertools.islice(records, self._sizes.candidates_at_once)):
            yield Candidates(some)


NOT_AT_REST = -1
"""Equal to no digest."""


def digests_of(db: CompanyDb, record_type: RecordType, keys: dict[str, Key]) -> dict[str, int]:
    """The digests of records by their keys; those without a row are left out."""
    rows: dict[Key, RowState] = db.read(record_type, list(keys.values()))
    resolved(db, record_type, rows.values(), None)
    return {r: digest(r, rows[key].fields) for r, key in keys.items() if key in rows}


def _apart(
    office: Iterator[tuple[str, int | None]], online: Iterator[tuple[str, int | None]]
) -> Iterator[str]:
    """The ids, of two runs in id order, whose digests differ; none is as good as not there."""
    mine, theirs = next(office, None), next(online, None)
    while mine is not None or theirs is not None:
        if theirs is None or (mine is not None and mine[0] < theirs[0]):
            assert mine is not None
            if mine[1] is not None:
                yield mine[0]
            mine = next(office, None)
        elif mine is None or theirs[0] < mine[0]:
            if theirs[1] is not None:
                yield theirs[0]
            theirs = next(online, None)
        else:
            if mine[1] != theirs[1]:
                yield mine[0]
            mine, theirs = next(office, None), next(online, None)


def _bucket(record: str) -> int:
    return int(record[-2:], 16)
