"""What is read of a SQLite schema."""

from __future__ import annotations

import pytest

from samsyn.companydb.opening import DatabaseUnavailable, SqliteSession, opened
from samsyn.companydb.schema import ForeignKey, Given, KeyPart, Schema, Table, TableKind, UniqueKey
from samsyn.companydb.schema_sqlite import read_schema
from samsyn.companydb.urls import SqliteUrl
from samsyn.core.affinity import of_declared
from tests.companydb.companies import SqliteCompany


def schema(company: SqliteCompany, script: str) -> Schema:
    company.run(script)
    with opened(company.url, writing=False) as session:
        assert isinstance(session, SqliteSession)
        return read_schema(session)


def table(company: SqliteCompany, script: str) -> Table:
    (found,) = schema(company, script).tables
    return found


@pytest.mark.parametrize(
    ("declared", "kind"),
    [
        ("VARCHAR(40)", "TEXT"),
        ("FLOATING POINT", "INTEGER"),
        ("CHARINT", "INTEGER"),
        ("blob", "BLOB"),
        ("", "BLOB"),
        ("DOUBLE PRECISION", "REAL"),
        ("DECIMAL(10,2)", "NUMERIC"),
        ("DATETIME", "NUMERIC"),
        ("STRING", "NUMERIC"),
    ],
)
def test_affinity_follows_sqlites_five_rules_in_their_order(declared: str, kind: str) -> None:
    assert of_declared(declared) == kind


def test_columns_and_their_sizes(sqlite: SqliteCompany) -> None:
    found = table(
        sqlite,
        """CREATE TABLE t (a VARCHAR(40) NOT NULL DEFAULT 'x', b DECIMAL(10, 2), c COLLATE NOCASE,
           d AS (a || b), e AS (a) STORED)""",
    )
    a, b, c, d, e = found.columns
    assert (a.storage, a.max_length, a.not_null, a.default) == ("TEXT", 40, True, "'x'")
    assert (b.storage, b.precision, b.scale, b.max_length) == ("NUMERIC", 10, 2, None)
    assert (c.storage, c.collation) == ("BLOB", "NOCASE")
    assert d.generated
    assert e.generated


@pytest.mark.parametrize(
    ("columns", "alias"),
    [
        ("id INTEGER PRIMARY KEY", "id"),
        ("id INTEGER PRIMARY KEY AUTOINCREMENT", "id"),
        ("id integer, PRIMARY KEY (id)", "id"),
        ("id INT PRIMARY KEY", None),
        ("id INTEGER PRIMARY KEY DESC", None),
        ("id INTEGER, x, PRIMARY KEY (id, x)", None),
    ],
)
def test_only_an_integer_primary_key_is_the_row_number(
    sqlite: SqliteCompany, columns: str, alias: str | None
) -> None:
    found = schema(sqlite, f"CREATE TABLE t ({columns})").table("t")
    assert found.rowid_alias == alias
    assert (found.column("id").given is Given.ROWID) == (alias is not None)


def test_unique_keys_with_collations_conditions_and_expressions(sqlite: SqliteCompany) -> None:
    found = table(
        sqlite,
        """CREATE TABLE t (a TEXT COLLATE NOCASE PRIMARY KEY, b UNIQUE, c) WITHOUT ROWID;
        CREATE UNIQUE INDEX one ON t (c, b COLLATE RTRIM) WHERE c > 0;
        CREATE UNIQUE INDEX two ON t (lower(c)); CREATE INDEX three ON t (c);""",
    )
    assert found.without_rowid
    assert found.column("a").not_null
    assert found.primary_key is not None
    assert found.primary_key.parts == (KeyPart("a", "NOCASE"),)
    by_name = {key.name: key for key in found.keys[1:]}
    assert by_name["one"] == UniqueKey(
        "one",
        (KeyPart("c", "BINARY"), KeyPart("b", "RTRIM")),
        partial=True,
        condition="c > 0",
    )
    assert by_name["two"].has_expression
    assert "three" not in by_name
    assert len(found.keys) == 4


def test_foreign_keys_name_their_target_as_it_is_spelled(sqlite: SqliteCompany) -> None:
    found = schema(
        sqlite,
        """CREATE TABLE Parent (Id INTEGER PRIMARY KEY, Code TEXT UNIQUE);
        CREATE TABLE child (a REFERENCES parent ON DELETE CASCADE, b REFERENCES PARENT (code),
          c REFERENCES nowhere);""",
    ).table("child")
    assert found.foreign_keys == (
        ForeignKey(("a",), "Parent", ("Id",), on_delete="CASCADE"),
        ForeignKey(("b",), "Parent", ("Code",)),
    )


def test_checks_are_read_out_of_the_text(sqlite: SqliteCompany) -> None:
    found = table(
        sqlite,
        """CREATE TABLE t (a TEXT CHECK (a IN ('x', ')')), -- CHECK (no)
        "check" INT, /* CHECK (neither) */ b DEFAULT 'CHECK (nor this)', CONSTRAINT c CHECK ((a) <> b))""",
    )
    assert [check.expression for check in found.checks] == ["a IN ('x', ')')", "(a) <> b"]


def test_virtual_tables_and_their_shadows_are_told_apart(sqlite: SqliteCompany) -> None:
    found = schema(sqlite, "CREATE TABLE t (a); CREATE VIRTUAL TABLE words USING fts5 (a)")
    kinds = {t.name: t.kind for t in found.tables}
    assert kinds.pop("t") is TableKind.PLAIN
    assert kinds.pop("words") is TableKind.VIRTUAL
    assert set(kinds.values()) == {TableKind.SHADOW}


def test_a_virtual_table_whose_module_is_missing_does_not_stop_the_others(
    sqlite: SqliteCompany,
) -> None:
    sqlite.run(
        """CREATE TABLE t (a); CREATE TABLE place_node (a); PRAGMA writable_schema = ON;
        INSERT INTO sqlite_master VALUES ('table', 'place', 'place', 0,
          'CREATE VIRTUAL TABLE place USING nobody_has_this (a)')"""
    )
    kinds = {t.name: t.kind for t in schema(sqlite, "").tables}
    assert kinds == {
        "t": TableKind.PLAIN,
        "place": TableKind.VIRTUAL,
        "place_node": TableKind.SHADOW,
    }


def test_our_own_tables_are_left_out(sqlite: SqliteCompany) -> None:
    found = schema(sqlite, "CREATE TABLE samsyn_meta (a); CREATE TABLE t (a)")
    assert [t.name for t in found.tables] == ["t"]


def test_what_is_no_database_is_told_as_such(sqlite: SqliteCompany) -> None:
    sqlite.path.write_text("This is a letter, not a database, and long enough to be one.\n" * 99)
    with pytest.raises(DatabaseUnavailable), opened(sqlite.url, writing=False):
        pass
    with pytest.raises(DatabaseUnavailable), opened(SqliteUrl("/nowhere/x.db"), writing=False):
        pass
