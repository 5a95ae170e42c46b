"""Proof that both sides are equal: bucket digests at one cut, down to the records that differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from samsyn.agent.service import Service
from samsyn.companydb import books
from samsyn.companydb.claim import floor
from samsyn.companydb.load import slice_rows
from samsyn.companydb.references import resolved
from samsyn.companydb.rows import CompanyDb, Key
from samsyn.core.catalog import RecordType
from samsyn.core.cells import digest
from samsyn.protocol.messages import Digests, Identity

BUCKETS = 256
ATTEMPTS = 20
KEYS_AT_ONCE = 5_000
TOLD_AT_MOST = 1_000


class Difference(msgspec.Struct, frozen=True):
    """A record that is not the same on both sides: `differs`, `office_only`, `online_only`."""

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


def verify(
    db: CompanyDb,
    service: Service,
    rest: Callable[[], None],
    new_id: Callable[[], str],
    at: str,
) -> Certificate:
    """Compares every synced record. `rest` brings both sides to rest before each try of a type."""
    records = 0
    differences: list[Difference] = []
    held = {entry.record for entry in books.quarantine(db)}
    for record_type in db.types.values():
        for _ in range(ATTEMPTS):
            rest()
            try:
                count, found = _type(db, service, record_type, held, new_id)
            except Unsettled:
                continue
            records += count
            differences += found
            break
        else:
            differences.append(Difference(record_type.name, "", "never_at_rest"))
    return Certificate(not differences, records, differences[:TOLD_AT_MOST], sorted(held), at)


def _type(
    db: CompanyDb,
    service: Service,
    record_type: RecordType,
    held: set[str],
    new_id: Callable[[], str],
) -> tuple[int, list[Difference]]:
    cut = _cut(db)
    service.pull(books.cursor(db), floor(db), 1)  # tells what has been taken: all of it counts
    theirs = service.digests(record_type.name)
    if (theirs.online_head, theirs.included_batch) != cut:
        raise Unsettled
    left_out = held | set(theirs.unsettled)
    ours = {r: d for r, d in _digests(db, record_type, new_id) if r not in left_out}
    if _cut(db) != cut:
        raise Unsettled
    differing = _differing(ours, theirs)
    found = _descend(service, record_type, ours, left_out, differing) if differing else []
    return len(ours), found


def _cut(db: CompanyDb) -> tuple[int, int]:
    """The cursor and the last batch, when nothing waits; no lock is held while rows are read."""
    if db.journal_size() or books.outbox_numbers(db) or books.report_count(db):
        raise Unsettled
    return books.cursor(db), books.taken(db).number


def _digests(
    db: CompanyDb, record_type: RecordType, new_id: Callable[[], str]
) -> Iterator[tuple[str, int]]:
    after: Key | None = None
    while keys := db.chunk_keys(record_type, after, KEYS_AT_ONCE):
        after = keys[-1]
        ids = db.ids_of(record_type, keys)
        step = slice_rows(record_type)
        for place in range(0, len(keys), step):
            states = db.read(record_type, keys[place : place + step])
            resolved(db, record_type, states.values(), new_id)
            for key, state in states.items():
                record = ids.get(key, "")
                yield record or f"?{key}", digest(record, state.fields)


def _differing(ours: dict[str, int], theirs: Digests) -> set[int]:
    sums = [0] * BUCKETS
    counts = [0] * BUCKETS
    strangers = False
    for record, one in ours.items():
        if record.startswith("?"):
            strangers = True
            continue
        bucket = int(record[-2:], 16)
        counts[bucket] += 1
        sums[bucket] = (sums[bucket] + one) % 2**64
    differing = {
        bucket
        for bucket, (count, total) in enumerate(theirs.buckets)
        if count != counts[bucket] or int(total or "0", 16) != sums[bucket]
    }
    return differing or ({-1} if strangers else set())


def _descend(
    service: Service,
    record_type: RecordType,
    ours: dict[str, int],
    held: set[str],
    differing: set[int],
) -> list[Difference]:
    theirs = {
        known.id: int(known.digest or "0", 16)
        for known in _identities(service, record_type)
        if known.alive and known.id not in held and int(known.id[-2:], 16) in differing
    }
    found = []
    for record, one in ours.items():
        if record.startswith("?"):
            found.append(Difference(record_type.name, record, "office_only"))
        elif int(record[-2:], 16) in differing:
            if record not in theirs:
                found.append(Difference(record_type.name, record, "office_only"))
            elif theirs[record] != one:
                found.append(Difference(record_type.name, record, "differs"))
    found += [Difference(record_type.name, r, "online_only") for r in theirs if r not in ours]
    return found


def _identities(service: Service, record_type: RecordType) -> Iterator[Identity]:
    after, more = "", True
    while more:
        page = service.identities(record_type.name, after, KEYS_AT_ONCE)
        yield from page.records
        more = page.more
        after = page.records[-1].id if page.records else after
