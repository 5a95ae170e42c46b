"""Attach on SQLite files that have something about them."""

from __future__ import annotations

import apsw
import pytest

from samsyn.companydb.attach import AttachPlan, attach, detach, plan
from samsyn.companydb.installing import NameTaken
from samsyn.companydb.opening import DatabaseBusy, opened
from samsyn.companydb.verdicts import Reason, Verdict
from tests.companydb.companies import SqliteCompany


def verdict(made: AttachPlan, name: str) -> Verdict:
    return next(v for v in made.verdicts if v.table == name)


def test_a_table_with_a_collation_that_is_not_here_is_refused(sqlite: SqliteCompany) -> None:
    connection = apsw.Connection(str(sqlite.path))
    connection.create_collation("swedish", lambda one, other: (one > other) - (one < other))
    connection.execute(
        """CREATE TABLE own (id INTEGER PRIMARY KEY, name TEXT COLLATE swedish UNIQUE);
        CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO own VALUES (1, 'å')"""
    )
    connection.close()
    made = plan(sqlite.url)
    assert verdict(made, "own").reason is Reason.MISSING_COLLATION
    assert "swedish" in verdict(made, "own").detail
    assert [t.name for t in made.catalog.types] == ["t"]
    attach(made)
    assert detach(sqlite.url).identical


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE own (id INTEGER PRIMARY KEY, a CHECK (theirs(a)))",
        "CREATE TABLE own (id INTEGER PRIMARY KEY, a, b AS (theirs(a)))",
        "CREATE TABLE own (id INTEGER PRIMARY KEY, a); CREATE INDEX i ON own (theirs(a))",
        """CREATE TABLE own (id INTEGER PRIMARY KEY, a);
        CREATE TRIGGER tr AFTER DELETE ON own BEGIN SELECT theirs(OLD.a); END""",
    ],
)
def test_a_table_that_needs_a_function_that_is_not_here_is_refused(
    sqlite: SqliteCompany, script: str
) -> None:
    connection = apsw.Connection(str(sqlite.path))
    connection.create_scalar_function("theirs", lambda *given: given[0], 1, deterministic=True)
    connection.execute(script)
    connection.close()
    found = verdict(plan(sqlite.url), "own")
    assert found.reason is Reason.MISSING_FUNCTION
    assert "theirs" in found.detail


def test_a_key_that_holds_null_is_refused(sqlite: SqliteCompany) -> None:
    sqlite.run("CREATE TABLE t (k TEXT PRIMARY KEY, v); INSERT INTO t VALUES (NULL, 1), ('a', 2)")
    assert verdict(plan(sqlite.url), "t").reason is Reason.KEY_HOLDS_NULL


def test_a_value_that_came_in_past_its_type_leaves_the_field_out(sqlite: SqliteCompany) -> None:
    sqlite.run(
        """CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, '12');
        PRAGMA writable_schema = ON;
        UPDATE sqlite_master SET sql = 'CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER)';"""
    )
    found = verdict(plan(sqlite.url), "t")
    assert [(left.field, left.reason) for left in found.left_out] == [("v", Reason.NOT_ROUND_TRIP)]


def test_text_that_is_no_text_and_large_values_are_looked_at_without_harm(
    sqlite: SqliteCompany,
) -> None:
    sqlite.run(
        """CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b BLOB, c NUMERIC);
        INSERT INTO t VALUES (1, CAST(x'ff00fe' AS TEXT), zeroblob(10000000), 1e308),
          (2, 'a' || char(0) || 'b', x'', -9223372036854775808)"""
    )
    found = verdict(plan(sqlite.url), "t")
    assert found.synced
    assert found.left_out == ()


