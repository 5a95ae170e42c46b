"""Random SQLite schemas: every kind of key, unique keys, references, generated columns, triggers."""

from __future__ import annotations

import random

from proofs.capture.tables import NUMBERS, TAG, Column, Schema, Table, maybe

TEXTS = ("'a'", "'A'", "'a '", "'b'", "'c'")
ANYTHING = ("NULL", "0", "1", "1.0", "'1'", "'a'", "'A'", "x'61'", "''", "2")
ON_CONFLICT = ("", "", "", " ON CONFLICT REPLACE", " ON CONFLICT IGNORE", " ON CONFLICT FAIL")
ACTIONS = ("CASCADE", "CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION")
COLLATIONS = ("", "", " COLLATE NOCASE", " COLLATE RTRIM")
ROW_NUMBERS = ("rowid", "oid", "_rowid_")


def sqlite_schema(rng: random.Random) -> Schema:
    """Two to four tables that refer to each other."""
    tables: list[Table] = []
    statements: list[str] = []
    for number in range(rng.randint(2, 4)):
        table, made = _table(rng, f"t{number}", tables)
        tables.append(table)
        statements += made
    for number in range(rng.choice([0, 0, 1, 2])):
        statements.append(_trigger(rng, f"own_{number}", tables))
    return Schema(tuple(tables), tuple(statements))


def _table(rng: random.Random, name: str, others: list[Table]) -> tuple[Table, list[str]]:
    key, constraints, without_rowid = _key(rng)
    columns = [*key, *_plain(rng)]
    generated = _generated(rng)
    if others and rng.random() < 0.8:
        columns.append(_reference(rng, rng.choice(others), constraints))
    own = Table(name, tuple(columns), tuple(column.name for column in key))
    if rng.random() < 0.3:
        columns.append(_reference(rng, own, constraints, "boss"))
    # Where NULL becomes a default in a unique key, capture cannot foresee whom a REPLACE pushes out.
    free = [column for column in columns if column not in key and column.name != "must"]
    unique, indexes = _unique(rng, name, free, generated, constraints)
    parts = [
        *(column.declared for column in columns),
        *generated,
        f"{TAG} INTEGER NOT NULL DEFAULT (random())",
        *constraints,
    ]
    rowid = " WITHOUT ROWID" if without_rowid else ""
    create = f"CREATE TABLE {name} ({', '.join(parts)}){rowid}"
    table = Table(
        name,
        tuple(columns),
        own.key,
        tuple(unique),
        # Without a column for it, a row number that is taken over pushes out a row unseen.
        ROW_NUMBERS if own.key == ("id",) and "INTEGER" in key[0].declared else (),
    )
    return table, [create, *indexes]


def _key(rng: random.Random) -> tuple[list[Column], list[str], bool]:
    """Key columns, constraints, and whether the table is WITHOUT ROWID."""
    shape = rng.choice(["number", "number", "auto", "int", "text", "pair", "natural"])
    without = shape not in ("number", "auto", "natural") and rng.random() < 0.5
    conflict = rng.choice(ON_CONFLICT)
    id_values = (*NUMBERS, "NULL")
    match shape:
        case "number":
            declared = f"id INTEGER PRIMARY KEY{conflict}"
            return [Column("id", declared, id_values, arithmetic=True)], [], False
        case "auto":
            declared = "id INTEGER PRIMARY KEY AUTOINCREMENT"
            return [Column("id", declared, id_values, arithmetic=True)], [], False
        case "int":
            declared = f"id INT NOT NULL PRIMARY KEY{conflict}"
            return [Column("id", declared, NUMBERS, arithmetic=True)], [], without
        case "text":
            declared = f"code TEXT{rng.choice(COLLATIONS)} NOT NULL PRIMARY KEY{conflict}"
            return [Column("code", declared, TEXTS)], [], without
        case "pair":
            columns = [
                Column("a", "a INTEGER NOT NULL", NUMBERS[:3], arithmetic=True),
                Column("b", f"b TEXT{rng.choice(COLLATIONS)} NOT NULL", TEXTS[:3]),
            ]
            return columns, [f"PRIMARY KEY (a, b){conflict}"], without
        case _:
            declared = f"nat TEXT{rng.choice(COLLATIONS)} NOT NULL UNIQUE{conflict}"
            return [Column("nat", declared, TEXTS)], [], False


def _plain(rng: random.Random) -> list[Column]:
    columns = [Column("n", "n INTEGER", ("NULL", "1", "2", "3"), arithmetic=True)]
    if rng.random() < 0.7:
        columns.append(Column("name", f"name TEXT{rng.choice(COLLATIONS)}", ("NULL", *TEXTS)))
    if rng.random() < 0.5:
        columns.append(Column("x", "x", ANYTHING))
    if rng.random() < 0.4:
        columns.append(Column("d", "d NUMERIC(8, 2)", ("NULL", "1", "1.5", "'2'")))
    if rng.random() < 0.4:
        declared = f"must TEXT NOT NULL{rng.choice(ON_CONFLICT)} DEFAULT 'd'"
        columns.append(Column("must", declared, ("'e'", "'f'", "NULL")))
    if rng.random() < 0.4:
        columns.append(Column("flag", "flag INTEGER CHECK (flag < 2)", ("0", "1", "1", "2")))
    return columns


