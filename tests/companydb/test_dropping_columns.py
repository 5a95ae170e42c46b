"""A program drops columns of a SQLite file that is attached: none of our triggers stands in its way."""

from __future__ import annotations

import apsw
import pytest

from samsyn.companydb.attach import attach, detach, plan
from samsyn.companydb.bookkeeping import MASK_BITS
from samsyn.companydb.capture_sqlite import widened
from samsyn.companydb.installing_sqlite import SqliteInstaller
from samsyn.companydb.opening import SqliteSession, opened
from tests.companydb.companies import SqliteCompany

TABLE = "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, kept)"
MANY = ", ".join(f"c{n}" for n in range(MASK_BITS + 3))

DROPPED = {
    "a plain one": (TABLE, ["ALTER TABLE t DROP COLUMN a"]),
    "all but one": (TABLE, ["ALTER TABLE t DROP COLUMN a", "ALTER TABLE t DROP COLUMN b"]),
    "one of a second mask": (
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, kept, {MANY})",
        [f"ALTER TABLE t DROP COLUMN c{MASK_BITS + 1}", "ALTER TABLE t DROP COLUMN c0"],
    ),
    "one that had to be unique": (
        f"{TABLE}; CREATE UNIQUE INDEX x ON t (a)",
        ["DROP INDEX x", "ALTER TABLE t DROP COLUMN a"],
    ),
    "one of two that had to be unique": (
        f"{TABLE}; CREATE UNIQUE INDEX x ON t (a, b)",
        ["DROP INDEX x", "ALTER TABLE t DROP COLUMN b"],
    ),
    "one that had to be unique, of a row with a composite key": (
        "CREATE TABLE t (a, b, c, kept, PRIMARY KEY (a, b)) WITHOUT ROWID;"
        " CREATE UNIQUE INDEX x ON t (c)",
        ["DROP INDEX x", "ALTER TABLE t DROP COLUMN c"],
    ),
    "one on which a unique index depends": (
        f"{TABLE}; CREATE UNIQUE INDEX x ON t (a) WHERE b IS NOT NULL",
        ["DROP INDEX x", "ALTER TABLE t DROP COLUMN b"],
    ),
    "a computed one that had to be unique": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a, kept, b AS (a + 1));"
        " CREATE UNIQUE INDEX x ON t (b)",
        ["DROP INDEX x", "ALTER TABLE t DROP COLUMN b", "ALTER TABLE t DROP COLUMN a"],
    ),
    "the one by which rows are known": (
        "CREATE TABLE t (code TEXT NOT NULL, a, kept); CREATE UNIQUE INDEX x ON t (code)",
        ["DROP INDEX x", "ALTER TABLE t DROP COLUMN code"],
    ),
    "ones that are called as rows are": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, new, old, samsyn_row, kept)",
        [f"ALTER TABLE t DROP COLUMN {name}" for name in ("new", "old", "samsyn_row")],
    ),
}


@pytest.mark.parametrize("case", DROPPED)
def test_any_column_can_be_dropped_and_the_program_goes_on_writing_fm24_g10(
    sqlite: SqliteCompany, case: str
) -> None:
    schema, statements = DROPPED[case]
    sqlite.run(schema)
    attach(plan(sqlite.url))
    for statement in statements:
        sqlite.run(statement)
        _writes(sqlite)
    assert detach(sqlite.url).left == ()


def test_what_is_left_of_a_table_is_captured_as_before_fm24_g6(sqlite: SqliteCompany) -> None:
    sqlite.run(f"{TABLE}; CREATE UNIQUE INDEX x ON t (a); CREATE UNIQUE INDEX y ON t (b)")
    attach(plan(sqlite.url))
    sqlite.run("DROP INDEX x; ALTER TABLE t DROP COLUMN a")
    sqlite.run("INSERT INTO t VALUES (1, 'one', 0), (2, 'two', 0); UPDATE t SET kept = 1")
    sqlite.run("INSERT OR REPLACE INTO t VALUES (3, 'one', 0); DELETE FROM t WHERE id = 2")
    told = sqlite.rows("SELECT op, o0, n0 FROM samsyn_journal ORDER BY id")
    assert told == [
        (1, None, 1),
        (1, None, 2),
        (2, 1, 1),
        (2, 2, 2),
        (4, 1, None),  # it is about to be pushed out through the other key
        (1, None, 3),
        (3, 2, None),
    ]


def test_a_table_without_the_key_of_its_rows_is_not_captured_fm24(sqlite: SqliteCompany) -> None:
    """Nobody could say of which row a line of the journal told; the type is held then."""
    schema, statements = DROPPED["the one by which rows are known"]
    sqlite.run(schema)
    attach(plan(sqlite.url))
    sqlite.run("; ".join(statements))
    _writes(sqlite)
    assert sqlite.rows("SELECT op FROM samsyn_journal") == []


RENAMED = ("ALTER TABLE t RENAME COLUMN a TO a2", "ALTER TABLE t RENAME COLUMN a2 TO a3")


@pytest.mark.parametrize(
    "schema",
    [TABLE, f"{TABLE}; CREATE UNIQUE INDEX x ON t (a)", f"{TABLE}; CREATE INDEX x ON t (b)"],
    ids=["plain", "unique", "other"],
)
def test_a_renamed_column_can_be_dropped_once_the_triggers_are_widened_fm24_g10(
    sqlite: SqliteCompany, schema: str
) -> None:
    sqlite.run(schema)
    attach(plan(sqlite.url))
    for rename in RENAMED:
        sqlite.run(rename)
        _widen(sqlite)
    sqlite.run("INSERT INTO t (id, a3) VALUES (1, 'x'); UPDATE t SET a3 = 'y'")
    assert sqlite.rows("SELECT op FROM samsyn_journal ORDER BY id") == [(1,), (2,)]
    sqlite.run("DROP INDEX IF EXISTS x; ALTER TABLE t DROP COLUMN a3")
    _writes(sqlite)
    assert detach(sqlite.url).left == ()


def test_sqlite_refuses_it_before_and_the_program_writes_all_the_same_g10(
    sqlite: SqliteCompany,
) -> None:
    """Nothing that a trigger can say survives it: decision 0015 tells why."""
    sqlite.run(TABLE)
    attach(plan(sqlite.url))
    sqlite.run(RENAMED[0])
    with pytest.raises(apsw.SQLError, match="no such column"):
        sqlite.run("ALTER TABLE t DROP COLUMN a2")
    _writes(sqlite)


def test_widening_twice_adds_nothing() -> None:
    create = 'SELECT (SELECT NEW."a") FROM (SELECT NULL AS "a") AS NEW'
    once = widened(create, ["a", 'b "quoted"'])
    assert once == (
        'SELECT (SELECT NEW."a") FROM (SELECT NULL AS "b ""quoted""", NULL AS "a") AS NEW'
    )
    assert widened(once, ["a", 'b "quoted"']) == once


def _writes(company: SqliteCompany) -> None:
    """The program writes in every way that it has."""
    names = [row[1] for row in company.rows("PRAGMA table_info(t)")]
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join("7" for _ in names)
    for insert in ("INSERT", "INSERT OR REPLACE"):
        company.run(f"{insert} INTO t ({columns}) VALUES ({values})")
    for name in names:
        company.run(f'UPDATE OR REPLACE t SET "{name}" = 8')
    company.run("DELETE FROM t")


def _widen(company: SqliteCompany) -> None:
    with opened(company.url, writing=True) as session:
        assert isinstance(session, SqliteSession)
        SqliteInstaller(session).widen(1)
