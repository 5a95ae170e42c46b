"""What another program sends becomes exactly the cell that an SQLite column keeps."""

from __future__ import annotations

import apsw
import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from samsyn.core import affinity, values
from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field, Kind
from samsyn.core.cells import Cell, from_value, same, to_value
from samsyn.core.given import Literal

AFFINITIES = ("TEXT", "NUMERIC", "INTEGER", "REAL", "BLOB")


def field(kind: Kind, storage: str, **more: object) -> Field:
    """A field of the kind in a column of the affinity."""
    return Field("f", kind, storage, **more)  # type: ignore[arg-type]  # a test's shorthand


def stored(storage: str, value: object) -> Cell:
    """The cell that a real column of the affinity gives back."""
    db = apsw.Connection(":memory:")
    db.execute(f"CREATE TABLE t (c {'' if storage == 'BLOB' else storage})")
    db.execute("INSERT INTO t VALUES (?)", (value,))
    return from_value(db.execute("SELECT c FROM t").fetchall()[0][0])


numbers = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.integers(-(2**70), 2**70).map(float),
    st.sampled_from([-0.0, 0.0, 2.0**63, -(2.0**63), 2.0**53, 2.0**62, 1e15, 1e-5]),
)
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
    st.from_regex(r"\A ?[+-]?[0-9]{0,3}\.?[0-9]{0,3}([eE][+-]?[0-9]{1,2})? ?\Z"),
)


@over(st.sampled_from(AFFINITIES), st.one_of(numbers, st.binary(max_size=8)))
def test_affinity_is_sqlites_own(storage: str, value: int | float | bytes) -> None:
    if storage == "TEXT" and not isinstance(value, bytes):
        kept = affinity.kept(value, storage)
        assert isinstance(kept, str)
        assert stored("TEXT", kept) == kept
        return
    assert same(affinity.kept(value, storage), stored(storage, value))


@over(st.sampled_from(AFFINITIES), texts)
def test_a_cell_of_text_is_kept_as_it_is(storage: str, value: str) -> None:
    cell = affinity.kept(value, storage)
    assert same(stored(storage, to_value(cell)), cell)
    db_cell = stored(storage, value)
    assert isinstance(cell, str) == isinstance(db_cell, str)


GOOD: list[tuple[Kind, str, dict[str, object], object, Cell]] = [
    (Kind.DECIMAL, "NUMERIC", {}, "12.50", 12.5),
    (Kind.DECIMAL, "NUMERIC", {}, "12.00", 12),
    (Kind.DECIMAL, "NUMERIC", {}, Literal("12.5"), 12.5),
    (Kind.DECIMAL, "NUMERIC", {}, 12, 12),
    (Kind.DECIMAL, "NUMERIC", {}, "1e3", 1000),
    (Kind.DECIMAL, "REAL", {}, "12", 12.0),
    (Kind.DECIMAL, "TEXT", {}, "12.50", "12.50"),
    (Kind.DECIMAL, "NUMERIC", {"precision": 10, "scale": 2}, "12.500", 12.5),
    (Kind.INTEGER, "INTEGER", {}, 7, 7),
    (Kind.INTEGER, "INTEGER", {}, 2**63 - 1, 2**63 - 1),
    (Kind.INTEGER, "REAL", {}, 7, 7.0),
    (Kind.REAL, "REAL", {}, 7, 7.0),
    (Kind.REAL, "REAL", {}, Literal("1e300"), {"$f": "1e+300"}),
    (Kind.REAL, "REAL", {}, Literal("-0.0"), 0.0),
    (Kind.REAL, "NUMERIC", {}, Literal("7.0"), 7),
    (Kind.BOOLEAN, "NUMERIC", {}, True, 1),
    (Kind.BOOLEAN, "INTEGER", {}, False, 0),
    (Kind.TEXT, "TEXT", {"max_length": 5}, "åäö", "åäö"),
    (Kind.TEXT, "TEXT", {}, "", ""),
    (Kind.TEXT, "TEXT", {}, "0123", "0123"),
    (Kind.TEXT, "NUMERIC", {}, "0123", 123),
    (Kind.TEXT, "TEXT", {}, "a\0b", {"$t": "YQBi"}),
    (Kind.BLOB, "BLOB", {}, "AAEC", {"$b": "AAEC"}),
    (Kind.BLOB, "BLOB", {}, {"text": "old"}, "old"),
    (Kind.DECIMAL, "NUMERIC", {}, {"base64": "MTIuNTA="}, {"$b": "MTIuNTA="}),
    (Kind.DATE, "NUMERIC", {}, "2026-11-23", "2026-11-23"),
    (Kind.DATETIME, "NUMERIC", {}, "2026-11-23T10:00:00", "2026-11-23 10:00:00"),
    (Kind.DATETIME, "TEXT", {}, "2026-11-23", "2026-11-23"),
    (Kind.DATETIME, "TEXT", {}, "2026-11-23T10:00:00.25Z", "2026-11-23 10:00:00.25Z"),
    (Kind.TIME, "NUMERIC", {}, "10:00", "10:00"),
    (Kind.JSON, "TEXT", {}, '{"a": 1}', '{"a": 1}'),
    (Kind.OTHER, "BLOB", {}, 7, 7),
    (Kind.OTHER, "BLOB", {}, Literal("7.0"), 7.0),
    (Kind.OTHER, "BLOB", {}, "seven", "seven"),
    (Kind.TEXT, "TEXT", {"choices": ("a", "b")}, "b", "b"),
    (Kind.INTEGER, "INTEGER", {"choices": ("1", "2")}, 2, 2),
    (Kind.TEXT, "TEXT", {}, None, None),
    (
        Kind.REFERENCE,
        "INTEGER",
        {},
        "0192A4B0-1111-7222-8333-444455556666",
        "0192a4b0111172228333444455556666",
    ),
]


