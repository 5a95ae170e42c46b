"""What the desktop's panels show of the sync: its state, its history of 7 days, the latest conflicts."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from samsyn.agent.lists import own_conflicts
from samsyn.companydb import books
from samsyn.companydb.rows import CompanyDb
from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.synchronising import telling
from samsyn.office.synchronising.state import describe
from samsyn.office.synchronising.windows import DAYS, Window
from samsyn.webkit.desktop.contents import Day, Row, days, rows
from samsyn.webkit.desktop.desk import Content
from samsyn.webkit.registers.book import Book

FEW = 10


def history(db: CompanyDb, company: CompanyDatabase) -> Content:
    """Records up and down in each of the last 7 days, and when and where the last sync ran."""
    state, told = describe(db, company), telling.days(_runs(db))
    today = timezone.localdate()
    found = []
    for back in reversed(range(DAYS)):
        date = today - datetime.timedelta(days=back)
        of_day = [one for one in told if one["date"] == date]
        name = formats.date_format(date, "SHORT_DATE_FORMAT")
        up, down = (sum(one[way] for one in of_day) for way in ("up", "down"))
        found.append(Day(name, up, down))
    facts = [
        (_("State"), state.words),
        (_("Last sync"), _moment(state.last_sync)),
        (_("Sync computer"), state.last_computer or state.computer or "\N{EN DASH}"),
    ]
    return days(found, facts, more_url=_sync(company), more_words=_("To the synchronisation"))


def conflicts(db: CompanyDb, company: CompanyDatabase, registers: Book) -> Content:
    """The latest conflicts of 7 days, from the office's own copy: a start page waits for no network."""
    since = Window(DAYS, "", export=False).since
    recent = [row for row in own_conflicts(db) if row.at >= since][:FEW]
    found = [
        Row(
            one["title"],
            f"{_sync(company)}#conflicts",
            f"{one['label']}: {one['office']} / {one['online']}"
            if one["label"]
            else one["outcome"],
            one["at"],
            "warning",
        )
        for one in telling.conflicts(registers, recent)
    ]
    return rows(
        found,
        _("None: nobody has changed the same field on both sides."),
        more_url=f"{_sync(company)}#conflicts",
        more_words=_("Conflicts"),
    )


def _runs(db: CompanyDb) -> list[books.Run]:
    since = Window(DAYS, "", export=False).since
    return [run for run in books.runs(db, books.KEPT_RUNS) if run.at >= since]


def _sync(company: CompanyDatabase) -> str:
    return reverse("synchronisation", args=[company.alias])


def _moment(at: str) -> str:
    if not at:
        return "\N{EN DASH}"
    local = timezone.localtime(datetime.datetime.fromisoformat(at))
    return formats.date_format(local, "SHORT_DATETIME_FORMAT")
