"""Freezing: a field on which two programs answer each other is held, listed, and let go by a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import uuid_utils

from samsyn.core.cells import Cell, same
from samsyn.core.changes import Operation, Refused
from samsyn.core.oscillation import FieldWrite, oscillates
from samsyn.core.record import Record, frozen_fields
from samsyn.core.values import render_key
from samsyn.records.rows import to_json
from samsyn.records.tenant import Tenant

OSCILLATES = "OSCILLATES"
LOOKED_AT = 40
"""Changes of a record that are looked at; of other fields there may be some between."""
PEOPLE = frozenset(["web", "undo", "reapply"])


def oscillating(tenant: Tenant, record: Record, fields: Mapping[str, Cell]) -> list[str]:
    """The fields that a program is about to write once more to no end."""
    changed = {f: v for f, v in fields.items() if not same(record.fields.get(f), v)}
    if not changed or changed.keys() <= record.pending.keys():
        return []
    rows = tenant.rows(
        "SELECT source, connection, fields FROM records_change WHERE company_id = %(company)s"
        " AND record_id = %(record)s AND fields IS NOT NULL ORDER BY seq DESC LIMIT %(limit)s",
        record=record.id,
        limit=LOOKED_AT,
    )
    log = [
        (source == "office" or connection is not None, source in PEOPLE, _written.decode(written))
        for source, connection, written in rows
    ]
    return [
        name
        for name, value in changed.items()
        if oscillates(
            (FieldWrite(o, p, written[name][1]) for o, p, written in log if name in written), value
        )
    ]


def note(tenant: Tenant, at: str, before: Record | None, after: Record) -> bool:
    """What of a record is frozen now lies in quarantine; what no longer is has left it. Whether there is more."""
    nothing = frozenset[str]()
    was = frozen_fields(before) if before is not None else nothing
    now = frozen_fields(after) if after.alive else nothing
    for name in sorted(was - now):
        _release(tenant, at, after.id, name)
    for name in sorted(now - was):
        _report(tenant, at, after, name)
    return bool(now - was)


def _report(tenant: Tenant, at: str, record: Record, field: str) -> None:
    pending = record.pending[field]
    both = (render_key(record.fields.get(field)), render_key(pending.base))
    reason = " ⇄ ".join(str(value) for value in both).replace("\0", "\N{REPLACEMENT CHARACTER}")
    refused = Refused(
        record.type, record.id, pending.seq, Operation.UPDATE, (field,), OSCILLATES, reason, field
    )
    tenant.insert(
        "records_quarantine",
        ("id", "side", "type", "record_id", "key", "field", "code", "reason", "since", "item"),
        [
            (
                uuid_utils.uuid7().hex,
                "office",
                record.type,
                record.id,
                None if record.key is None else to_json(record.key),
                field,
                OSCILLATES,
                reason,
                at,
                to_json(refused),
            )
        ],
    )


def _release(tenant: Tenant, at: str, record: str, field: str) -> None:
    tenant.execute(
        "UPDATE records_quarantine SET resolved_at = %(at)s WHERE company_id = %(company)s"
        " AND record_id = %(record)s AND code = %(code)s AND field = %(field)s"
        " AND resolved_at IS NULL",
        at=at,
        record=record,
        code=OSCILLATES,
        field=field,
    )


_written = msgspec.json.Decoder(dict[str, tuple[Any, Any]])  # Any: cells
