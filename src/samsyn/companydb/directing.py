"""Directions of record types: both ways, to online only, from online only."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from samsyn.companydb.ruling import own_fields
from samsyn.core.catalog import Catalog, Direction, RecordType
from samsyn.core.errors import SamsynError


class DirectionUnknown(SamsynError):
    """A direction that cannot be: `direction`."""

    code = "DIRECTION_UNKNOWN"


def directed(before: Iterable[str], given: Iterable[str], catalog: Catalog) -> tuple[str, ...]:
    """The directions that are not *both*, as `TYPE=up`, after the given ones.

    What no longer means anything is forgotten; DirectionUnknown for a given one that does not.
    """
    names = {record_type.name for record_type in catalog.types}
    found = {name: way for name, way in map(_told, before) if name in names and way is not None}
    for text in given:
        name, way = _told(text)
        if name not in names or way is None:
            raise DirectionUnknown(direction=text)
        found[name] = way
    return tuple(f"{n}={w.value}" for n, w in found.items() if w is not Direction.BOTH)


def with_directions(catalog: Catalog, told: Iterable[str]) -> Catalog:
    """The catalog with these directions, as `directed` gives them."""
    ways = {name: way for name, way in map(_told, told) if way is not None}
    types = tuple(_going(t, ways.get(t.name, Direction.BOTH)) for t in catalog.types)
    return msgspec.structs.replace(catalog, types=types)


def _going(record_type: RecordType, way: Direction) -> RecordType:
    """A type that is written online has the rule that online stands, should the office write all the same."""
    stands = tuple(own_fields(record_type)) if way is Direction.DOWN else record_type.online_wins
    return msgspec.structs.replace(record_type, direction=way, online_wins=stands)


def _told(text: str) -> tuple[str, Direction | None]:
    name, _, way = text.rpartition("=")
    known = {direction.value: direction for direction in Direction}
    return name.strip(), known.get(way.strip())
