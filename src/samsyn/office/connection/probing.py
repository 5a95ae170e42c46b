"""Looks up the facts that the criteria are decided by."""

from __future__ import annotations

import datetime
import email.utils
import struct
from contextlib import closing

import apsw
import urllib3
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from samsyn.agent.http import checked_address
from samsyn.agent.service import UnsafeAddress
from samsyn.companydb import books
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.urls import CompanyUrl, SqliteUrl
from samsyn.core.errors import SamsynError
from samsyn.office.connection.criteria import Fit, Libraries, Reached, Version

PATIENCE_S = 4.0
NO_ADDRESS = "NO_ADDRESS"
NOT_SAMSYN = "NOT_SAMSYN"
HEADER = struct.Struct(">18xBB76xI")
"""Of an SQLite file: the versions to write and read it (2: WAL), and the number of the library that wrote it last."""
WAL = 2


def fit(url: CompanyUrl) -> Fit:
    """Whether the database opens, and how many record types are attached."""
    try:
        with closing(open_company_db(url)) as db:
            return Fit(len(db.types))
    except SamsynError as error:
        return Fit(0, error.code)


def is_connected(url: CompanyUrl) -> bool:
    """Whether a company database has a connection; one that does not open counts as none."""
    try:
        with closing(open_company_db(url)) as db:
            return books.connection(db) is not None
    except SamsynError:
        return False


def reached(address: str) -> Reached:
    """Asks the service whether it is there, and what time it has."""
    if not address:
        return Reached("", NO_ADDRESS)
    try:
        base = checked_address(address)
    except UnsafeAddress as error:
        return Reached(address, error.code)
    try:
        with urllib3.PoolManager(retries=False, timeout=PATIENCE_S) as pool:
            before = datetime.datetime.now(datetime.UTC)
            answer = pool.request("GET", f"{base}/health/live", redirect=False)
    except urllib3.exceptions.HTTPError:
        return Reached(address, "SERVICE_UNREACHABLE")
    if answer.status != 200:
        return Reached(address, NOT_SAMSYN)
    return Reached(address, ahead_s=_ahead(answer.headers.get("Date", ""), before))


def sqlite_libraries(url: CompanyUrl) -> Libraries:
    """Our own SQLite, and the one that wrote the file last."""
    if not isinstance(url, SqliteUrl):
        return Libraries(None, None, wal=False)
    own = version(apsw.sqlite_lib_version())
    try:
        with open(url.path, "rb") as file:
            header = file.read(HEADER.size)
    except OSError:
        header = b""
    if len(header) < HEADER.size:
        return Libraries(own, None, wal=False)
    mode, _read, number = HEADER.unpack(header)
    return Libraries(own, numbered(number) if number else None, wal=mode == WAL)


def is_email(text: str) -> bool:
    """Whether it is an e-mail address."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def version(text: str) -> Version:
    """3.51.2 as numbers."""
    major, minor, patch = (int(part) for part in text.split(".")[:3])
    return major, minor, patch


def numbered(number: int) -> Version:
    """3051002 as 3.51.2."""
    return number // 1_000_000, number // 1_000 % 1_000, number % 1_000


def _ahead(told: str, now: datetime.datetime) -> float | None:
    try:
        theirs = email.utils.parsedate_to_datetime(told)
    except ValueError:
        return None
    return (theirs - now).total_seconds()
