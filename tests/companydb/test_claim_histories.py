"""Histories that once were told wrong: each found by the fuzz, cut down to what matters.

A number is a claim of everything in parts of so many journal rows, after
which a naive other side must hold what the tables hold; `claim(n)` is one part.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from proofs.capture.history import Claim, History, Rest, Say, Step, played
from proofs.capture.postgres_history import PostgresPrograms
from proofs.capture.sqlite_history import SqlitePrograms
from proofs.capture.tables import Schema


def told(schema: str, *steps: str | int | Step) -> History:
    """Statements are said by the first program, or by the second where they begin with `2:`."""
    made: list[Step] = []
    for step in steps:
        match step:
            case int():
                made.append(Rest(step))
            case str():
                second = step.startswith("2:")
                made.append(Say(int(second), step.removeprefix("2:")))
            case _:
                made.append(step)
    statements = tuple(part.strip() for part in schema.split(";") if part.strip())
    return History(0, Schema((), statements), (), tuple(made))


def claim(rows: int) -> Step:
    return Claim(rows)


LETTERS = "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, u TEXT UNIQUE, tag DEFAULT (random()))"

SQLITE = {
    "a row that takes a key and is written again leaves no ghost of the one before": told(
        LETTERS,
        "INSERT INTO t (id, v) VALUES (1, 'a'), (2, 'b'), (3, 'c')",
        "UPDATE OR REPLACE t SET id = 2 WHERE id = 3",
        "UPDATE t SET v = 'd' WHERE id = 2",
        2000,
    ),
    "a row that an insert did not replace after all may move": told(
        LETTERS,
        "INSERT INTO t (id, v) VALUES (3, 'a')",
        2000,
        "INSERT OR IGNORE INTO t (id, v) VALUES (3, 'b')",
        "UPDATE t SET id = 4",
        2000,
    ),
    "a row that was deleted after an insert did not replace it is another when it comes back": told(
        LETTERS,
        "INSERT INTO t (id, v, u) VALUES (3, 'a', 'a')",
        2000,
        "INSERT OR IGNORE INTO t (id, v, u) VALUES (3, 'b', 'a')",
        "DELETE FROM t",
        "INSERT INTO t (id, v, u) VALUES (3, 'c', 'c')",
        2000,
    ),
    "a claim that ends between a row and what takes its place": told(
        LETTERS,
        "INSERT INTO t (v, u) VALUES ('a', 'a'), ('b', 'b'), ('c', 'c')",
        "DELETE FROM t WHERE id = 1",
        "UPDATE t SET v = v || 'x', id = id - 1",
        3,
    ),
    "a claim that ends between two rows that exchange their keys": told(
        LETTERS,
        "INSERT INTO t (id, v) VALUES (1, 'a'), (2, 'b')",
        2000,
        "UPDATE t SET v = 'x', id = -1 WHERE id = 1",
        "UPDATE t SET id = 1 WHERE id = 2",
        "UPDATE t SET id = 2 WHERE id = -1",
        1,
    ),
    "a claim that ends before a row that takes the place of one pushed out": told(
        LETTERS,
        "INSERT INTO t (id, v, u) VALUES (1, 'a', 'a')",
        2000,
        "REPLACE INTO t (id, v, u) VALUES (2, 'b', 'a')",
        claim(1),
        "INSERT OR IGNORE INTO t (id, v) VALUES (1, 'c')",
        5,
    ),
    "a reference to a parent that came back is told although another field was written": told(
        """CREATE TABLE firm (id INTEGER PRIMARY KEY);
        CREATE TABLE visit (id INTEGER PRIMARY KEY, v, firm INTEGER REFERENCES firm)""",
        "INSERT INTO visit VALUES (1, 'a', 5)",
        2000,
        "UPDATE visit SET v = 'b'",
        "INSERT INTO firm VALUES (5)",
        2000,
    ),
    "a reference finds its parent as the parent's column compares": told(
        """CREATE TABLE firm (code TEXT COLLATE NOCASE PRIMARY KEY NOT NULL);
        CREATE TABLE visit (id INTEGER PRIMARY KEY, firm TEXT REFERENCES firm)""",
        "INSERT INTO visit VALUES (1, 'ABC')",
        2000,
        "INSERT INTO firm VALUES ('abc')",
        2000,
    ),
    "a reference to a row that went before anybody heard of it": told(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, boss INTEGER REFERENCES t)",
        "INSERT INTO t VALUES (1, NULL), (2, 1)",
        "DELETE FROM t WHERE id = 1",
        2,
    ),
    "a reference to its own row is emptied before the row's change of key is told": told(
        "CREATE TABLE t (id INT PRIMARY KEY NOT NULL, boss REFERENCES t ON UPDATE SET NULL)",
        "PRAGMA foreign_keys = ON",
        "INSERT INTO t VALUES (2, 2)",
        2000,
        "UPDATE t SET id = 4",
        2000,
    ),
}

DEFERRABLE = "CREATE TABLE t (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, v text, tag serial)"

POSTGRESQL = {
    "a deletion that is written down after the insert that takes its key": told(
        DEFERRABLE,
        "INSERT INTO t VALUES (1, 'a')",
        2000,
        "BEGIN",
        "2:BEGIN",
        "2:INSERT INTO t VALUES (1, 'b')",
        "DELETE FROM t WHERE tag = 1",
        "COMMIT",
        2000,
    ),
    "keys that all move up by one in more parts than one": told(
        DEFERRABLE,
        "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e')",
        2000,
        "UPDATE t SET id = id + 1",
        2,
    ),
    "a row that meets another under a key and goes back: both told whole, since either may have": told(
        "CREATE TABLE t (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, v text)",
        "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
        2000,
        "BEGIN; UPDATE t SET id = 2 WHERE v = 'a'; UPDATE t SET id = 1 WHERE v = 'a'; COMMIT",
        2000,
    ),
    "a table that is emptied in the claim of a row that moved": told(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t VALUES (4, 'a')",
        2000,
        "UPDATE t SET id = 3",
        "TRUNCATE t",
        2000,
    ),
}


@pytest.mark.parametrize("name", SQLITE)
def test_what_the_fuzz_found_on_sqlite_is_told_as_it_happened_fm15_fm24(
    name: str, tmp_path: Path
) -> None:
    programs = SqlitePrograms(tmp_path / "company.db")
    try:
        played(SQLITE[name], programs)
    finally:
        programs.close()


@pytest.mark.parametrize("name", POSTGRESQL)
def test_what_the_fuzz_found_on_postgresql_is_told_as_it_happened_fm1_fm15_fm24(
    name: str, pg_url: str
) -> None:
    programs = PostgresPrograms(pg_url)
    try:
        played(POSTGRESQL[name], programs)
    finally:
        programs.close()
