"""Who is in the way: the rows that have a unique value which a refused change was to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import apsw
import msgspec
import psycopg

from samsyn.companydb.conditions import index_condition
from samsyn.companydb.opening import PostgresSession, SqliteSession
from samsyn.companydb.quoting import postgres_name, sqlite_name
from samsyn.companydb.references import ParentMissing, raw_fields
from samsyn.companydb.row_sql import key_cast, table_name
from samsyn.companydb.rows import CompanyDb, Key
from samsyn.companydb.values_postgres import bound
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell, to_value
from samsyn.core.changes import Holder


class UniqueIndex(msgspec.Struct, frozen=True):
    """A unique index: its parts, the fields in them, the condition of a partial one.

    A part is two expressions: over a row of the table, and over what is given.
    `named` are the fields that people are told of.
    """

    parts: tuple[tuple[str, str], ...]
    fields: tuple[str, ...]
    named: tuple[str, ...]
    condition: str | None = None


def holders(
    db: CompanyDb, record_type: RecordType, record: str, fields: Mapping[str, Cell]
) -> tuple[Holder, ...]:
    """The other records that have what `fields`, the whole row as it was to be, would bring.

    One for each unique index that is hit. An index that cannot be looked
    through (an expression on SQLite, a missing collation) tells nothing.
    """
    found: dict[str, dict[str, None]] = {}
    for index in _indexes(db, record_type):
        key = _holding(db, record_type, index, fields)
        other = None if key is None else db.ids_of(record_type, [key]).get(key)
        if other is not None and other != record:
            found.setdefault(other, {}).update(dict.fromkeys(index.named))
    return tuple(Holder(other, tuple(names)) for other, names in found.items())


def _holding(
    db: CompanyDb, record_type: RecordType, index: UniqueIndex, fields: Mapping[str, Cell]
) -> Key | None:
    try:
        values = raw_fields(db, record_type, {name: fields[name] for name in index.fields})
    except (KeyError, ParentMissing):
        return None  # a column that is not synced, or a reference to what is still to come
    if None in values.values():
        return None
    try:
        with _harmless(db):
            return _row_with(db, record_type, index, values)
    except (apsw.Error, psycopg.Error):
        return None  # a collation or a function that only the other program has


@contextmanager
def _harmless(db: CompanyDb) -> Iterator[None]:
    """A look that may fail without the transaction around it failing too."""
    if isinstance(db, PostgresSession):
        with db.connection.transaction():
            yield
    else:
        yield


def _indexes(db: CompanyDb, record_type: RecordType) -> Iterator[UniqueIndex]:
    if isinstance(db, PostgresSession):
        yield from _of_postgres(db, record_type)
    else:
        assert isinstance(db, SqliteSession), "one of the two engines"
        yield from _of_sqlite(db, record_type)


def _row_with(
    db: CompanyDb, record_type: RecordType, index: UniqueIndex, values: Mapping[str, Cell]
) -> Key | None:
    """The key of the row that the index has for these values."""
    postgres = isinstance(db, PostgresSession)
    quoted = postgres_name if postgres else sqlite_name
    given = ", ".join(
        f"${n}::text::{key_cast(field.storage)} AS {quoted(field.column)}"
        if postgres
        else f"${n} AS {quoted(field.column)}"
        for n, field in enumerate(map(record_type.field, values), 1)
    )
    text = "::text" if postgres else ""
    keys = ", ".join(f"t.{quoted(column)}{text}" for column in record_type.key_columns)
    match = [f"{row} = (SELECT {new} FROM samsyn_given)" for row, new in index.parts]
    if index.condition:
        match += [index.condition]
    found = db.rows(
        f"WITH samsyn_given AS (SELECT {given})"
        f" SELECT {keys} FROM {table_name(db.engine, record_type)} AS t"
        f" WHERE {' AND '.join(match)} LIMIT 1",
        *(bound(cell) if postgres else to_value(cell) for cell in values.values()),
    )
    return tuple(found[0]) if found else None


# --- each engine's indexes ------------------------------------------------------------


def _of_sqlite(db: SqliteSession, record_type: RecordType) -> Iterator[UniqueIndex]:
    table = sqlite_name(record_type.table)
    keys = [sqlite_name(column) for column in record_type.key_columns]
    yield UniqueIndex(tuple(zip(keys, keys, strict=True)), record_type.key, record_type.key)
    for _, name, unique, _, partial in db.rows(f"PRAGMA main.index_list({table})"):
        if not unique:
            continue
        info = db.rows(f"PRAGMA main.index_xinfo({sqlite_name(str(name))})")
        parts = [(row[1], str(row[2]), str(row[4])) for row in info if row[5]]
        if any(cid < 0 for cid, _, _ in parts):
            continue
        fields = tuple(record_type.field_of(column) for _, column, _ in parts)
        [(sql,)] = db.rows("SELECT sql FROM main.sqlite_master WHERE name = $1", name) or [(None,)]
        yield UniqueIndex(
            tuple(
                (f"{sqlite_name(c)} COLLATE {sqlite_name(rule)}", sqlite_name(c))
                for _, c, rule in parts
            ),
            fields,
            fields,
            index_condition(str(sql)) if partial and sql else None,
        )


INDEXES = """
SELECT ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, true) FROM generate_series(1, i.indnkeyatts) k),
       ARRAY(SELECT a.attname::text FROM pg_depend d
               JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
              WHERE d.refobjid = i.indrelid AND a.attnum > 0
                AND (d.classid, d.objid) IN (('pg_class'::regclass, i.indexrelid),
                    ('pg_constraint'::regclass, (SELECT c.oid FROM pg_constraint c
                      WHERE c.conindid = i.indexrelid AND c.conrelid = i.indrelid
                        AND c.contype IN ('p', 'u') LIMIT 1)))
              GROUP BY a.attname, a.attnum ORDER BY a.attnum),
       ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (num, place)
               JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num
              WHERE k.place <= i.indnkeyatts AND NOT (0 = ANY(i.indkey)) ORDER BY k.place),
       pg_get_expr(i.indpred, i.indrelid)
  FROM pg_index i WHERE i.indisunique AND i.indisvalid AND i.indrelid = $1::text::regclass
"""
"""Parts as expressions, the columns that the index depends on, its own where they are plain, the condition."""


def _of_postgres(db: PostgresSession, record_type: RecordType) -> Iterator[UniqueIndex]:
    for parts, columns, named, condition in db.rows(INDEXES, table_name("postgresql", record_type)):
        told = tuple((f"({part})", f"({part})") for part in parts)
        fields = tuple(record_type.field_of(column) for column in columns)
        own = tuple(record_type.field_of(column) for column in named)
        yield UniqueIndex(told, fields, own or fields, condition)
