"""Capture on SQLite: the journal tells all that happened to the rows, whoever did it and how."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from samsyn.companydb.attach import attach, plan
from samsyn.companydb.urls import SqliteUrl
from samsyn.core.catalog import Catalog
from tests.companydb.journal import Entry, clear, exact, sqlite_journal, watched

Told = dict[str, list[Entry]]
Made = tuple[apsw.Connection, Catalog]
Make = Callable[[str], Made]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes an attached database from a script."""

    def made(script: str) -> Made:
        path = tmp_path / "company.db"
        connection = apsw.Connection(str(path))
        connection.execute(script)
        catalog = attach(plan(SqliteUrl(str(path)))).catalog
        return connection, catalog

    return made


def key(*values: object) -> tuple[tuple[str, str], ...]:
    return tuple(exact(value) for value in values)


PEOPLE = """
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE, age INTEGER);
    INSERT INTO people VALUES (1, 'Åsa', 'a@x', 30), (2, 'Bo', 'b@x', 40), (3, 'Cecilia', 'c@x', 50);
"""


def test_an_update_names_exactly_the_fields_that_changed(make: Make) -> None:
    db, catalog = make(PEOPLE)
    told = watched(
        db, catalog, lambda: db.execute("UPDATE people SET name = 'Eva', age = 30 WHERE id = 1")
    )
    assert told["people"] == [Entry(2, key(1), key(1), frozenset({"name"}))]


def test_an_update_that_changes_nothing_is_not_told(make: Make) -> None:
    db, catalog = make(PEOPLE)
    told = watched(db, catalog, lambda: db.execute("UPDATE people SET name = name, age = age"))
    assert told["people"] == []


def test_a_changed_key_is_told_with_both_keys(make: Make) -> None:
    db, catalog = make(PEOPLE)
    told = watched(db, catalog, lambda: db.execute("UPDATE people SET rowid = 10 WHERE id = 1"))
    assert told["people"] == [Entry(2, key(1), key(10), frozenset({"id"}))]


def test_replace_of_a_row_tells_what_differs_in_it(make: Make) -> None:
    db, catalog = make(PEOPLE)
    told = watched(
        db, catalog, lambda: db.execute("REPLACE INTO people VALUES (1, 'Åsa', 'a@x', 31)")
    )
    assert Entry(4, key(1), None, frozenset({"age"})) in told["people"]


def test_replace_through_another_unique_key_tells_the_row_pushed_out(make: Make) -> None:
    db, catalog = make(PEOPLE)
    told = watched(
        db, catalog, lambda: db.execute("REPLACE INTO people VALUES (9, 'Ny', 'b@x', 1)")
    )
    pushed = [entry for entry in told["people"] if entry.op == 4]
    assert [entry.old for entry in pushed] == [key(2)]
    assert pushed[0].fields == {"id", "name", "email", "age"}


def test_update_or_replace_tells_the_row_pushed_out(make: Make) -> None:
    db, catalog = make(PEOPLE)
    told = watched(
        db, catalog, lambda: db.execute("UPDATE OR REPLACE people SET email = 'c@x' WHERE id = 1")
    )
    assert [entry.old for entry in told["people"] if entry.op == 4] == [key(3)]


@pytest.mark.parametrize("number", ["id", "rowid", "oid", "_rowid_", "ROWID"])
def test_update_or_replace_of_the_row_number_tells_the_row_pushed_out(
    make: Make, number: str
) -> None:
    db, catalog = make(PEOPLE)
    told = watched(
        db, catalog, lambda: db.execute(f"UPDATE OR REPLACE people SET {number} = 2 WHERE id = 1")
    )
    assert [entry.old for entry in told["people"] if entry.op == 4] == [key(2)]


def test_an_ordinary_insert_writes_one_row(make: Make) -> None:
    db, catalog = make(PEOPLE)
    for statement in (
        "INSERT INTO people (name) VALUES ('Ny')",
        "INSERT INTO people VALUES (NULL, 'Ny', NULL, 1)",
        "INSERT INTO people VALUES (77, 'Ny', 'n@x', 1)",
    ):
        told = watched(db, catalog, lambda: db.execute(statement))  # noqa: B023  # called at once
        assert [entry.op for entry in told["people"]] == [1]


def test_a_row_with_the_number_that_sqlite_shows_before_it_gives_one_is_no_false_alarm(
    make: Make,
) -> None:
    db, catalog = make(PEOPLE + "INSERT INTO people VALUES (-1, 'minus', NULL, 0);")
    told = watched(db, catalog, lambda: db.execute("INSERT INTO people (name) VALUES ('Ny')"))
    assert [entry.op for entry in told["people"]] == [1]


def test_upsert_tells_the_update(make: Make) -> None:
    db, catalog = make(PEOPLE)
    told = watched(
        db,
        catalog,
        lambda: db.execute(
            "INSERT INTO people VALUES (1, 'Åsa', 'a@x', 99) ON CONFLICT (id) DO UPDATE SET age = 99"
        ),
    )
    assert Entry(2, key(1), key(1), frozenset({"age"})) in told["people"]
    assert not [entry for entry in told["people"] if entry.op == 1]