def _generated(rng: random.Random) -> list[str]:
    if rng.random() < 0.7:
        return []
    return [f"g INTEGER GENERATED ALWAYS AS (n + 1) {rng.choice(['VIRTUAL', 'STORED'])}"]


def _reference(
    rng: random.Random, target: Table, constraints: list[str], name: str = "parent"
) -> Column:
    key = [target.column(column) for column in target.key]
    actions = f" ON DELETE {rng.choice(ACTIONS)} ON UPDATE {rng.choice(ACTIONS)}"
    actions += maybe(rng, " DEFERRABLE INITIALLY DEFERRED", 0.3)
    if len(key) > 1:
        columns = ", ".join(column.name for column in key)
        local = ", ".join([name, "n"])
        if target.key == ("a", "b"):
            constraints.append(
                f"FOREIGN KEY ({local}) REFERENCES {target.name} ({columns}){actions}"
            )
        return Column(name, f"{name} INTEGER", ("NULL", *NUMBERS[:3]))
    kind = "INTEGER DEFAULT 1" if key[0].arithmetic else "TEXT DEFAULT 'a'"
    constraints.append(f"FOREIGN KEY ({name}) REFERENCES {target.name} ({key[0].name}){actions}")
    return Column(name, f"{name} {kind}", ("NULL", *key[0].values))


def _unique(
    rng: random.Random,
    table: str,
    columns: list[Column],
    generated: list[str],
    constraints: list[str],
) -> tuple[list[tuple[str, ...]], list[str]]:
    unique: list[tuple[str, ...]] = []
    indexes: list[str] = []
    names = [column.name for column in columns]
    if rng.random() < 0.5:
        unique.append((rng.choice([n for n in names if n in ("n", "name", "x", "parent")]),))
        constraints.append(f"UNIQUE ({unique[-1][0]}){rng.choice(ON_CONFLICT)}")
    if rng.random() < 0.3 and len(names) > 1:
        pair = tuple(rng.sample(names, 2))
        unique.append(pair)
        constraints.append(f"UNIQUE ({', '.join(pair)}){rng.choice(ON_CONFLICT)}")
    if "flag" in names and rng.random() < 0.6:
        indexes.append(f"CREATE UNIQUE INDEX one_{table} ON {table} (n) WHERE flag = 1")
    if generated and rng.random() < 0.4:
        indexes.append(f"CREATE UNIQUE INDEX made_{table} ON {table} (g)")
    return unique, indexes


def _trigger(rng: random.Random, name: str, tables: list[Table]) -> str:
    """A trigger of the company's own; all of them end, whatever they set off."""
    on, other = rng.choice(tables), rng.choice(tables)
    key = on.key[0]
    whole = on.column(key).arithmetic and other.column(other.key[0]).arithmetic
    where = f"{other.key[0]} = NEW.{key}" if whole else "n = 1"
    old = f"{other.key[0]} = OLD.{key}" if whole else "n = 2"
    columns = ", ".join(column.name for column in other.columns)
    row = ", ".join(rng.choice(column.values) for column in other.columns)
    event = rng.choice(
        [
            f"AFTER INSERT ON {on.name} BEGIN UPDATE {other.name} SET n = 3 WHERE {where}; END",
            f"AFTER UPDATE OF n ON {on.name} BEGIN UPDATE {other.name} SET n = n + 1 WHERE {where} AND n < 5; END",
            f"AFTER DELETE ON {on.name} BEGIN DELETE FROM {other.name} WHERE {old}; END",
            f"BEFORE DELETE ON {on.name} BEGIN UPDATE {other.name} SET n = NULL WHERE {old}; END",
            f"BEFORE INSERT ON {on.name} WHEN NEW.n = 3 BEGIN SELECT RAISE(IGNORE); END",
            f"BEFORE UPDATE ON {on.name} WHEN NEW.n = 4 BEGIN SELECT RAISE(ABORT, 'no'); END",
            f"BEFORE UPDATE ON {on.name} WHEN NEW.n = 5 BEGIN SELECT RAISE(FAIL, 'no'); END",
            f"AFTER DELETE ON {on.name} BEGIN INSERT OR REPLACE INTO {other.name} ({columns}) VALUES ({row}); END",
            f"AFTER INSERT ON {on.name} WHEN NEW.n = 1 BEGIN DELETE FROM {on.name} WHERE n = 2; END",
            f"BEFORE INSERT ON {on.name} WHEN NEW.n = 2 BEGIN DELETE FROM {other.name} WHERE n = 1; END",
        ]
    )
    return f"CREATE TRIGGER {name} {event}"
