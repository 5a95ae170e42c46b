"""The backups of a company database on this computer: made, listed, put back, taken away."""

from __future__ import annotations

import datetime
import itertools
import os
import re
import tempfile
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from samsyn.companydb import books
from samsyn.companydb.attach import Selection
from samsyn.companydb.attached import NotAttached
from samsyn.companydb.backup import check_whole, copy_whole, is_lost, put_back, put_in_place
from samsyn.companydb.carrying import carry_over, selection_of
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.urls import SqliteUrl
from samsyn.core.errors import SamsynError
from samsyn.office.backup import details
from samsyn.office.backup.details import Details
from samsyn.office.backup.sealing import BackupUnreadable, Head, read_head, seal, unseal
from samsyn.office.companies.making import free_alias, free_path
from samsyn.office.companies.models import CompanyDatabase, Origin
from samsyn.office.home import home
from samsyn.office.people.models import ID_LENGTH, ID_LETTERS, new_id

FOLDER = "backups"
SUFFIX = ".samsyn-backup"
ID = re.compile(rf"[{ID_LETTERS}]{{{ID_LENGTH}}}")
NAME = re.compile(r"[a-z0-9-]{1,60}\.samsyn-backup")


class NoFileDatabase(SamsynError):
    """A PostgreSQL database: its server's own means back it up."""

    code = "NO_FILE_DATABASE"


class OfAnother(SamsynError):
    """The backup is of another company: `name`."""

    code = "BACKUP_OF_ANOTHER"


class AlreadyHere(SamsynError):
    """The company of the backup is in this installation: `name`."""

    code = "BACKUP_OF_ONE_HERE"


class Restored(msgspec.Struct, frozen=True):
    """What was put back: what it was, where what it was before is kept, and the details in it."""

    head: Head
    before: Path | None
    """None: nothing of it was there."""
    details: Details | None
    stays_left_out: bool = True
    """False where what was left out since the backup could not be left out of it."""
    was_lost: bool = False
    """`before` is no backup, but a file that nobody can read."""


class Kept(msgspec.Struct, frozen=True):
    """A backup in the folder."""

    file: str
    head: Head
    size: int


def backups(company: CompanyDatabase) -> list[Kept]:
    """Those of the company that lie in the program's folder, the newest first."""
    found = []
    for path in _folder().glob(f"*{SUFFIX}"):
        try:
            with path.open("rb") as file:
                head = read_head(file)
        except (OSError, BackupUnreadable):
            continue
        if head.company == company.pk:
            found.append(Kept(path.name, head, path.stat().st_size))
    return sorted(found, key=lambda one: one.head.at, reverse=True)


def make(company: CompanyDatabase, password: str, now: datetime.datetime) -> Path:
    """A backup of the company as it stands now. Raises NoFileDatabase and what opening raises."""
    url = _file_of(company)
    target = _new_file(f"{company.alias}-{now.strftime('%Y-%m-%d-%H%M%S')}")
    head = Head(company.pk, company.name, now.isoformat(timespec="microseconds"))
    try:
        with tempfile.TemporaryDirectory(dir=_folder()) as aside:
            copied = Path(aside) / "database"
            copy_whole(url, copied)
            details.write(copied, details.details_of(company))
            seal(copied, target, head, password)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target


def _new_file(stem: str) -> Path:
    """An empty file under a name that no backup has: two of one second must not become one."""
    for number in itertools.count(1):
        path = _folder() / f"{stem}{f'-{number}' if number > 1 else ''}{SUFFIX}"
        try:
            path.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            continue
        return path
    raise AssertionError("counting ends nowhere")


