"""The bulk statements of the record store."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.db import connection

from samsyn.core.record import Record
from samsyn.protocol.messages import LoadedRecord
from samsyn.records.rows import row_of, to_json
from samsyn.records.tenant import Tenant

ChangeRow = tuple[
    int, str, str, str, str, str | None, str, str | None,
    int | None, str | None, str | None, int | None, str | None,
]  # fmt: skip
CHANGE_COLUMNS = (
    "seq", "type", "record_id", "action", "source", "author", "at", "fields",
    "seen", "seen_by_field", "connection", "batch", "whole",
)  # fmt: skip
ConflictRow = tuple[
    int, int, str, str, str | None, str | None, str, str, str,
    int, str | None, str | None, str | None, str, str, str, str | None,
]  # fmt: skip
CONFLICT_COLUMNS = (
    "office_seq", "no", "type", "record_id", "key", "field", "base", "office", "online",
    "online_seq", "online_by", "online_at", "office_by", "at", "kept", "outcome", "reason",
)  # fmt: skip


def put_records(tenant: Tenant, records: Sequence[Record]) -> None:
    """Insert records, or replace those that are there."""
    if not records:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO records_record"
            " (company_id, id, type, key, version, alive, fields, pending)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (company_id, id) DO UPDATE SET key = excluded.key,"
            " version = excluded.version, alive = excluded.alive, fields = excluded.fields,"
            " pending = excluded.pending",
            [(tenant.company, *row_of(record)) for record in records],
        )


def add_changes(tenant: Tenant, rows: Sequence[ChangeRow]) -> None:
    """Append rows to the change log."""
    if rows:
        tenant.insert("records_change", CHANGE_COLUMNS, rows)


def add_conflicts(tenant: Tenant, rows: Sequence[ConflictRow]) -> None:
    """Append conflicts."""
    if rows:
        tenant.insert("records_conflict", CONFLICT_COLUMNS, rows)


class LoadedRows(msgspec.Struct, frozen=True):
    """What the log rows of a chunk have in common."""

    type: str
    first_seq: int
    author: str | None
    at: str
    seen: int
    connection: str | None


def insert_loaded(tenant: Tenant, rows: LoadedRows, records: Sequence[LoadedRecord]) -> None:
    """Insert records of the first load and their log rows, the fields as they came."""
    if not records:
        return
    company, type_ = tenant.company, rows.type
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO records_record"
            " (company_id, id, type, key, version, alive, fields, pending)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, NULL)",
            [
                (company, r.id, type_, to_json(r.key), seq, True, bytes(r.fields).decode())
                for seq, r in enumerate(records, rows.first_seq)
            ],
        )
        cursor.executemany(
            "INSERT INTO records_change (company_id, seq, type, record_id, action, source,"
            " author, at, seen, connection) VALUES (%s, %s, %s, %s, 'insert', 'office',"
            " %s, %s, %s, %s)",
            [
                (company, seq, type_, r.id, rows.author, rows.at, rows.seen, rows.connection)
                for seq, r in enumerate(records, rows.first_seq)
            ],
        )
