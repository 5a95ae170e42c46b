"""Looks into the tables that may be synced, on both engines, without changing anything."""

from __future__ import annotations

from collections.abc import Iterable

from samsyn.companydb import probe_sqlite
from samsyn.companydb.opening import PostgresSession, SqliteSession
from samsyn.companydb.probe_postgres import Probe
from samsyn.companydb.propose import Choice, TableId, stable_key, worth_a_look
from samsyn.companydb.quoting import postgres_name, sqlite_name
from samsyn.companydb.schema import Schema
from samsyn.companydb.suggest import Candidate, Evidence
from samsyn.companydb.verdicts import TableFacts
from samsyn.core.catalog import Catalog, RecordType

EVIDENCE_ROWS = 5000
EVIDENCE_VALUES = 1000


def look(
    session: SqliteSession | PostgresSession, schema: Schema, choice: Choice
) -> dict[TableId, TableFacts]:
    """What the rows of each table show that nothing speaks against so far."""
    found: dict[TableId, TableFacts] = {}
    postgres = Probe(session) if isinstance(session, PostgresSession) else None
    for table in schema.tables:
        key = stable_key(table)
        if key is None or not worth_a_look(table, choice):
            continue
        if postgres is not None:
            found[table.schema, table.name] = postgres.look(table)
        elif isinstance(session, SqliteSession):
            found[table.schema, table.name] = probe_sqlite.look(session, table, key.columns)
    return found


def evidence(
    session: SqliteSession | PostgresSession, catalog: Catalog, candidates: Iterable[Candidate]
) -> dict[Candidate, Evidence]:
    """How many of a candidate's values are keys of the table that it points at."""
    return {candidate: _evidence(session, catalog, candidate) for candidate in candidates}


def _evidence(
    session: SqliteSession | PostgresSession, catalog: Catalog, candidate: Candidate
) -> Evidence:
    def quoted(name: str) -> str:
        return sqlite_name(name) if session.engine == "sqlite" else postgres_name(name)

    column, key = quoted(candidate.field), quoted(candidate.to_column)
    rows = f"SELECT {column} AS v FROM {_table(session, catalog.type(candidate.type))} WHERE {column} IS NOT NULL LIMIT {EVIDENCE_ROWS}"
    values = f"SELECT DISTINCT v FROM ({rows}) AS r LIMIT {EVIDENCE_VALUES}"
    hit = (
        f"SELECT 1 FROM {_table(session, catalog.type(candidate.to_type))} AS p WHERE p.{key} = s.v"
    )
    [(looked_at, found)] = session.rows(
        f"SELECT count(*), count(hit) FROM (SELECT ({hit}) AS hit FROM ({values}) AS s) AS h"
    )
    return Evidence(looked_at, found)


def _table(session: SqliteSession | PostgresSession, record_type: RecordType) -> str:
    if session.engine == "sqlite":
        return sqlite_name(record_type.table)
    return postgres_name(record_type.schema, record_type.table)
