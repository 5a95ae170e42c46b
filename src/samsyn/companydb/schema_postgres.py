"""Reads the schema of a PostgreSQL database from its catalogs."""

from __future__ import annotations

from collections import defaultdict
from typing import TypeAlias

from samsyn.companydb.opening import PostgresSession, Row
from samsyn.companydb.schema import (
    Check,
    Column,
    ForeignKey,
    Given,
    KeyPart,
    Schema,
    Table,
    TableKind,
    Trigger,
    UniqueKey,
    View,
)

ByTable: TypeAlias = dict[int, list[Row]]

PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRIGGER")

RELATIONS = """
SELECT c.oid::bigint, n.nspname::text, c.relname::text, c.relkind::text, c.relispartition,
       c.relpersistence::text, pg_has_role(c.relowner, 'USAGE'), row_security_active(c.oid),
       EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                AND d.objid = c.oid AND d.deptype = 'e'),
       EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid),
       CASE WHEN c.relkind = 'p' THEN
         ARRAY(SELECT ARRAY[pn.nspname::text, pc.relname::text]
                 FROM pg_partition_tree(c.oid) p
                 JOIN pg_class pc ON pc.oid = p.relid JOIN pg_namespace pn ON pn.oid = pc.relnamespace
                WHERE p.level > 0 ORDER BY 1) ELSE '{}' END,
       ARRAY(SELECT wanted FROM unnest($1::text[]) wanted
              WHERE NOT has_table_privilege(c.oid, wanted))
         || ARRAY(SELECT 'USAGE ON ' || s.oid::regclass::text
              FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
             WHERE d.classid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.deptype = 'a'
               -- CASE: the function fails for what is no sequence, and may be called first
               AND CASE WHEN s.relkind = 'S' THEN NOT has_sequence_privilege(s.oid, 'USAGE') END),
       has_schema_privilege(n.oid, 'USAGE')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'samsyn')
   AND n.nspname !~ '^pg_(toast|temp)'
 ORDER BY n.nspname, c.oid
"""

COLUMNS = """
WITH RECURSIVE below(type, base, typmod, not_null) AS (
    SELECT oid, oid, -1, false FROM pg_type WHERE typtype <> 'd'
    UNION ALL
    SELECT t.oid, b.base, CASE WHEN b.typmod = -1 THEN t.typtypmod ELSE b.typmod END,
           b.not_null OR t.typnotnull
      FROM pg_type t JOIN below b ON b.type = t.typbasetype WHERE t.typtype = 'd'
)
SELECT a.attrelid::bigint, a.attname::text, format_type(a.atttypid, a.atttypmod),
       t.typname::text, t.typtype::text, CASE WHEN a.atttypmod = -1 THEN b.typmod ELSE a.atttypmod END,
       a.attnotnull OR b.not_null, pg_get_expr(d.adbin, d.adrelid), a.attgenerated::text,
       a.attidentity::text, CASE WHEN l.collname <> 'default' THEN l.collname::text END,
       COALESCE(l.collisdeterministic, true),
       ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'f')
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN below b ON b.type = a.atttypid
  JOIN pg_type t ON t.oid = b.base
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_collation l ON l.oid = a.attcollation
 WHERE a.attnum > 0 AND NOT a.attisdropped
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'samsyn')
   AND n.nspname !~ '^pg_(toast|temp)'
 ORDER BY a.attrelid, a.attnum
"""

KEYS = """
SELECT i.indrelid::bigint, x.relname::text, i.indisprimary, i.indpred IS NOT NULL,
       ARRAY(SELECT a.attname::text
               FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, place)
               LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                                       AND k.attnum > 0
              WHERE k.place <= i.indnkeyatts ORDER BY k.place)
  FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
 WHERE i.indisunique AND i.indisvalid AND i.indrelid = ANY($1::oid[])
 ORDER BY i.indrelid, NOT i.indisprimary, x.oid
"""

FOREIGN_KEYS = """
SELECT k.conrelid::bigint, n.nspname::text, r.relname::text,
       ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY c(num, place)
               JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.num ORDER BY c.place),
       ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY c(num, place)
               JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = c.num ORDER BY c.place),
       k.confdeltype::text, k.confupdtype::text, k.condeferrable
  FROM pg_constraint k
  JOIN pg_class r ON r.oid = k.confrelid JOIN pg_namespace n ON n.oid = r.relnamespace
 WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid = ANY($1::oid[])
 ORDER BY k.conrelid, k.conkey, k.oid
"""

CHECKS = """
SELECT conrelid::bigint, pg_get_expr(conbin, conrelid) FROM pg_constraint
 WHERE contype = 'c' AND conrelid = ANY($1::oid[]) ORDER BY conrelid, oid
"""

TRIGGERS = """
SELECT tgrelid::bigint, tgname::text, pg_get_triggerdef(oid) FROM pg_trigger
 WHERE NOT tgisinternal AND tgname NOT LIKE 'samsyn\\_%' AND tgrelid = ANY($1::oid[])
 ORDER BY tgrelid, tgname
"""

ACTIONS = {
    "a": "NO ACTION",
    "r": "RESTRICT",
    "c": "CASCADE",
    "n": "SET NULL",
    "d": "SET DEFAULT",
}