@pytest.mark.parametrize(("kind", "storage", "more", "value", "cell"), GOOD)
def test_a_good_value_becomes_the_cell_that_is_kept(
    kind: Kind, storage: str, more: dict[str, object], value: object, cell: Cell
) -> None:
    parsed = values.parse(field(kind, storage, **more), "sqlite", value)
    assert same(parsed, cell)
    if kind is not Kind.REFERENCE:
        assert same(stored(storage, to_value(parsed)), parsed)


BAD: list[tuple[Kind, str, dict[str, object], object, str]] = [
    (Kind.TEXT, "TEXT", {}, 1, "WRONG_TYPE"),
    (Kind.TEXT, "TEXT", {}, Literal("1.5"), "WRONG_TYPE"),
    (Kind.TEXT, "TEXT", {}, ["a"], "WRONG_TYPE"),
    (Kind.TEXT, "TEXT", {}, {"base": "a"}, "WRONG_TYPE"),
    (Kind.TEXT, "TEXT", {}, "\ud800", "NOT_TEXT"),
    (Kind.TEXT, "TEXT", {"max_length": 3}, "abcd", "TOO_LONG"),
    (Kind.TEXT, "TEXT", {"choices": ("a",)}, "b", "NOT_A_CHOICE"),
    (Kind.TEXT, "TEXT", {"nullable": False}, None, "NOT_NULL"),
    (Kind.TEXT, "TEXT", {"required": True}, None, "NOT_NULL"),
    (Kind.INTEGER, "INTEGER", {}, "7", "WRONG_TYPE"),
    (Kind.INTEGER, "INTEGER", {}, True, "WRONG_TYPE"),
    (Kind.INTEGER, "INTEGER", {}, Literal("7.0"), "WRONG_TYPE"),
    (Kind.INTEGER, "INTEGER", {}, 2**63, "TOO_LARGE"),
    (Kind.DECIMAL, "NUMERIC", {}, "12,50", "NOT_A_DECIMAL"),
    (Kind.DECIMAL, "NUMERIC", {}, "", "NOT_A_DECIMAL"),
    (Kind.DECIMAL, "NUMERIC", {}, "NaN", "NOT_A_DECIMAL"),
    (Kind.DECIMAL, "NUMERIC", {}, "1_000", "NOT_A_DECIMAL"),
    (Kind.DECIMAL, "NUMERIC", {}, "٣", "NOT_A_DECIMAL"),
    (Kind.DECIMAL, "NUMERIC", {}, "1e99999", "NOT_A_DECIMAL"),
    (Kind.DECIMAL, "NUMERIC", {}, "1e400", "TOO_LARGE"),
    (Kind.DECIMAL, "NUMERIC", {}, True, "WRONG_TYPE"),
    (Kind.DECIMAL, "NUMERIC", {}, "0.12345678901234567890", "TOO_PRECISE"),
    (Kind.DECIMAL, "NUMERIC", {"precision": 10, "scale": 2}, "12.505", "TOO_PRECISE"),
    (Kind.DECIMAL, "NUMERIC", {"precision": 4, "scale": 2}, "123", "TOO_LARGE"),
    (Kind.REAL, "REAL", {}, "1.5", "WRONG_TYPE"),
    (Kind.REAL, "REAL", {}, "NaN", "WRONG_TYPE"),
    (Kind.REAL, "REAL", {}, Literal("1e999"), "TOO_LARGE"),
    (Kind.REAL, "REAL", {}, 10**400, "TOO_LARGE"),
    (Kind.BOOLEAN, "NUMERIC", {}, 1, "WRONG_TYPE"),
    (Kind.BLOB, "BLOB", {}, "not base64!", "NOT_BASE64"),
    (Kind.BLOB, "BLOB", {}, 7, "WRONG_TYPE"),
    (Kind.DATE, "NUMERIC", {}, "2026-02-30", "NOT_A_DATE"),
    (Kind.DATE, "NUMERIC", {}, "23/11/2026", "NOT_A_DATE"),
    (Kind.DATE, "NUMERIC", {}, "2026-11-23T00:00:00", "NOT_A_DATE"),
    (Kind.DATE, "NUMERIC", {}, "20261123", "NOT_A_DATE"),
    (Kind.DATETIME, "NUMERIC", {}, "2026-11-23T25:00:00", "NOT_A_DATETIME"),
    (Kind.DATETIME, "NUMERIC", {}, "now", "NOT_A_DATETIME"),
    (Kind.TIME, "NUMERIC", {}, "24:01", "NOT_A_TIME"),
    (Kind.JSON, "TEXT", {}, "{", "NOT_JSON"),
    (Kind.JSON, "TEXT", {}, "[" * 100_000, "NOT_JSON"),
    (Kind.UUID, "TEXT", {}, "12", "NOT_A_UUID"),
    (Kind.REFERENCE, "INTEGER", {}, 7, "NOT_A_REFERENCE"),
    (Kind.REFERENCE, "INTEGER", {}, "7", "NOT_A_REFERENCE"),
    (Kind.REFERENCE, "INTEGER", {}, "g" * 32, "NOT_A_REFERENCE"),
    (Kind.OTHER, "BLOB", {}, True, "WRONG_TYPE"),
]


