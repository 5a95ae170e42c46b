"""Writes an Excel workbook of one sheet, as long as it is, in the memory of one row."""

from __future__ import annotations

import datetime
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TypeAlias

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Entry: TypeAlias = None | str | int | Decimal | datetime.date | datetime.datetime
"""What a cell of a sheet holds; a moment has no zone."""

ROWS = 1_048_575
"""What a sheet can hold below its head; rows beyond are not written."""
TEXT = 32_767
"""Characters that a cell can hold."""
WHOLE = 10**15
"""From here on a sheet rounds: such a number is written as text."""
PIECE = 256 * 1024
FIRST_DAY = datetime.date(1900, 3, 1)
"""Excel counts a 29 February 1900; days before are written as text."""
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook(title: str, head: Sequence[str], rows: Iterable[Sequence[Entry]]) -> Iterator[bytes]:
    """The file in pieces: a bold head that stays in sight, then the rows.

    It is written to a temporary file first, as a library for it needs; the pieces come from there.
    """
    with tempfile.TemporaryFile() as file:
        with xlsxwriter.Workbook(file, OPTIONS) as book:
            bold = book.add_format({"bold": True})
            formats = (
                book.add_format({"num_format": "yyyy-mm-dd"}),
                book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            )
            sheet = book.add_worksheet(_sheet_name(title))
            sheet.freeze_panes(1, 0)
            for column, told in enumerate(head):
                sheet.set_column(column, column, min(40, max(11, len(told) + 3)))
                sheet.write_string(0, column, told[:TEXT], bold)
            for number, row in enumerate(rows, 1):
                if number > ROWS:
                    break
                for column, entry in enumerate(row):
                    _write(sheet, formats, number, column, entry)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _write(
    sheet: Worksheet, formats: tuple[Format, Format], row: int, column: int, entry: Entry
) -> None:
    match entry:
        case None | "":
            return
        case int() | Decimal() if -WHOLE < entry < WHOLE:
            sheet.write_number(row, column, entry)
        case datetime.datetime() if entry.date() >= FIRST_DAY:
            sheet.write_datetime(row, column, entry, formats[1])
        case datetime.date() if not isinstance(entry, datetime.datetime) and entry >= FIRST_DAY:
            sheet.write_datetime(row, column, entry, formats[0])
        case _:
            sheet.write_string(row, column, str(entry)[:TEXT])


def _sheet_name(title: str) -> str:
    """A name that a sheet may have."""
    return re.sub(r"[\[\]:*?/\\'\x00-\x1f]", " ", title).strip()[:31] or "Samsyn"
