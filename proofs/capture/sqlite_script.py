"""Random statements against a random SQLite schema."""

from __future__ import annotations

import random

from proofs.capture.tables import (
    Schema,
    Table,
    a_value,
    assignment,
    assignments,
    condition,
    maybe,
    some,
    values_row,
)

INSERTS = ("INSERT", "INSERT", "REPLACE", "INSERT OR REPLACE", "INSERT OR IGNORE", "INSERT OR FAIL",
           "INSERT OR ABORT", "INSERT OR ROLLBACK")  # fmt: skip
UPDATES = ("UPDATE", "UPDATE", "UPDATE OR REPLACE", "UPDATE OR REPLACE", "UPDATE OR IGNORE",
           "UPDATE OR FAIL", "UPDATE OR ROLLBACK")  # fmt: skip
AROUND = ("BEGIN", "BEGIN IMMEDIATE", "COMMIT", "COMMIT", "ROLLBACK", "SAVEPOINT s", "SAVEPOINT r",
          "ROLLBACK TO s", "ROLLBACK TO r", "RELEASE s", "RELEASE r", "PRAGMA foreign_keys = ON",
          "PRAGMA foreign_keys = OFF", "PRAGMA recursive_triggers = ON",
          "PRAGMA recursive_triggers = OFF", "PRAGMA defer_foreign_keys = ON",
          "PRAGMA reverse_unordered_selects = ON", "PRAGMA ignore_check_constraints = ON")  # fmt: skip


def sqlite_statement(rng: random.Random, schema: Schema) -> str:
    """Something that a program might say."""
    if rng.random() < 0.25:
        return rng.choice(AROUND)
    table = rng.choice(schema.tables)
    make = rng.choice(
        [_insert, _insert, _upsert, _select, _update, _update, _update_from, _number, _delete]
    )
    return make(rng, table, schema)


def _insert(rng: random.Random, table: Table, _schema: Schema) -> str:
    columns = some(rng, table.columns, least=len(table.columns) - 1)
    names = ", ".join(column.name for column in columns)
    rows = ", ".join(values_row(rng, columns) for _ in range(rng.choice([1, 1, 1, 2, 3])))
    return f"{rng.choice(INSERTS)} INTO {table.name} ({names}) VALUES {rows}"


def _upsert(rng: random.Random, table: Table, _schema: Schema) -> str:
    names = ", ".join(column.name for column in table.columns)
    target = rng.choice(["", *(f" ({', '.join(key)})" for key in (table.key, *table.unique))])
    done = "DO NOTHING"
    if rng.random() < 0.8:
        column = rng.choice(table.columns)
        value = rng.choice([f"excluded.{column.name}", a_value(rng, column)])
        done = f"DO UPDATE SET {column.name} = {value}"
        done += maybe(rng, f", {assignment(rng, table.columns[-1])}", 0.3)
    return (
        f"INSERT INTO {table.name} ({names}) VALUES {values_row(rng, table.columns)}"
        f" ON CONFLICT{target} {done}"
    )


def _select(rng: random.Random, table: Table, schema: Schema) -> str:
    source = rng.choice(schema.tables)
    names = ", ".join(column.name for column in table.columns)
    taken = {column.name for column in source.columns}
    values = ", ".join(
        c.name if c.name in taken and rng.random() < 0.6 else a_value(rng, c) for c in table.columns
    )
    where = condition(rng, source)
    return f"{rng.choice(INSERTS)} INTO {table.name} ({names}) SELECT {values} FROM {source.name} {where}"


def _update(rng: random.Random, table: Table, _schema: Schema) -> str:
    where = maybe(rng, f" {condition(rng, table)}", 0.7)
    return f"{rng.choice(UPDATES)} {table.name} SET {assignments(rng, table)}{where}"


def _update_from(rng: random.Random, table: Table, schema: Schema) -> str:
    other = rng.choice(schema.tables)
    column = rng.choice(table.columns)
    return (
        f"{rng.choice(UPDATES)} {table.name} SET {column.name} = o.n"
        f" FROM {other.name} AS o WHERE o.n = {table.name}.n"
    )


def _number(rng: random.Random, table: Table, schema: Schema) -> str:
    if not table.row_numbers:
        return _update(rng, table, schema)
    number = rng.choice(table.row_numbers)
    value = rng.choice(["1", "2", "3", "7", f"{number} + 1", f"-{number}"])
    return f"{rng.choice(UPDATES)} {table.name} SET {number} = {value} {condition(rng, table)}"


def _delete(rng: random.Random, table: Table, _schema: Schema) -> str:
    return f"DELETE FROM {table.name}" + maybe(rng, f" {condition(rng, table)}", 0.9)