@pytest.mark.parametrize(("kind", "storage", "more", "value", "code"), BAD)
def test_a_bad_value_is_refused_with_its_reason(
    kind: Kind, storage: str, more: dict[str, object], value: object, code: str
) -> None:
    with pytest.raises(BadValue) as refused:
        values.parse(field(kind, storage, **more), "sqlite", value)
    assert refused.value.code == code


SHOWN: list[tuple[Kind, dict[str, object], Cell, object]] = [
    (Kind.DECIMAL, {}, 12, "12"),
    (Kind.DECIMAL, {}, 12.5, "12.5"),
    (Kind.DECIMAL, {"precision": 10, "scale": 2}, 12.5, "12.50"),
    (Kind.DECIMAL, {"precision": 10, "scale": 2}, 12, "12.00"),
    (Kind.DECIMAL, {"precision": 10, "scale": 2}, 12.505, "12.505"),
    (Kind.DECIMAL, {}, {"$f": "1e+20"}, "100000000000000000000"),
    (Kind.DECIMAL, {}, {"$b": "MTIuNTA="}, {"base64": "MTIuNTA="}),
    (Kind.DECIMAL, {}, None, None),
    (Kind.BOOLEAN, {}, 1, True),
    (Kind.BOOLEAN, {}, 0, False),
    (Kind.BOOLEAN, {}, 2, 2),
    (Kind.BOOLEAN, {}, "yes", "yes"),
    (Kind.REAL, {}, {"$f": "nan"}, "NaN"),
    (Kind.REAL, {}, {"$f": "-inf"}, "-Infinity"),
    (Kind.REAL, {}, {"$f": "1e-05"}, 1e-05),
    (Kind.BLOB, {}, {"$b": "AAEC"}, "AAEC"),
    (Kind.BLOB, {}, "text", {"text": "text"}),
    (Kind.TEXT, {}, {"$t": "YQBi"}, "a\0b"),
    (Kind.TEXT, {}, {"$t": "/w=="}, {"base64": "/w=="}),
    (Kind.TEXT, {}, 123, 123),
    (Kind.DATETIME, {}, "2026-11-23 10:00:00", "2026-11-23T10:00:00"),
    (Kind.DATETIME, {}, "2026-11-23 10:00:00+00", "2026-11-23T10:00:00Z"),
    (Kind.DATETIME, {}, "2026-11-23 10:00:00.5+05:30", "2026-11-23T10:00:00.5+05:30"),
    (Kind.DATETIME, {}, "infinity", "infinity"),
    (Kind.DATETIME, {}, 1764000000, 1764000000),
    (Kind.REFERENCE, {}, {"$k": 17}, {"key": 17}),
    (Kind.REFERENCE, {}, {"$k": {"$b": "AA=="}}, {"key": {"base64": "AA=="}}),
    (Kind.REFERENCE, {}, "0192a4b0111172228333444455556666", "0192a4b0111172228333444455556666"),
]


@pytest.mark.parametrize(("kind", "more", "cell", "shown"), SHOWN)
def test_a_cell_is_shown_plainly(
    kind: Kind, more: dict[str, object], cell: Cell, shown: object
) -> None:
    found = values.render(field(kind, "NUMERIC", **more), cell)
    assert found == shown
    assert type(found) is type(shown)
