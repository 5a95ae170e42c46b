"""The bulk statements of the record store."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.db import connection

from samsyn.core.record import Record
from samsyn.records.rows import row_of, to_json
from samsyn.records.tenant import Row, Tenant, as_list, is_postgresql

Columns = dict[str, str]
"""Names, each with PostgreSQL's type."""
ChangeRow = tuple[
    int, str, str, str, str, str | None, str, str | None,
    int | None, str | None, str | None, int | None, str | None,
]  # fmt: skip
CHANGE_COLUMNS: Columns = {
    "seq": "bigint", "type": "text", "record_id": "text", "action": "text", "source": "text",
    "author": "text", "at": "text", "fields": "jsonb", "seen": "bigint", "seen_by_field": "jsonb",
    "connection": "text", "batch": "bigint", "whole": "jsonb",
}  # fmt: skip
LoadedRow = tuple[str, str, str]
"""Id, key and fields, as JSON texts."""
ConflictRow = tuple[
    int, int, str, str, str | None, str | None, str, str, str,
    int, str | None, str | None, str | None, str, str, str, str | None,
]  # fmt: skip
CONFLICT_COLUMNS: Columns = {
    "office_seq": "bigint", "no": "integer", "type": "text", "record_id": "text", "key": "text",
    "field": "text", "base": "text", "office": "text", "online": "text", "online_seq": "bigint",
    "online_by": "text", "online_at": "text", "office_by": "text", "at": "text", "kept": "text",
    "outcome": "text", "reason": "text",
}  # fmt: skip
RECORD_COLUMNS: Columns = {
    "id": "text", "type": "text", "key": "text", "version": "bigint", "alive": "boolean",
    "fields": "jsonb", "pending": "jsonb",
}  # fmt: skip


def put_records(tenant: Tenant, records: Sequence[Record]) -> None:
    """Insert records, or replace those that are there."""
    _insert(
        tenant,
        "records_record",
        RECORD_COLUMNS,
        [row_of(record) for record in records],
        " ON CONFLICT (company_id, id) DO UPDATE SET key = excluded.key,"
        " version = excluded.version, alive = excluded.alive, fields = excluded.fields,"
        " pending = excluded.pending",
    )


def add_changes(tenant: Tenant, rows: Sequence[ChangeRow]) -> None:
    """Append rows to the change log."""
    _insert(tenant, "records_change", CHANGE_COLUMNS, rows)


def add_conflicts(tenant: Tenant, rows: Sequence[ConflictRow]) -> None:
    """Append conflicts."""
    _insert(tenant, "records_conflict", CONFLICT_COLUMNS, rows)


def _insert(
    tenant: Tenant, table: str, columns: Columns, rows: Sequence[Row], otherwise: str = ""
) -> None:
    """Insert rows; on PostgreSQL as one JSON text, many times quicker than a statement for each."""
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    if not is_postgresql():
        tenant.insert(table, tuple(columns), rows, otherwise)
        return
    values = ", ".join(
        f'"{name}"::jsonb' if kind == "jsonb" else f'"{name}"' for name, kind in columns.items()
    )
    told = ", ".join(
        f'"{name}" {"text" if kind == "jsonb" else kind}' for name, kind in columns.items()
    )
    tenant.execute(
        f"INSERT INTO {table} (company_id, {names}) SELECT %(company)s, {values}"
        f" FROM json_to_recordset(%(rows)s::json) AS rows ({told}){otherwise}",
        rows=to_json([dict(zip(columns, row, strict=True)) for row in rows]),
    )


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


_WHITE = str.maketrans({"\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _copied(text: str) -> str:
    """A value of COPY's text format; a type's name may hold white space too."""
    text = text.replace("\\", "\\\\")
    if "\n" in text or "\t" in text or "\r" in text:
        text = text.translate(_WHITE)
    return text
