"""What a sent table would do to a register, row by row; deciding alone, nothing is written here."""

from __future__ import annotations

import datetime
import enum
import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

import msgspec
from django.utils.translation import gettext as _

from samsyn.core import decimals
from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field, KeyGiver, Kind, RecordType
from samsyn.core.cells import Cell
from samsyn.core.listing import Query
from samsyn.core.values import render
from samsyn.webkit.registers import entering, moments
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.asking import as_number
from samsyn.webkit.registers.book import (
    Book,
    ChangedMeanwhile,
    Kept,
    Register,
    StillSame,
    Write,
    WrongValues,
)
from samsyn.webkit.registers.faults import error_words
from samsyn.webkit.registers.matching import Found, Matched
from samsyn.webkit.registers.showing import Names, labels, title_of, value_of
from samsyn.webkit.tables.reading import Table

_DAYS = ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d %b %Y")
"""With slashes, nobody can tell the month from the day."""
_YES = frozenset({"true", "yes", "ja", "y", "j", "1", "x"})
_NO = frozenset({"false", "no", "nej", "n", "0"})


class Becomes(enum.Enum):
    """What a row would be."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class Difference(msgspec.Struct, frozen=True):
    """A field's old and new value as people read them."""

    label: str
    old: str
    new: str


class Planned(msgspec.Struct, frozen=True):
    """What would become of a row; `number` counts as the file does, its head is 1."""

    number: int
    becomes: Becomes
    title: str
    differences: tuple[Difference, ...] = ()
    reasons: tuple[str, ...] = ()
    write: Write | None = None


class Plan(msgspec.Struct, frozen=True):
    """What would become of a table."""

    rows: tuple[Planned, ...]

    @property
    def writes(self) -> list[Write]:
        """What is to be written, in the order of the rows."""
        return [row.write for row in self.rows if row.write is not None]

    def count(self, becomes: Becomes) -> int:
        """How many rows become that."""
        return sum(row.becomes is becomes for row in self.rows)

    @property
    def digest(self) -> str:
        """Another one where anything would become otherwise than a person has seen."""
        told = msgspec.json.encode([(r.number, r.becomes, r.differences) for r in self.rows])
        return hashlib.blake2b(told, digest_size=16).hexdigest()


def plan(book: Book, register: Register, table: Table, told: Matched) -> Plan:
    """What the table would do, as the register stands now and the program's rules are."""
    planner = _Planner(book, register, table, told)
    rows = [planner.row(number, row) for number, row in enumerate(table.rows, 2)]
    return Plan(tuple(_rehearsed(book, register.type, rows)))


def _rehearsed(book: Book, record_type: RecordType, rows: list[Planned]) -> list[Planned]:
    """The rows, with those refused that the company's own rules would refuse."""
    writes = [row.write for row in rows if row.write is not None]
    refusals = iter(book.rehearse(writes) if writes else [])
    return [row if row.write is None else _after(record_type, row, next(refusals)) for row in rows]


def _after(record_type: RecordType, row: Planned, refusal: Exception | None) -> Planned:
    match refusal:
        case None:
            return row
        case WrongValues(errors=errors):
            reasons = _reasons(record_type, errors)
        case ChangedMeanwhile():
            reasons = (_("An earlier row changes the same record."),)
        case _:
            reasons = (_("The record is gone."),)
    return Planned(row.number, Becomes.REFUSED, row.title, reasons=reasons)


def _reasons(record_type: RecordType, errors: Mapping[str, BadValue]) -> tuple[str, ...]:
    called = labels(record_type)
    known = {field.name: field for field in record_type.fields}
    return tuple(
        f"{called.get(name, name)}: {error_words(error, known.get(name))}"
        if name
        else error_words(error)
        for name, error in errors.items()
    )


