"""Which fields of a register say when a record is, and when that is by the reader's clock."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import msgspec

from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.core.cells import Cell
from samsyn.webkit.desktop.meaning import DONE, plain
from samsyn.webkit.registers import moments
from samsyn.webkit.registers.book import Kept

BEGINS = "start starts begin begins from börjar borjar von beginn".split()
ENDS = "end ends until to finish slut slutar till bis ende".split()
LOOSE = ("at", "on", "date", "time", "datum", "tid", "dag", "datetime")
ALONE = "date day datum dag due when duedate workdate orderdate".split()
NOT_A_DAY = "created changed modified updated entered registered done skapad ändrad andrad".split()
ALL_DAY = "allday wholeday heldag".split()
USUAL = datetime.timedelta(hours=1)


class Span(msgspec.Struct, frozen=True):
    """The fields that tell when a record is; without an end it is a moment or a day."""

    start: Field
    end: Field | None = None
    all_day: Field | None = None
    done: Field | None = None

    @property
    def in_days(self) -> bool:
        """Whether records lie on days, without a time."""
        return self.start.kind is Kind.DATE


class When(msgspec.Struct, frozen=True):
    """When a record is, by the reader's clock; a whole day goes from midnight to midnight."""

    start: datetime.datetime
    end: datetime.datetime
    all_day: bool

    def touches(self, day: datetime.date) -> bool:
        """Whether it is on that day."""
        begin = datetime.datetime.combine(day, datetime.time())
        return self.start < begin + datetime.timedelta(days=1) and (
            self.end > begin or self.start >= begin
        )


def span_of(record_type: RecordType) -> Span | None:
    """The fields that tell when a record is; None where the register has none."""
    dated = [f for f in record_type.shown if f.kind in (Kind.DATE, Kind.DATETIME)]
    start = _called(dated, BEGINS)
    if start is None:
        start = next((f for f in dated if _is_its_day(record_type, f)), None)
        return None if start is None else Span(start, done=_yes_or_no(record_type, DONE))
    end = _called([f for f in dated if f.kind is start.kind], ENDS)
    return Span(start, end, _yes_or_no(record_type, ALL_DAY), _yes_or_no(record_type, DONE))


def when(span: Span, kept: Kept) -> When | None:
    """When a record is; None where it does not say."""
    start = moments.local(kept.fields.get(span.start.name))
    if start is None:
        return None
    end = moments.local(kept.fields.get(span.end.name)) if span.end is not None else None
    whole = span.in_days or (
        span.all_day is not None and is_yes(kept.fields.get(span.all_day.name))
    )
    if whole:
        last = max(start, end or start).date()
        return When(_midnight(start.date()), _midnight(last + datetime.timedelta(days=1)), True)
    return When(start, end if end is not None and end > start else start + USUAL / 2, False)


def is_yes(cell: Cell) -> bool:
    """Whether a yes-or-no field says yes."""
    return isinstance(cell, bool | int) and bool(cell)


def _called(fields: Iterable[Field], names: Iterable[str]) -> Field | None:
    wanted = {f"{name}{loose}" for name in names for loose in ("", *LOOSE)}
    wanted |= {f"{loose}{name}" for name in names for loose in LOOSE}
    return next((field for field in fields if plain(field.name) in wanted), None)


def _is_its_day(record_type: RecordType, field: Field) -> bool:
    told = plain(field.name)
    if any(word in told for word in NOT_A_DAY):
        return False
    return told in ALONE or (record_type.is_required(field) and field.kind is Kind.DATE)


def _yes_or_no(record_type: RecordType, names: Iterable[str]) -> Field | None:
    fields = (f for f in record_type.fields if f.kind is Kind.BOOLEAN)
    return next((field for field in fields if plain(field.name) in names), None)


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time())
