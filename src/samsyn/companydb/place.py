"""Where a company database lies: what tells it from a copy, and an opened file from its successor."""

from __future__ import annotations

import os

from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.urls import CompanyUrl, SqliteUrl

FileMark = tuple[int, int]
"""Device and number of a file."""


def place_of(db: CompanyDb) -> str:
    """The same for every way to the database: its real path, or the cluster and the name in it."""
    if isinstance(db.url, SqliteUrl):
        return os.path.normcase(os.path.realpath(db.url.path))
    found = db.rows(
        "SELECT system_identifier::text, current_database()::text FROM pg_control_system()"
    )
    return "/".join(str(part) for part in found[0])


def file_mark(url: CompanyUrl) -> FileMark | None:
    """Which file lies at the path now; None where there is none, or the database is no file."""
    if not isinstance(url, SqliteUrl):
        return None
    try:
        found = os.stat(url.path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
