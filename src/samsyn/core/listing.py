"""What a list of records is asked, by programs and by pages: filter, sort order, where to go on."""

from __future__ import annotations

import enum

import msgspec

from samsyn.core.catalog import Kind

MAX_PAGE = 500
MAX_CONDITIONS = 20
MAX_WORDS = 10
NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.REAL, Kind.BOOLEAN})
"""Kinds that are compared and sorted as numbers."""


class Op(enum.Enum):
    """How a field is compared with a value."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    CONTAINS = "contains"
    """Somewhere in the text, whatever the case."""
    STARTS = "starts"
    NULL = "null"
    """Without a value; with the value false: with one."""


class Condition(msgspec.Struct, frozen=True):
    """A field compared with a value, which is a number, a text, or true and false."""

    field: str
    op: Op
    value: str | int | float | bool | None = None


class Order(msgspec.Struct, frozen=True):
    """A field to sort by; records without a value come last either way."""

    field: str
    descending: bool = False


class Query(msgspec.Struct, frozen=True):
    """Which living records of a type, in which order, from where on.

    Of `search` every word stands somewhere in the record, each in a field of its own or in one.
    """

    search: str = ""
    filter: tuple[Condition, ...] = ()
    sort: tuple[Order, ...] = ()
    cursor: str | None = None
    limit: int = 100


def words(search: str) -> list[str]:
    """What a search asks for; those beyond the tenth are one text."""
    return search.strip().split(maxsplit=MAX_WORDS - 1)
