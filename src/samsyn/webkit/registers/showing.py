"""A cell as people read it: in the language's numbers and dates, with a link where it leads somewhere."""

from __future__ import annotations

import base64
import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

import msgspec
from django.template.defaultfilters import filesizeformat
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.core.cells import Cell, to_value
from samsyn.core.values import render, render_key
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.asking import first_columns
from samsyn.webkit.registers.book import Book, Kept, Register
from samsyn.webkit.registers.calling import given_name

SHORT = 120
"""Characters of a value in a list."""
NARROW = 14
TOLD = 3
"""Values beside a title."""
PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
}
_MAIL = re.compile(r"[^@\s<>\"',;:]+@[^@\s<>\"',;:]+\.[^@\s<>\"',;:]{2,}")
_WEB = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)


class Value(msgspec.Struct, frozen=True):
    """What a page shows for a cell; `kind` says how, `url` where it leads."""

    text: str
    kind: str = "text"
    url: str = ""
    note: str = ""

    @property
    def short(self) -> str:
        """The beginning, in one line."""
        line = " ".join(self.text.split())
        return line if len(line) <= SHORT else line[: SHORT - 1].rstrip() + "…"

    @property
    def narrow(self) -> bool:
        """Whether it is so short that it stays in one line."""
        return len(self.text) <= NARROW


EMPTY = Value("", "empty")


class Names:
    """The titles of the records that some cells refer to, asked for in one go."""

    def __init__(self, book: Book, types: Iterable[RecordType], records: Sequence[Kept]) -> None:
        self._types = {t.name: t for t in types}
        wanted = {
            cell
            for record in records
            for field in self._types[record.type].fields
            if field.kind is Kind.REFERENCE
            and isinstance(cell := record.fields.get(field.name), str)
        }
        self._found = book.records(wanted) if wanted else {}

    def of(self, record: str) -> tuple[str, str] | None:
        """Type and title of a record; None where the person may not see it, or it is gone."""
        kept = self._found.get(record)
        known = None if kept is None else self._types.get(kept.type)
        if kept is None or known is None:
            return None
        return kept.type, title_of(known, kept)


def title_of(record_type: RecordType, kept: Kept) -> str:
    """What a record is called: its title field, with a person's first name before it; else its key."""
    parts = (_plain_text(record_type, name, kept) for name in _called_by(record_type))
    return " ".join(filter(None, parts)) or key_text(kept.key) or _("Number pending")


def _called_by(record_type: RecordType) -> list[str]:
    return [name for name in (given_name(record_type), record_type.title) if name is not None]


def _plain_text(record_type: RecordType, name: str, kept: Kept) -> str:
    cell = kept.fields.get(name)
    if not isinstance(cell, str | int | float):
        return ""
    return plain_value(record_type.field(name), cell).text.strip()


def line_of(record_type: RecordType, kept: Kept, but_not: str = "") -> str:
    """What tells a record from others of its title: a few plain values in one line."""
    told: list[str] = []
    title, not_again = title_of(record_type, kept), {*_called_by(record_type), but_not}
    for name in first_columns(record_type):
        field, cell = record_type.field(name), kept.fields.get(name)
        if name in not_again or field.kind in (Kind.REFERENCE, Kind.BOOLEAN):
            continue
        if cell is not None and not isinstance(cell, dict) and len(told) < TOLD:
            text = plain_value(field, cell).short
            told += [text] if text != title else []
    return " · ".join(filter(None, told))


def key_text(key: tuple[Cell, ...] | None) -> str:
    """The office's key as a text; empty while the office has not given it."""
    return "" if key is None else " · ".join(_part_text(str(render_key(part))) for part in key)


def _part_text(text: str) -> str:
    """A blank text that is a key can be seen, and pressed where it is a link."""
    return text if text.strip() else f"“{text}”"


def value_of(
    field: Field, kept: Kept, names: Names, addresses: Addresses, *, given_later: bool = False
) -> Value:
    """What a page shows for a field of a record."""
    cell = kept.fields.get(field.name)
    if cell is None and given_later:
        return Value(_("number pending"), "pending")
    if cell is None or cell == "":
        return EMPTY
    if field.kind is Kind.REFERENCE:
        return _reference(field, cell, names, addresses)
    if field.kind is Kind.BLOB or (isinstance(cell, dict) and isinstance(to_value(cell), bytes)):
        return _bytes(cell, addresses.file(kept.type, kept.id, field.name))
    return plain_value(field, cell)


