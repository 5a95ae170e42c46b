"""The bulk statements of the record store."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import msgspec
from django.db import connection

from samsyn.core.cells import Cell
from samsyn.core.record import Record
from samsyn.records import references, wall
from samsyn.records.rows import row_of, to_json, waiting_of
from samsyn.records.tenant import Row, Tenant, as_list, is_postgresql

Columns = dict[str, str]
"""Names, each with PostgreSQL's type."""
ChangeRow = tuple[
    int, str, str, str, str, str | None, str, str | None,
    int | None, str | None, str | None, int | None, str | None, str | None, str | None, int | None,
]  # fmt: skip
CHANGE_COLUMNS: Columns = {
    "seq": "bigint", "type": "text", "record_id": "text", "action": "text", "source": "text",
    "author": "text", "at": "text", "fields": "jsonb", "seen": "bigint", "seen_by_field": "jsonb",
    "connection": "text", "batch": "bigint", "whole": "jsonb",
    "derived": "jsonb", "mark": "text", "chunk": "bigint",
}  # fmt: skip
LOADED_COLUMNS = ("id", "key", "fields")
LoadedRow = tuple[str, str, str]
"""Id, key and fields, as JSON texts."""
ConflictRow = tuple[
    int, int, str, str, str | None, str | None, str, str, str,
    int, str | None, str | None, str | None, str, str, str, str | None, str | None,
]  # fmt: skip
CONFLICT_COLUMNS: Columns = {
    "office_seq": "bigint", "no": "integer", "type": "text", "record_id": "text", "key": "text",
    "field": "text", "base": "text", "office": "text", "online": "text", "online_seq": "bigint",
    "online_by": "text", "online_at": "text", "office_by": "text", "at": "text", "kept": "text",
    "outcome": "text", "reason": "text", "decided": "text",
}  # fmt: skip
RECORD_COLUMNS: Columns = {
    "id": "text", "type": "text", "key": "text", "version": "bigint", "alive": "boolean",
    "fields": "jsonb", "pending": "jsonb",
}  # fmt: skip


def put_records(tenant: Tenant, records: Sequence[tuple[Record | None, Record]]) -> None:
    """Insert records, or replace those that are there; each with how it stood before."""
    whole: list[Record] = []
    patched: list[tuple[Record, dict[str, Cell]]] = []
    for before, now in records:
        if is_postgresql() and before is not None and before.fields.keys() <= now.fields.keys():
            patched.append((now, _changed(before, now)))
        else:
            whole.append(now)
    references.keep(tenant, records)
    _patch(tenant, patched)
    _insert(
        tenant,
        "records_record",
        RECORD_COLUMNS,
        [row_of(record) for record in whole],
        " ON CONFLICT (company_id, id) DO UPDATE SET key = excluded.key,"
        " version = excluded.version, alive = excluded.alive, fields = excluded.fields,"
        " pending = excluded.pending",
    )


def _changed(before: Record, now: Record) -> dict[str, Cell]:
    """The fields that are not as they were."""
    nothing = object()
    return {f: cell for f, cell in now.fields.items() if before.fields.get(f, nothing) is not cell}


