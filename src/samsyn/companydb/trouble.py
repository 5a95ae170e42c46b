"""What the engines' drivers may raise at any statement, as errors of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import apsw
import psycopg

from samsyn.companydb.opening import DatabaseBusy, DatabaseFull
from samsyn.companydb.urls import CompanyUrl
from samsyn.core.errors import SamsynError


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
    """Raises DatabaseBusy, DatabaseFull, DatabaseAway or DatabaseDamaged for what drivers raise.

    Anything else of a driver's is a mistake of ours and stays as it is.
    """
    try:
        yield
    except (apsw.Error, psycopg.Error) as error:
        ours = _ours(url, error)
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


def _ours(url: CompanyUrl, error: apsw.Error | psycopg.Error) -> SamsynError | None:
    reason = str(error).strip()
    match error:
        case apsw.BusyError() | apsw.LockedError() | psycopg.errors.LockNotAvailable():
            return DatabaseBusy(url=url.text)
        case apsw.FullError() | psycopg.errors.DiskFull():
            return DatabaseFull(url=url.text)
        case apsw.CorruptError() | apsw.NotADBError():
            return DatabaseDamaged(url=url.text, reason=reason)
        case apsw.IOError() | apsw.CantOpenError() | apsw.ReadOnlyError():
            return DatabaseAway(url=url.text, reason=reason)
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return DatabaseAway(url=url.text, reason=reason)
    return None
