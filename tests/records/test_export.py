"""A company taken along in open formats: everything, exactly, of one moment; and as a database with tables and keys."""

from __future__ import annotations

import base64
import csv
import io
import json
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import connection
from pysqlite3 import dbapi2

from samsyn.core.catalog import Catalog, Field, KeyGiver, Kind, RecordType, Reference
from samsyn.core.cells import BYTES, TEXT, Cell
from samsyn.protocol import wire
from samsyn.protocol.messages import LoadedRecord
from samsyn.records.export import reading
from samsyn.records.export.archive import About, write_archive
from samsyn.records.export.names import file_names
from samsyn.records.export.office_database import write_office_database
from samsyn.records.export.tables import declared
from samsyn.records.load import load as take
from samsyn.records.tenant import Tenant
from samsyn.records.unit import Source, company_unit
from tests.records.office import AT, Office, rid

PICTURE = bytes(range(256)) * 4
PART = RecordType(
    "Lager/Delar: å", 1, "delar", ("nr",), KeyGiver.PERSON,
    (
        Field("nr", Kind.TEXT, "TEXT", required=True, nullable=False),
        Field("namn", Kind.TEXT, "TEXT", required=True, nullable=False, max_length=40),
        Field("pris", Kind.DECIMAL, "NUMERIC", precision=8, scale=2),
        Field("bild", Kind.BLOB, "BLOB"),
        Field("ingår i", Kind.REFERENCE, "TEXT", reference=Reference("Lager/Delar: å", "nr")),
        Field("streckkod", Kind.TEXT, "TEXT"),
    ),
    title="namn",
)  # fmt: skip
SALE = RecordType(
    "sale", 2, "sale", ("id",), KeyGiver.OFFICE,
    (
        Field("id", Kind.INTEGER, "INTEGER", read_only=True, nullable=False, has_default=True),
        Field("part", Kind.REFERENCE, "TEXT", nullable=False, reference=Reference("Lager/Delar: å", "streckkod")),
        Field("paid", Kind.BOOLEAN, "NUMERIC"),
        Field("on", Kind.DATE, "TEXT"),
    ),
)  # fmt: skip
CATALOG = Catalog("sqlite", (PART, SALE))
ABOUT = About("aaaaaaaaaaaa", "Delar & Co", "2026-11-29T12:00:00.000Z")


@pytest.fixture
def company(tenant: Tenant) -> Tenant:
    """A shop with three parts, a sale, an edit from each side, a conflict, and a new part that has no key yet."""
    office = Office.paired(tenant, CATALOG)
    office.hello()
    rows: list[tuple[str, dict[str, Cell]]] = [
        ("A1", {"namn": "Skruv; 'grov'", "pris": 12.5, "bild": {BYTES: base64.b64encode(PICTURE).decode()},
                "ingår i": None, "streckkod": "735"}),
        ("B2", {"namn": "=1+1\nrad två", "pris": None, "bild": None, "ingår i": rid(1), "streckkod": "736"}),
        ("C3", {"namn": {TEXT: base64.b64encode(b"\xff\xfe").decode()}, "pris": 1, "bild": None,
                "ingår i": rid(2), "streckkod": None}),
    ]  # fmt: skip
    parts = [
        LoadedRecord(rid(n), (nr,), msgspec.Raw(wire.encode({"nr": nr, **fields})))
        for n, (nr, fields) in enumerate(rows, 1)
    ]
    load(office, PART.name, *parts)
    sale: dict[str, Cell] = {"id": 7, "part": rid(1), "paid": 1, "on": "2026-11-01"}
    load(office, "sale", LoadedRecord(rid(10), (7,), msgspec.Raw(wire.encode(sale))))
    with company_unit(tenant, Source.WEB, "anna@example.com", AT) as unit:
        unit.load([rid(2)])
        unit.edit(rid(2), {"pris": 99})
        unit.create(PART.name, {"nr": "D4", "namn": "Ny", "streckkod": "739"}, rid(4))
        unit.create("sale", {"part": rid(4), "paid": 0}, rid(11))
    return tenant


def load(office: Office, type_: str, *records: LoadedRecord) -> None:
    body = office.chunk(*records, type_=type_, last=True)
    take(office.caller, body, AT)


def unpacked(tenant: Tenant) -> zipfile.ZipFile:
    made = io.BytesIO()

    class Forward:
        """Takes bytes and cannot go back."""

        def write(self, data: bytes, /) -> int:
            return made.write(data)

        def flush(self) -> None:
            """Nothing is kept back."""

    write_archive(tenant, ABOUT, Forward(), {"members": [{"email": "anna@example.com"}]})
    found = zipfile.ZipFile(made)
    assert found.testzip() is None
    return found


def lines(archive: zipfile.ZipFile, name: str) -> list[Any]:
    return [json.loads(line) for line in archive.read(name).splitlines()]


def test_the_archive_holds_everything_exactly(company: Tenant) -> None:
    archive = unpacked(company)
    folder = "Lager_Delar_ å"
    told = {r["id"]: r for r in lines(archive, f"records/{folder}.jsonl")}
    assert told[rid(1)]["key"] == ["A1"]
    assert told[rid(1)]["fields"]["bild"] == {BYTES: base64.b64encode(PICTURE).decode()}
    assert told[rid(2)]["fields"]["pris"] == 99
    assert told[rid(2)]["waiting"] == ["pris"]
    assert told[rid(4)]["key"] == ["D4"]
    assert [r["key"] for r in lines(archive, "records/sale.jsonl")] == [[7], None]
    text = archive.read(f"records/{folder}.csv").decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["namn"] for row in table[:2]] == ["Skruv; 'grov'", "=1+1\nrad två"]
    assert table[1]["ingår i"] == rid(1)
    assert archive.read(table[0]["bild"]) == PICTURE
    schema = json.loads(archive.read("schema.json"))
    assert [t["name"] for t in schema] == [PART.name, "sale"]
    assert msgspec.convert(schema[0], RecordType) == PART
    changes = lines(archive, "changes.jsonl")
    assert [c["seq"] for c in changes] == [1, 2, 3, 4, 5, 6, 7]
    assert changes[4]["fields"] == {"pris": [None, 99]}
    assert changes[4]["author"] == "anna@example.com"
    assert lines(archive, "members.jsonl") == [{"email": "anna@example.com"}]
    assert json.loads(archive.read("company.json"))["name"] == "Delar & Co"
    assert "Delar & Co" in archive.read("README.txt").decode()


