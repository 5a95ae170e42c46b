"""The tables of one company as its program has made them by now, and what of them is synced."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from simulation.schema import COLUMNS, KEYS, TEXTS


class Shape:
    """Which columns each table has, by the names under which their fields are known online.

    A field that the program has just added is in `added` until the tables are
    attached again; what it has dropped is gone at once, and nobody follows it.
    """

    def __init__(self) -> None:
        self._columns = {name: {c: c for c in columns} for name, columns in COLUMNS.items()}
        self._texts = {name: list(texts) for name, texts in TEXTS.items()}
        self.added: dict[str, dict[str, str]] = {name: {} for name in COLUMNS}
        """By type: columns that are not attached yet, by the field that they will be."""
        self.renamed: dict[str, dict[str, tuple[str, str]]] = {name: {} for name in COLUMNS}
        """By type: fields whose column has another name than when it was attached: both names."""
        self.gone: dict[str, list[str]] = {name: [] for name in COLUMNS}
        """By type: fields that were dropped, of which people online may not have heard."""
        self.ran: list[str] = []
        """Every statement by which the program has changed its schema."""
        self.blind: set[str] = set()
        """The types whose triggers are gone."""
        self._selects: dict[str, str] = {}

    def copy(self) -> Shape:
        """As it is now."""
        return deepcopy(self)

    def differs_from(self, other: Shape) -> frozenset[str]:
        """The types that have other fields."""
        return frozenset(name for name in self.types if self.fields(name) != other.fields(name))

    @property
    def types(self) -> tuple[str, ...]:
        """Every table."""
        return tuple(self._columns)

    def fields(self, type_: str) -> tuple[str, ...]:
        """The fields that are followed, in the order in which rows are read; the key stands first."""
        return tuple(self._columns[type_])

    def texts(self, type_: str) -> tuple[str, ...]:
        """The fields whose every value anybody may write."""
        return tuple(self._texts[type_])

    def known_online(self, type_: str) -> tuple[str, ...]:
        """The same, with those that were dropped: a service may not have heard of it."""
        return (*self._texts[type_], *self.gone[type_])

    def column(self, type_: str, field: str) -> str:
        """What the field is called in the database."""
        return self._columns[type_][field]

    def written(self, type_: str) -> tuple[str, ...]:
        """The columns that a form of the program writes, attached or not."""
        known = (self._columns[type_][field] for field in self._texts[type_])
        return (*known, *self.added[type_].values())

    def selects(self) -> Iterator[tuple[str, int, str]]:
        """For each type: its name, how many columns its key has, and what reads its rows."""
        if not self._selects:
            self._selects = {
                name: f"SELECT {', '.join(columns.values())} FROM {name}"
                for name, columns in self._columns.items()
            }
        for name, select in self._selects.items():
            yield name, len(KEYS[name]), select

    # --- what an upgrade does ---

    def add(self, type_: str, field: str, column: str) -> None:
        """A new column, not attached yet."""
        self.added[type_][field] = column

    def drop(self, type_: str, field: str) -> None:
        """A column is gone."""
        del self._columns[type_][field]
        self._texts[type_].remove(field)
        self.renamed[type_].pop(field, None)
        self.gone[type_].append(field)
        self._selects.clear()

    def rename(self, type_: str, field: str, column: str) -> None:
        """A column has another name."""
        self.renamed[type_][field] = (self._columns[type_][field], column)
        self._columns[type_][field] = column
        self._selects.clear()

    def take_for_new(self, type_: str, field: str) -> str:
        """Nobody has said that a column was renamed: it is a new field, called as the column is."""
        _, column = self.renamed[type_].pop(field)
        columns = self._columns[type_]
        self._columns[type_] = {column if f == field else f: c for f, c in columns.items()}
        texts = self._texts[type_]
        texts[texts.index(field)] = column
        self.gone[type_].append(field)
        self._selects.clear()
        return column

    def attached(self, type_: str) -> list[str]:
        """All columns are synced; the fields that are new."""
        new = dict(self.added[type_])
        self._columns[type_] |= new
        self._texts[type_] += new
        self.added[type_].clear()
        self.renamed[type_].clear()
        self._selects.clear()
        return list(new)
