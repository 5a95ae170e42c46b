"""What another program sends becomes exactly the text that PostgreSQL prints for it."""

from __future__ import annotations

import psycopg
import pytest

from samsyn.core import values
from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field, Kind
from samsyn.core.cells import Cell, same, to_value
from samsyn.core.given import Literal

GOOD: list[tuple[Kind, str, dict[str, object], object, Cell]] = [
    (Kind.INTEGER, "integer", {}, 7, 7),
    (Kind.INTEGER, "smallint", {}, -32768, -32768),
    (Kind.INTEGER, "bigint", {}, 2**63 - 1, 2**63 - 1),
    (Kind.DECIMAL, "numeric(10,2)", {"precision": 10, "scale": 2}, "12.5", "12.50"),
    (Kind.DECIMAL, "numeric(10,2)", {"precision": 10, "scale": 2}, "-0.00", "0.00"),
    (Kind.DECIMAL, "numeric(10,2)", {"precision": 10, "scale": 2}, 7, "7.00"),
    (Kind.DECIMAL, "numeric(5)", {"precision": 5, "scale": 0}, "7.0", "7"),
    (Kind.DECIMAL, "numeric", {}, "012.500", "12.500"),
    (Kind.DECIMAL, "numeric", {}, "1e3", "1000"),
    (Kind.DECIMAL, "numeric", {}, "+.5", "0.5"),
    (Kind.DECIMAL, "numeric", {}, "-1e-3", "-0.001"),
    (
        Kind.DECIMAL,
        "numeric",
        {},
        "123456789012345678901234567890.5",
        "123456789012345678901234567890.5",
    ),
    (Kind.REAL, "real", {}, Literal("0.1"), 0.1),
    (Kind.REAL, "real", {}, Literal("16777217.0"), 16777216.0),
    (Kind.REAL, "real", {}, Literal("3.14159265358979"), 3.1415927),
    (Kind.REAL, "real", {}, Literal("1e-45"), {"$f": "1e-45"}),
    (Kind.REAL, "double precision", {}, 3, 3.0),
    (Kind.REAL, "double precision", {}, Literal("-0.0"), {"$f": "-0.0"}),
    (Kind.REAL, "double precision", {}, "NaN", {"$f": "nan"}),
    (Kind.BOOLEAN, "boolean", {}, True, True),
    (Kind.BLOB, "bytea", {}, "AAEC", {"$b": "AAEC"}),
    (Kind.TEXT, "character varying(5)", {"max_length": 5}, "åäö ", "åäö "),
    (Kind.TEXT, "character(5)", {"max_length": 5}, "ab ", "ab"),
    (Kind.DATE, "date", {}, "2026-11-23", "2026-11-23"),
    (Kind.DATE, "date", {}, "0001-01-01", "0001-01-01"),
    (Kind.TIME, "time without time zone", {}, "10:00", "10:00:00"),
    (Kind.TIME, "time without time zone", {}, "10:00:00.500", "10:00:00.5"),
    (Kind.TIME, "time with time zone", {}, "10:00:00+05:30", "10:00:00+05:30"),
    (Kind.TIME, "time with time zone", {}, "10:00:00Z", "10:00:00+00"),
    (Kind.DATETIME, "timestamp without time zone", {}, "2026-11-23T10:00", "2026-11-23 10:00:00"),
    (Kind.DATETIME, "timestamp without time zone", {}, "2026-11-23", "2026-11-23 00:00:00"),
    (
        Kind.DATETIME,
        "timestamp(3) without time zone",
        {},
        "2026-11-23T10:00:00.120",
        "2026-11-23 10:00:00.12",
    ),
    (
        Kind.DATETIME,
        "timestamp with time zone",
        {},
        "2026-11-23T12:00:00+02:00",
        "2026-11-23 10:00:00+00",
    ),
    (
        Kind.DATETIME,
        "timestamp with time zone",
        {},
        "2026-11-23T10:00:00Z",
        "2026-11-23 10:00:00+00",
    ),
    (
        Kind.UUID,
        "uuid",
        {},
        "0192A4B0111172228333444455556666",
        "0192a4b0-1111-7222-8333-444455556666",
    ),
    (Kind.JSON, "json", {}, '{"b":1, "a":[1.0]}', '{"b":1, "a":[1.0]}'),
    (Kind.INTERVAL, "interval", {}, "PT36H", "PT36H"),
    (Kind.INTERVAL, "interval", {}, "P14M", "P1Y2M"),
    (Kind.INTERVAL, "interval", {}, "P1W", "P7D"),
    (Kind.INTERVAL, "interval", {}, "PT90M", "PT1H30M"),
    (Kind.INTERVAL, "interval", {}, "PT0S", "PT0S"),
    (Kind.INTERVAL, "interval", {}, "P-1Y-2M3DT-4H-5M-6.5S", "P-1Y-2M3DT-4H-5M-6.5S"),
    (Kind.ARRAY, "integer[]", {}, "{1,2,NULL}", "{1,2,NULL}"),
    (Kind.OTHER, "int4range", {}, "[1,5)", "[1,5)"),
]