def given_later(register: Register, field: str, kept: Kept) -> bool:
    """Whether the office has still to give the field its value."""
    return field in register.type.key and kept.key is None


def plain_value(field: Field, cell: Cell) -> Value:
    """What a page shows for a cell that leads to no other record."""
    told = render(field, cell)
    match told:
        case None | "":
            return EMPTY
        case bool():
            return Value(_("Yes") if told else _("No"), "yes" if told else "no")
        case dict():
            return Value(str(next(iter(told.values()), "")), "text")
        case int() | float():
            return Value(number_text(told), "number")
    text = str(told)
    match field.kind:
        case Kind.DECIMAL:
            return Value(_decimal(text, field.scale), "number")
        case Kind.DATE | Kind.DATETIME | Kind.TIME:
            return Value(_when(field.kind, text), "date")
        case Kind.JSON:
            return Value(text, "code")
    return _text(text)


def plain_cell(field: Field | None, cell: Cell) -> Value:
    """What a page shows for a cell that may be of a field which is no longer there, or of a file."""
    if cell is None:
        return EMPTY
    if field is None:
        return Value(str(render_key(cell)))
    return Value(_("a file")) if field.kind is Kind.BLOB else plain_value(field, cell)


def number_text(value: float) -> str:
    """A number without grouping: it may be a year, or the number of a contact."""
    separator: str = formats.get_format("DECIMAL_SEPARATOR")
    return str(value).replace(".", separator)


def bytes_of(cell: Cell) -> bytes:
    """The bytes of a cell; texts as UTF-8."""
    value = to_value(cell)
    return value if isinstance(value, bytes) else str(value).encode()


def content_type(data: bytes) -> str:
    """The type of a picture that a browser may show; anything else is a file to be saved."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    found = (kind for start, kind in PICTURES.items() if data.startswith(start))
    return next(found, "application/octet-stream")


def _reference(field: Field, cell: Cell, names: Names, addresses: Addresses) -> Value:
    if isinstance(cell, dict):
        text = str(to_value(cell))
        return Value(text, "dangling", note=_("leads nowhere"))
    found = names.of(str(cell))
    if found is None:
        return Value(_("not shown"), "dangling", note=_("gone, or not yours to see"))
    type_, title = found
    return Value(title, "reference", addresses.card(type_, str(cell)))


def _bytes(cell: Cell, url: str) -> Value:
    data = bytes_of(cell)
    kind = "picture" if content_type(data).startswith("image/") else "file"
    return Value(filesizeformat(len(data)), kind, url)


def _text(text: str) -> Value:
    if _MAIL.fullmatch(text):
        return Value(text, "link", f"mailto:{text}")
    if _WEB.fullmatch(text):
        return Value(text, "link", text)
    return Value(text, "long" if "\n" in text or len(text) > SHORT else "text")


def _decimal(text: str, scale: int | None) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return formats.number_format(number, scale, use_l10n=True, force_grouping=True)


def amount_text(value: Decimal, decimals: int) -> str:
    """An amount in the language's numbers; more decimals than usual are shown where it has them."""
    exponent = value.normalize().as_tuple().exponent
    needed = -exponent if isinstance(exponent, int) else 0
    return formats.number_format(value, max(decimals, needed), use_l10n=True, force_grouping=True)


def _when(kind: Kind, text: str) -> str:
    try:
        if kind is Kind.DATE:
            return formats.date_format(datetime.date.fromisoformat(text), "SHORT_DATE_FORMAT")
        if kind is Kind.TIME:
            return formats.time_format(datetime.time.fromisoformat(text), "H:i")
        at = datetime.datetime.fromisoformat(text)
    except ValueError:
        return text
    local = timezone.localtime(at) if at.tzinfo else at
    return formats.date_format(local, "SHORT_DATETIME_FORMAT")


def moment_text(at: str) -> str:
    """A moment of the store, in the reader's time zone."""
    return _when(Kind.DATETIME, at)


def as_base64(data: bytes) -> str:
    """Bytes as `core.values.parse` reads them."""
    return base64.b64encode(data).decode()


def labels(record_type: RecordType) -> Mapping[str, str]:
    """What the fields are called, by name."""
    return {field.name: field.label or field.name for field in record_type.fields}
