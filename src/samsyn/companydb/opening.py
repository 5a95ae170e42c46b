"""A short session on a company database, the same on both engines, for attach and detach."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, ClassVar, Protocol

import apsw
import psycopg

from samsyn.companydb.urls import CompanyUrl, Engine, PostgresUrl, SqliteUrl
from samsyn.core.errors import SamsynError

BUSY_TIMEOUT_MS = 10_000
LOCK_TIMEOUT_S = 5
"""How long others may queue behind us for a table on PostgreSQL."""
OLDEST_POSTGRES = 130_000

POSTGRES_SETTINGS = {
    "DateStyle": "ISO",
    "IntervalStyle": "iso_8601",
    "TimeZone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "search_path": "pg_catalog",
    "xmloption": "content",
    "lc_monetary": "C",
    "array_nulls": "on",
    "standard_conforming_strings": "on",
    "default_transaction_isolation": "read committed",
    "client_encoding": "UTF8",
    "client_min_messages": "warning",
}
"""Under these a value's text form is the same whoever asks."""

PLANNING = {"random_page_cost": "1.1"}
"""Rows are asked for by keys: as planned for spinning disks, a thousand keys read a whole table."""

Row = tuple[Any, ...]  # Any: what a column holds is known only to the statement's author.


class DatabaseUnavailable(SamsynError):
    """It cannot be opened: `url` and `reason`, the engine's own words."""

    code = "DATABASE_UNAVAILABLE"


class NotAFile(SamsynError):
    """At the path is a folder, a device or a pipe: `url`."""

    code = "NOT_A_FILE"


class DatabaseBusy(SamsynError):
    """Somebody else holds what we need: `url`."""

    code = "DATABASE_BUSY"
    transient = True


class DatabaseFull(SamsynError):
    """The disk of the database is full: `url`."""

    code = "DATABASE_FULL"
    transient = True


class ServerTooOld(SamsynError):
    """PostgreSQL before 13: `version`."""

    code = "SERVER_TOO_OLD"


class PrivilegeMissing(SamsynError):
    """The role may not do what attach needs: `privilege`, `on`, `role`."""

    code = "PRIVILEGE_MISSING"


class Session(Protocol):
    """What attach and detach ask of a connection. Values are `$1`, `$2`, … on both engines."""

    engine: ClassVar[Engine]

    def rows(self, sql: str, *values: object) -> list[Row]:
        """All rows of a small answer."""

    def run(self, sql: str, *values: object) -> None:
        """A statement without an answer."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing; takes the right to write at once. Raises DatabaseBusy."""


class SqliteSession:
    """A session on a SQLite file, always through apsw."""

    engine: ClassVar[Engine] = "sqlite"

    def __init__(self, url: SqliteUrl, connection: apsw.Connection) -> None:
        self.url = url
        self.connection = connection

    def rows(self, sql: str, *values: object) -> list[Row]:
        return list(self.connection.execute(sql, values))

    def run(self, sql: str, *values: object) -> None:
        self.rows(sql, *values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        try:
            self.connection.execute("BEGIN IMMEDIATE")
        except (apsw.BusyError, apsw.LockedError) as cause:
            raise DatabaseBusy(url=self.url.text) from cause
        except (apsw.ReadOnlyError, apsw.CantOpenError) as cause:
            raise DatabaseUnavailable(url=self.url.text, reason=str(cause)) from cause
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise


class PostgresSession:
    """A session on a PostgreSQL database, in autocommit outside `transaction`."""

    engine: ClassVar[Engine] = "postgresql"

    def __init__(self, url: PostgresUrl, connection: psycopg.Connection[Row]) -> None:
        self.url = url
        self.connection = connection

    def rows(self, sql: str, *values: object) -> list[Row]:
        cursor = self.connection.execute(sql.encode(), values or None)
        return cursor.fetchall() if cursor.description else []

    def run(self, sql: str, *values: object) -> None:
        self.connection.execute(sql.encode(), values or None)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        try:
            with self.connection.transaction():
                yield
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as cause:
            raise DatabaseBusy(url=self.url.text) from cause
        except psycopg.errors.InsufficientPrivilege as cause:
            role = self.connection.info.user
            raise PrivilegeMissing(
                privilege="", on=cause.diag.message_primary, role=role
            ) from cause


@contextmanager
def opened(url: CompanyUrl, *, writing: bool) -> Iterator[SqliteSession | PostgresSession]:
    """A session that ends with the block. Raises DatabaseUnavailable and ServerTooOld."""
    match url:
        case SqliteUrl():
            with _sqlite(url, writing=writing) as session:
                yield session
        case PostgresUrl():
            with _postgres(url, writing=writing) as session:
                yield session


@contextmanager
def _sqlite(url: SqliteUrl, *, writing: bool) -> Iterator[SqliteSession]:
    _check_is_file(url)
    try:
        # A person's path is made absolute: a URI, as of a database in memory, comes from a program.
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI
        connection = apsw.Connection(url.path, flags=flags)
    except (apsw.CantOpenError, apsw.PermissionsError, apsw.ReadOnlyError, apsw.IOError) as cause:
        raise DatabaseUnavailable(url=url.text, reason=str(cause)) from cause
    try:
        connection.set_busy_timeout(BUSY_TIMEOUT_MS)
        _read_header(url, connection)
        connection.execute(f"PRAGMA query_only = {0 if writing else 1}")
        yield SqliteSession(url, connection)
    except (apsw.BusyError, apsw.LockedError) as cause:
        raise DatabaseBusy(url=url.text) from cause
    finally:
        connection.close()


def _check_is_file(url: SqliteUrl) -> None:
    """SQLite would wait for a pipe, and take a device for an empty database."""
    path = Path(url.path)
    try:
        other = path.exists() and not path.is_file()
    except OSError as cause:
        raise DatabaseUnavailable(url=url.text, reason=cause.strerror or str(cause)) from cause
    if other:
        raise NotAFile(url=url.text)


def _read_header(url: SqliteUrl, connection: apsw.Connection) -> None:
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").get  # noqa: B018  # reads
    except apsw.BusyError as cause:
        raise DatabaseBusy(url=url.text) from cause
    except (apsw.NotADBError, apsw.CorruptError, apsw.CantOpenError, apsw.IOError) as cause:
        raise DatabaseUnavailable(url=url.text, reason=str(cause)) from cause


@contextmanager
def _postgres(url: PostgresUrl, *, writing: bool) -> Iterator[PostgresSession]:
    try:
        connection = psycopg.connect(
            url.conninfo,
            autocommit=True,
            connect_timeout=10,
            application_name="samsyn",
            cursor_factory=psycopg.RawCursor,
        )
    except psycopg.OperationalError as cause:
        raise DatabaseUnavailable(url=url.text, reason=str(cause).strip()) from cause
    with connection:
        if connection.info.server_version < OLDEST_POSTGRES:
            raise ServerTooOld(version=connection.info.server_version)
        settings = POSTGRES_SETTINGS | PLANNING | {"lock_timeout": f"{LOCK_TIMEOUT_S}s"}
        connection.execute(
            "SELECT pg_catalog.set_config(s.name, s.value, false)"
            " FROM unnest($1::text[], $2::text[]) AS s(name, value)",
            (list(settings), list(settings.values())),
        )
        connection.read_only = not writing
        yield PostgresSession(url, connection)
