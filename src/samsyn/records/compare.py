"""Compare: digests of a type's settled records, so that both sides can find where they differ."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from samsyn.core.cells import digest
from samsyn.core.record import Record, as_told, frozen_fields, refused, settled, was_taken
from samsyn.protocol.messages import (
    Compare,
    Compared,
    Cursor,
    Digests,
    Identities,
    Identity,
    KnownRecord,
    KnownRecords,
)
from samsyn.records import connections, marks
from samsyn.records.catalogs import types
from samsyn.records.connections import Caller
from samsyn.records.errors import TooManyRecords
from samsyn.records.pull import online_head
from samsyn.records.rows import COLUMNS, record_of, records_by_id
from samsyn.records.tenant import Tenant, snapshot

STEP = 2_000
BUCKETS = 256
MAX_IDENTITIES = 10_000


class Place(msgspec.Struct, frozen=True):
    """Which records of a type: those after an id, in one bucket or all."""

    type: str
    after: str = ""
    bucket: int | None = None


def digests(caller: Caller, type_: str) -> Digests:
    """The bucket digests of a type at one cut; memory does not grow with the type."""
    counts, sums = [0] * BUCKETS, [0] * BUCKETS
    unsettled: list[str] = []
    frozen: list[str] = []
    with snapshot():
        now = connections.state(caller)
        head = online_head(caller.tenant)
        for record in _records(caller.tenant, Place(type_)):
            rests = as_told(settled(record, now.floor))
            if record.alive and frozen_fields(record):
                frozen.append(record.id)
            if not rests.at_rest:
                unsettled.append(rests.id)
            elif rests.alive:
                bucket = int(rests.id[-2:], 16)
                counts[bucket] += 1
                sums[bucket] = (sums[bucket] + digest(rests.id, rests.fields)) % 2**64
    return Digests(
        type=type_,
        online_head=head,
        included_batch=now.batch,
        buckets=tuple((count, f"{total:016x}") for count, total in zip(counts, sums, strict=True)),
        unsettled=tuple(unsettled),
        frozen=tuple(frozen),
    )


def identities(caller: Caller, place: Place, limit: int) -> Identities:
    """A page of a type's records, living and deleted, in id order."""
    found: list[Identity] = []
    limit = max(1, min(limit, MAX_IDENTITIES))
    with snapshot():
        floor = connections.state(caller).floor
        for record in _records(caller.tenant, place):
            if len(found) == limit:
                return Identities(tuple(found), more=True)
            found.append(_identity(record, floor))
    return Identities(tuple(found), more=False)


def compared(caller: Caller, asked: Compare) -> Compared:
    """How single records of a type stand, all at one moment. Raises TooManyRecords, StateDiverged."""
    if len(asked.records) > MAX_IDENTITIES:
        raise TooManyRecords(limit=MAX_IDENTITIES)
    with snapshot():
        now = connections.state(caller)
        marks.check(caller.tenant, Cursor(asked.cursor, asked.mark))
        taken = max(now.floor, min(asked.cursor, online_head(caller.tenant)))
        found = records_by_id(caller.tenant, list(asked.records))
        state = types(caller.tenant).get(asked.type)
    names = frozenset[str]() if state is None else state.names
    here = [_identity(_as_synced(r, names), taken) for r in found.values() if r.type == asked.type]
    return Compared(now.batch, tuple(here))


def _identity(record: Record, floor: int) -> Identity:
    rests = as_told(settled(record, floor))
    told = f"{digest(rests.id, rests.fields):016x}"
    born = rests.born is not None
    return Identity(rests.id, rests.key, told, rests.alive, rests.at_rest, born)


def records(caller: Caller, type_: str, after: str, limit: int) -> KnownRecords:
    """A page of a type's records as the office took them, living and deleted, in id order."""
    found: list[KnownRecord] = []
    limit = max(1, min(limit, STEP))
    with snapshot():
        for record in _records(caller.tenant, Place(type_, after)):
            if len(found) == limit:
                return KnownRecords(tuple(found), more=True)
            found.append(_known(record))
    return KnownRecords(tuple(found), more=False)


def _known(record: Record) -> KnownRecord:
    held = refused(record)
    alive = record.alive and was_taken(record)
    return KnownRecord(record.id, record.key, record.fields | held, alive, tuple(held))


def _records(tenant: Tenant, place: Place) -> Iterator[Record]:
    """The records of a place in id order, a step at a time."""
    after = place.after
    state = types(tenant).get(place.type)
    names = frozenset[str]() if state is None else state.names
    bucket = "" if place.bucket is None else f"{place.bucket:02x}"
    while True:
        rows = tenant.rows(
            f"SELECT {COLUMNS} FROM records_record WHERE company_id = %(company)s"
            " AND type = %(type)s AND id > %(after)s"
            + (" AND substr(id, 31, 2) = %(bucket)s" if bucket else "")
            + " ORDER BY id LIMIT %(limit)s",
            type=place.type,
            after=after,
            limit=STEP,
            **({"bucket": bucket} if bucket else {}),
        )
        for row in rows:
            yield _as_synced(record_of(row), names)
        if len(rows) < STEP:
            return
        after = rows[-1][0]


def _as_synced(record: Record, names: frozenset[str]) -> Record:
    """With the fields that the office's table has now, whatever it had when they were written."""
    if record.fields.keys() == names:
        return record
    return msgspec.structs.replace(
        record,
        fields={name: record.fields.get(name) for name in names},
        pending={name: waiting for name, waiting in record.pending.items() if name in names},
    )