def field(kind: Kind, storage: str, **more: object) -> Field:
    """A field of the kind in a column of the type."""
    return Field("f", kind, storage, **more)  # type: ignore[arg-type]  # a test's shorthand


@pytest.mark.parametrize(("kind", "storage", "more", "value", "cell"), GOOD)
def test_a_good_value_becomes_the_form_that_is_printed(
    kind: Kind, storage: str, more: dict[str, object], value: object, cell: Cell
) -> None:
    assert same(values.parse(field(kind, storage, **more), "postgresql", value), cell)


def test_postgresql_prints_what_it_is_said_to_print(pg_url: str) -> None:
    with psycopg.connect(pg_url, prepare_threshold=None) as db:
        for setting in (
            "DateStyle = 'ISO, YMD'",
            "IntervalStyle = 'iso_8601'",
            "TimeZone = 'UTC'",
            "extra_float_digits = 1",
        ):
            db.execute(f"SET {setting}")
        for kind, storage, _, _, cell in GOOD:
            value = to_value(cell)
            as_text = kind not in (Kind.INTEGER, Kind.REAL, Kind.BOOLEAN, Kind.BLOB)
            db.execute(f"CREATE TEMP TABLE t (c {storage})")
            db.execute(f"INSERT INTO t VALUES (%s::{storage})", [value])
            shown = db.execute(f"SELECT c{'::text' if as_text else ''} FROM t").fetchone()
            assert shown is not None
            assert repr(shown[0]) == repr(value), storage
            db.execute("DROP TABLE t")


BAD: list[tuple[Kind, str, dict[str, object], object, str]] = [
    (Kind.INTEGER, "smallint", {}, 32768, "TOO_LARGE"),
    (Kind.INTEGER, "integer", {}, 2**31, "TOO_LARGE"),
    (Kind.INTEGER, "bigint", {}, 2**63, "TOO_LARGE"),
    (Kind.DECIMAL, "numeric(10,2)", {"precision": 10, "scale": 2}, "1.005", "TOO_PRECISE"),
    (Kind.DECIMAL, "numeric(10,2)", {"precision": 10, "scale": 2}, "123456789", "TOO_LARGE"),
    (Kind.DECIMAL, "numeric", {}, 10**2000, "TOO_LARGE"),
    (Kind.REAL, "real", {}, Literal("1e39"), "TOO_LARGE"),
    (Kind.BOOLEAN, "boolean", {}, 1, "WRONG_TYPE"),
    (Kind.BOOLEAN, "boolean", {}, "true", "WRONG_TYPE"),
    (Kind.TEXT, "text", {}, "a\0b", "NUL_NOT_ALLOWED"),
    (Kind.TEXT, "text", {}, {"base64": "AA=="}, "WRONG_TYPE"),
    (Kind.DATETIME, "timestamp with time zone", {}, "2026-11-23T10:00:00", "ZONE_REQUIRED"),
    (Kind.DATETIME, "timestamp without time zone", {}, "2026-11-23T10:00:00Z", "ZONE_NOT_ALLOWED"),
    (Kind.DATETIME, "timestamp with time zone", {}, "0001-01-01T00:00:00+02:00", "NOT_A_DATETIME"),
    (Kind.DATETIME, "timestamp(0) without time zone", {}, "2026-11-23T10:00:00.5", "TOO_PRECISE"),
    (Kind.TIME, "time with time zone", {}, "10:00", "ZONE_REQUIRED"),
    (Kind.UUID, "uuid", {}, "0192a4b0-11117222-8333-444455556666", "NOT_A_UUID"),
    (Kind.JSON, "jsonb", {}, "NaN", "NOT_JSON"),
    (Kind.INTERVAL, "interval", {}, "3 days", "NOT_AN_INTERVAL"),
    (Kind.INTERVAL, "interval", {}, "P", "NOT_AN_INTERVAL"),
    (Kind.INTERVAL, "interval", {}, "P1DT", "NOT_AN_INTERVAL"),
    (Kind.ENUM, "public.mood", {"choices": ("ok", "bad")}, "fine", "NOT_A_CHOICE"),
]


@pytest.mark.parametrize(("kind", "storage", "more", "value", "code"), BAD)
def test_a_bad_value_is_refused_with_its_reason(
    kind: Kind, storage: str, more: dict[str, object], value: object, code: str
) -> None:
    with pytest.raises(BadValue) as refused:
        values.parse(field(kind, storage, **more), "postgresql", value)
    assert refused.value.code == code
