"""Reads a table out of a CSV or Excel file that somebody has sent: texts, within limits."""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import ClassVar

import msgspec
from django.utils import formats
from django.utils.translation import gettext as _

from samsyn.core.errors import SamsynError

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 120 * 1024 * 1024
"""Of what is packed in an Excel file."""
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_TEXT = 20_000
_SEPARATORS = ";,\t|"


class Table(msgspec.Struct, frozen=True):
    """The first row of a file, and the others with as many texts each; no empty rows."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class NotATable(SamsynError):
    """The file is no CSV or Excel file, or a broken one."""

    code: ClassVar[str] = "NOT_A_TABLE"


class TooMuch(SamsynError):
    """The file has more than can be taken at once: `what` (bytes, rows, columns), `limit`."""

    code: ClassVar[str] = "TABLE_TOO_LARGE"


class NothingIn(SamsynError):
    """The file has no rows below its head."""

    code: ClassVar[str] = "TABLE_EMPTY"


def read(data: bytes) -> Table:
    """The table in a file; NotATable, TooMuch, NothingIn."""
    if len(data) > MAX_FILE_BYTES:
        raise TooMuch(what="bytes", limit=MAX_FILE_BYTES)
    lines = _excel(data) if data[:4] == b"PK\x03\x04" else _csv(data)
    return _table(lines)


def _table(lines: Iterable[list[str]]) -> Table:
    filled = (line for line in lines if any(text.strip() for text in line))
    head = next(filled, None)
    if head is None:
        raise NothingIn
    while head and not head[-1].strip():
        head.pop()
    if len(head) > MAX_COLUMNS:
        raise TooMuch(what="columns", limit=MAX_COLUMNS)
    rows = list(itertools.islice(filled, MAX_ROWS + 1))
    if len(rows) > MAX_ROWS:
        raise TooMuch(what="rows", limit=MAX_ROWS)
    if not rows:
        raise NothingIn
    width = len(head)
    return Table(
        tuple(text.strip() for text in head),
        tuple(tuple(_clean(text) for text in [*row, *[""] * width][:width]) for row in rows),
    )


def _clean(text: str) -> str:
    """Without blanks around it, and without the mark that keeps a text from being a formula."""
    told = text.strip()[:MAX_TEXT]
    return told[1:] if told[:1] == "'" and told[1:2] in tuple("=+-@") else told


def _csv(data: bytes) -> Iterator[list[str]]:
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotATable
    text = _decoded(data)
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    except csv.Error as error:
        raise NotATable from error


def _decoded(data: bytes) -> str:
    """Text as programs write it: UTF-8, UTF-16 with its mark, else as older Windows programs do."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _excel(data: bytes) -> Iterator[list[str]]:
    import openpyxl  # slow to import, and seldom needed

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(part.file_size for part in package.infolist()) > MAX_UNPACKED_BYTES:
                raise TooMuch(what="bytes", limit=MAX_UNPACKED_BYTES)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size may be wrong
        for row in sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True):
            yield [_text(value) for value in row]
    except TooMuch:
        raise
    except Exception as error:
        raise NotATable from error


def _text(value: object) -> str:
    """A cell of a sheet as a person of this language would write it."""
    match value:
        case None:
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case int() | float() | Decimal():
            return _number(value)
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case datetime.datetime():
            return value.isoformat(" ", "seconds").removesuffix(":00")
        case datetime.date():
            return value.isoformat()
        case datetime.time():
            return value.isoformat("seconds")
    return str(value)


def _number(value: int | float | Decimal) -> str:
    """Without the noise of binary fractions: a sheet holds 15 digits."""
    exact = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    if exact == exact.to_integral_value():
        return f"{exact.to_integral_value():f}"
    return f"{exact:f}".replace(".", formats.get_format("DECIMAL_SEPARATOR"))
