"""A company in open formats: one zip with CSV and JSON lines for each type, files, schema, change log and conflicts.

It is written from beginning to end without ever going back, so it can be sent
while it is made, and holds a small part of the company in memory at a time.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Protocol

import msgspec

from samsyn.core.catalog import RecordType
from samsyn.core.cells import BYTES, Cell, RawText, to_value
from samsyn.core.record import Record
from samsyn.records.catalogs import types
from samsyn.records.export.names import file_name, file_names
from samsyn.records.export.reading import records_of, rows_of
from samsyn.records.tenant import Tenant, snapshot

FORMAT = 1
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Spreadsheets take a file for UTF-8 by it."""
CHANGES = (
    "seq", "type", "record_id", "action", "source", "author", "at", "fields", "whole", "derived",
    "batch", "connection",
)  # fmt: skip
CONFLICTS = (
    "office_seq", "no", "type", "record_id", "key", "field", "base", "office", "online", "online_seq",
    "online_by", "online_at", "office_by", "at", "kept", "outcome", "reason", "decided", "reapplied_seq",
)  # fmt: skip
QUARANTINE = (
    "id", "side", "type", "record_id", "key", "field", "code", "reason", "since", "item",
    "resolved_at", "fix", "fixed_by", "fixed_at",
)  # fmt: skip
JSON_COLUMNS = {"fields", "whole", "derived", "key", "base", "office", "online", "decided", "item"}
LOGS = (
    ("changes", "records_change", CHANGES, "seq"),
    ("quarantine", "records_quarantine", QUARANTINE, "id"),
)
GUIDE = """\
{name}: everything that Samsyn keeps of the company online, as it was {at}.

company.json        which company, when, and the format of this export ({format})
schema.json         the record types with their fields, as the office's database has them
records/TYPE.csv    the living records: one row each, the id that Samsyn knows it by first
records/TYPE.jsonl  the living and the deleted records, exactly: one JSON object a line
files/TYPE/…        contents of binary fields, RECORD.FIELD.bin
changes.jsonl       the change log, oldest first: who changed what, when, on which side; as far as it is kept
conflicts.jsonl     every value that another one stood over
quarantine.jsonl    what one side did not take
{others}
All text is UTF-8, all times are ISO 8601 in UTC. In CSV an empty place is no value or an empty text; JSON lines tell them
apart. A field that refers to a record holds that record's id. In JSON {{"$b": …}} is binary (base64), {{"$f": …}} a number
that JSON has no way to write, {{"$t": …}} text that is not valid UTF-8 (base64 of its bytes), {{"$k": …}} a reference that
leads nowhere. CSV keeps values as they are: a spreadsheet may take a text that begins with = for a formula.
"""


class Sink(Protocol):
    """Takes bytes; it need not be able to go back."""

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


class About(msgspec.Struct, frozen=True):
    """The company, and when it was exported."""

    company: str
    name: str
    at: str


def write_archive(
    tenant: Tenant, about: About, sink: Sink, others: Mapping[str, Iterable[object]] | None = None
) -> None:
    """Write the zip; `others` are further lists, each as NAME.jsonl. All of it is of one moment."""
    with snapshot(), zipfile.ZipFile(_one_way(sink), "w", zipfile.ZIP_DEFLATED) as archive:
        known = [state.type for state in types(tenant).values()]
        folders = file_names(t.name for t in known)
        lists = "".join(f"{name}.jsonl\n" for name in others or {})
        guide = GUIDE.format(name=about.name, at=about.at, format=FORMAT, others=lists)
        _put(archive, "README.txt", [guide.encode()])
        _put(archive, "company.json", [_json({**msgspec.to_builtins(about), "format": FORMAT})])
        _put(archive, "schema.json", [_json([msgspec.to_builtins(t) for t in known])])
        for record_type in known:
            _put_type(archive, tenant, record_type, folders[record_type.name])
        for name, table, columns, key in LOGS:
            _put(archive, f"{name}.jsonl", _lines(columns, rows_of(tenant, table, columns, key)))
        _put(archive, "conflicts.jsonl", _lines(CONFLICTS, _conflicts(tenant)))
        for name, listed in (others or {}).items():
            _put(archive, f"{name}.jsonl", (_json(one) for one in listed))