def restore(
    company: CompanyDatabase, backup: Path, password: str, now: datetime.datetime
) -> Restored:
    """The company as the backup has it; what it was before is backed up first, without a password.

    Nothing of the database is touched before the whole backup has been opened
    and looked at, and what any program writes meanwhile is in the backup of before. Of a database that
    cannot be read any more the file is kept as it is. Raises BackupUnreadable, BackupUnfit, OfAnother,
    NoFileDatabase and what opening raises.
    """
    url = _file_of(company)
    with tempfile.TemporaryDirectory(dir=_folder()) as aside:
        opened = Path(aside) / "database"
        head = unseal(backup, opened, password)
        if head.company != company.pk:
            raise OfAnother(name=head.name)
        check_whole(opened)
        told = details.read(opened)
        if is_lost(url):
            done = Restored(head, _put_in_place(url, opened, now), told, was_lost=True)
        else:
            chosen = selection_of(url)
            before = _put_back(company, url, opened, now)
            done = Restored(head, before, told, stays_left_out=_carried(url, chosen))
    _unsaid(url)
    return done


def lost(company: CompanyDatabase) -> bool:
    """Whether nothing of the company's database can be read any more. Raises what opening raises."""
    return is_lost(_file_of(company))


def _put_in_place(url: SqliteUrl, opened: Path, now: datetime.datetime) -> Path | None:
    stem = f"{url.path}.damaged-{now.strftime('%Y-%m-%d-%H%M%S')}"
    names = (Path(f"{stem}-{n}" if n > 1 else stem) for n in itertools.count(1))
    aside = next(path for path in names if not path.exists())
    return aside if put_in_place(url, opened, aside) else None


def _put_back(
    company: CompanyDatabase, url: SqliteUrl, opened: Path, now: datetime.datetime
) -> Path:
    """Puts it back; the backup of what was before."""
    made: list[Path] = []

    def keep() -> None:
        """Once more where somebody has written since: the one before lacks that."""
        for older in made:
            older.unlink(missing_ok=True)
        made[:] = [make(company, "", now)]

    try:
        put_back(url, opened, keep)
    except BaseException:
        for kept in made:
            kept.unlink(missing_ok=True)  # nothing was replaced
        raise
    return made[0]


def _carried(url: SqliteUrl, chosen: Selection) -> bool:
    """Whether what is left out of Samsyn now is left out of the database that was put back."""
    try:
        carry_over(url, chosen)
    except SamsynError:
        return False
    return True


def _unsaid(url: SqliteUrl) -> None:
    """What the agent said before the backup is no news of how both sides stand now."""
    with suppress(NotAttached), closing(open_company_db(url)) as db, db.transaction():
        books.set_fact(db, "agent", None)


def bring_in(backup: Path, password: str) -> CompanyDatabase:
    """The company of a backup comes into an installation that does not have it, with its details.

    Raises BackupUnreadable, BackupUnfit, AlreadyHere.
    """
    with tempfile.TemporaryDirectory(dir=_folder()) as aside:
        opened = Path(aside) / "database"
        head = unseal(backup, opened, password)
        known = CompanyDatabase.objects.filter(pk=head.company).first()
        if known is not None:
            raise AlreadyHere(name=known.name)
        check_whole(opened)
        told = details.read(opened) or Details(Origin.BUILT_IN, head.name)
        alias = free_alias(told.name)
        path = free_path(alias)
        _unsaid(SqliteUrl(str(opened)))
        os.replace(opened, path)
    origin = Origin.SAMPLE if told.origin == Origin.SAMPLE else Origin.BUILT_IN
    key = head.company if ID.fullmatch(head.company) else new_id()
    return CompanyDatabase.objects.create(
        pk=key, alias=alias, origin=origin, location=str(path), **told.fields()
    )


def file_named(name: str) -> Path | None:
    """The backup of that name in the folder; None where there is none."""
    path = _folder() / name
    return path if NAME.fullmatch(name) and path.is_file() else None


def _file_of(company: CompanyDatabase) -> SqliteUrl:
    url = company.url
    if not isinstance(url, SqliteUrl):
        raise NoFileDatabase()
    return url


def _folder() -> Path:
    folder = home() / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
