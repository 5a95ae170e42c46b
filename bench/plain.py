"""The plain way: the same rows from one database to another, with nothing in between."""

from __future__ import annotations

import time

import apsw
import psycopg

from bench.databases import TABLE, Databases
from samsyn.companydb.urls import CompanyUrl, SqliteUrl

PIECE = 1 << 16


ROUNDS = 3


def copy_s(databases: Databases, url: CompanyUrl) -> float:
    """Seconds to copy the register to a new database of the same engine: the quickest of a few."""
    return min(_once_s(databases, url) for _ in range(ROUNDS))


def _once_s(databases: Databases, url: CompanyUrl) -> float:
    if isinstance(url, SqliteUrl):
        return _sqlite_s(url.path, str(databases.path("copy.sqlite")))
    return _postgres_s(url.conninfo, databases.empty_postgres())


def _sqlite_s(source: str, target: str) -> float:
    """Inserts in one transaction."""
    here, there = apsw.Connection(source), apsw.Connection(target)
    create = str(here.execute("SELECT sql FROM sqlite_master WHERE name = ?", (TABLE,)).get)
    there.execute(create)
    width = len(list(here.execute(f"PRAGMA table_info({TABLE})")))
    marks = ", ".join("?" * width)
    started = time.perf_counter()
    with there:
        rows = here.execute(f"SELECT * FROM {TABLE}")
        there.executemany(f"INSERT INTO {TABLE} VALUES ({marks})", rows)
    seconds = time.perf_counter() - started
    here.close()
    there.close()
    return seconds


def _postgres_s(source: str, target: str) -> float:
    """COPY to COPY."""
    with psycopg.connect(source) as here, psycopg.connect(target) as there:
        columns = here.execute(
            "SELECT string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod),"
            " ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = to_regclass(%s)"
            " AND attnum > 0 AND NOT attisdropped",
            (TABLE,),
        ).fetchall()[0][0]
        there.execute(f"CREATE TABLE {TABLE} ({columns}, PRIMARY KEY (contact_no))".encode())
        there.commit()
        started = time.perf_counter()
        with (
            here.cursor().copy(f"COPY {TABLE} TO STDOUT".encode()) as rows,
            there.cursor().copy(f"COPY {TABLE} FROM STDIN".encode()) as written,
        ):
            for piece in rows:
                written.write(piece)
        there.commit()
        return time.perf_counter() - started
