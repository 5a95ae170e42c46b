"""Moments as databases write them, and as people see and write them in their own zone."""

from __future__ import annotations

import datetime

from django.utils import timezone

from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field
from samsyn.core.cells import Cell


def moment(cell: Cell) -> datetime.datetime | None:
    """The moment in a cell, with its zone where it has one; None where it is none."""
    if not isinstance(cell, str) or len(cell) < 10:
        return None
    try:
        return datetime.datetime.fromisoformat(cell)
    except ValueError:
        return None


def local(cell: Cell) -> datetime.datetime | None:
    """The same without zone, by the reader's clock; what has no zone is as it is written."""
    at = moment(cell)
    return timezone.make_naive(at) if at is not None and at.tzinfo is not None else at


def entry(cell: Cell) -> str | None:
    """What a control for day and time shows; None where it cannot hold the cell."""
    at = local(cell)
    if at is None or at.microsecond:
        return None
    return at.isoformat(timespec="seconds" if at.second else "minutes")


def has_zone(field: Field, *cells: Cell) -> bool:
    """Whether moments of the field are written with a zone: its type says so, else the cells do."""
    if "timestamp" in field.storage.lower():
        return "with time zone" in field.storage.lower()
    return any(at is not None and at.tzinfo is not None for at in map(moment, cells))


def written(text: str, *, zoned: bool) -> str:
    """What a person wrote by his clock, as it is stored; BadValue where it is no moment."""
    try:
        at = datetime.datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadValue("NOT_A_DATETIME") from error
    if zoned:
        known = at if at.tzinfo is not None else timezone.make_aware(at)
        return known.astimezone(datetime.UTC).replace(tzinfo=None).isoformat() + "Z"
    return (timezone.make_naive(at) if at.tzinfo is not None else at).isoformat()
