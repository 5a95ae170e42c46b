"""Random statements against a random PostgreSQL schema."""

from __future__ import annotations

import random

from proofs.capture.tables import (
    Schema,
    Table,
    a_value,
    assignments,
    condition,
    maybe,
    some,
    values_row,
)

AROUND = ("BEGIN", "BEGIN", "BEGIN", "COMMIT", "COMMIT", "COMMIT", "ROLLBACK", "SAVEPOINT s", "SAVEPOINT r",
          "ROLLBACK TO s", "ROLLBACK TO r", "RELEASE s", "SET CONSTRAINTS ALL DEFERRED",
          "SET CONSTRAINTS ALL IMMEDIATE", "BEGIN ISOLATION LEVEL REPEATABLE READ",
          "SET session_replication_role = replica", "SET session_replication_role = origin")  # fmt: skip


def postgres_statement(rng: random.Random, schema: Schema) -> str:
    """Something that a program might say."""
    if rng.random() < 0.3:
        return rng.choice(AROUND if _checks_at_once(schema) else AROUND[:-2])
    table = rng.choice(schema.tables)
    make = rng.choice(
        [_insert, _insert, _upsert, _select, _update, _update, _update, _update_from, _delete, _delete,
         _again, _merge, _block, _truncate]
    )  # fmt: skip
    return make(rng, table, schema)


def _checks_at_once(schema: Schema) -> bool:
    """In replica role a deferrable key is never checked: two rows may then share a primary key."""
    return not any("DEFERRABLE" in statement for statement in schema.statements)


def _insert(rng: random.Random, table: Table, _schema: Schema) -> str:
    columns = some(rng, table.columns, least=len(table.columns) - 1)
    names = ", ".join(column.name for column in columns)
    rows = ", ".join(values_row(rng, columns) for _ in range(rng.choice([1, 1, 1, 2, 3])))
    ignoring = maybe(rng, " ON CONFLICT DO NOTHING", 0.5)
    return f"INSERT INTO {table.name} ({names}) VALUES {rows}{ignoring}"


def _upsert(rng: random.Random, table: Table, _schema: Schema) -> str:
    names = ", ".join(column.name for column in table.columns)
    target = ", ".join(rng.choice([table.key, *table.unique]))
    column = rng.choice(table.columns)
    value = rng.choice([f"excluded.{column.name}", a_value(rng, column)])
    return (
        f"INSERT INTO {table.name} ({names}) VALUES {values_row(rng, table.columns)}"
        f" ON CONFLICT ({target}) DO UPDATE SET {column.name} = {value}"
    )


def _select(rng: random.Random, table: Table, schema: Schema) -> str:
    source = rng.choice(schema.tables)
    names = ", ".join(column.name for column in table.columns)
    declared = {column.declared for column in source.columns}
    values = ", ".join(
        c.name if c.declared in declared and rng.random() < 0.6 else a_value(rng, c)
        for c in table.columns
    )
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {source.name}"
        f" {condition(rng, source)} ON CONFLICT DO NOTHING"
    )


def _update(rng: random.Random, table: Table, _schema: Schema) -> str:
    where = maybe(rng, f" {condition(rng, table)}", 0.7)
    return f"UPDATE {table.name} SET {assignments(rng, table)}{where}"


def _update_from(rng: random.Random, table: Table, schema: Schema) -> str:
    other = rng.choice(schema.tables)
    return f"UPDATE {table.name} SET n = o.n + 1 FROM {other.name} AS o WHERE o.n = {table.name}.n"


def _delete(rng: random.Random, table: Table, _schema: Schema) -> str:
    return f"DELETE FROM {table.name}" + maybe(rng, f" {condition(rng, table)}", 0.9)


def _again(rng: random.Random, table: Table, _schema: Schema) -> str:
    names = ", ".join(column.name for column in table.columns)
    return (
        f"WITH gone AS (DELETE FROM {table.name} {condition(rng, table)} RETURNING *)"
        f" INSERT INTO {table.name} ({names}) SELECT {names} FROM gone ON CONFLICT DO NOTHING"
    )


def _merge(rng: random.Random, table: Table, schema: Schema) -> str:
    names = ", ".join(column.name for column in table.columns)
    other = rng.choice(schema.tables)
    matched = rng.choice(["DELETE", f"UPDATE SET {assignments(rng, table)}", "DO NOTHING"])
    return (
        f"MERGE INTO {table.name} USING {other.name} AS o ON o.n = {table.name}.n"
        f" WHEN MATCHED THEN {matched}"
        f" WHEN NOT MATCHED THEN INSERT ({names}) VALUES {values_row(rng, table.columns)}"
    )


def _block(rng: random.Random, table: Table, schema: Schema) -> str:
    inner = rng.choice([_insert, _update, _delete])(rng, table, schema)
    after = rng.choice(["RAISE 'undone';", "", "PERFORM 1 / (random() * 0)::int;"])
    return f"DO $$ BEGIN {inner}; {after} EXCEPTION WHEN OTHERS THEN NULL; END $$"


def _truncate(rng: random.Random, table: Table, schema: Schema) -> str:
    if rng.random() < 0.6:
        return _update(rng, table, schema)
    again = maybe(rng, " RESTART IDENTITY")
    return f"TRUNCATE {table.name}{again} CASCADE"
