"""The panels that a member may have on the start page of a company."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from samsyn.online.access import Here, here
from samsyn.online.desktop import latest, syncing
from samsyn.online.registers.book import OnlineBook, book
from samsyn.webkit.desktop.activities import employee_of, my_activities
from samsyn.webkit.desktop.desk import Panel
from samsyn.webkit.desktop.meaning import work_in
from samsyn.webkit.desktop.shared_panels import of_the_trade, ways_in
from samsyn.webkit.registers.book import Register


def desk(request: HttpRequest) -> OnlineDesk:
    """The visitor's desktop in the page's company."""
    return OnlineDesk(here(request), book(request))


class OnlineDesk:
    """See `webkit.desktop.desk.Desk`."""

    def __init__(self, at: Here, registers: OnlineBook) -> None:
        self._at, self._book = at, registers
        self.whose = registers.whose
        self.title = at.company.name
        self.url = reverse("company", args=[at.company.pk])

    def panels(self) -> list[Panel]:
        seen = self._book.registers()
        return [*self._of_the_sync(), *self._of_the_day(seen), *of_the_trade(self._book, seen)]

    def _of_the_sync(self) -> Iterator[Panel]:
        at, registers = self._at, self._book
        yield Panel("office", _("The office"), "computer", lambda: syncing.state(at))
        yield Panel("notices", _("Unread notices"), "bell", lambda: latest.notices(at, registers))
        yield Panel("waiting", _("To be mended"), "error", lambda: latest.waiting(at, registers))
        yield Panel(
            "conflicts", _("Latest conflicts"), "warning", lambda: latest.conflicts(at, registers)
        )
        yield Panel(
            "changes", _("Latest changes"), "history", lambda: latest.changes(at, registers)
        )
        yield Panel("traffic", _("Synchronisation history"), "sync", lambda: syncing.traffic(at))

    def _of_the_day(self, seen: list[Register]) -> Iterator[Panel]:
        registers, email = self._book, self._at.person.email
        if work := work_in(seen):
            yield Panel(
                "activities",
                _("My activities"),
                "calendar",
                lambda: my_activities(registers, work, employee_of(registers, email)),
            )
        yield from ways_in(
            registers, seen, _("They come when the office's database is connected to this company.")
        )