def test_the_office_database_opens_anywhere_with_its_keys_and_references(
    company: Tenant, tmp_path: Path
) -> None:
    path = tmp_path / "firma.sqlite"
    written = write_office_database(company, path)
    assert (written.rows, written.apart) == ({PART.name: 4, "sale": 1}, 1)
    with closing(dbapi2.connect(str(path))) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        db.text_factory = bytes
        found = db.execute('SELECT nr, namn, pris, bild, "ingår i" FROM delar ORDER BY nr')
        assert found.fetchall() == [
            (b"A1", b"Skruv; 'grov'", 12.5, PICTURE, None),
            (b"B2", "=1+1\nrad två".encode(), 99, None, b"A1"),
            (b"C3", b"\xff\xfe", 1, None, b"B2"),
            (b"D4", b"Ny", None, None, None),
        ]
        assert db.execute("SELECT * FROM sale").fetchall() == [(7, b"735", 1, b"2026-11-01")]
        db.execute("INSERT INTO sale (part) VALUES ('736')")
        assert db.execute("SELECT max(id) FROM sale").fetchone() == (8,)
        db.commit()
        db.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(dbapi2.IntegrityError, match="FOREIGN KEY"):
            db.execute("INSERT INTO sale (part) VALUES ('999')")
        with pytest.raises(dbapi2.IntegrityError, match="NOT NULL"):
            db.execute("INSERT INTO delar (nr) VALUES ('E5')")
        apart = db.execute("SELECT type, record, fields FROM not_yet_taken").fetchall()
        assert [(t.decode(), json.loads(f)["part"]) for t, _, f in apart] == [("sale", rid(4))]
    with pytest.raises(FileExistsError):
        write_office_database(company, path)


def test_what_is_written_meanwhile_is_in_the_next_export(company: Tenant) -> None:
    before = len(lines(unpacked(company), "changes.jsonl"))
    assert before == 7
    with company_unit(company, Source.WEB, "anna@example.com", AT) as unit:
        unit.load([rid(1)])
        unit.edit(rid(1), {"pris": 1})
    assert len(lines(unpacked(company), "changes.jsonl")) == 8


def test_large_records_are_read_a_few_at_a_time(company: Tenant) -> None:
    sizes: list[int] = []

    def count(execute: Any, sql: str, values: Any, many: bool, told: Any) -> Any:  # Any: Django's
        if "records_record" in sql and isinstance(values, dict) and "limit" in values:
            sizes.append(values["limit"])
        return execute(sql, values, many, told)

    rows = [("a" * 100, n) for n in range(reading.ROWS)]
    steps = iter([rows, rows[:1]])
    asked: list[int] = []

    def read(after: Any, limit: int) -> list[Any]:
        asked.append(limit)
        return [(n, "x" * 1_000_000) for _, n in next(steps)[:limit]]

    with connection.execute_wrapper(count):
        assert len(list(reading._in_steps(read, None, 0))) == reading.ROWS + 1
        assert len(list(reading.records_of(company, PART.name))) == 4
    assert asked[0] == reading.ROWS
    assert asked[1] == reading.AT_ONCE_BYTES // 1_000_000
    assert sizes == [reading.ROWS]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (Field("x", Kind.DECIMAL, "NUMERIC", precision=6, scale=2), "DECIMAL(6, 2)"),
        (Field("x", Kind.DECIMAL, "TEXT"), "DECIMAL TEXT"),
        (Field("x", Kind.DATE, "NUMERIC"), "DATE"),
        (Field("x", Kind.DATE, "TEXT"), "DATE TEXT"),
        (Field("x", Kind.BOOLEAN, "INTEGER"), "BOOLEAN INTEGER"),
        (Field("x", Kind.BLOB, "NUMERIC"), "NUMERIC"),
        (Field("x", Kind.TEXT, "TEXT", max_length=40), "VARCHAR(40)"),
        (Field("x", Kind.DECIMAL, "numeric(10,2)", precision=10, scale=2), "DECIMAL(10, 2)"),
        (Field("x", Kind.DATETIME, "timestamp with time zone"), "DATETIME TEXT"),
        (Field("x", Kind.REFERENCE, "bigint", reference=Reference("t", "id")), "INTEGER"),
        (Field("x", Kind.REFERENCE, "uuid", reference=Reference("t", "id")), "TEXT"),
        (Field("x", Kind.ARRAY, "integer[]"), "TEXT"),
    ],
)
def test_a_column_says_its_kind_and_keeps_each_value_as_it_is(field: Field, expected: str) -> None:
    assert declared(field) == expected


def test_file_names_are_good_everywhere_and_differ() -> None:
    found = file_names(["Kund", "KUND", "a/b:c", "..", "CON", "x" * 300, "Å\u0308"])
    assert list(found.values())[:5] == ["Kund", "KUND-2", "a_b_c", "_", "_CON"]
    assert len({name.casefold() for name in found.values()}) == len(found)
    assert max(map(len, found.values())) <= 100
