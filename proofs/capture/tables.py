"""What a random statement must know of a random table."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

import msgspec

T = TypeVar("T")

NUMBERS = ("1", "2", "3", "4", "5")
TAG = "tag"
"""A column that says which row it is: given when a row is made, never written by a statement."""


class Column(msgspec.Struct, frozen=True):
    """A column that statements write: its part of CREATE TABLE, and literals to write."""

    name: str
    declared: str
    values: tuple[str, ...]
    arithmetic: bool = False
    """`column + 1` means something."""


class Table(msgspec.Struct, frozen=True):
    """A table; `key` names its key's columns, `unique` the columns of its other unique keys."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    row_numbers: tuple[str, ...] = ()
    """Names under which a statement may set the row number."""

    def column(self, name: str) -> Column:
        """A column by name."""
        return next(column for column in self.columns if column.name == name)


class Schema(msgspec.Struct, frozen=True):
    """The tables, and the statements that make them."""

    tables: tuple[Table, ...]
    statements: tuple[str, ...]


def maybe(rng: random.Random, text: str, chance: float = 0.5) -> str:
    """The text, or nothing."""
    return text if rng.random() < chance else ""


def some(rng: random.Random, items: Sequence[T], least: int = 1) -> list[T]:
    """Some of the items, in their order."""
    count = rng.randint(min(least, len(items)), len(items))
    chosen = set(rng.sample(range(len(items)), count))
    return [item for place, item in enumerate(items) if place in chosen]


def a_value(rng: random.Random, column: Column) -> str:
    """A literal for the column."""
    return rng.choice(column.values)


def condition(rng: random.Random, table: Table, prefix: str = "") -> str:
    """A WHERE clause that a few rows meet."""
    column = table.column(rng.choice(table.key))
    operator = rng.choice(["=", "=", "=", ">=", "<>"])
    return f"WHERE {prefix}{column.name} {operator} {a_value(rng, column)}"


def values_row(rng: random.Random, columns: Sequence[Column]) -> str:
    """A row of literals."""
    return f"({', '.join(a_value(rng, column) for column in columns)})"


def assignment(rng: random.Random, column: Column) -> str:
    """`column = something`."""
    if column.arithmetic and rng.random() < 0.4:
        step = rng.choice(["+ 1", "- 1", "+ 2"])
        return f"{column.name} = {column.name} {step}"
    if column.arithmetic and rng.random() < 0.2:
        one, other = rng.sample(NUMBERS, 2)
        return f"{column.name} = CASE {column.name} WHEN {one} THEN {other} WHEN {other} THEN {one} ELSE {column.name} END"
    return f"{column.name} = {a_value(rng, column)}"


def assignments(rng: random.Random, table: Table) -> str:
    """A SET list of one to three columns, keys rather often."""
    pool = [column for column in table.columns if column.name in table.key] * 2
    pool += table.columns
    chosen = {column.name: column for column in rng.choices(pool, k=rng.randint(1, 3))}
    return ", ".join(assignment(rng, column) for column in chosen.values())
