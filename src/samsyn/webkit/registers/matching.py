"""Which column of a sent table belongs to which field, and which row to which record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec
from django.utils.translation import gettext as _

from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.core.cells import Cell
from samsyn.webkit.registers.book import Book, Kept
from samsyn.webkit.registers.calling import family_names, given_name
from samsyn.webkit.registers.showing import key_text, labels, title_of
from samsyn.webkit.tables.reading import Table

NOT_TAKEN = frozenset({Kind.BLOB, Kind.JSON, Kind.ARRAY, Kind.OTHER, Kind.INTERVAL})
"""Kinds that a table's cell cannot tell."""
TELLING = frozenset({Kind.TEXT, Kind.INTEGER, Kind.DATE, Kind.UUID, Kind.ENUM})
"""Kinds of fields by which records may be found."""
ALL_NEW, BY_KEY = "", "key"
_WITH_KEY = re.compile(r"^(?P<title>.*) \((?P<key>[^()]*)\)$")


class Matched(msgspec.Struct, frozen=True):
    """Columns by field, and by which fields a row finds its record; none: every row is new."""

    columns: Mapping[str, int]
    by: tuple[str, ...]


def guessed(record_type: RecordType, head: Sequence[str]) -> list[str]:
    """For each column the field of that label or name; the empty text for none."""
    known: dict[str, str] = {}
    called = labels(record_type)
    for field in record_type.fields:
        if field.kind not in NOT_TAKEN:
            known.setdefault(_bare(called[field.name]), field.name)
    for field in record_type.fields:
        if field.kind not in NOT_TAKEN:
            known.setdefault(_bare(field.name), field.name)
    found: list[str] = []
    for told in head:
        name = known.get(_bare(told), "")
        found.append("" if name in found else name)
    return found


def ways(record_type: RecordType, columns: Sequence[str]) -> list[tuple[str, str]]:
    """How rows may find their records, with words: by the key, by a field, or not at all."""
    told = [(ALL_NEW, _("Every row is a new record"))]
    called = labels(record_type)
    if set(record_type.key) <= set(columns):
        told.insert(0, (BY_KEY, " + ".join(called[name] for name in record_type.key)))
    told += [
        (f"field:{name}", called[name])
        for name in columns
        if name
        and (name,) != record_type.key
        and record_type.field(name).kind in TELLING
        and not record_type.field(name).choices
    ]
    return told


def matched(record_type: RecordType, columns: Sequence[str], way: str) -> Matched:
    """The columns and the way as chosen."""
    places = {name: place for place, name in enumerate(columns) if name}
    if way == BY_KEY:
        return Matched(places, record_type.key)
    name = way.removeprefix("field:")
    return Matched(places, (name,) if way.startswith("field:") and name in places else ())


class Found:
    """The records that the rows of a table name, read in a few queries whatever their number."""

    def __init__(self, book: Book, record_type: RecordType, table: Table, told: Matched) -> None:
        self._type, self._told = record_type, told
        self.references = {
            field.name: References(
                book, field, [row[told.columns[field.name]] for row in table.rows]
            )
            for field in record_type.fields
            if field.kind is Kind.REFERENCE and field.name in told.columns
        }
        self._by_text: dict[tuple[str, ...], list[Kept]] = {}
        if told.by:
            self._read(book, table)

    def of(self, row: Sequence[str]) -> list[Kept]:
        """The records that a row may mean."""
        return self._by_text.get(self._texts(row), [])

    def named(self, row: Sequence[str]) -> bool:
        """Whether a row says at all which record it means."""
        return bool(self._told.by) and all(self._texts(row))

    def _read(self, book: Book, table: Table) -> None:
        first = self._told.by[0]
        asked = {self._texts(row)[0] for row in table.rows}
        for kept in book.holding(self._type.name, first, sorted(filter(None, asked))):
            texts = tuple(_as_text(kept.fields.get(name)) for name in self._told.by)
            self._by_text.setdefault(texts, []).append(kept)

    def _texts(self, row: Sequence[str]) -> tuple[str, ...]:
        told = []
        for name in self._told.by:
            text = row[self._told.columns[name]]
            found = self.references[name].one(text) if name in self.references else None
            told.append(
                found.id if found is not None else _bare_number(self._type.field(name), text)
            )
        return tuple(told)


class References:
    """The records that a column of references names, by key or by title."""

    def __init__(self, book: Book, field: Field, texts: Sequence[str]) -> None:
        assert field.reference is not None
        self._found: dict[str, dict[str, Kept]] = {}
        register = next((r for r in book.registers() if r.type.name == field.reference.type), None)
        wanted = {part for text in texts if text for part in _readings(text)}
        if register is None or not wanted:
            return
        self._type = register.type
        if given_name(register.type):
            wanted |= {name for told in wanted for name in family_names(told)}
        fields = dict.fromkeys(filter(None, (*self._type.key[:1], self._type.title)))
        for name in fields:
            for kept in book.holding(self._type.name, name, sorted(wanted)):
                for told in (key_text(kept.key), title_of(self._type, kept)):
                    self._found.setdefault(told, {})[kept.id] = kept

    def all(self, text: str) -> list[Kept]:
        """The records that a text may mean; one of that key before those of that title."""
        for told in _readings(text):
            found = list(self._found.get(told, {}).values())
            keyed = [kept for kept in found if key_text(kept.key) == told]
            if keyed or found:
                return keyed or found
        return []

    def one(self, text: str) -> Kept | None:
        """The record that a text means, where that is certain."""
        found = self.all(text)
        return found[0] if len(found) == 1 else None


def _readings(text: str) -> list[str]:
    """A text as it stands; of `Title (key)` the key first."""
    found = _WITH_KEY.match(text)
    return [text] if found is None else [found["key"], text]


def _as_text(cell: Cell) -> str:
    return "" if cell is None or isinstance(cell, dict) else str(cell)


def _bare_number(field: Field, text: str) -> str:
    """Whole numbers without what groups their digits: programs write 10 001 too."""
    bare = "".join(text.split())
    return str(int(bare)) if field.kind is Kind.INTEGER and bare.isdecimal() and bare else text


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
