"""The calendar's page: a day, a week or a month of a register, with links to make a record there."""

from __future__ import annotations

import datetime
import enum
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from samsyn.webkit.fragments import page
from samsyn.webkit.registers import asking
from samsyn.webkit.registers.addresses import Addresses, name_in
from samsyn.webkit.registers.book import BadList, Book, Register
from samsyn.webkit.registers.calendar import laying
from samsyn.webkit.registers.calendar.finding import Shown, entries_between
from samsyn.webkit.registers.calendar.laying import Entry
from samsyn.webkit.registers.calendar.spans import Span, span_of
from samsyn.webkit.registers.guarding import of_book

IN_A_DAY = 4
"""Entries that a day of a month shows."""
_YEARS = (1900, 2200)


class View(enum.Enum):
    """How much a calendar shows."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@require_GET
@of_book
def calendar(request: HttpRequest, book: Book, register: str) -> HttpResponseBase:
    """The records of a register by when they are."""
    name = name_in(register)
    found = book.register(name)
    span = span_of(found.type)
    if span is None:
        return HttpResponseRedirect(Addresses(book.root).list(name))
    view = _view(request.GET.get("view", ""))
    day = _day(request.GET.get("on", ""))
    asked = asking.asked(found.type, request.GET)
    days = _days(view, day)
    try:
        shown = entries_between(book, found, span, asked.query, days[0], days[-1])
    except BadList:
        return HttpResponseRedirect(Addresses(book.root).calendar(name))
    made = _Calendar(book, found, span, view, day, _kept_parameters(asked))
    return page(request, "registers/calendar.html", made.context(shown), block="results")


class _Calendar:
    """What one page of a calendar shows."""

    def __init__(
        self,
        book: Book,
        register: Register,
        span: Span,
        view: View,
        day: datetime.date,
        told: list[tuple[str, str]],
    ) -> None:
        self.register, self.span, self.view, self.day, self.told = register, span, view, day, told
        self.to = Addresses(book.root)
        self.today = timezone.localdate()
        self.may_add = register.makes and not register.type.is_read_only(span.start)

    def context(self, shown: Shown) -> dict[str, Any]:  # Any: whatever the template shows
        """The template's values."""
        name = self.register.type.name
        return {
            "register": self.register,
            "view": self.view.value,
            "title": _title(self.view, self.day),
            "more": shown.more,
            "count": len(shown.entries),
            "views": [
                {"words": _view_words(v), "url": self._at(self.day, v), "current": v is self.view}
                for v in View
            ],
            "before": self._at(_step(self.view, self.day, -1)),
            "after": self._at(_step(self.view, self.day, 1)),
            "today": self._at(self.today),
            "day": self.day.isoformat(),
            "told": self.told,
            "to": {
                "list": self.to.list(name) + ("?" + urlencode(self.told) if self.told else ""),
                "calendar": self.to.calendar(name),
                "new": self._new(self.day) if self.may_add else "",
            },
            **(
                self._month(shown.entries)
                if self.view is View.MONTH
                else self._hours(shown.entries)
            ),
        }

    def _month(self, entries: tuple[Entry, ...]) -> dict[str, Any]:  # Any: as above
        weeks = laying.weeks_of(self.day)
        return {
            "weekdays": [formats.date_format(day, "l") for day in weeks[0]],
            "weeks": [
                {
                    "number": week[0].isocalendar().week,
                    "url": self._at(week[0], View.WEEK),
                    "days": [self._month_day(entries, day) for day in week],
                }
                for week in weeks
            ],
        }

    def _month_day(
        self, entries: tuple[Entry, ...], day: datetime.date
    ) -> dict[str, Any]:  # Any: as above
        found = laying.on(entries, day)
        shown = found if len(found) <= IN_A_DAY + 1 else found[:IN_A_DAY]
        return {
            **self._told_day(day),
            "outside": day.month != self.day.month,
            "entries": shown,
            "more": len(found) - len(shown),
        }

    def _hours(self, entries: tuple[Entry, ...]) -> dict[str, Any]:  # Any: as above
        days = _days(self.view, self.day)
        first, last = laying.hours_of(days, entries)
        hours = range(first, last + 1)
        return {
            "in_days": self.span.in_days,
            "hours": [
                {"words": f"{hour:02}:00", "row": (hour - first) * laying.HOUR_SLOTS + 1}
                for hour in hours
            ],
            "rows": len(hours) * laying.HOUR_SLOTS,
            "days": [
                {
                    **self._told_day(day),
                    "laid": laying.laid(entries, day, first),
                    "slots": self._slots(day, hours) if self.may_add else [],
                }
                for day in days
            ],
        }

    def _slots(self, day: datetime.date, hours: range) -> list[dict[str, Any]]:  # Any: as above
        if self.span.in_days:
            return []
        return [
            {
                "row": (hour - hours[0]) * laying.HOUR_SLOTS + 1,
                "words": f"{formats.date_format(day, 'l j F')} {hour:02}:00",
                "url": self._new(day, hour),
            }
            for hour in hours
        ]

    def _told_day(self, day: datetime.date) -> dict[str, Any]:  # Any: as above
        return {
            "number": day.day,
            "iso": day.isoformat(),
            "short": formats.date_format(day, "D j"),
            "long": formats.date_format(day, "l j F"),
            "today": day == self.today,
            "url": self._at(day, View.DAY),
            "new": self._new(day) if self.may_add else "",
        }

    def _new(self, day: datetime.date, hour: int = 9) -> str:
        span, name = self.span, self.register.type.name
        if span.in_days:
            return self.to.new(name, **{f"v:{span.start.name}": day.isoformat()})
        given = {f"v:{span.start.name}": f"{day.isoformat()}T{hour:02}:00"}
        if span.end is not None and hour < 23:
            given[f"v:{span.end.name}"] = f"{day.isoformat()}T{hour + 1:02}:00"
        return self.to.new(name, **given)

    def _at(self, day: datetime.date, view: View | None = None) -> str:
        told = [("view", (view or self.view).value), ("on", day.isoformat()), *self.told]
        return f"{self.to.calendar(self.register.type.name)}?{urlencode(told)}"


