"""A mark of the rules that a company database has: another one means that what it refused may go now."""

from __future__ import annotations

from samsyn.companydb.opening import PostgresSession
from samsyn.companydb.row_sql import table_name
from samsyn.companydb.rows import CompanyDb

RULES = """
WITH told AS (SELECT unnest($1::text[])::regclass::oid AS oid), rules (rule) AS (
    SELECT c.oid || pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN told ON c.conrelid = told.oid
    UNION ALL
    SELECT t.oid || t.tgenabled::text || coalesce(p.prosrc, '') FROM pg_trigger t
      JOIN told ON t.tgrelid = told.oid JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal
    UNION ALL
    SELECT a.attrelid || a.attname || a.attnotnull || a.atttypid || a.atttypmod FROM pg_attribute a
      JOIN told ON a.attrelid = told.oid WHERE a.attnum > 0
    UNION ALL
    SELECT i.indexrelid || i.indisunique::text FROM pg_index i JOIN told ON i.indrelid = told.oid
    UNION ALL
    SELECT c.oid || coalesce(c.relacl::text, '') FROM pg_class c JOIN told USING (oid)
)
SELECT md5(coalesce(string_agg(rule, ',' ORDER BY rule), '')) FROM rules
"""
"""Constraints, triggers and what they run, columns, unique indexes, privileges of the synced tables."""


def rules_mark(db: CompanyDb) -> str:
    """Changes when a constraint, trigger, column or privilege of a synced table does; quick."""
    if isinstance(db, PostgresSession):
        tables = [table_name("postgresql", record_type) for record_type in db.types.values()]
        return str(db.rows(RULES, tables)[0][0])
    return str(db.rows("PRAGMA main.schema_version")[0][0])
