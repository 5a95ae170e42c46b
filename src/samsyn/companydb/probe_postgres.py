"""Looks into one table of a PostgreSQL database: does every value come back from its text?"""

from __future__ import annotations

from collections.abc import Sequence

import psycopg

from samsyn.companydb.opening import PostgresSession
from samsyn.companydb.quoting import postgres_name
from samsyn.companydb.schema import Column, Table
from samsyn.companydb.verdicts import LeftOut, Reason, TableFacts

COUNTED_UP_TO = 1_000_000
"""Larger tables are estimated from what the server knows of them."""
SAMPLED = 100
LOOKED_THROUGH = 5000
EXTREMES = 50
"""The longest and the shortest among the first LOOKED_THROUGH."""

NO_DOUBT = frozenset("int2 int4 int8 bool text varchar uuid bytea".split())
"""Types that travel as values, or whose text is the value."""

NASTY = {
    "numeric": ("0.00", "-0", "1e-20", "123456789012345678901234567890.12345", "NaN", "Infinity"),
    "float4": ("-0", "1e-45", "3.4028235e38", "NaN", "-Infinity", "0.1", "16777217"),
    "float8": ("-0", "5e-324", "1.7976931348623157e308", "NaN", "Infinity", "0.1"),
    "date": ("4713-01-01 BC", "0001-01-01", "1900-02-28", "5874897-12-31", "infinity"),
    "timestamp": ("4713-01-01 00:00:00 BC", "1899-12-31 23:59:59.999999", "infinity"),
    "timestamptz": ("1883-11-18 12:03:57.999999+00", "2024-03-31 02:30:00+02", "-infinity"),
    "time": ("24:00:00", "00:00:00.000001"),
    "timetz": ("24:00:00+15:59:59", "00:00:00.000001-12"),
    "interval": ("P1Y-2M3DT-4H5M6.789S", "PT0S", "-P1D", "P178000000Y"),
    "json": ('{"b": 1.0,  "a":1, "a":2}', '"\\u0041"', " null "),
    "jsonb": ('{"b": 1.00, "a": 1e30}', '"\\"å😀"', "null", "-0.0"),
    "bpchar": ("", "å ", "a\tb"),
    "xml": ("<a>\n<b/></a>", "text"),
    "point": ("(0.1,-0)", "(1e300,NaN)"),
    "bit": ("1",),
    "varbit": ("", "101"),
    "inet": ("::ffff:1.2.3.4/96", "10.0.0.1/8"),
    "cidr": ("10.0.0.0/8",),
    "macaddr": ("08:00:2b:01:02:03",),
    "money": ("-1234.56",),
    "tsvector": ("'a''b':1A 'c d':2",),
}


class CannotCompare(Exception):
    """A statement of the probe failed; the text says why in the engine's words."""


class Probe:
    """Looks into tables one after the other; a type's nasty values are tried once."""

    def __init__(self, session: PostgresSession, counted_up_to: int = COUNTED_UP_TO) -> None:
        self.session = session
        self.counted_up_to = counted_up_to
        self._nasty: dict[str, str | None] = {}

    def look(self, table: Table) -> TableFacts:
        """What the table shows. Never raises for what the table holds."""
        name = postgres_name(table.schema, table.name)
        try:
            records, estimated = self._count(name)
            [(row_bytes, sampled)] = self.session.rows(
                "SELECT COALESCE(avg(pg_column_size(s.*)), 0)::bigint, count(*)"
                f" FROM (SELECT * FROM {name} LIMIT {SAMPLED}) AS s"
            )
        except psycopg.Error as trouble:
            return TableFacts(obstacle=Reason.UNREADABLE, detail=_said(trouble))
        return TableFacts(
            records=records,
            records_estimated=estimated,
            row_bytes=row_bytes,
            sampled=sampled,
            left_out=tuple(
                left
                for column in table.columns
                for left in [self._column(name, column)]
                if left is not None
            ),
        )

    def _count(self, name: str) -> tuple[int, bool]:
        [(counted,)] = self.session.rows(
            f"SELECT count(*) FROM (SELECT 1 FROM {name} LIMIT {self.counted_up_to + 1}) AS s"
        )
        if counted <= self.counted_up_to:
            return counted, False
        # The tree of a table that is not partitioned is empty.
        [(estimate,)] = self.session.rows(
            "SELECT COALESCE(sum(reltuples), 0)::bigint FROM pg_class"
            " WHERE (oid = $1::text::regclass"
            "        OR oid IN (SELECT relid FROM pg_partition_tree($1::text::regclass)))"
            "   AND relkind = 'r' AND reltuples > 0",
            name,
        )
        return max(estimate, counted), True

    def _column(self, table: str, column: Column) -> LeftOut | None:
        if column.base.startswith("reg") and column.storage.startswith("reg"):
            return LeftOut(column.name, Reason.SESSION_DEPENDENT, column.storage)
        if column.base in NO_DOUBT or column.category == "e":
            return None
        different = self._nasty_values(column) or self._stored_values(table, column)
        return LeftOut(column.name, Reason.NOT_ROUND_TRIP, different) if different else None

    def _nasty_values(self, column: Column) -> str | None:
        if column.storage not in self._nasty:
            self._nasty[column.storage] = self._try_nasty(column)
        return self._nasty[column.storage]

    def _try_nasty(self, column: Column) -> str | None:
        for text in NASTY.get(column.base, ()):
            try:
                [(value,)] = self._attempt(f"SELECT $1::text::{column.storage}::text", text)
            except CannotCompare:
                continue  # no value of this type: too long, out of range, against its domain
            try:
                [(again,)] = self._attempt(f"SELECT $1::text::{column.storage}::text", value)
            except CannotCompare as trouble:
                return str(trouble)
            if again != value:
                return f"{value} → {again}"
        return None

    def _stored_values(self, table: str, column: Column) -> str | None:
        name = postgres_name(column.name)
        some = f"SELECT {name} AS v FROM {table} WHERE {name} IS NOT NULL LIMIT"
        through = f"SELECT v FROM ({some} {LOOKED_THROUGH}) AS s ORDER BY pg_column_size(v)"
        sample = (
            f"({some} {SAMPLED}) UNION ALL ({through} LIMIT {EXTREMES})"
            f" UNION ALL ({through} DESC LIMIT {EXTREMES})"
        )
        try:
            rows = self._attempt(
                f"SELECT left(v::text, 40), left(v::text::{column.storage}::text, 40)"
                f" FROM ({sample}) AS sample"
                f" WHERE v::text IS DISTINCT FROM v::text::{column.storage}::text LIMIT 1"
            )
        except CannotCompare as trouble:
            return str(trouble)
        return f"{rows[0][0]} → {rows[0][1]}" if rows else None

    def _attempt(self, sql: str, *values: object) -> Sequence[tuple[str, ...]]:
        try:
            return self.session.rows(sql, *values)
        except psycopg.Error as trouble:
            raise CannotCompare(_said(trouble)) from trouble


def _said(trouble: psycopg.Error) -> str:
    return trouble.diag.message_primary or str(trouble)