def test_an_ignored_insert_tells_no_insert(make: Make) -> None:
    db, catalog = make(PEOPLE)
    told = watched(
        db, catalog, lambda: db.execute("INSERT OR IGNORE INTO people VALUES (1, 'X', 'x', 1)")
    )
    assert {entry.op for entry in told["people"]} <= {4}


def test_what_is_rolled_back_to_a_savepoint_was_never_told(make: Make) -> None:
    db, catalog = make(PEOPLE)
    clear(db)
    db.execute("BEGIN; UPDATE people SET age = 1 WHERE id = 1; SAVEPOINT s")
    db.execute("UPDATE people SET age = 2; ROLLBACK TO s; COMMIT")
    assert [entry.new for entry in sqlite_journal(db, catalog.type("people"))] == [key(1)]


def test_everything_deleted_at_once_is_told_row_by_row(make: Make) -> None:
    db, catalog = make(PEOPLE)
    told = watched(db, catalog, lambda: db.execute("DELETE FROM people"))
    assert [entry.op for entry in told["people"]] == [3, 3, 3]


def test_cascades_are_told(make: Make) -> None:
    db, catalog = make(
        """CREATE TABLE firm (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE visit (no INTEGER PRIMARY KEY,
          firm INTEGER REFERENCES firm ON DELETE CASCADE ON UPDATE CASCADE);
        CREATE TABLE note (no INTEGER PRIMARY KEY, firm INTEGER REFERENCES firm ON DELETE SET NULL);
        INSERT INTO firm VALUES (1, 'a'), (2, 'b');
        INSERT INTO visit VALUES (1, 1), (2, 2); INSERT INTO note VALUES (1, 1);"""
    )
    db.execute("PRAGMA foreign_keys = ON")
    told = watched(db, catalog, lambda: db.execute("DELETE FROM firm WHERE id = 1"))
    assert told["visit"] == [Entry(3, key(1), None, frozenset())]
    assert told["note"] == [Entry(2, key(1), key(1), frozenset({"firm"}))]
    told = watched(db, catalog, lambda: db.execute("UPDATE firm SET id = 5"))
    assert told["visit"] == [Entry(2, key(2), key(2), frozenset({"firm"}))]


def test_values_that_compare_as_equal_are_told_apart(make: Make) -> None:
    db, catalog = make(
        """CREATE TABLE t (id INTEGER PRIMARY KEY, c TEXT COLLATE NOCASE, free, n NUMERIC);
        INSERT INTO t VALUES (1, 'abc', 1, 1);"""
    )
    for change, field in (
        ("c = 'ABC'", "c"),
        ("free = 1.0", "free"),
        ("free = '1.0'", "free"),
        ("free = x'312e30'", "free"),
        ("free = NULL", "free"),
        ("n = 1.5", "n"),
    ):
        told = watched(db, catalog, lambda: db.execute(f"UPDATE t SET {change}"))  # noqa: B023  # called at once
        assert told["t"] == [Entry(2, key(1), key(1), frozenset({field}))]


def test_a_key_that_differs_in_case_alone_is_another_key(make: Make) -> None:
    db, catalog = make(
        """CREATE TABLE t (code TEXT COLLATE NOCASE PRIMARY KEY NOT NULL, v) WITHOUT ROWID;
        INSERT INTO t VALUES ('abc', 1);"""
    )
    told = watched(db, catalog, lambda: db.execute("REPLACE INTO t VALUES ('ABC', 1)"))
    assert [entry.old for entry in told["t"] if entry.op == 4] == [key("abc")]


def test_names_of_every_kind_work(make: Make) -> None:
    names = [
        "new",
        "old",
        "group",
        "order",
        "a b",
        "x-y",
        'q"q',
        "it's",
        "[b]",
        "`t`",
        "Åäö",
        "1",
        "$1",
        "%s",
        "?",
    ]
    script = ""
    for table in names:
        columns = ", ".join('"' + n.replace('"', '""') + '"' for n in names if n != "new")
        quoted = '"' + table.replace('"', '""') + '"'
        script += f'CREATE TABLE {quoted} ("new" TEXT PRIMARY KEY NOT NULL, {columns}, UNIQUE ("old", "a b"));'
    db, catalog = make(script)
    assert {t.name for t in catalog.types} == set(names)
    for table in names:
        quoted = '"' + table.replace('"', '""') + '"'
        told = watched(
            db,
            catalog,
            lambda: db.execute(f'INSERT INTO {quoted} ("new", "old", "a b") VALUES (1, 2, 3)'),  # noqa: B023  # called at once
        )
        assert [entry.op for entry in told[table]] == [1]
        told = watched(db, catalog, lambda: db.execute(f'UPDATE {quoted} SET "it\'s" = 5'))  # noqa: B023  # called at once
        assert [entry.fields for entry in told[table]] == [frozenset({"it's"})]
        told = watched(
            db,
            catalog,
            lambda: db.execute(f'REPLACE INTO {quoted} ("new", "old", "a b") VALUES (2, 2, 3)'),  # noqa: B023  # called at once
        )
        assert [entry.old for entry in told[table] if entry.op == 4] == [key("1")]