def _kept_parameters(asked: asking.Asked) -> list[tuple[str, str]]:
    told = [("where", asking.as_parameter(one)) for one in asked.conditions]
    return [*told, ("q", asked.search)] if asked.search else told


def _days(view: View, day: datetime.date) -> list[datetime.date]:
    match view:
        case View.DAY:
            return [day]
        case View.WEEK:
            return laying.week_of(day)
        case View.MONTH:
            return [day for week in laying.weeks_of(day) for day in week]


def _step(view: View, day: datetime.date, way: int) -> datetime.date:
    if view is not View.MONTH:
        return day + datetime.timedelta(days=way * (7 if view is View.WEEK else 1))
    months = day.year * 12 + day.month - 1 + way
    return datetime.date(months // 12, months % 12 + 1, 1)


def _title(view: View, day: datetime.date) -> str:
    match view:
        case View.DAY:
            return formats.date_format(day, "l j F Y")
        case View.WEEK:
            return _("Week %(n)d, %(year)d") % {
                "n": day.isocalendar().week,
                "year": day.isocalendar().year,
            }
        case View.MONTH:
            return formats.date_format(day, "YEAR_MONTH_FORMAT")


def _view(told: str) -> View:
    return next((view for view in View if view.value == told), View.WEEK)


def _view_words(view: View) -> str:
    return {
        View.DAY: pgettext("calendar", "Day"),
        View.WEEK: pgettext("calendar", "Week"),
        View.MONTH: pgettext("calendar", "Month"),
    }[view]


def _day(told: str) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(told)
    except ValueError:
        return timezone.localdate()
    return day if _YEARS[0] < day.year < _YEARS[1] else timezone.localdate()