def _put_type(
    archive: zipfile.ZipFile, tenant: Tenant, record_type: RecordType, folder: str
) -> None:
    """Three lists of the same records: a zip takes one file after the other."""
    name, with_files = record_type.name, False

    def told() -> Iterator[bytes]:
        nonlocal with_files
        for record in records_of(tenant, name):
            with_files = with_files or any(True for _ in _file_fields(record))
            yield _json(_as_told(record))

    _put(archive, f"records/{folder}.jsonl", told())
    living = (record for record in records_of(tenant, name) if record.alive)
    _put(archive, f"records/{folder}.csv", _table(record_type, folder, living))
    for record in records_of(tenant, name) if with_files else ():
        for file, content in _files(record) if record.alive else ():
            _put(archive, f"files/{folder}/{file}", [content])


def _as_told(record: Record) -> dict[str, object]:
    return {
        "id": record.id,
        "key": record.key,
        "alive": record.alive,
        "version": record.version,
        "fields": record.fields,
        "waiting": sorted(record.pending),
    }


def _table(record_type: RecordType, folder: str, records: Iterable[Record]) -> Iterator[bytes]:
    """The rows of a CSV file, a line each."""
    fields = record_type.shown
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    yield BOM.encode()
    for row in _rows(folder, [field.name for field in fields], records):
        writer.writerow(row)
        yield line.getvalue().encode("utf-8", "replace")
        line.seek(0)
        line.truncate()


def _rows(folder: str, fields: list[str], records: Iterable[Record]) -> Iterator[list[str]]:
    yield ["samsyn id", *fields]
    for record in records:
        yield [record.id, *(_text(folder, record, f, record.fields.get(f)) for f in fields)]


def _text(folder: str, record: Record, field: str, cell: Cell) -> str:
    match to_value(cell):
        case None:
            return ""
        case bool() as value:
            return "true" if value else "false"
        case RawText() as value:
            return value.decode("utf-8", "replace")
        case bytes():
            return f"files/{folder}/{_file(record, field)}"
        case value:
            return str(value)


def _files(record: Record) -> Iterator[tuple[str, bytes]]:
    for field in _file_fields(record):
        value = to_value(record.fields[field])
        assert isinstance(value, bytes), "a blob's cell"
        yield _file(record, field), value


def _file_fields(record: Record) -> Iterator[str]:
    """The fields that hold bytes: in SQLite a column may, whatever it was declared as."""
    for field, cell in record.fields.items():
        if isinstance(cell, dict) and BYTES in cell:
            yield field


def _file(record: Record, field: str) -> str:
    return f"{record.id}.{file_name(field)}.bin"


def _conflicts(tenant: Tenant) -> Iterator[tuple[object, ...]]:
    """By number of the change, and within it: two columns make the key."""
    after = (-1, -1)
    told = ", ".join(f'"{column}"' for column in CONFLICTS)
    while True:
        found = tenant.rows(
            f"SELECT {told} FROM records_conflict WHERE company_id = %(company)s"
            " AND (office_seq > %(seq)s OR (office_seq = %(seq)s AND no > %(no)s))"
            " ORDER BY office_seq, no LIMIT 500",
            seq=after[0],
            no=after[1],
        )
        yield from found
        if len(found) < 500:
            return
        after = (found[-1][0], found[-1][1])


def _lines(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[bytes]:
    for row in rows:
        told = dict(zip(columns, row, strict=True))
        yield _json({name: _parsed(name, value) for name, value in told.items()})


def _parsed(name: str, value: object) -> object:
    """What is kept as JSON text is told as JSON."""
    return json.loads(value) if name in JSON_COLUMNS and isinstance(value, str) else value


def _json(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"


def _put(archive: zipfile.ZipFile, name: str, parts: Iterable[bytes]) -> None:
    with archive.open(name, "w", force_zip64=True) as entry:
        for part in parts:
            entry.write(part)


class _OneWay(io.RawIOBase):
    """A sink as a file that is only written on: zipfile then never tries to go back."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: object, /) -> int:
        """Hand the bytes on."""
        self._sink.write(bytes(data))  # type: ignore[call-overload]  # whatever has bytes
        return len(bytes(data))  # type: ignore[call-overload]  # as above


def _one_way(sink: Sink) -> IO[bytes]:
    return _OneWay(sink)  # type: ignore[return-value]  # a raw file is one