def test_more_fields_than_one_mask_holds(make: Make) -> None:
    columns = ", ".join(f"c{number}" for number in range(150))
    db, catalog = make(
        f"CREATE TABLE wide (id INTEGER PRIMARY KEY, {columns}); INSERT INTO wide (id) VALUES (1);"
    )
    for number in (0, 60, 61, 62, 123, 124, 149):
        told = watched(db, catalog, lambda: db.execute(f"UPDATE wide SET c{number} = 1"))  # noqa: B023  # called at once
        assert [entry.fields for entry in told["wide"]] == [frozenset({f"c{number}"})]
    told = watched(db, catalog, lambda: db.execute("INSERT INTO wide (id) VALUES (2)"))
    assert len(told["wide"][0].fields) == 151


def test_a_table_of_two_thousand_columns_stays_within_the_depth_of_an_expression(
    make: Make,
) -> None:
    columns = ", ".join(f"c{number}" for number in range(1990))
    db, catalog = make(
        f"CREATE TABLE wide (id INTEGER PRIMARY KEY, {columns}); INSERT INTO wide (id) VALUES (1);"
    )
    told = watched(db, catalog, lambda: db.execute("UPDATE wide SET c1500 = 1"))
    assert [entry.fields for entry in told["wide"]] == [frozenset({"c1500"})]


def test_a_partial_unique_index_pushes_out_only_within_its_condition(make: Make) -> None:
    db, catalog = make(
        """CREATE TABLE address (id INTEGER PRIMARY KEY, firm INTEGER, main INTEGER, "group" TEXT);
        CREATE UNIQUE INDEX one_main ON address (firm) WHERE main = 1 AND "group" IS NOT NULL;
        INSERT INTO address VALUES (1, 1, 1, 'g'), (2, 1, 0, 'g'), (3, 1, 0, 'g');"""
    )
    told = watched(db, catalog, lambda: db.execute("INSERT INTO address VALUES (4, 1, 0, 'g')"))
    assert [entry.op for entry in told["address"]] == [1]
    told = watched(db, catalog, lambda: db.execute("REPLACE INTO address VALUES (5, 1, 1, 'g')"))
    assert [entry.old for entry in told["address"] if entry.op == 4] == [key(1)]
    told = watched(
        db, catalog, lambda: db.execute("UPDATE OR REPLACE address SET main = 1 WHERE id = 2")
    )
    assert [entry.old for entry in told["address"] if entry.op == 4] == [key(5)]


def test_the_databases_own_triggers_are_told_too(make: Make) -> None:
    db, catalog = make(
        PEOPLE
        + """CREATE TRIGGER older AFTER UPDATE OF name ON people
        BEGIN UPDATE people SET age = age + 1 WHERE id = NEW.id; END;"""
    )
    told = watched(db, catalog, lambda: db.execute("UPDATE people SET name = 'x' WHERE id = 1"))
    assert {field for entry in told["people"] for field in entry.fields} == {"name", "age"}


def test_a_computed_field_counts_as_changed_with_any_other(make: Make) -> None:
    db, catalog = make(
        """CREATE TABLE t (id INTEGER PRIMARY KEY, a, b GENERATED ALWAYS AS (upper(a)));
        INSERT INTO t (id, a) VALUES (1, 'x');"""
    )
    told = watched(db, catalog, lambda: db.execute("UPDATE t SET a = 'y'"))
    assert told["t"] == [Entry(2, key(1), key(1), frozenset({"a", "b"}))]
    told = watched(db, catalog, lambda: db.execute("UPDATE t SET a = 'y'"))
    assert told["t"] == []


def test_a_program_that_replaces_sqlites_functions_can_still_save(make: Make) -> None:
    db, catalog = make(PEOPLE)

    def broken(*_values: object) -> None:
        raise RuntimeError("a trigger called a function")

    names = {str(row[0]) for row in db.execute("SELECT name FROM pragma_function_list")}
    for name in names - {"->", "->>"}:
        db.create_scalar_function(name, broken, -1)
    told = watched(
        db,
        catalog,
        lambda: db.execute(
            """INSERT INTO people VALUES (4, 'D', 'd@x', 1); UPDATE people SET age = 2;
            REPLACE INTO people VALUES (1, 'E', 'd@x', x'00'); DELETE FROM people WHERE id = 2;
            UPDATE OR REPLACE people SET email = 'c@x' WHERE id = 1"""
        ),
    )
    assert {entry.op for entry in told["people"]} == {1, 2, 3, 4}


def test_a_key_made_of_a_computed_field_tells_the_row_pushed_out_fm24(make: Make) -> None:
    db, catalog = make(
        """CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, g INTEGER AS (n + 1));
        CREATE UNIQUE INDEX made ON t (g); INSERT INTO t (id, n) VALUES (1, 1), (2, 2);"""
    )
    told = watched(db, catalog, lambda: db.execute("UPDATE OR REPLACE t SET n = 2 WHERE id = 1"))
    assert [entry.old for entry in told["t"] if entry.op == 4] == [key(2)]
