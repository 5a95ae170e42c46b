"""Writes an Excel workbook of one sheet row by row, into pieces that can be sent at once.

The usual libraries hold the sheet, or a file of it, until it is complete. A
workbook is a zip of XML, and a zip can be written forwards: so a list of any
length is sent while it is read, in the memory of one page of it.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

Entry: TypeAlias = None | str | int | Decimal | datetime.date | datetime.datetime
"""What a cell of a sheet holds; a moment has no zone."""

ROWS = 1_048_576
"""What a sheet can hold; rows beyond are not written."""
TEXT = 32_767
"""Characters that a cell can hold."""
PIECE = 64 * 1024
FIRST_DAY = datetime.date(1900, 3, 1)
"""Excel counts a 29 February 1900; days before are written as text."""
_EPOCH = datetime.datetime.combine(datetime.date(1899, 12, 30), datetime.time())
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_PLAIN, _HEAD, _DAY, _MOMENT = range(4)

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


class _Pieces(io.RawIOBase):
    """Takes what the zip writes, and gives it in pieces."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        told = bytes(data)  # type: ignore[call-overload]  # bytes-like, as zipfile gives
        self.waiting += told
        return len(told)

    def take(self) -> bytes:
        """What has been written since the last time."""
        told = bytes(self.waiting)
        self.waiting.clear()
        return told


def workbook(
    title: str, head: Sequence[str], rows: Iterable[Sequence[Entry]]
) -> Iterator[str | bytes]:
    """The file in pieces: a bold head that stays in sight, then the rows."""
    out = _Pieces()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in _parts(title).items():
            package.writestr(name, text)
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(_sheet_head(head).encode())
            for number, row in enumerate(rows, 2):
                if number > ROWS:
                    break
                sheet.write(_row(row, _PLAIN).encode())
                if len(out.waiting) > PIECE:
                    yield out.take()
            sheet.write(b"</sheetData></worksheet>")
    yield out.take()


def _sheet_head(head: Sequence[str]) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{min(40, max(11, len(told) + 3))}" customWidth="1"/>'
        for n, told in enumerate(head, 1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData>{_row(head, _HEAD)}"
    )


def _row(entries: Sequence[Entry], style: int) -> str:
    return f"<row>{''.join(_cell(entry, style) for entry in entries)}</row>"


def _cell(entry: Entry, style: int) -> str:
    match entry:
        case None | "":
            return "<c/>"
        case int() | Decimal():
            return (
                f"<c><v>{entry:f}</v></c>"
                if isinstance(entry, Decimal)
                else f"<c><v>{entry}</v></c>"
            )
        case datetime.datetime() if entry.date() >= FIRST_DAY:
            since = entry - _EPOCH
            return f'<c s="{_MOMENT}"><v>{since.days + since.seconds / 86400:.9f}</v></c>'
        case datetime.date() if not isinstance(entry, datetime.datetime) and entry >= FIRST_DAY:
            return f'<c s="{_DAY}"><v>{(entry - _EPOCH.date()).days}</v></c>'
    text = escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", str(entry)[:TEXT]))
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{text}</t></is></c>'


def _parts(title: str) -> dict[str, str]:
    """Everything in the package but the sheet."""
    name = re.sub(r"[\[\]:*?/\\']", " ", _NOT_XML.sub("", title)).strip()[:31] or "Samsyn"
    return {
        "[Content_Types].xml": (
            f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/></Types>'
        ),
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name={quoteattr(name)} sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relations(
            ("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")
        ),
        "xl/styles.xml": _styles(),
    }  # fmt: skip


def _relations(*parts: tuple[str, str]) -> str:
    told = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(parts, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{told}</Relationships>'


def _styles() -> str:
    """Plain, bold, a day, a moment: in the order of their numbers."""
    kinds = ((0, 0), (0, 1), (14, 0), (22, 0))
    cells = "".join(
        f'<xf numFmtId="{number}" fontId="{font}" fillId="0" borderId="0" xfId="0"'
        ' applyNumberFormat="1" applyFont="1"/>'
        for number, font in kinds
    )
    font = '<sz val="11"/><name val="Calibri"/>'
    return (
        f'{_XML}<styleSheet xmlns="{_MAIN}">'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(kinds)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )
