"""Push: a batch of office changes takes effect once, whatever is repeated or lost."""

from __future__ import annotations

import msgspec

from samsyn.core import merge
from samsyn.core.changes import Delete, OfficeChange, Put, Refused, Taken
from samsyn.core.groups import marked
from samsyn.core.merge import Decision, Status
from samsyn.protocol import wire
from samsyn.protocol.messages import Batch, BatchAnswer, Cursor, Outcome, Refusal
from samsyn.records import checks, connections, marks, quarantine
from samsyn.records.catalogs import is_known
from samsyn.records.connections import Caller, ConnectionState
from samsyn.records.contact import LONGEST_AGE_MS
from samsyn.records.errors import BatchDiverged, BatchGap, CatalogUnknown
from samsyn.records.recent import RecentOnline
from samsyn.records.unit import Origin, Source, Unit, company_unit

UNTOLD = Cursor()
"""Of an office that tells none with its batches."""
MAX_NAME = 254
"""Characters of a writer's name that are kept."""


def push(
    caller: Caller,
    body: bytes,
    fence: int,
    at: str,
    cursor: Cursor = UNTOLD,
    age_ms: int | None = None,
) -> bytes:
    """Take a batch from the holder of a fencing number; the answer's bytes, the stored ones where the batch was taken before.

    `cursor` is the office's as the batch is sent. `age_ms` is what the office
    says of the oldest change that it had not sent; it is shown.

    Raises Fenced, StateDiverged, BatchGap, BatchDiverged and CatalogUnknown, which change nothing.
    """
    batch = wire.decode(body, Batch)
    origin = Origin(caller.connection, batch.number)
    with company_unit(caller.tenant, Source.OFFICE, caller.computer, at, origin) as unit:
        now = connections.state(caller, lock=True)
        connections.check_fence(now, fence)
        marks.check(caller.tenant, cursor)
        told = wire.body_hash(body)
        if batch.number == now.batch and told == now.batch_hash:
            return _stored_answer(caller)
        _check_next(now, batch)
        if not is_known(caller.tenant, batch.fingerprint):
            raise CatalogUnknown(fingerprint=batch.fingerprint)
        answer = wire.encode(_apply(unit, batch))
        _store(caller, now, batch, fence, told, answer, unit.head, at, age_ms)
        return answer


def _check_next(now: ConnectionState, batch: Batch) -> None:
    if batch.number == now.batch or (
        batch.number == now.batch + 1 and batch.previous != now.batch_hash
    ):
        raise BatchDiverged(number=batch.number)
    if batch.number != now.batch + 1:
        raise BatchGap(expected=now.batch + 1, number=batch.number)


def _apply(unit: Unit, batch: Batch) -> BatchAnswer:
    """Every change by the merge rules; one that cannot be taken goes to quarantine alone."""
    unit.load(change.id for change in batch.changes)
    keeper = quarantine.Keeper(unit, batch.changes)
    recent = RecentOnline(unit.tenant, unit.at)
    outcomes: list[Outcome] = []
    refusals: list[Refusal] = []
    for index, change in enumerate(batch.changes):
        refusal = checks.refusal(unit.types, index, change)
        if refusal is not None:
            refusals.append(refusal)
            keeper.refuse(change, refusal)
            continue
        decision = _decide(unit, change)
        if isinstance(change, Put):
            decision = recent.flagged(change, decision)
        if decision.lost:
            groups = unit.types[change.type].type.groups
            decision = msgspec.structs.replace(decision, lost=marked(groups, decision.lost))
        _take(unit, change, decision)
        keeper.take(change)
        if decision.lost or decision.status is not Status.APPLIED:
            outcomes.append(Outcome(index, decision.status, decision.lost))
    keeper.settle()
    return BatchAnswer(batch.number, unit.online_head, tuple(outcomes), tuple(refusals))


def _decide(unit: Unit, change: OfficeChange) -> Decision:
    record = unit.record(change.id)
    match change:
        case Put():
            return merge.office_put(record, change, unit.next_seq, unit.floor)
        case Delete():
            return merge.office_delete(record, change, unit.next_seq, unit.floor)
        case Refused():
            return merge.office_refused(record, change, unit.next_seq)
        case Taken():
            return merge.office_taken(record, change)


def _take(unit: Unit, change: OfficeChange, decision: Decision) -> None:
    match change:
        case Put():
            derived = [f for f in change.derived if f in decision.written]
            unit.take(
                change.id,
                decision,
                change.seen,
                change.seen_by_field,
                derived=derived,
                by=_writer(change),
            )
        case Delete():
            unit.take(change.id, decision, change.seen, by=_writer(change))
        case Refused():
            unit.take(change.id, decision, reason=change.reason)
        case Taken():
            unit.take(change.id, decision)


def _writer(change: Put | Delete) -> str:
    """Who at the office wrote it, as far as that is told and can be kept."""
    return change.by.replace("\0", "")[:MAX_NAME]


def _stored_answer(caller: Caller) -> bytes:
    found = caller.tenant.row(
        "SELECT batch_answer FROM records_connection"
        " WHERE company_id = %(company)s AND id = %(id)s",
        id=caller.connection,
    )
    assert found is not None, "the connection is locked"
    return bytes(found[0])


def _store(
    caller: Caller,
    now: ConnectionState,
    batch: Batch,
    fence: int,
    told: str,
    answer: bytes,
    head: int,
    at: str,
    age_ms: int | None,
) -> None:
    caller.tenant.execute(
        "UPDATE records_connection SET batch = %(batch)s, batch_hash = %(batch_hash)s,"
        " batch_answer = %(answer)s, fence = %(fence)s, floor = %(floor)s, last_seen = %(at)s,"
        " age_ms = %(age_ms)s, age_at = %(at)s"
        " WHERE company_id = %(company)s AND id = %(id)s",
        id=caller.connection,
        batch=batch.number,
        batch_hash=told,
        answer=answer,
        fence=fence,
        floor=max(now.floor, min(batch.floor, head)),
        at=at,
        age_ms=None if age_ms is None else min(age_ms, LONGEST_AGE_MS),
    )
