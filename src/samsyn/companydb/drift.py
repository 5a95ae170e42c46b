"""Schema drift: how a synced table stands against what was attached, and a mark that changes with it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from samsyn.companydb.propose import stable_key
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.schema import Schema, Table
from samsyn.core.catalog import RecordType

POSTGRES_MARK = """
WITH synced AS (
  SELECT c.oid FROM unnest($1::text[], $2::text[]) AS s(n, t)
    JOIN pg_namespace AS n ON n.nspname = s.n JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = s.t
), told AS (
  SELECT concat_ws(':', 'a', a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attgenerated) AS x
    FROM pg_attribute AS a JOIN synced AS s ON s.oid = a.attrelid WHERE a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT concat_ws(':', 'i', i.indrelid, i.indkey, i.indisprimary, i.indisunique)
    FROM pg_index AS i JOIN synced AS s ON s.oid = i.indrelid WHERE i.indisunique
  UNION ALL
  SELECT concat_ws(':', 't', t.tgrelid, t.tgname, t.tgenabled, t.tgfoid)
    FROM pg_trigger AS t WHERE t.tgname LIKE 'samsyn\\_%' AND t.tgparentid = 0
  UNION ALL
  SELECT concat_ws(':', 'f', p.oid, md5(p.prosrc)) FROM pg_proc AS p
   WHERE p.pronamespace = to_regnamespace('samsyn')
)
SELECT coalesce(md5(string_agg(x, ',' ORDER BY x)), '') FROM told
"""


class Drift(msgspec.Struct, frozen=True):
    """What became of one synced table.

    `code` is None where it can be synced as before; else `TABLE_GONE`,
    `FIELDS_GONE`, `FIELDS_RETYPED`, `KEY_CHANGED`, `REFERENCE_GONE` or
    `TABLE_UNREADABLE`, with the fields it is about. `added` names columns that
    the catalog does not know.
    """

    code: str | None = None
    fields: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    reason: str = ""


def mark(db: CompanyDb) -> str:
    """Changes whenever a synced table, its keys or our triggers do; on SQLite with any table."""
    if db.engine == "sqlite":
        return str(db.rows("PRAGMA main.schema_version")[0][0])
    types = list(db.types.values())
    names = [t.schema for t in types], [t.table for t in types]
    return str(db.rows(POSTGRES_MARK, *names)[0][0])


def compare(record_type: RecordType, schema: Schema, types: Mapping[str, RecordType]) -> Drift:
    """How the type's table stands against what was attached."""
    table = _table(schema, record_type)
    if table is None:
        return Drift("TABLE_GONE")
    if table.unreadable is not None or table.missing_privileges:
        reason = table.unreadable or ", ".join(table.missing_privileges)
        return Drift("TABLE_UNREADABLE", reason=reason)
    columns = {column.name: column for column in table.columns}
    known = {field.column for field in record_type.fields}
    added = tuple(name for name in columns if name not in known)
    if gone := tuple(f.name for f in record_type.fields if f.column not in columns):
        return Drift("FIELDS_GONE", gone, added)
    if retyped := tuple(
        f.name
        for f in record_type.fields
        if (f.storage, f.generated) != (columns[f.column].storage, columns[f.column].generated)
    ):
        return Drift("FIELDS_RETYPED", retyped, added)
    key = stable_key(table)
    if key is None or key.columns != record_type.key_columns:
        return Drift("KEY_CHANGED", () if key is None else key.columns, added)
    if lost := tuple(
        f.name
        for f in record_type.fields
        if f.reference is not None
        and not _is_readable(schema, types.get(f.reference.type), f.reference.column)
    ):
        return Drift("REFERENCE_GONE", lost, added)
    return Drift(added=added)


def _is_readable(schema: Schema, target: RecordType | None, column: str) -> bool:
    """Whether what a reference leads to can be found: by its key, our own table is enough."""
    if target is None or target.key == (column,):
        return True
    table = _table(schema, target)
    needed = {target.field(column).column, *target.key_columns}
    return table is not None and needed <= {c.name for c in table.columns}


def _table(schema: Schema, record_type: RecordType) -> Table | None:
    try:
        return schema.table(record_type.table, record_type.schema)
    except KeyError:
        return None
