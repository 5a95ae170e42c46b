"""Makes company databases: a company of one's own, the sample company; attaches those that are there."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import apsw

from samsyn.companydb import attach as attaching
from samsyn.companydb.attached import attached_types
from samsyn.companydb.opening import opened
from samsyn.companydb.urls import SqliteUrl, parse
from samsyn.demo.sqlite import write_sqlite
from samsyn.office.companies.models import CompanyDatabase, Origin
from samsyn.office.companies.schema import create_schema
from samsyn.office.home import companies_folder

SAMPLE_ALIAS = "sample"


def make_company(alias: str, details: Mapping[str, str]) -> CompanyDatabase:
    """A new company with an empty database of its own, in the program's folder."""
    path = free_path(alias)
    connection = apsw.Connection(str(path))
    try:
        with connection:
            create_schema(connection)
    finally:
        connection.close()
    return _kept(alias, Origin.BUILT_IN, path, details)


def take_in(location: str, name: str) -> CompanyDatabase:
    """A database that is attached already, under a company's name; the one that is known is given back.

    Raises NotAttached, UrlUnreadable, EngineUnknown, DatabaseUnavailable, ServerTooOld.
    """
    url = parse(location)
    with opened(url, writing=False) as session:
        attached_types(session)
    known = next((one for one in CompanyDatabase.objects.all() if one.url == url), None)
    if known is not None:
        return known
    kept = url.path if isinstance(url, SqliteUrl) else location
    return CompanyDatabase.objects.create(
        alias=free_alias(name), origin=Origin.ATTACHED, location=kept, name=name
    )


def make_sample(today: datetime.date, name: str) -> CompanyDatabase:
    """The sample company, with all that one may try."""
    alias = free_alias(SAMPLE_ALIAS)
    path = free_path(alias)
    write_sqlite(path, today=today)
    return _kept(alias, Origin.SAMPLE, path, {"name": name})


def free_alias(name: str) -> str:
    """A short name made of a company's, which no other company database has."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = [w for w in re.findall(r"[a-z0-9]+", plain) if w not in {"ab", "as", "aps", "oy"}]
    first = "-".join(words)[:16].strip("-") or "company"
    alias, number = first, 2
    while CompanyDatabase.objects.filter(alias=alias).exists():
        alias, number = f"{first}-{number}", number + 1
    return alias


def free_path(alias: str) -> Path:
    """A file in the folder that is not there yet."""
    folder, number = companies_folder(), 1
    while (
        path := folder / (f"{alias}-{number}.sqlite" if number > 1 else f"{alias}.sqlite")
    ).exists():
        number += 1
    return path


def _kept(alias: str, origin: Origin, path: Path, details: Mapping[str, str]) -> CompanyDatabase:
    """Capture from the first row on, then the installation knows it."""
    attaching.attach(attaching.plan(SqliteUrl(str(path))))
    return CompanyDatabase.objects.create(alias=alias, origin=origin, location=str(path), **details)
