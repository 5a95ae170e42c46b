"""A backup of a service on SQLite, made while it runs: the store as it is at one moment, with the key that opens it."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import ClassVar

from django.db import connection

from samsyn.core.errors import SamsynError
from samsyn.online import configuration
from samsyn.online.home import STORE_FILE
from samsyn.webkit.home import KEY_FILE


class BackupByPostgres(SamsynError):
    """The store is in PostgreSQL, whose own tools back it up."""

    code: ClassVar[str] = "BACKUP_BY_POSTGRES"


class CannotBackUp(SamsynError):
    """The folder cannot be made or written to; `folder`, `reason`."""

    code: ClassVar[str] = "CANNOT_BACK_UP"


def back_up(home: Path, folder: Path) -> int:
    """Make the folder, which must not be there, and fill it; the bytes of the store. BackupByPostgres, CannotBackUp."""
    if connection.vendor == "postgresql":
        raise BackupByPostgres()
    try:
        folder.mkdir(mode=0o700, parents=True)
        store = folder / STORE_FILE
        store.touch(mode=0o600)
        with contextlib.closing(connection.cursor()) as cursor:
            cursor.execute("VACUUM INTO %s", [str(store)])
        shutil.copy2(home / KEY_FILE, folder / KEY_FILE)
        file = configuration.file_of(home)
        if file is not None:
            shutil.copy2(file, folder / configuration.FILE)
    except OSError as error:
        raise CannotBackUp(folder=str(folder), reason=error.strerror or str(error)) from error
    return store.stat().st_size
