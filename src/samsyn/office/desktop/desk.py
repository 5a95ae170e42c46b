"""The panels that a user may have on the start page of a company."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from samsyn.companydb import books
from samsyn.companydb.rows import CompanyDb
from samsyn.office.access import Here, here
from samsyn.office.desktop import latest
from samsyn.office.people.links import employee_id
from samsyn.office.people.rights import Area
from samsyn.office.registers.book import OfficeBook
from samsyn.office.registers.of_request import book
from samsyn.office.registers.opened import opened_for
from samsyn.office.synchronising import panels as sync
from samsyn.webkit.desktop.activities import my_activities
from samsyn.webkit.desktop.desk import LIVE_S, Panel
from samsyn.webkit.desktop.meaning import work_in
from samsyn.webkit.desktop.shared_panels import of_the_trade, ways_in
from samsyn.webkit.registers.book import May, Register


def desk(request: HttpRequest) -> OfficeDesk:
    """The user's desktop in the page's company."""
    at = here(request)
    return OfficeDesk(at, book(request), opened_for(request, at.opened.url).db)


class OfficeDesk:
    """See `webkit.desktop.desk.Desk`."""

    def __init__(self, at: Here, registers: OfficeBook, db: CompanyDb) -> None:
        self._at, self._book, self._db = at, registers, db
        self.whose = registers.whose
        self.title = at.opened.name
        self.url = reverse("company", args=[at.opened.alias])

    def panels(self) -> list[Panel]:
        seen = self._book.registers()
        return [*self._of_the_sync(), *self._of_the_day(seen), *of_the_trade(self._book, seen)]

    def _of_the_sync(self) -> Iterator[Panel]:
        """Where the company is connected, and the user may look."""
        company, db, registers = self._at.opened, self._db, self._book
        may_look = self._at.rights.area(Area.ONLINE) >= May.READ
        if company.is_sample or not may_look or books.connection(db) is None:
            return
        yield Panel(
            "sync",
            _("Synchronisation history"),
            "sync",
            lambda: sync.history(db, company),
            every_s=LIVE_S,
        )
        yield Panel(
            "conflicts",
            _("Conflicts"),
            "warning",
            lambda: sync.conflicts(db, company, registers),
            every_s=LIVE_S,
        )

    def _of_the_day(self, seen: list[Register]) -> Iterator[Panel]:
        registers, whose, db = self._book, self.whose, self._db
        if work := work_in(seen):
            yield Panel(
                "activities",
                _("My activities"),
                "calendar",
                lambda: my_activities(registers, work, employee_id(whose.company, whose.person)),
            )
        yield Panel(
            "changes", _("Latest changes"), "history", lambda: latest.changes(db, registers)
        )
        yield from ways_in(registers, seen, _("There is no register here that you may see."))