class _Planner:
    """Plans one row after the other; what they name has been read at once."""

    def __init__(self, book: Book, register: Register, table: Table, told: Matched) -> None:
        self._type, self._told = register.type, told
        self._found = Found(book, register.type, table, told)
        self._called = labels(register.type)
        self._fields = [
            field
            for field in register.type.shown
            if field.name in told.columns and not register.type.is_read_only(field)
        ]
        self._to = Addresses(book.root)
        named = [kept for row in table.rows for kept in self._found.of(row)]
        self._names = Names(book, [r.type for r in book.registers()], named)
        has_moments = any(field.kind is Kind.DATETIME for field in self._fields)
        name = register.type.name
        self._sample = book.page(name, Query(limit=1)).records if has_moments else []
        self._taken: dict[str, int] = {}

    def row(self, number: int, row: Sequence[str]) -> Planned:
        """What would become of a row."""
        kept, refusal = self._record(number, row)
        if refusal:
            return Planned(number, Becomes.REFUSED, self._title(row, kept), reasons=(refusal,))
        values, differences, reasons = self._values(row, kept)
        title = self._title(row, kept)
        if reasons:
            return Planned(number, Becomes.REFUSED, title, reasons=tuple(reasons))
        if kept is None:
            write = Write(self._type.name, values=values)
            return Planned(number, Becomes.NEW, title, tuple(differences), write=write)
        if not values:
            return Planned(number, Becomes.UNCHANGED, title)
        write = Write(self._type.name, kept.id, values, _same_as(kept))
        return Planned(number, Becomes.CHANGED, title, tuple(differences), write=write)

    def _record(self, number: int, row: Sequence[str]) -> tuple[Kept | None, str]:
        """The record that a row means, None for a new one; or why it cannot be told."""
        if not self._told.by:
            return None, ""
        if not self._found.named(row):
            return None, "" if self._may_lack_key else _("The row does not say which record it is.")
        found = self._found.of(row)
        if len(found) > 1:
            return None, _("Several records fit. Only one may.")
        if not found:
            return None, _("There is no such record: the office gives new ones their number.") if (
                self._may_lack_key
            ) else ""
        earlier = self._taken.setdefault(found[0].id, number)
        if earlier != number:
            return found[0], _("Row %(row)d is the same record.") % {"row": earlier}
        return found[0], ""

    @property
    def _may_lack_key(self) -> bool:
        """A row without number is a new record where the office gives the number."""
        by_key = self._told.by == self._type.key
        return by_key and self._type.key_giver is KeyGiver.OFFICE

    def _values(
        self, row: Sequence[str], kept: Kept | None
    ) -> tuple[dict[str, object], list[Difference], list[str]]:
        values: dict[str, object] = {}
        differences, reasons = [], []
        for field in self._fields:
            text = row[self._told.columns[field.name]]
            shown = "" if kept is None else value_of(field, kept, self._names, self._to).text
            if text == shown or (kept is None and not text):
                continue
            try:
                value = self._value(field, text)
            except BadValue as error:
                reasons.append(f"{self._called[field.name]}: {error_words(error, field)}")
                continue
            except _Unclear as unclear:
                reasons.append(f"{self._called[field.name]}: {unclear}")
                continue
            if kept is None or not _is_same(field, kept.fields.get(field.name), value):
                values[field.name] = value
                differences.append(Difference(self._called[field.name], shown, text))
        return values, differences, reasons

    def _value(self, field: Field, text: str) -> object:
        if not text and self._type.is_required(field):
            raise BadValue("REQUIRED")
        if field.kind is Kind.DATETIME and text:
            return moments.written(_moment(text), zoned=self._zoned(field))
        if field.kind is not Kind.REFERENCE or not text:
            return read_value(field, text)
        found = self._found.references[field.name].all(text)
        if len(found) != 1:
            raise _Unclear(
                _("Several are called that. Write the number.")
                if found
                else _("Nothing there is called that.")
            )
        return found[0].id

    def _zoned(self, field: Field) -> bool:
        return moments.has_zone(field, *(kept.fields.get(field.name) for kept in self._sample))

    def _title(self, row: Sequence[str], kept: Kept | None) -> str:
        if kept is not None:
            return title_of(self._type, kept)
        place = self._told.columns.get(self._type.title or "")
        return row[place] if place is not None else " · ".join(filter(None, row[:2]))


class _Unclear(Exception):
    """A reference that names none or several."""


def read_value(field: Field, text: str) -> object:
    """A value as people write it in a table, for `core.values.parse`; BadValue."""
    if field.choices:
        return next((c for c in field.choices if c.casefold() == text.casefold()), text or None)
    match field.kind:
        case Kind.BOOLEAN if text:
            return _truth(text)
        case Kind.DATE if text:
            return _day(text).isoformat()
        case Kind.DECIMAL if text:
            _check_number(text)
    return entering.value_of(field, text)


def _check_number(text: str) -> None:
    """A fault of a number is told with all others of its row, not by the rehearsal alone."""
    try:
        decimals.read(as_number(text))
    except ValueError as error:
        raise BadValue("NOT_A_DECIMAL") from error


def _truth(text: str) -> bool:
    told = text.casefold()
    if told in _YES or told == _("Yes").casefold():
        return True
    if told in _NO or told == _("No").casefold():
        return False
    raise BadValue("NOT_YES_OR_NO")


def _day(text: str) -> datetime.date:
    for one in _DAYS:
        try:
            return datetime.datetime.strptime(text, one).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise BadValue("NOT_A_DATE")


def _moment(text: str) -> str:
    day, _blank, clock = text.replace("T", " ").rpartition(" ")
    try:
        if not day:
            at = datetime.datetime.combine(_day(text), datetime.time())
        else:
            at = datetime.datetime.combine(
                _day(day.rstrip(",")), datetime.time.fromisoformat(clock)
            )
    except ValueError as error:
        raise BadValue("NOT_A_DATETIME") from error
    return at.isoformat()


def _same_as(kept: Kept) -> StillSame:
    return lambda field, cell: cell == kept.fields.get(field)


def _is_same(field: Field, cell: Cell, value: object) -> bool:
    """Whether a value says what a cell holds; numbers by what they are worth."""
    told = render(field, cell)
    if told is None or value is None:
        return told is value
    if field.kind in (Kind.DECIMAL, Kind.REAL, Kind.INTEGER):
        try:
            return Decimal(str(told)) == Decimal(str(value))
        except InvalidOperation:
            return False
    return told == value