def _patch(tenant: Tenant, records: Sequence[tuple[Record, dict[str, Cell]]]) -> None:
    """On PostgreSQL only what changed travels: to read a whole record as JSON again costs more."""
    if not records:
        return
    tenant.execute_often(
        "UPDATE records_record AS r SET key = q.key, version = q.version, alive = q.alive,"
        " fields = r.fields || q.fields::jsonb, pending = q.pending::jsonb"
        " FROM json_to_recordset(%(rows)s::json) AS q"
        " (id text, key text, version bigint, alive boolean, fields text, pending text)"
        " WHERE r.company_id = %(company)s AND r.id = q.id",
        rows=to_json(
            [
                {
                    "id": now.id,
                    "key": None if now.key is None else to_json(now.key),
                    "version": now.version,
                    "alive": now.alive,
                    "fields": to_json(fields),
                    "pending": waiting_of(now),
                }
                for now, fields in records
            ]
        ),
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
    tenant.execute_often(
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
    chunk: int | None


def insert_loaded(tenant: Tenant, loading: Loading, rows: Sequence[LoadedRow]) -> None:
    """Insert records of the first load and their log rows, the fields as they came."""
    if not rows:
        return
    if is_postgresql():
        _copy_loaded(tenant, loading, rows)
    else:
        columns = ("type", "alive", "version", *LOADED_COLUMNS)
        numbered = enumerate(rows, loading.first_seq)
        tenant.insert(
            "records_record", columns, [(loading.type, 1, seq, *row) for seq, row in numbered]
        )
    source = (
        "unnest(string_to_array(%(ids)s, ',')) WITH ORDINALITY AS ids (value, key)"
        if is_postgresql()
        else "json_each(%(ids)s)"
    )
    tenant.execute(
        "INSERT INTO records_change (company_id, seq, type, record_id, action, source, author, at,"
        " seen, connection, chunk) SELECT %(company)s, key + %(offset)s, %(type)s, value, 'insert',"
        f" 'office', %(author)s, %(at)s, %(seen)s, %(connection)s, %(chunk)s FROM {source}",
        ids=as_list([row[0] for row in rows]),
        offset=loading.first_seq - is_postgresql(),
        type=loading.type,
        author=loading.author,
        at=loading.at,
        seen=loading.seen,
        connection=loading.connection,
        chunk=loading.chunk,
    )


def _copy_loaded(tenant: Tenant, loading: Loading, rows: Sequence[LoadedRow]) -> None:
    """COPY writes to no table behind the wall, so it writes beside it, and the rows go on from there."""
    names = ", ".join(("company_id", "type", "alive", "version", *LOADED_COLUMNS))
    wall.enter(tenant.company)
    walled = wall.is_walled()
    table = "loaded" if walled else "records_record"
    with connection.cursor() as cursor:
        if walled:
            cursor.execute(
                "CREATE TEMPORARY TABLE IF NOT EXISTS loaded (company_id text, type text,"
                " alive boolean, version bigint, id text, key text, fields jsonb)"
                " ON COMMIT DELETE ROWS"
            )
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for block in _copy_texts(tenant, loading, rows):
                copy.write(block)
        if walled:
            cursor.execute(f"INSERT INTO records_record ({names}) SELECT {names} FROM loaded")
            cursor.execute("TRUNCATE loaded")


COPIED_AT_ONCE = 500
"""Rows of one write: PostgreSQL stores them while the next ones are made ready."""


def _copy_texts(tenant: Tenant, loading: Loading, rows: Sequence[LoadedRow]) -> Iterator[str]:
    """The rows in the text format of COPY, some at a time."""
    start = f"{tenant.company}\t{_copied(loading.type)}\tt"
    numbered = enumerate(rows, loading.first_seq)
    while some := list(itertools.islice(numbered, COPIED_AT_ONCE)):
        block = "".join([f"{start}\t{seq}\t{row[0]}\t{row[1]}\t{row[2]}\n" for seq, row in some])
        if _is_plain(block, len(some)):
            yield block
        else:
            yield "".join(
                f"{start}\t{seq}\t{record_id}\t{_copied(key)}\t{_copied(fields)}\n"
                for seq, (record_id, key, fields) in some
            )


def _is_plain(block: str, rows: int) -> bool:
    """Nothing in the lines needs an escape: asked once for all, as most need none."""
    return (
        "\\" not in block
        and "\r" not in block
        and block.count("\n") == rows
        and block.count("\t") == 6 * rows
    )


_WHITE = str.maketrans({"\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _copied(text: str) -> str:
    """A value of COPY's text format: a JSON text has backslashes, and it or a type's name white space."""
    text = text.replace("\\", "\\\\")
    if "\n" in text or "\t" in text or "\r" in text:
        text = text.translate(_WHITE)
    return text
