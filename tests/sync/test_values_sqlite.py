"""Every value that a SQLite column can hold comes back as it was stored, both ways (FM16)."""

from __future__ import annotations

import struct
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sync.conftest import OpenStore, OpenWorld
from tests.sync.world import World

COLUMNS = {
    "as_text": "TEXT",
    "as_integer": "INTEGER",
    "as_numeric": "NUMERIC",
    "as_decimal": "DECIMAL(10,2)",
    "as_real": "REAL",
    "as_blob": "BLOB",
    "as_nothing": "",
    "as_boolean": "BOOLEAN",
    "as_date": "DATE",
    "as_datetime": "DATETIME",
    "as_varchar": "VARCHAR(5)",
    "as_json": "JSON",
    "as_uuid": "UUID",
    "as_any": "ANY",
    "as_nocase": "TEXT COLLATE NOCASE",
}
NASTY: tuple[object, ...] = (
    None, "", " ", "trailing  ", "\t\r\n", "0", "00", "1", " 1 ", "1.0", "1e5", "+1", "0x10", "1_000",
    "123456789012345678901234567890", "123456789012345678901234567890.12345", "-0", "-0.0", "nan",
    "inf", "Infinity", "9223372036854775807", "9223372036854775808", "a\0b", "\0", "\0\0",
    "𝄞 😀", "é", "e\u0301", "\ufeff", "\ufffd", "\u202eabc", "ß", "'", '"', "\\", "%s ? $1 :a",
    '{"$b": "AA=="}', "$b", "null", "true", "1899-12-31", "0000-00-00", "9999-12-31 23:59:59.999999",
    "2024-03-31T02:30:00+02:00", "infinity", "x" * 70_000,
    0, 1, -1, 2, 2**31, 2**53, 2**53 + 1, 2**63 - 1, -(2**63), True,
    0.0, -0.0, 1.0, 0.1, 0.1 + 0.2, 1e15, 1e16, 1e17, 9007199254740993.0, 9.223372036854775e18, 2.0**63, 1e308,
    1.7976931348623157e308, 5e-324, 2.2250738585072014e-308, 1e-5, -1e-5, float("inf"), float("-inf"),
    float("nan"), 3.14, 123456.789,
    b"", b"\0", b"\xff\xfe", b"text", bytes(range(256)), b"1", b"\x01" * 70_000,
)  # fmt: skip
RAW_TEXTS = (b"\xff", b"caf\xe9", b"\xed\xa0\x80", b"a\x00\xff", b"\xc0\x80", b"\xf4\x90\x80\x80")
"""Texts that are no UTF-8."""


def stored(world: World, row: int, column: str) -> tuple[object, ...]:
    """What lies in the file: storage class and bytes."""
    ((kind, value),) = world.office(
        f"SELECT typeof({column}), CASE typeof({column}) WHEN 'text' THEN CAST({column} AS BLOB)"
        f" ELSE {column} END FROM v WHERE id = $1",
        row,
    )
    return kind, struct.pack(">d", value) if isinstance(value, float) else value


def rows_with(world: World, values: tuple[tuple[str, object], ...], start: int) -> None:
    """A row with the value in every column, and one where it shall go; how it is bound comes first."""
    names = ", ".join(COLUMNS)
    for place, (mark, value) in enumerate(values):
        marks = ", ".join([mark] * len(COLUMNS))
        world.office(
            f"INSERT INTO v (id, {names}) VALUES ($1, {marks})",
            start + 2 * place,
            *[value] * (len(COLUMNS) if "2" not in mark else 1),
        )
        world.office("INSERT INTO v (id) VALUES ($1)", start + 2 * place + 1)


def copy_online(world: World, count: int, start: int) -> None:
    """Online, each value is put where it shall go."""
    ids = world.ids("v")
    edits = {}
    for place in range(count):
        source = world.online(ids[start + 2 * place,]).fields
        edits[ids[start + 2 * place + 1,]] = {name: source[name] for name in COLUMNS}
    world.edit_all(edits)


def differing(world: World, count: int, start: int) -> list[object]:
    """The places where the copy is not what the original is."""
    return [
        (place, column, stored(world, one, column)[0], stored(world, one + 1, column))
        for place in range(count)
        for one in [start + 2 * place]
        for column in COLUMNS
        if stored(world, one, column) != stored(world, one + 1, column)
    ]


def make(path: Path, encoding: str) -> None:
    """A file whose table has a column of every sort."""
    connection = apsw.Connection(str(path))
    connection.execute(f"PRAGMA encoding = '{encoding}'")
    connection.execute("PRAGMA journal_mode = WAL").get  # noqa: B018  # runs it
    columns = ", ".join(f"{name} {declared}" for name, declared in COLUMNS.items())
    connection.execute(f"CREATE TABLE v (id INTEGER PRIMARY KEY, {columns})")
    connection.close()


@pytest.fixture(params=["UTF-8", "UTF-16le"])
def encoding(request: pytest.FixtureRequest) -> str:
    """How the file keeps its texts."""
    return str(request.param)


