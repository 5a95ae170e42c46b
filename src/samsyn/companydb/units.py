"""Units: changes that only make sense together, and values that make room in a swap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from samsyn.companydb.row_sql import is_reference
from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.core.cells import Cell
from samsyn.core.changes import OnlineChange, Operation

LONG, SHORTEST = 32, 12
"""Of a record's id so many characters stand in for a text; fewer might be another's."""
NUMBERS = (Kind.INTEGER, Kind.DECIMAL, Kind.REAL)
DIGITS = 9
"""Of a number that stands in for another."""


def units(
    changes: Iterable[OnlineChange], types: Mapping[str, RecordType]
) -> list[list[OnlineChange]]:
    """The changes in their order, those that refer to each other in a ring as one.

    Parents come first already, so only a new record that refers to itself or
    to a later new record is part of a ring.
    """
    ordered = list(changes)
    place = {c.id: n for n, c in enumerate(ordered) if c.operation is Operation.INSERT}
    leader = list(range(len(ordered)))
    for number, change in enumerate(ordered):
        if change.operation is not Operation.INSERT:
            continue
        for field in types[change.type].fields:  # one that the office has dropped may be told yet
            cell = change.fields.get(field.name)
            if not isinstance(cell, str) or not is_reference(field):
                continue
            later = place.get(cell, -1)
            if later > number:
                _join(leader, number, later)
    grouped: dict[int, list[OnlineChange]] = {}
    for number, change in enumerate(ordered):
        grouped.setdefault(_find(leader, number), []).append(change)
    return [grouped[number] for number in sorted(grouped)]


def swapping_values(record_type: RecordType, record: str, fields: Iterable[str]) -> dict[str, Cell]:
    """Values that hold a place free while unique values change owners; never committed.

    Only for fields that are written right after. A key that is a reference stays.
    """
    values: dict[str, Cell] = {}
    for name in fields:
        field = record_type.field(name)
        is_key = name in record_type.key
        if field.generated or (is_key and is_reference(field)):
            continue
        if field.nullable and not is_key:
            values[name] = None
        elif field.kind in NUMBERS:
            values[name] = nobodys_number(record)
        elif field.kind is Kind.TEXT and (field.max_length or LONG) >= SHORTEST:
            values[name] = record[-(field.max_length or LONG) :]
    return values


def nobodys_key(
    record_type: RecordType, record: str, key: Sequence[Cell]
) -> tuple[Cell, ...] | None:
    """A key like this one that no row has, and none ever gets; None where its columns hold no such value."""
    cells = dict(zip(record_type.key, key, strict=True))
    for name in record_type.key:
        field = record_type.field(name)
        if field.kind in NUMBERS and _holds(field):
            return tuple({**cells, name: nobodys_number(record)}.values())
        if field.kind is Kind.TEXT and (field.max_length or LONG) >= SHORTEST:
            return tuple({**cells, name: record[-(field.max_length or LONG) :]}.values())
    return None


def _holds(field: Field) -> bool:
    """Whether the column is wide enough for a number that stands in."""
    if "small" in field.storage.lower():
        return False
    return field.precision is None or field.precision - (field.scale or 0) >= DIGITS


def no_references(record_type: RecordType, fields: Mapping[str, Cell]) -> dict[str, Cell]:
    """Lets go of what a record refers to, as far as it may be empty; never committed."""
    return {
        field.name: None
        for field in record_type.fields
        if is_reference(field) and field.nullable and field.name not in record_type.key
        if fields.get(field.name) is not None
    }


def linked(
    changes: Iterable[OnlineChange], cells: Mapping[str, Iterable[Cell]]
) -> list[list[OnlineChange]]:
    """The changes of records that refer to each other, group by group; `cells` by record id."""
    ordered = list(changes)
    place = {change.id: number for number, change in enumerate(ordered)}
    leader = list(range(len(ordered)))
    for change in ordered:
        for cell in cells.get(change.id, ()):
            if isinstance(cell, str) and cell in place:
                _join(leader, place[change.id], place[cell])
    grouped: dict[int, list[OnlineChange]] = {}
    for number, change in enumerate(ordered):
        grouped.setdefault(_find(leader, number), []).append(change)
    return list(grouped.values())


def nobodys_number(record: str) -> int:
    """A number to stand in for another for a moment."""
    return -(int(record[-7:], 16) + 1)


def _find(leader: list[int], number: int) -> int:
    while leader[number] != number:
        number = leader[number]
    return number


def _join(leader: list[int], one: int, other: int) -> None:
    first, second = sorted((_find(leader, one), _find(leader, other)))
    leader[first] = second  # the unit runs where its last member stands
