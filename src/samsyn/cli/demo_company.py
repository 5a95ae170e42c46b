"""The demo's folder: a company online, its database at the office, and the connection between them."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import msgspec

from samsyn.agent import pairing
from samsyn.agent.lease import this_computer
from samsyn.cli.demo_service import DemoOffice, DemoService
from samsyn.companydb import attach as attaching
from samsyn.companydb import books
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.urls import SqliteUrl
from samsyn.core.errors import SamsynError
from samsyn.demo.company import OWN_DETAILS, OWN_NAME
from samsyn.demo.desk import SqliteDesk
from samsyn.demo.sqlite import write_sqlite

OWNER = "anna@norrsken-handel.example"
FILE = "norrsken.sqlite"
OFFICE_USER = "anna"
SALES_MANAGER = ("Anna", "Wallin", "ANNA")
OWNER_NAME = "Anna Wallin"
OWNER_WORKS_HERE = "UPDATE employees SET first_name = ?, last_name = ?, initials = ?, email = ? WHERE employee_id = 2"
"""Whoever signs in is one of the firm, with work of her own."""
NOTES = ("demo.json", "service.log", "office.log")


class DemoRuns(SamsynError):
    """Another demo uses the folder: `folder`."""

    code: ClassVar[str] = "DEMO_RUNS"


class Known(msgspec.Struct):
    """What is remembered between starts. Token and password open the demo's own data, on this machine."""

    company: str = ""
    token: str = ""
    password: str = ""
    office_password: str = ""
    steps: int = 0


class DemoCompany:
    """Everything that a first start makes and the next one finds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / FILE
        self.url = SqliteUrl(str(self.database))
        self.known = Known()
        self._note = folder / "demo.json"

    def open(self, *, fresh: bool = False) -> None:
        """Makes or reads the folder; `fresh` begins anew."""
        if fresh:
            for part in ("online", "office", FILE, f"{FILE}-journal", *NOTES):
                _remove(self.folder / part)
        if self._note.is_file():
            self.known = msgspec.json.decode(self._note.read_bytes(), type=Known)

    @property
    def is_new(self) -> bool:
        """Whether something has still to be made."""
        return not (self.known.token and self.database.is_file() and self._connected())

    def keep(self) -> None:
        """Remembers, all or nothing."""
        draft = self._note.with_suffix(".part")
        draft.touch(mode=0o600)
        draft.write_bytes(msgspec.json.encode(self.known))
        os.replace(draft, self._note)

    # Each step is harmless to repeat, so that a start may be interrupted anywhere.

    def make_company(self, service: DemoService) -> None:
        """The company online, its owner and a token for other programs."""
        if not self.known.company:
            told = service.command("create-company", OWN_NAME, "--owner", OWNER)
            self.known.company = str(told["company"])
            self.keep()
        if not self.known.token:
            told = service.command(
                "create-token", "--company", self.known.company, "--email", OWNER
            )
            self.known.token = str(told["token"])
            self.keep()

    def make_password(self, service: DemoService) -> None:
        """The owner's way into the pages."""
        if not self.known.password:
            self.known.password = str(service.command("new-password", OWNER)["password"])
            self.keep()

    def open_in_office(self, office: DemoOffice) -> None:
        """The office program knows the company, and a user who may do everything there."""
        first = not self.known.office_password
        if first:
            told = office.command("new-password", OFFICE_USER)
            self.known.office_password = str(told["password"])
            self.keep()
        stated = OWN_DETAILS.items() if first else ()  # later they are whoever changed them
        details = [word for told in stated for word in ("--detail", *told)]
        known = office.command("open", str(self.database), "--name", OWN_NAME, *details)
        if first:
            registered = ("--contact", OWNER_NAME, "--phone", OWN_DETAILS["phone"])
            office.command("register", OWN_NAME, *registered)
            office.command(
                "link", OFFICE_USER, "--company", str(known["alias"]), "--employee", OWNER
            )

    def make_database(self, contacts: int) -> None:
        """The company's own database, as its business program would have it."""
        if not self.database.is_file():
            write_sqlite(
                self.database, today=dt.datetime.now().astimezone().date(), contacts=contacts
            )
            with contextlib.closing(SqliteDesk(self.database)) as desk, desk.transaction():
                desk.write(OWNER_WORKS_HERE, *SALES_MANAGER, OWNER)

    def attach(self) -> None:
        """Capture."""
        attaching.attach(attaching.plan(self.url))

    def connect(self, service: DemoService) -> None:
        """The connection, or the service's new address in the one there is."""
        db = open_company_db(self.url)
        try:
            connection = books.connection(db)
            if connection is not None and connection.online != service.url:
                moved = msgspec.structs.replace(connection, online=service.url)
                with db.transaction():
                    books.set_fact(db, "connection", moved)
        finally:
            db.close()
        if connection is None:
            code = str(service.command("pairing-code", "--company", self.known.company)["code"])
            pairing.connect(self.url, service.url, code, this_computer())

    def _connected(self) -> bool:
        db = open_company_db(self.url)
        try:
            return books.connection(db) is not None
        finally:
            db.close()


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """One demo at a time in a folder; the lock goes with the process, however that ends."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "demo.lock").open("w") as lock:
        try:
            import fcntl
        except ImportError:  # not on Windows; the port is taken there instead
            yield
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DemoRuns(folder=str(folder)) from error
        yield


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
