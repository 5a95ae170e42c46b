"""Dates, times and durations in ISO 8601, between programs and the forms that databases print."""

from __future__ import annotations

import datetime
import re

import msgspec

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?"
_ZONE = r"(Z|z|[+-]\d\d(?::?\d\d)?(?::?\d\d)?)?"
_CLOCK = re.compile(_TIME + _ZONE, re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[Tt ]" + _TIME + _ZONE + ")?", re.ASCII)
_DURATION = re.compile(
    r"(-?)P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)W)?(?:(-?\d+)D)?"
    r"(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?)(\d+)(?:\.(\d{1,6}))?S)?)?",
    re.ASCII,
)

MONTHS_LIMIT = 2**31 - 1
MICROS_LIMIT = 2**63 - 1


class Moment(msgspec.Struct, frozen=True):
    """A day with a time of day; `zone` is None where none was told."""

    day: datetime.date
    time: datetime.time | None
    """Without a zone."""
    zone: datetime.timezone | None
    digits: int = 0
    """How many digits of the fraction of a second say something."""


def read_date(text: str) -> datetime.date:
    """A calendar date, YYYY-MM-DD; ValueError."""
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    return datetime.date.fromisoformat(text)


def read_time(text: str) -> Moment:
    """A time of day, with or without a zone, on an arbitrary day; ValueError."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return _moment(datetime.date(2000, 1, 1), found.groups())


def read_moment(text: str) -> Moment:
    """A date with an optional time and zone; ValueError."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    day, *clock = found.groups()
    if clock[0] is None:
        return Moment(read_date(day), None, None)
    return _moment(read_date(day), tuple(clock))


def _moment(day: datetime.date, parts: tuple[str | None, ...]) -> Moment:
    hour, minute, second, fraction, zone = parts
    micros = (fraction or "").ljust(6, "0")
    time = datetime.time(int(hour or 0), int(minute or 0), int(second or 0), int(micros))
    return Moment(day, time, _zone(zone), len((fraction or "").rstrip("0")))


def _zone(text: str | None) -> datetime.timezone | None:
    if text is None:
        return None
    if text in "Zz":
        return datetime.UTC
    digits = text[1:].replace(":", "").ljust(6, "0")
    if int(digits[2:4]) > 59 or int(digits[4:]) > 59:
        raise ValueError(text)
    size = datetime.timedelta(
        hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:])
    )
    return datetime.timezone(-size if text[0] == "-" else size)


def clock_text(time: datetime.time) -> str:
    """HH:MM:SS with as much of a fraction as says something, as databases print it."""
    whole = time.strftime("%H:%M:%S")
    return f"{whole}.{time.microsecond:06}".rstrip("0") if time.microsecond else whole


def zone_text(zone: datetime.timezone) -> str:
    """+HH, +HH:MM or +HH:MM:SS, as PostgreSQL prints an offset."""
    seconds = int(zone.utcoffset(None).total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    text = f"{'-' if seconds < 0 else '+'}{hours:02}"
    if rest:
        text += f":{rest // 60:02}"
    return text + (f":{rest % 60:02}" if rest % 60 else "")


def utc_text(moment: Moment) -> str:
    """A moment with a zone as PostgreSQL prints it under TimeZone UTC; ValueError out of range."""
    assert moment.time is not None
    assert moment.zone is not None
    there = datetime.datetime.combine(moment.day, moment.time, moment.zone)
    try:
        here = there.astimezone(datetime.UTC)
    except OverflowError as error:
        raise ValueError("beyond the years 1 to 9999") from error
    return f"{here.date().isoformat()} {clock_text(here.time())}+00"


def duration_text(text: str) -> str:
    """An ISO 8601 duration as PostgreSQL prints it (IntervalStyle iso_8601); ValueError."""
    found = _DURATION.fullmatch(text)
    if found is None or text.endswith(("P", "T")):
        raise ValueError(text)
    years, months, weeks, days, hours, minutes = (int(found[i] or 0) for i in range(2, 8))
    micros = int(found[9] or 0) * 1_000_000 + int((found[10] or "").ljust(6, "0"))
    micros = (-micros if found[8] else micros) + (hours * 60 + minutes) * 60_000_000
    sign = -1 if found[1] else 1
    return _printed(sign * (years * 12 + months), sign * (weeks * 7 + days), sign * micros)


def _printed(months: int, days: int, micros: int) -> str:
    if abs(months) > MONTHS_LIMIT or abs(days) > MONTHS_LIMIT or abs(micros) > MICROS_LIMIT:
        raise ValueError("larger than an interval can be")
    years, months = _divided(months, 12)
    minutes, micros = _divided(micros, 60_000_000)
    hours, minutes = _divided(minutes, 60)
    dated = "".join(f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (days, "D")) if n)
    timed = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M")) if n)
    if micros:
        seconds, fraction = divmod(abs(micros), 1_000_000)
        shown = f"{seconds}.{fraction:06}".rstrip("0").rstrip(".") if fraction else f"{seconds}"
        timed += f"{'-' if micros < 0 else ''}{shown}S"
    if not dated and not timed:
        return "PT0S"
    return f"P{dated}" + (f"T{timed}" if timed else "")


def _divided(number: int, by: int) -> tuple[int, int]:
    """Quotient and rest, both with the sign of the number, as PostgreSQL divides."""
    whole, rest = divmod(abs(number), by)
    return (-whole, -rest) if number < 0 else (whole, rest)
