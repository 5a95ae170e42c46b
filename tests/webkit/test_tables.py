"""Tables are read out of files as people and programs write them, and written as spreadsheets read them."""

from __future__ import annotations

import datetime
import io
import os
import tracemalloc
import zipfile
from collections.abc import Iterator
from decimal import Decimal

import openpyxl
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")

from samsyn.webkit.tables.reading import (
    MAX_COLUMNS,
    MAX_ROWS,
    NotATable,
    NothingIn,
    Table,
    TooMuch,
    read,
)
from samsyn.webkit.tables.workbook import Entry, workbook

WANTED = Table(("Namn", "Ort"), (("Ett AB", "Malmö"), ("Två; AB", "")))


@pytest.fixture(autouse=True)
def language(request: pytest.FixtureRequest) -> Iterator[None]:
    import django
    from django.utils import translation

    django.setup()
    with translation.override(getattr(request, "param", "en")):
        yield


@pytest.mark.parametrize(
    "data",
    [
        'Namn;Ort\r\nEtt AB;Malmö\r\n"Två; AB";\r\n'.encode("utf-8-sig"),
        'Namn,Ort\nEtt AB,Malmö\n"Två; AB",\n'.encode(),
        "Namn\tOrt\nEtt AB\tMalmö\nTvå; AB\t\n".encode("utf-16"),
        'Namn;Ort\nEtt AB;Malmö\n\n;;\n"Två; AB"\n'.encode("cp1252"),
        'Namn;Ort;;\n  Ett AB  ;Malmö;;\n"Två; AB";;;\n'.encode(),
    ],
    ids=["excel", "comma", "utf-16", "old-windows", "wider"],
)
def test_a_text_file_is_read_however_it_is_written(data: bytes) -> None:
    assert read(data) == WANTED


def excel(*rows: tuple[object, ...]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("language", ["sv"], indirect=True)
def test_a_workbook_is_read_as_a_person_would_have_written_it() -> None:
    day, at = datetime.date(2026, 11, 24), datetime.datetime(2026, 11, 24, 14, 30)  # noqa: DTZ001 - sheets have no zones
    told = read(
        excel(("a", "b", "c", "d", "e", "f"), (12.0, 0.1 + 0.2, day, at, True, None), (None,) * 6)
    )
    assert told.rows == (("12", "0,3", "2026-11-24", "2026-11-24 14:30", "Ja", ""),)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x89PNG\r\n\x1a\n\0\0", b"PK\x03\x04 and no zip", b'a;b\n"never closed;1\n', b"a;b\n"],
)
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises((NotATable, NothingIn)):
        read(data)


def test_a_table_is_bounded() -> None:
    with pytest.raises(TooMuch, match="rows"):
        read(b"a\n" + b"1\n" * (MAX_ROWS + 1))
    with pytest.raises(TooMuch, match="columns"):
        read(b";".join([b"a"] * (MAX_COLUMNS + 1)) + b"\n1\n")
    assert len(read(b"a\n" + b"1\n" * MAX_ROWS).rows) == MAX_ROWS


def test_a_packed_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b" " * (130 * 1024 * 1024))
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(TooMuch):
        read(out.getvalue())


def test_an_excel_file_with_entities_is_refused() -> None:
    good, out = zipfile.ZipFile(io.BytesIO(excel(("a",), ("1",)))), io.BytesIO()
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    with zipfile.ZipFile(out, "w") as package:
        for name in good.namelist():
            text = good.read(name).decode()
            package.writestr(name, bomb + text.partition("?>")[2] if "sheet1" in name else text)
    with pytest.raises(NotATable):
        read(out.getvalue())


def test_a_text_that_looks_like_a_formula_comes_back_as_it_was() -> None:
    assert read(b"a;b\n'=1+1;'-x\n").rows == (("=1+1", "-x"),)


def test_a_workbook_is_written_in_pieces_and_read_by_others() -> None:
    day, at = datetime.date(2026, 11, 24), datetime.datetime(2026, 11, 24, 14, 30)  # noqa: DTZ001 - sheets have no zones
    rows: list[list[Entry]] = [
        [7, Decimal("1250.50"), day, at, "=1+1 <&> åäö\n", None, datetime.date(1850, 1, 1)]
    ]
    made = b"".join(workbook("Kontakter [1/2]", ["n"] * 7, rows))
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    assert sheet.title == "Kontakter  1 2"
    head, told = sheet.iter_rows(values_only=True)
    assert head == ("n",) * 7
    text = "=1+1 <&> åäö\n"
    assert told == (
        7,
        1250.5,
        datetime.datetime.combine(day, datetime.time()),
        at,
        text,
        None,
        "1850-01-01",
    )
    assert sheet["A1"].font.bold
    assert sheet["C2"].is_date


def test_a_long_list_is_written_in_the_memory_of_a_row() -> None:
    rows: Iterator[list[Entry]] = (
        [n, f"Kund {n * 7919 % 20_000} {'x' * 200}", Decimal(n)] for n in range(5_000)
    )
    tracemalloc.start()
    try:
        size = sum(len(piece) for piece in workbook("x", ["a", "b", "c"], rows))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 50_000
    assert peak < 2_000_000, "the rows hold a million letters, twice as many bytes as objects"
