"""A record's past, as its office is told it."""

from __future__ import annotations

from samsyn.protocol.history import Past, PastChange, PastConflict
from samsyn.records.history import conflicts_of_record, history
from samsyn.records.tenant import Tenant, snapshot

MAX_LIMIT = 100


def past(tenant: Tenant, record: str, before: int | None, limit: int) -> Past:
    """Changes before a number of the log, and the conflicts; empty for a record that is not known."""
    with snapshot():
        changes = history(tenant, record, before, min(limit, MAX_LIMIT))
        lost = conflicts_of_record(tenant, record)
    return Past(
        tuple(
            PastChange(c.seq, c.at, c.action, c.source, c.by, c.fields or {}, c.office_batch)
            for c in changes
        ),
        tuple(
            PastConflict(
                one.id,
                one.office_seq,
                one.field,
                one.office,
                one.online,
                one.kept,
                one.online_by,
                one.outcome,
                one.reapplied_seq is not None,
            )
            for one in lost
        ),
    )
