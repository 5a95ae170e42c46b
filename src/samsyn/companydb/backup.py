"""An SQLite company database copied whole while programs write to it, and put back whole, all or nothing."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import ClassVar

import apsw

from samsyn.companydb.attached import attached_types
from samsyn.companydb.opening import DatabaseBusy, DatabaseUnavailable, opened
from samsyn.companydb.urls import SqliteUrl
from samsyn.core.errors import SamsynError

PATIENCE_S = 15.0
"""How long other programs may hold the database before we give up."""
AGAIN_S = 0.05


class BackupUnfit(SamsynError):
    """A file that is no whole database of Samsyn's: `reason`, the engine's own words."""

    code: ClassVar[str] = "BACKUP_UNFIT"


def copy_whole(url: SqliteUrl, target: Path) -> None:
    """The database as it stands at one moment, in a new file.

    Raises DatabaseUnavailable, DatabaseBusy.
    """
    with opened(url, writing=False) as source, closing(apsw.Connection(str(target))) as copy:
        _copied(source.connection, copy, url)  # type: ignore[arg-type]  # SQLite's by its URL


def check_whole(file: Path) -> None:
    """Whether the file is a whole database that Samsyn had attached. Raises BackupUnfit."""
    try:
        with opened(SqliteUrl(str(file)), writing=False) as session:
            found = session.rows("PRAGMA quick_check(1)")
            attached_types(session)
    except SamsynError as error:
        raise BackupUnfit(reason=str(error.facts.get("reason", error.code))) from error
    except apsw.Error as error:
        raise BackupUnfit(reason=str(error)) from error
    if found != [("ok",)]:
        raise BackupUnfit(reason=str(found[0][0]))


def put_back(url: SqliteUrl, file: Path, patience_s: float = PATIENCE_S) -> None:
    """The database becomes what the file holds, in one transaction of the engine's own.

    Programs that have it open go on with the same file: nothing is swapped under
    them, and a kill on the way leaves what was there. Raises DatabaseUnavailable, DatabaseBusy.
    """
    with opened(url, writing=True) as target, closing(apsw.Connection(str(file))) as source:
        target.run("PRAGMA busy_timeout = 0")  # the waiting is ours
        _copied(source, target.connection, url, patience_s)  # type: ignore[arg-type]  # SQLite's by its URL


def _copied(
    source: apsw.Connection,
    target: apsw.Connection,
    url: SqliteUrl,
    patience_s: float = PATIENCE_S,
) -> None:
    """All pages in one step, so that no writer comes in between."""
    deadline = time.monotonic() + patience_s
    try:
        with target.backup("main", source, "main") as backup:
            while not backup.done:
                try:
                    backup.step(-1)
                except (apsw.BusyError, apsw.LockedError) as error:
                    if time.monotonic() > deadline:
                        raise DatabaseBusy(url=url.text) from error
                    time.sleep(AGAIN_S)
    except (apsw.ReadOnlyError, apsw.IOError, apsw.CantOpenError, apsw.FullError) as error:
        raise DatabaseUnavailable(url=url.text, reason=str(error)) from error