def test_a_unique_index_that_cannot_be_watched_is_named(sqlite: SqliteCompany) -> None:
    sqlite.run(
        """CREATE TABLE t (id INTEGER PRIMARY KEY, a, b);
        CREATE UNIQUE INDEX watched ON t (a) WHERE b > 0;
        CREATE UNIQUE INDEX by_expression ON t (lower(a));
        CREATE UNIQUE INDEX by_function ON t (b) WHERE length(a) > 1;"""
    )
    assert set(verdict(plan(sqlite.url), "t").blind_spots) == {"by_expression", "by_function"}


def test_nothing_of_ours_needs_a_new_sqlite(sqlite: SqliteCompany) -> None:
    sqlite.run("CREATE TABLE t (a TEXT, b INT, PRIMARY KEY (a, b)) WITHOUT ROWID")
    attach(plan(sqlite.url))
    ours = sqlite.rows(
        "SELECT sql FROM sqlite_master WHERE name LIKE 'samsyn_%' AND sql IS NOT NULL"
    )
    assert len(ours) > 8
    for (text,) in ours:
        for new in ("STRICT", "GENERATED", "WITHOUT ROWID", "AUTOINCREMENT", "ON CONFLICT", "->"):
            assert new not in text
    assert sqlite.rows("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'") == []


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_the_files_own_settings_stay(sqlite: SqliteCompany, mode: str) -> None:
    sqlite.run(
        f"PRAGMA journal_mode = {mode}; PRAGMA user_version = 7; PRAGMA application_id = 9;"
        "CREATE TABLE t (id INTEGER PRIMARY KEY)"
    )
    attach(plan(sqlite.url))
    for name, value in (("journal_mode", mode), ("user_version", 7), ("application_id", 9)):
        assert sqlite.rows(f"PRAGMA {name}") == [(value,)]
    assert detach(sqlite.url).identical
    for name, value in (("journal_mode", mode), ("user_version", 7), ("application_id", 9)):
        assert sqlite.rows(f"PRAGMA {name}") == [(value,)]


def test_a_file_with_something_of_our_name_is_not_touched(sqlite: SqliteCompany) -> None:
    sqlite.run("CREATE TABLE t (id INTEGER PRIMARY KEY); CREATE TABLE samsyn_journal (mine)")
    before = sqlite.rows("SELECT * FROM sqlite_master")
    with pytest.raises(NameTaken) as trouble:
        attach(plan(sqlite.url))
    assert trouble.value.facts["names"] == ["samsyn_journal"]
    assert sqlite.rows("SELECT * FROM sqlite_master") == before


def test_a_locked_file_is_told_as_busy(sqlite: SqliteCompany) -> None:
    sqlite.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    holder = apsw.Connection(str(sqlite.path))
    holder.execute("BEGIN IMMEDIATE")
    with opened(sqlite.url, writing=True) as session:
        session.run("PRAGMA busy_timeout = 1")
        with pytest.raises(DatabaseBusy), session.transaction():
            pass
    holder.close()


def test_a_file_that_another_program_holds_alone_is_told_as_busy(sqlite: SqliteCompany) -> None:
    sqlite.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    holder = apsw.Connection(str(sqlite.path))

    def read_while_held() -> None:
        with opened(sqlite.url, writing=False) as session:
            session.run("PRAGMA busy_timeout = 1")
            holder.execute("BEGIN EXCLUSIVE")
            session.rows("SELECT * FROM t")

    with pytest.raises(DatabaseBusy):
        read_while_held()
    holder.close()


def test_a_renamed_table_or_column_keeps_being_captured(sqlite: SqliteCompany) -> None:
    sqlite.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a)")
    attach(plan(sqlite.url))
    sqlite.run("ALTER TABLE t RENAME COLUMN a TO b; ALTER TABLE t RENAME TO u")
    sqlite.run("INSERT INTO u VALUES (1, 2); UPDATE u SET b = 3")
    assert sqlite.rows("SELECT op FROM samsyn_journal") == [(1,), (2,)]
    report = detach(sqlite.url)
    assert report.identical
    assert report.changed_meanwhile == ("table t", "table u")