@pytest.fixture(params=["sqlite", "postgresql"])
def world(
    request: pytest.FixtureRequest,
    open_store: OpenStore,
    open_world: OpenWorld,
    encoding: str,
    tmp_path: Path,
) -> World:
    """An office file with a column of every sort, with each store."""
    open_store(request.param)
    make(tmp_path / "v.db", encoding)
    made = open_world(str(tmp_path / "v.db"))
    made.settle()
    return made


def round_trip(world: World, values: tuple[tuple[str, object], ...], start: int = 1) -> None:
    """Office to online, and online to another row of the office."""
    rows_with(world, values, start)
    world.settle()
    copy_online(world, len(values), start)
    world.settle()
    assert not world.quarantine()
    assert not differing(world, len(values), start)
    assert not world.sync(), "at rest nothing moves"


def test_every_nasty_value_comes_back_as_it_was_stored_fm16(world: World) -> None:
    round_trip(world, tuple(("?", value) for value in NASTY))
    certificate = world.certificate()
    assert certificate.identical
    assert certificate.records == 2 * len(NASTY)


def test_text_that_is_no_utf8_comes_back_and_stops_nobody_fm16_g5(
    world: World, encoding: str
) -> None:
    texts = RAW_TEXTS if encoding == "UTF-8" else (b"a\x00\x00", b"\xff\xfe", b"\xff\xff")
    values = tuple(("CAST($2 AS TEXT)", text) for text in texts)
    round_trip(world, (*values, ("?", "fine")))
    assert world.certificate().identical


def test_a_value_of_ten_megabytes_comes_back_fm16(world: World) -> None:
    blob = bytes(range(256)) * 40 * 1024
    world.office("INSERT INTO v (id, as_blob) VALUES (1, $1), (2, NULL)", blob)
    world.settle()
    world.edit(world.id_of("v", 2), as_blob=world.online(world.id_of("v", 1)).fields["as_blob"])
    world.settle()
    assert world.office("SELECT as_blob FROM v WHERE id = 2") == [(blob,)]
    assert world.certificate().identical


def test_a_value_that_changes_only_its_storage_class_is_a_change_fm16(world: World) -> None:
    world.office("INSERT INTO v (id, as_nothing, as_blob) VALUES (1, 1, '1')")
    world.settle()
    for one, other in ((1.0, b"1"), (1, "1"), ("1", 1), (b"1", 1.0), (0, 0.0), (-0.0, 0)):
        world.office("UPDATE v SET as_nothing = $1, as_blob = $2 WHERE id = 1", one, other)
        world.settle()
        assert world.certificate().identical, (one, other)


ANY_VALUE = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.binary(max_size=40),
    st.from_regex(r"\s?[+-]?\d{0,25}\.?\d{0,20}([eE][+-]?\d{1,3})?", fullmatch=True),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(ANY_VALUE, min_size=1, max_size=30))
def test_any_value_comes_back_as_it_was_stored_fm16(world: World, values: list[object]) -> None:
    ((last,),) = world.office("SELECT coalesce(max(id), 0) FROM v")
    round_trip(world, tuple(("?", value) for value in values), last + 1)


def test_a_key_that_is_no_utf8_is_a_key_like_any_other_fm16(
    open_store: OpenStore, open_world: OpenWorld, tmp_path: Path
) -> None:
    file = str(tmp_path / "k.db")
    connection = apsw.Connection(file)
    connection.execute(
        "CREATE TABLE place (code TEXT PRIMARY KEY, name TEXT);"
        "CREATE TABLE visit (id INTEGER PRIMARY KEY, place TEXT REFERENCES place(code));"
        "INSERT INTO place VALUES (CAST(x'cae9' AS TEXT), 'one'), ('b', 'two');"
        "INSERT INTO visit VALUES (1, CAST(x'cae9' AS TEXT)), (2, 'b')"
    )
    connection.close()
    open_store("sqlite")
    world = open_world(file)
    world.settle()
    assert world.certificate().identical
    one, two = sorted(world.online_records("place"), key=lambda record: str(record.fields["name"]))
    assert world.online(world.id_of("visit", 1)).fields["place"] == one.id
    world.edit(world.id_of("visit", 2), place=one.id)
    world.edit(one.id, name="edited")
    world.settle()
    world.office("UPDATE place SET code = CAST(x'ffff' AS TEXT) WHERE code = 'b'")
    world.office("INSERT INTO place VALUES (CAST(x'80' AS TEXT), 'three')")
    world.settle()
    assert world.office("SELECT hex(place) FROM visit ORDER BY id") == [("CAE9",), ("CAE9",)]
    assert world.online(two.id).key == ({"$t": "//8="},)
    assert world.certificate().identical
    three = next(r for r in world.online_records("place") if r.fields["name"] == "three")
    world.edit(three.id, code=two.fields["code"])
    world.delete(two.id)
    world.office("DELETE FROM place WHERE code = CAST(x'ffff' AS TEXT)")
    world.settle()
    assert world.office("SELECT hex(code), name FROM place ORDER BY name") == [
        ("CAE9", "edited"),
        ("62", "three"),
    ]
    assert not world.quarantine()
    assert world.certificate().identical
