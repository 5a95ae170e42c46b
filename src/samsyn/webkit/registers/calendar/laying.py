"""Lays the entries of a calendar out: days of a month, and hours of days where entries that meet lie side by side.

Pages have no inline styles. So a place is told in classes of calendar.css:
`r` the half hour of the day's first shown hour at which it begins, `n` how
many half hours it takes, `l2of3` the second of three lanes.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

import msgspec

from samsyn.webkit.registers.calendar.spans import When

FIRST_HOUR, LAST_HOUR = 7, 18
"""Shown at least; more where there are entries."""
LANES = 4
"""Entries side by side; more of them stand above the hours."""
HOUR_SLOTS = 2


class Entry(msgspec.Struct, frozen=True):
    """A record in the calendar."""

    title: str
    url: str
    when: When
    done: bool = False
    note: str = ""


class Placed(msgspec.Struct, frozen=True):
    """An entry among the hours of a day."""

    entry: Entry
    row: int
    slots: int
    lane: int
    lanes: int

    @property
    def classes(self) -> str:
        """Where it lies, for the style sheet."""
        return f"r{self.row} n{self.slots} l{self.lane}of{self.lanes}"


class Day(msgspec.Struct, frozen=True):
    """A day with what is on it: among the hours, and for the whole of it."""

    date: datetime.date
    whole: tuple[Entry, ...]
    placed: tuple[Placed, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of it, in the order of the day."""
        return (*self.whole, *(one.entry for one in self.placed))


def week_of(day: datetime.date) -> list[datetime.date]:
    """The days of its week, from Monday."""
    monday = day - datetime.timedelta(days=day.weekday())
    return [monday + datetime.timedelta(days=n) for n in range(7)]


def weeks_of(month: datetime.date) -> list[list[datetime.date]]:
    """The weeks in which the days of a month lie."""
    first = month.replace(day=1)
    weeks = [week_of(first)]
    while (weeks[-1][-1] + datetime.timedelta(days=1)).month == first.month:
        weeks.append(week_of(weeks[-1][-1] + datetime.timedelta(days=1)))
    return weeks


def hours_of(days: Sequence[datetime.date], entries: Iterable[Entry]) -> tuple[int, int]:
    """The first and the last hour that are shown."""
    first, last = FIRST_HOUR, LAST_HOUR
    for entry in entries:
        if not entry.when.all_day:
            for day in days:
                if entry.when.touches(day):
                    begin, end = _within(entry.when, day)
                    first = min(first, begin // 60)
                    last = max(last, (end - 1) // 60)
    return first, last


def on(entries: Iterable[Entry], day: datetime.date) -> list[Entry]:
    """What is on a day: whole days first, then by the clock."""
    found = [entry for entry in entries if entry.when.touches(day)]
    return sorted(found, key=lambda e: (not e.when.all_day, e.when.start, e.when.end, e.title))


def laid(entries: Iterable[Entry], day: datetime.date, first_hour: int) -> Day:
    """A day with its entries in lanes."""
    whole: list[Entry] = []
    timed: list[Entry] = []
    for entry in on(entries, day):
        covers = entry.when.all_day or _within(entry.when, day) == (0, 24 * 60)
        (whole if covers else timed).append(entry)
    placed: list[Placed] = []
    for cluster in _clusters(timed, day):
        fit, rest = _lanes(cluster, day, first_hour)
        placed += fit
        whole += rest
    return Day(day, tuple(whole), tuple(placed))


def _clusters(entries: Sequence[Entry], day: datetime.date) -> list[list[Entry]]:
    """Entries that meet, directly or through others."""
    found: list[list[Entry]] = []
    until = -1
    for entry in entries:
        begin, end = _slots(entry.when, day)
        if begin >= until:
            found.append([])
            until = end
        found[-1].append(entry)
        until = max(until, end)
    return found


def _lanes(
    cluster: Sequence[Entry], day: datetime.date, first_hour: int
) -> tuple[list[Placed], list[Entry]]:
    """Each in the first lane that is free; those for which none is."""
    ends: list[int] = []
    told: list[tuple[Entry, int]] = []
    rest: list[Entry] = []
    for entry in cluster:
        begin, end = _slots(entry.when, day)
        lane = next((n for n, until in enumerate(ends) if until <= begin), len(ends))
        if lane == LANES:
            rest.append(entry)
            continue
        ends[lane:] = [end, *ends[lane + 1 :]]
        told.append((entry, lane))
    placed = []
    for entry, lane in told:
        begin, end = _slots(entry.when, day)
        row = begin - first_hour * HOUR_SLOTS + 1
        placed.append(Placed(entry, row, end - begin, lane, len(ends)))
    return placed, rest


def _slots(when: When, day: datetime.date) -> tuple[int, int]:
    """The half hours that it takes of a day; at least one."""
    begin, end = _within(when, day)
    first = begin // 30
    return first, max(first + 1, -(-end // 30))


def _within(when: When, day: datetime.date) -> tuple[int, int]:
    """The minutes of a day in which it is."""
    midnight = datetime.datetime.combine(day, datetime.time())
    begin = max(when.start, midnight) - midnight
    end = min(when.end, midnight + datetime.timedelta(days=1)) - midnight
    minutes = int(begin.total_seconds() // 60), int(-(-end.total_seconds() // 60))
    return minutes[0], max(minutes[1], minutes[0] + 1)
