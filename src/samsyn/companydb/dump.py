"""A database's schema object by object, ours left out: what detach compares before and after."""

from __future__ import annotations

from typing import TypeAlias

from samsyn.companydb.opening import PostgresSession, SqliteSession

Dump: TypeAlias = dict[str, str]
"""What each object is and its name, with its definition."""

SQLITE = """
SELECT type || ' ' || name, sql
  FROM main.sqlite_master
 WHERE sql IS NOT NULL AND name NOT LIKE 'samsyn\\_%' ESCAPE '\\'
   AND tbl_name NOT LIKE 'samsyn\\_%' ESCAPE '\\'
 ORDER BY type, name
"""

OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'samsyn') AND n.nspname !~ '^pg_(toast|temp)'"

POSTGRES = (
    # Each gives (what it is and its name, definition).
    f"""SELECT 'schema ' || quote_ident(n.nspname), concat_ws(' ', n.nspowner::regrole, n.nspacl)
          FROM pg_namespace n WHERE {OURS}""",
    f"""SELECT 'relation ' || c.oid::regclass, concat_ws(' ', c.relkind, c.relpersistence,
               c.relowner::regrole, c.relacl, c.reloptions, c.relrowsecurity,
               c.relforcerowsecurity, c.relispartition, c.relreplident,
               pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid),
               CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
               obj_description(c.oid, 'pg_class'))
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind <> 'i' AND c.relkind <> 'I' AND {OURS}""",
    f"""SELECT 'column ' || c.oid::regclass || '.' || quote_ident(a.attname),
               concat_ws(' ', a.attnum, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               a.attidentity, a.attgenerated, a.attcollation::regcollation, a.attacl,
               a.attstorage, a.attstattarget, pg_get_expr(d.adbin, d.adrelid),
               col_description(c.oid, a.attnum))
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
           AND {OURS}""",
    f"""SELECT 'constraint ' || quote_ident(k.conname) || ' ' || k.conrelid::regclass,
               concat_ws(' ', pg_get_constraintdef(k.oid), k.convalidated)
          FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
         WHERE k.contype <> 't' AND {OURS}""",
    f"""SELECT 'index ' || i.indexrelid::regclass,
               concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisclustered, i.indisreplident)
          FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}""",
    f"""SELECT 'trigger ' || quote_ident(t.tgname) || ' ' || t.tgrelid::regclass,
               concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE NOT t.tgisinternal AND t.tgname NOT LIKE 'samsyn\\_%' AND {OURS}""",
    f"""SELECT 'function ' || p.oid::regprocedure,
               CASE WHEN p.prokind IN ('f', 'p') THEN pg_get_functiondef(p.oid) ELSE p.prosrc END
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {OURS}""",
    f"""SELECT 'type ' || t.oid::regtype, concat_ws(' ', t.typtype, t.typowner::regrole,
               format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault, t.typacl,
               ARRAY(SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid
                      ORDER BY e.enumsortorder))
          FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
         WHERE t.typtype IN ('d', 'e', 'r', 'm') AND {OURS}""",
    f"""SELECT 'sequence ' || s.seqrelid::regclass, concat_ws(' ', s.seqtypid::regtype, s.seqstart,
               s.seqincrement, s.seqmax, s.seqmin, s.seqcache, s.seqcycle)
          FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}""",
    """SELECT 'policy ' || quote_ident(polname) || ' ' || polrelid::regclass,
               concat_ws(' ', polcmd, polpermissive, polroles::regrole[],
               pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
          FROM pg_policy""",
    """SELECT 'rule ' || quote_ident(rulename) || ' ' || ev_class::regclass,
               concat_ws(' ', pg_get_ruledef(oid), ev_enabled)
          FROM pg_rewrite WHERE rulename <> '_RETURN' AND ev_class >= 16384""",
    """SELECT 'extension ' || quote_ident(extname), extversion FROM pg_extension""",
)


def schema_dump(session: SqliteSession | PostgresSession) -> Dump:
    """The same exactly while the schema is the same."""
    if isinstance(session, SqliteSession):
        return dict(session.rows(SQLITE))
    pieces: list[tuple[str, str]] = []
    for statement in POSTGRES:
        pieces += sorted((name, definition or "") for name, definition in session.rows(statement))
    return dict(pieces)


def differences(before: Dump, after: Dump) -> tuple[str, ...]:
    """The objects that are in only one of two dumps, or in both with unlike definitions."""
    return tuple(sorted(n for n in before.keys() | after.keys() if before.get(n) != after.get(n)))
