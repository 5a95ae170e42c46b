"""Backups of either side, put back in place: of a company database as programs do it that know the engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import apsw
import psycopg
from django.db import connection, transaction

from samsyn.companydb.urls import CompanyUrl, SqliteUrl

PutBack = Callable[[], None]


def backup(url: CompanyUrl, folder: Path) -> PutBack:
    """A backup of the database as it is now; what it gives puts it back."""
    if isinstance(url, SqliteUrl):
        return _sqlite(url.path, folder / f"backup-{len(list(folder.iterdir()))}.db")
    return _postgres(url.conninfo)


def copied(source: str, target: str) -> None:
    """All pages of a SQLite file, into another that may be in use."""
    one, other = apsw.Connection(source), apsw.Connection(target)
    try:
        other.set_busy_timeout(5_000)
        with other.backup("main", one, "main") as copying:
            copying.step()
    finally:
        one.close()
        other.close()


def _sqlite(path: str, kept: Path) -> PutBack:
    copied(path, str(kept))
    return lambda: copied(str(kept), path)


def _postgres(conninfo: str) -> PutBack:
    """Every table of the company and of Samsyn, and where the numbers stand."""
    with psycopg.connect(conninfo) as session:
        tables = session.execute(
            "SELECT format('%I.%I', n.nspname, c.relname), c.relkind = 'S' FROM pg_class AS c"
            " JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " WHERE n.nspname IN ('public', 'samsyn') AND c.relkind IN ('r', 'S')"
        ).fetchall()
        rows = {name: _read(session, name) for name, numbers in tables if not numbers}
        numbers = {
            name: session.execute(f"SELECT last_value, is_called FROM {name}".encode()).fetchone()
            for name, numbers in tables
            if numbers
        }

    def put_back() -> None:
        with psycopg.connect(conninfo) as session:
            session.execute("SET session_replication_role = replica")
            for name, content in rows.items():
                session.execute(f"DELETE FROM {name}".encode())
                with session.cursor().copy(f"COPY {name} FROM STDIN".encode()) as copy:
                    copy.write(content)
            for name, stands in numbers.items():
                session.execute("SELECT setval(%s, %s, %s)", (name, *(stands or ())))

    return put_back


def _read(session: psycopg.Connection[tuple[object, ...]], name: str) -> bytes:
    with session.cursor().copy(f"COPY {name} TO STDOUT".encode()) as copy:
        return b"".join(bytes(part) for part in copy)


def service_backup() -> PutBack:
    """A backup of the service's record store as it is now, and how to put it back."""
    tables = [t for t in connection.introspection.table_names() if t.startswith("records_")]
    with connection.cursor() as cursor:
        kept = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            kept[table] = ([column[0] for column in cursor.description], cursor.fetchall())

    def put_back() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table, (names, rows) in kept.items():
                cursor.execute(f"DELETE FROM {table}")
                columns, marks = ", ".join(f'"{n}"' for n in names), ", ".join(["%s"] * len(names))
                for row in rows:
                    cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", row)

    return put_back
