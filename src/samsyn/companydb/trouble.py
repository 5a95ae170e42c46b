"""What the engines' drivers may raise at any statement, as errors of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import apsw
import psycopg

from samsyn.companydb.bookkeeping import POSTGRES_SCHEMA, PREFIX
from samsyn.companydb.kept import BooksDamaged
from samsyn.companydb.opening import DatabaseBusy, DatabaseFull
from samsyn.companydb.urls import CompanyUrl
from samsyn.core.errors import SamsynError

OURS_MISSING = re.compile(
    rf'no such table: (?:main\.)?{PREFIX}(\w+)|"{POSTGRES_SCHEMA}\.(\w+)" does not exist'
)
"""What an engine says where a table of ours is gone."""


class DatabaseAway(SamsynError):
    """The company database answered before and does not now: `url`, `reason`."""

    code: ClassVar[str] = "DATABASE_AWAY"
    transient: ClassVar[bool] = True


class DatabaseDamaged(SamsynError):
    """The file is no whole database any more: `url`, `reason`."""

    code: ClassVar[str] = "DATABASE_DAMAGED"


@contextmanager
def schema_errors(changed: type[SamsynError]) -> Iterator[None]:
    """Raises `changed` for what a driver says of a table that is not as it was."""
    try:
        yield
    except (apsw.Error, psycopg.Error) as error:
        if not may_be_schema(error):
            raise
        raise changed(reason=str(error).strip()) from error


@contextmanager
def driver_errors(url: CompanyUrl) -> Iterator[None]:
    """Raises DatabaseBusy, DatabaseFull, DatabaseAway, DatabaseDamaged or BooksDamaged for what drivers raise.

    Anything else of a driver's is a mistake of ours and stays as it is.
    """
    try:
        yield
    except (apsw.Error, psycopg.Error) as error:
        ours = of_driver(url.text, error)
        if ours is None:
            raise
        raise ours from error


def may_be_schema(error: apsw.Error | psycopg.Error) -> bool:
    """Whether a statement may have failed because a table is no longer as it was attached."""
    if isinstance(error, apsw.Error):
        return isinstance(error, apsw.SQLError | apsw.SchemaChangeError)
    return isinstance(
        error, psycopg.ProgrammingError | psycopg.DataError | psycopg.NotSupportedError
    )


def of_driver(url: str, error: apsw.Error | psycopg.Error) -> SamsynError | None:
    """What a driver's error means to us; None where it is a mistake of ours."""
    reason = str(error).strip()
    if table := _table_of_ours(error, reason):
        return BooksDamaged(books=table, reason=reason)
    match error:
        case apsw.BusyError() | apsw.LockedError() | psycopg.errors.LockNotAvailable():
            return DatabaseBusy(url=url)
        case apsw.FullError() | psycopg.errors.DiskFull():
            return DatabaseFull(url=url)
        case apsw.CorruptError() | apsw.NotADBError():
            return DatabaseDamaged(url=url, reason=reason)
        case apsw.IOError() | apsw.CantOpenError() | apsw.ReadOnlyError():
            return DatabaseAway(url=url, reason=reason)
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return DatabaseAway(url=url, reason=reason)
    return None


def _table_of_ours(error: apsw.Error | psycopg.Error, reason: str) -> str | None:
    """The table of our own that is not there."""
    if not isinstance(error, apsw.SQLError | psycopg.errors.UndefinedTable):
        return None
    missing = OURS_MISSING.search(reason)
    return (missing[1] or missing[2]) if missing else None
