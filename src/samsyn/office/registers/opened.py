"""The company database of a request: opened when a page asks for it, closed when the answer is sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import apsw
import psycopg
from django.http import HttpRequest

from samsyn.companydb.connect import open_company_db
from samsyn.companydb.listing import Lister
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.trouble import driver_errors, of_driver
from samsyn.companydb.upgrade import is_current, upgrade
from samsyn.companydb.urls import CompanyUrl
from samsyn.core.errors import SamsynError
from samsyn.office.computer_seen import note_computer


class Opened:
    """A company database that a request has open.

    Nothing is kept open from one request to the next: a file that is put back
    or replaced meanwhile is the one that the next page reads. What could not be
    used once is not tried again: the frame of the page about it would wait as
    long as the page has.
    """

    def __init__(self, url: CompanyUrl) -> None:
        self.url = url
        self._db: CompanyDb | None = None
        self._lister: Lister | None = None
        self._trouble: SamsynError | None = None

    @property
    def db(self) -> CompanyDb:
        """The database; NotAttached, DatabaseUnavailable, DatabaseBusy and what else `driver_errors` raises."""
        if self._trouble is not None:
            raise self._trouble
        if self._db is None:
            with self.told():
                self._open()
        assert self._db is not None, "it is open"
        return self._db

    def failed(self, error: apsw.Error | psycopg.Error) -> SamsynError | None:
        """What a driver's error means, which then holds for the rest of the request; None for a mistake of ours."""
        self._trouble = of_driver(self.url.text, error)
        return self._trouble

    @contextmanager
    def told(self) -> Iterator[None]:
        """What the block cannot do with the database is an error of ours, and holds for the rest of the request."""
        try:
            with driver_errors(self.url):
                yield
        except SamsynError as error:
            self._trouble = error
            raise

    def _open(self) -> None:
        self._db = open_company_db(self.url)
        if not is_current(self._db):
            with self._db.transaction():
                upgrade(self._db)
        note_computer(self._db)

    @property
    def lister(self) -> Lister:
        """Reads its rows."""
        if self._lister is None:
            self._lister = Lister(self.db)
        return self._lister

    def close(self) -> None:
        """Ends the connection, where there is one."""
        if self._db is not None:
            self._db.close()
        self._db = self._lister = self._trouble = None


def opened_for(request: HttpRequest, url: CompanyUrl) -> Opened:
    """The request's company database."""
    known: Opened | None = getattr(request, "opened", None)
    if known is None or known.url != url:
        if known is not None:
            known.close()
        known = Opened(url)
        request.opened = known  # type: ignore[attr-defined]  # read here and by the middleware
    return known