def read_schema(session: PostgresSession) -> Schema:
    """All tables and views of every schema that is neither the server's nor ours.

    Names of types depend on the search path: here they are told the same in every session.
    """
    ((path,),) = session.rows("SELECT pg_catalog.current_setting('search_path')")
    _set_path(session, "pg_catalog")
    schema = _read_schema(session)
    _set_path(session, path)
    return schema


def _set_path(session: PostgresSession, path: str) -> None:
    session.run("SELECT pg_catalog.set_config('search_path', $1, false)", path)


def _read_schema(session: PostgresSession) -> Schema:
    relations = session.rows(RELATIONS, list(PRIVILEGES))
    views = tuple(View(row[2], row[1]) for row in relations if row[3] in "vm")
    tables = [row for row in relations if row[3] not in "vm"]
    oids = [row[0] for row in tables]
    columns = _grouped(session.rows(COLUMNS))
    keys = _grouped(session.rows(KEYS, oids))
    foreign_keys = _grouped(session.rows(FOREIGN_KEYS, oids))
    checks = _grouped(session.rows(CHECKS, oids))
    triggers = _grouped(session.rows(TRIGGERS, oids))
    return Schema(
        "postgresql",
        tuple(
            _table(
                row,
                columns=tuple(_column(found) for found in columns[row[0]]),
                keys=tuple(_key(found) for found in keys[row[0]]),
                foreign_keys=tuple(_foreign_key(found) for found in foreign_keys[row[0]]),
                checks=tuple(Check(found[1]) for found in checks[row[0]]),
                triggers=tuple(Trigger(found[1], found[2]) for found in triggers[row[0]]),
            )
            for row in tables
        ),
        views,
    )


def _grouped(rows: list[Row]) -> ByTable:
    grouped: ByTable = defaultdict(list)
    for row in rows:
        grouped[row[0]].append(row)
    return grouped


def _table(
    row: Row,
    *,
    columns: tuple[Column, ...],
    keys: tuple[UniqueKey, ...],
    foreign_keys: tuple[ForeignKey, ...],
    checks: tuple[Check, ...],
    triggers: tuple[Trigger, ...],
) -> Table:
    missing = [str(privilege) for privilege in row[11]]
    if not row[12]:
        missing.append("USAGE")
    return Table(
        name=row[2],
        schema=row[1],
        kind=_kind(row),
        columns=columns,
        keys=keys,
        foreign_keys=foreign_keys,
        checks=checks,
        triggers=triggers,
        partitions=tuple((schema, name) for schema, name in row[10]),
        owned=row[6],
        missing_privileges=tuple(missing),
        row_security=row[7],
    )


def _kind(row: Row) -> TableKind:
    _oid, _schema, _name, kind, is_partition, persistence, *_rest = row
    extension, has_children = row[8], row[9]
    if extension:
        return TableKind.SYSTEM
    if is_partition:
        return TableKind.PARTITION
    if kind == "p":
        return TableKind.PARTITIONED
    if kind == "f":
        return TableKind.FOREIGN
    if persistence == "u":
        return TableKind.UNLOGGED
    return TableKind.INHERITED if has_children else TableKind.PLAIN


def _column(row: Row) -> Column:
    (_oid, name, storage, base, category, typmod, not_null, default) = row[:8]
    generated, identity, collation, deterministic, labels = row[8:]
    precision, scale = _numeric_size(base, typmod)
    return Column(
        name=name,
        declared=storage,
        storage=storage,
        base=base,
        category=category,
        not_null=not_null,
        default=None if generated else default,
        generated=bool(generated),
        given=_given(identity, default),
        collation=collation,
        labels=tuple(labels),
        max_length=typmod - 4 if base in ("varchar", "bpchar") and typmod > 4 else None,
        precision=precision,
        scale=scale,
        deterministic=deterministic,
    )


def _given(identity: str, default: str | None) -> Given:
    if identity == "a":
        return Given.ALWAYS
    if identity == "d" or (default or "").startswith("nextval("):
        return Given.SEQUENCE
    return Given.NOBODY


def _numeric_size(base: str, typmod: int) -> tuple[int | None, int | None]:
    """Digits in all and behind the point; the scale is eleven signed bits."""
    if base != "numeric" or typmod < 4:
        return None, None
    packed = typmod - 4
    return (packed >> 16) & 0xFFFF, ((packed & 0x7FF) ^ 1024) - 1024


def _key(row: Row) -> UniqueKey:
    _oid, name, primary, partial, columns = row
    return UniqueKey(
        name=name,
        parts=tuple(KeyPart(column) for column in columns),
        primary=primary,
        partial=partial,
    )


def _foreign_key(row: Row) -> ForeignKey:
    _oid, schema, table, columns, to_columns, on_delete, on_update, deferrable = row
    return ForeignKey(
        columns=tuple(columns),
        to_table=table,
        to_columns=tuple(to_columns),
        to_schema=schema,
        on_delete=ACTIONS[on_delete],
        on_update=ACTIONS[on_update],
        deferrable=deferrable,
    )
