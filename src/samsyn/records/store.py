"""The bulk statements of the record store."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.db import connection

from samsyn.core.record import Record
from samsyn.records.rows import row_of
from samsyn.records.tenant import Tenant, as_list, is_postgresql

ChangeRow = tuple[
    int, str, str, str, str, str | None, str, str | None,
    int | None, str | None, str | None, int | None, str | None,
]  # fmt: skip
CHANGE_COLUMNS = (
    "seq", "type", "record_id", "action", "source", "author", "at", "fields",
    "seen", "seen_by_field", "connection", "batch", "whole",
)  # fmt: skip
LoadedRow = tuple[str, str, str]
"""Id, key and fields, as JSON texts."""
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


class Loading(msgspec.Struct, frozen=True):
    """What the log rows of a chunk have in common."""

    type: str
    first_seq: int
    author: str | None
    at: str
    seen: int
    connection: str | None


def insert_loaded(tenant: Tenant, loading: Loading, rows: Sequence[LoadedRow]) -> None:
    """Insert records of the first load and their log rows, the fields as they came."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if is_postgresql():
            with cursor.copy(
                "COPY records_record (company_id, type, alive, version, id, key, fields) FROM STDIN"
            ) as copy:
                copy.write(_copy_text(tenant, loading, rows))
        else:
            cursor.executemany(
                "INSERT INTO records_record (company_id, type, alive, version, id, key, fields)"
                " VALUES (%s, %s, 1, %s, %s, %s, %s)",
                [
                    (tenant.company, loading.type, seq, *row)
                    for seq, row in enumerate(rows, loading.first_seq)
                ],
            )
    source = (
        "unnest(string_to_array(%(ids)s, ',')) WITH ORDINALITY AS ids (value, key)"
        if is_postgresql()
        else "json_each(%(ids)s)"
    )
    tenant.execute(
        "INSERT INTO records_change (company_id, seq, type, record_id, action, source, author, at,"
        " seen, connection) SELECT %(company)s, key + %(offset)s, %(type)s, value, 'insert',"
        f" 'office', %(author)s, %(at)s, %(seen)s, %(connection)s FROM {source}",
        ids=as_list([row[0] for row in rows]),
        offset=loading.first_seq - is_postgresql(),
        type=loading.type,
        author=loading.author,
        at=loading.at,
        seen=loading.seen,
        connection=loading.connection,
    )


def _copy_text(tenant: Tenant, loading: Loading, rows: Sequence[LoadedRow]) -> str:
    """The rows in the text format of COPY: a JSON text has backslashes, and may have white space."""
    start = f"{tenant.company}\t{_copied(loading.type)}\tt"
    lines = [
        f"{start}\t{seq}\t{record_id}\t{_copied(key)}\t{_copied(fields)}\n"
        for seq, (record_id, key, fields) in enumerate(rows, loading.first_seq)
    ]
    return "".join(lines)


_WHITE = str.maketrans({"\t": " ", "\n": " ", "\r": " "})


def _copied(text: str) -> str:
    """A value of COPY's text format."""
    if "\n" in text or "\t" in text or "\r" in text:
        text = text.translate(_WHITE)
    return text.replace("\\", "\\\\")
