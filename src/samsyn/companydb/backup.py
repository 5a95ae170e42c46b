"""An SQLite company database copied whole while programs write to it, and put back whole, all or nothing."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
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
TRIES = 10
"""How often a write of another program may come between what is kept and the replacement."""
CHANGE_COUNTER = 24
"""Where in an SQLite file the number of its writes stands, outside WAL mode."""


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


def put_back(
    url: SqliteUrl,
    file: Path,
    keep: Callable[[], None] = lambda: None,
    patience_s: float = PATIENCE_S,
) -> None:
    """The database becomes what the file holds, in one transaction of the engine's own.

    Programs that have it open go on with the same file: nothing is swapped under
    them, and a kill on the way leaves what was there. `keep` puts aside what the
    database holds before; no write of another program lies between that and the
    replacement: where one came in all the same, `keep` is called once more.
    Raises DatabaseUnavailable, DatabaseBusy.
    """
    with (
        opened(url, writing=True) as target,
        closing(apsw.Connection(str(file))) as source,
        closing(Mark(url)) as mark,
    ):
        target.run("PRAGMA busy_timeout = 0")  # the waiting is ours
        for _ in range(TRIES):
            with opened(url, writing=True) as holder, holder.transaction():
                same_as_kept = partial(mark.stands, mark.read())
                keep()
            if _copied(source, target.connection, url, patience_s, same_as_kept):  # type: ignore[arg-type]  # SQLite's by its URL
                return
    raise DatabaseBusy(url=url.text)


def is_lost(url: SqliteUrl) -> bool:
    """Whether nothing of the database can be read any more: its file is gone from its folder, or is none of SQLite's.

    Raises DatabaseBusy, and DatabaseUnavailable where it may well be whole and is kept from us.
    """
    path = Path(url.path)
    if not path.exists():
        return path.parent.is_dir()
    try:
        with opened(url, writing=False):
            return False
    except DatabaseUnavailable as error:
        if isinstance(error.__cause__, apsw.NotADBError | apsw.CorruptError):
            return True
        raise


def put_in_place(url: SqliteUrl, file: Path, aside: Path) -> bool:
    """The file becomes the database where that is lost; whether anything was there to be kept, under the name `aside`.

    A kill on the way leaves a database that is lost still, and what was left of
    it. Raises DatabaseUnavailable.
    """
    path, was_there = Path(url.path), Path(url.path).exists()
    fresh = path.with_name(f"{path.name}.restored")
    try:
        shutil.copyfile(file, fresh)
        if was_there:
            shutil.copymode(path, fresh)
        for ending in ("", "-journal", "-wal", "-shm"):  # those of the old file belong to no other
            with suppress(FileNotFoundError):
                os.rename(f"{path}{ending}", f"{aside}{ending}")
        os.replace(fresh, path)
    except OSError as error:
        raise DatabaseUnavailable(url=url.text, reason=error.strerror or str(error)) from error
    return was_there


class Mark:
    """A number that is another one after each write of any program, read while all others are kept out."""

    def __init__(self, url: SqliteUrl) -> None:
        self._connection = apsw.Connection(
            url.path, flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI
        )
        self._wal = self._connection.execute("PRAGMA journal_mode").get == "wal"
        flags = [apsw.SQLITE_OPEN_MAIN_DB | apsw.SQLITE_OPEN_READONLY, 0]
        self._file = (
            None if self._wal else apsw.VFSFile("", self._connection.db_filename("main"), flags)
        )

    def read(self) -> int:
        """The number. In WAL mode a reader may always look; else it stands in the file's header."""
        if self._file is None:
            return int(self._connection.execute("PRAGMA data_version").get)
        return int.from_bytes(self._file.xRead(4, CHANGE_COUNTER))

    def stands(self, before: int) -> bool:
        """Whether nobody has written since."""
        return self.read() == before

    def close(self) -> None:
        """Lets the file go; through SQLite's own means, so that no lock of ours on it is lost."""
        if self._file is not None:
            self._file.xClose()
        self._connection.close()


def _copied(
    source: apsw.Connection,
    target: apsw.Connection,
    url: SqliteUrl,
    patience_s: float = PATIENCE_S,
    still_so: Callable[[], bool] = lambda: True,
) -> bool:
    """All pages in one step, so that no writer comes in between; False where `still_so` says no under the lock."""
    until = time.monotonic() + patience_s
    try:
        with target.backup("main", source, "main") as backup:
            _patient(lambda: backup.step(0), until, url)  # locks the target, and copies nothing
            if not still_so():
                return False
            while not backup.done:
                _patient(lambda: backup.step(-1), until, url)
    except (apsw.ReadOnlyError, apsw.IOError, apsw.CantOpenError, apsw.FullError) as error:
        raise DatabaseUnavailable(url=url.text, reason=str(error)) from error
    return True


def _patient(step: Callable[[], object], until: float, url: SqliteUrl) -> None:
    """Takes a step as soon as other programs let it. Raises DatabaseBusy."""
    while True:
        try:
            step()
        except (apsw.BusyError, apsw.LockedError) as error:
            if time.monotonic() > until:
                raise DatabaseBusy(url=url.text) from error
            time.sleep(AGAIN_S)
        else:
            return
