"""A key of any PostgreSQL type identifies its record, whatever its text looks like (FM15, FM16)."""

from __future__ import annotations

from tests.sync.conftest import OpenStore, OpenWorld
from tests.sync.offices import Office, connected, rests

KEYS: dict[str, tuple[str, str, str]] = {
    "smallint": ("-1", "0", "7"),
    "bigint": ("-9223372036854775808", "9223372036854775807", "0"),
    "numeric": ("1.50", "1e30", "-0.001"),
    "numeric(10,2)": ("1.50", "-1.00", "12345678.90"),
    "real": ("0.1", "16777216", "-1e-40"),
    "double precision": ("0.1", "5e-324", "-Infinity"),
    "boolean": ("true", "false", "true"),
    "char(6)": ("ab", "", "åäö"),
    "varchar(6)": ("ab ", "ab", ""),
    "text": ("{a,\"b\\\\", "NULL", "'"),
    '"char"': ("a", "b", "c"),
    "name": ("å", "b", "c c"),
    "bytea": ("\\x00ff", "\\x", "\\x5c"),
    "date": ("1899-12-31", "infinity", "0001-01-01 BC"),
    "timestamp(3)": ("2024-01-01 00:00:00.123", "infinity", "1899-12-31 23:59:59"),
    "timestamptz": ("2024-03-31 02:30:00+02", "-infinity", "1883-11-18 12:03:57.999999+00"),
    "time(0)": ("24:00:00", "00:00", "12:30:01"),
    "timetz": ("12:00+02", "12:00-11:30", "00:00:00.000001+00"),
    "interval": ("P1Y-2M3DT-4H", "PT0S", "-0.000001 s"),
    "uuid": ("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "00000000-0000-0000-0000-000000000000",
             "ffffffff-ffff-ffff-ffff-ffffffffffff"),
    "mood": ("glad", "a'b", ""),
    "code": ("ab", "", "x y"),
    "share": ("1.00", "0", "99.99"),
    "bit(5)": ("10101", "00000", "11111"),
    "bit varying(7)": ("101", "", "1"),
    "inet": ("10.0.0.1/8", "::1", "10.0.0.1"),
    "cidr": ("10.0.0.0/8", "2001:db8::/32", "0.0.0.0/0"),
    "macaddr": ("08:00:2b:01:02:03", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"),
    "integer[]": ("{1,NULL}", "{}", "{{1},{2}}"),
    "text[]": ('{"a,b",NULL,"NULL"}', "{}", '{"\\"","\\\\"}'),
    "int4range": ("[1,5)", "empty", "(,)"),
    "jsonb": ('{"a": 1.0}', "null", '"å"'),
    "oid": ("4294967295", "0", "1"),
    "place": ('("a b",1)', "(,)", '("",0)'),
    "money": ("-1234.56", "0", "0.01"),
    "pg_lsn": ("16/B374D848", "0/0", "0/1"),
}  # fmt: skip


def test_a_key_of_any_type_is_a_key(
    new_pg: object, open_store: OpenStore, open_world: OpenWorld
) -> None:
    assert callable(new_pg)
    office = Office("postgresql", str(new_pg()))
    office.run(
        "CREATE TYPE mood AS ENUM ('glad', 'a''b', '')",
        "CREATE TYPE place AS (street text, no integer)",
        "CREATE DOMAIN code AS char(6)",
        "CREATE DOMAIN share AS numeric(5,2) CHECK (VALUE BETWEEN 0 AND 100)",
    )
    tables = {f"t{place}": type_ for place, type_ in enumerate(KEYS)}
    for table, type_ in tables.items():
        office.run(
            f"CREATE TABLE {table} (k {type_} PRIMARY KEY, v text)",
            f"CREATE TABLE {table}c (id integer PRIMARY KEY, k {type_} REFERENCES {table} ON UPDATE CASCADE)",
        )
    world = connected(office, open_store, open_world)
    assert {t.name for t in world.db.types.values()} == {n for t in tables for n in (t, f"{t}c")}
    world.program.run("SET DateStyle = 'German'; SET IntervalStyle = 'sql_standard'")
    world.program.run("SET bytea_output = 'escape'; SET TimeZone = 'Asia/Kathmandu'")
    for table, type_ in tables.items():
        one, two, _ = KEYS[type_]
        world.office(f"INSERT INTO {table} VALUES ($1, 'one'), ($2, 'two')", one, two)
        world.office(f"INSERT INTO {table}c VALUES (1, $1), (2, $2)", one, two)
    rests(world)
    records = {t: {r.fields["v"]: r for r in world.online_records(t)} for t in tables}
    for table, type_ in tables.items():
        one, two, three = KEYS[type_]
        here = records[table]
        assert world.online(world.id_of(f"{table}c", 1)).fields["k"] == here["one"].id, type_
        world.edit(here["one"].id, v="edited")
        world.edit(world.id_of(f"{table}c", 2), k=here["one"].id)
        if three != one:
            world.office(f"UPDATE {table} SET k = $1 WHERE v = 'one'", three)
    rests(world)
    assert not world.quarantine()
    for table in tables:
        world.delete(records[table]["two"].id)
    rests(world)
    assert not world.quarantine()
    assert not world.conflicts()
    for table, type_ in tables.items():
        rows = world.office(
            f"SELECT t.v, t.k::text = ($1::text::{type_})::text, count(*) FROM {table} t"
            f" JOIN {table}c c ON c.k = t.k GROUP BY t.v, t.k",
            KEYS[type_][2],
        )
        assert rows == [("edited", True, 2)], type_
