"""When a record is, and how a calendar lays it out."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator

import pytest

from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field, KeyGiver, Kind, RecordType
from samsyn.core.cells import Cell

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")

import django

django.setup()

from django.utils import timezone  # noqa: E402  # Django must be set up

from samsyn.webkit.registers import moments  # noqa: E402  # as above
from samsyn.webkit.registers.book import Kept  # noqa: E402  # as above
from samsyn.webkit.registers.calendar import laying  # noqa: E402  # as above
from samsyn.webkit.registers.calendar.laying import Entry  # noqa: E402  # as above
from samsyn.webkit.registers.calendar.spans import When, span_of, when  # noqa: E402  # as above

DAY = datetime.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def stockholm() -> Iterator[None]:
    with timezone.override("Europe/Stockholm"):
        yield


def of(*fields: Field) -> RecordType:
    return RecordType("t", 1, "t", ("id",), KeyGiver.OFFICE, fields)


def moment(name: str, **more: bool) -> Field:
    return Field(name, Kind.DATETIME, "NUMERIC", **more)  # type: ignore[arg-type]  # one of the yes-or-no members


def day(name: str, **more: bool) -> Field:
    return Field(name, Kind.DATE, "NUMERIC", **more)  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ((moment("created_at"), moment("starts_at"), moment("ends_at")), ("starts_at", "ends_at")),
        ((day("ends_on"), day("starts_on")), ("starts_on", "ends_on")),
        ((moment("Start"), day("End")), ("Start", None)),
        ((day("from_date"), day("to_date")), ("from_date", "to_date")),
        ((moment("börjar"), moment("slutar")), ("börjar", "slutar")),
        ((day("order_date", required=True), day("delivery_date")), ("order_date", None)),
        ((moment("done_at"), day("due_date")), ("due_date", None)),
        ((day("due"),), ("due", None)),
        ((moment("created_at", required=True), day("entered_on", required=True)), None),
        ((Field("start", Kind.TEXT, "TEXT"),), None),
    ],
)
def test_the_names_and_kinds_of_fields_say_when_a_record_is(
    fields: tuple[Field, ...], told: tuple[str, str | None] | None
) -> None:
    span = span_of(of(*fields))
    found = None if span is None else (span.start.name, span.end.name if span.end else None)
    assert found == told


def kept(**fields: Cell) -> Kept:
    return Kept("0" * 32, "t", fields, (1,), 1)


ACTIVITY = of(moment("starts_at"), moment("ends_at"), Field("all_day", Kind.BOOLEAN, "NUMERIC"))


@pytest.mark.parametrize(
    ("fields", "start", "end", "all_day"),
    [
        ({"starts_at": "2026-11-24T08:00:00Z", "ends_at": "2026-11-24T09:30:00Z"}, "09:00", "10:30", False),
        ({"starts_at": "2026-11-24 08:00", "ends_at": None}, "08:00", "08:30", False),
        ({"starts_at": "2026-11-24 08:00", "ends_at": "2026-11-24 07:00"}, "08:00", "08:30", False),
        ({"starts_at": "2026-11-24 08:00:00+00", "all_day": 1}, "00:00", "00:00", True),
    ],
)  # fmt: skip
def test_a_record_is_when_it_is_by_the_readers_clock(
    fields: dict[str, Cell], start: str, end: str, all_day: bool
) -> None:
    span = span_of(ACTIVITY)
    assert span is not None
    told = when(span, kept(**fields))
    assert told is not None
    assert (f"{told.start:%H:%M}", f"{told.end:%H:%M}", told.all_day) == (start, end, all_day)
    assert when(span, kept(starts_at="soon")) is None


def entry(title: str, start: str, end: str, all_day: bool = False) -> Entry:
    read = datetime.datetime.fromisoformat
    return Entry(title, "/", When(read(f"2026-11-{start}"), read(f"2026-11-{end}"), all_day))


def lanes(*entries: Entry) -> dict[str, str]:
    laid = laying.laid(entries, DAY, 7)
    return {one.entry.title: one.classes for one in laid.placed}


def test_entries_that_meet_lie_side_by_side_and_others_take_the_whole_width() -> None:
    assert lanes(
        entry("long", "24 09:00", "24 11:00"),
        entry("short", "24 09:30", "24 09:40"),
        entry("after short", "24 10:00", "24 10:30"),
        entry("alone", "24 11:00", "24 12:00"),
    ) == {
        "long": "r5 n4 l0of2",
        "short": "r6 n1 l1of2",
        "after short": "r7 n1 l1of2",
        "alone": "r9 n2 l0of1",
    }


def test_what_finds_no_lane_and_what_takes_the_whole_day_stands_above_the_hours() -> None:
    many = [entry(str(n), "24 09:00", "24 10:00") for n in range(6)]
    whole = entry("fair", "23 00:00", "26 00:00", all_day=True)
    laid = laying.laid([*many, whole], DAY, 7)
    assert [one.title for one in laid.whole] == ["fair", "4", "5"]
    assert len(laid.placed) == laying.LANES


def test_what_goes_over_midnight_is_on_both_days() -> None:
    night = entry("night", "24 22:00", "25 02:00")
    one, other = (
        laying.laid([night], DAY + datetime.timedelta(days=n), 0).placed[0] for n in (0, 1)
    )
    assert (one.row, one.slots, other.row, other.slots) == (45, 4, 1, 4)
    assert not night.when.touches(DAY + datetime.timedelta(days=2))
    assert not entry("until midnight", "23 22:00", "24 00:00").when.touches(DAY)
    assert laying.hours_of([DAY], [night]) == (7, 23)
    assert laying.hours_of([DAY], []) == (laying.FIRST_HOUR, laying.LAST_HOUR)


def test_a_month_is_whole_weeks_from_monday() -> None:
    for month in range(1, 13):
        weeks = laying.weeks_of(datetime.date(2026, month, 15))
        assert all(week[0].weekday() == 0 and len(week) == 7 for week in weeks)
        days = [one for week in weeks for one in week if one.month == month]
        assert days[0].day == 1
        assert (days[-1] + datetime.timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("2026-11-24T13:30:00Z", "2026-11-24T14:30"),
        ("2026-11-24 14:30:05", "2026-11-24T14:30:05"),
        ("2026-07-01 12:00:00+00", "2026-07-01T14:00"),
        ("2026-11-24 14:30:00.25", None),
        ("soon", None),
    ],
)
def test_a_control_shows_a_moment_by_the_readers_clock(cell: str, shown: str | None) -> None:
    assert moments.entry(cell) == shown


def test_a_moment_is_stored_as_the_register_writes_them() -> None:
    plain, zoned = moment("at"), Field("at", Kind.DATETIME, "timestamp with time zone")
    assert moments.written("2026-11-24T14:30", zoned=True) == "2026-11-24T13:30:00Z"
    assert moments.written("2026-11-24T14:30", zoned=False) == "2026-11-24T14:30:00"
    assert moments.has_zone(zoned)
    assert not moments.has_zone(
        Field("at", Kind.DATETIME, "timestamp without time zone"), "2026-11-24T13:30:00Z"
    )
    assert moments.has_zone(plain, None, "2026-11-24T13:30:00Z")
    assert not moments.has_zone(plain, "2026-11-24 13:30:00", None)
    with pytest.raises(BadValue):
        moments.written("soon", zoned=True)
