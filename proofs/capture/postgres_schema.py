"""Random PostgreSQL schemas: keys of every kind, deferrable ones, references, partitions, triggers."""

from __future__ import annotations

import random

from proofs.capture.tables import NUMBERS, TAG, Column, Schema, Table, maybe

TEXTS = ("'a'", "'A'", "'a '", "'b'", "'c'")
ACTIONS = ("CASCADE", "CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION")
DEFERRABLE = (
    "",
    "",
    " DEFERRABLE INITIALLY DEFERRED",
    " DEFERRABLE INITIALLY IMMEDIATE",
)
DEFERRED = " DEFERRABLE INITIALLY DEFERRED"
EXTRAS = (
    ("name", "name varchar(10)", ("NULL", *TEXTS)),
    ("d", "d numeric(8, 2)", ("NULL", "1", "1.00", "1.5")),
    ("x", "x numeric", ("NULL", "1", "1.0", "1.00", "2")),
    ("f", "f float8", ("NULL", "0", "'-0'", "1.5", "'NaN'")),
    ("j", "j jsonb", ("NULL", "'1'", "'1.0'", """'{"a": 1}'""")),
    ("l", "l int[]", ("NULL", "'{}'", "'{1,2}'", "'{1,NULL}'")),
    ("must", "must text NOT NULL DEFAULT 'd'", ("'e'", "'f'", "NULL")),
    ("flag", "flag int CHECK (flag < 2)", ("0", "1", "1", "2")),
    ("day", "day date", ("NULL", "'2024-02-29'", "'0044-03-15 BC'")),
    ("at", "at timestamptz", ("NULL", "'2024-01-01 12:00+01'", "'2024-01-01 11:00+00'")),
)  # fmt: skip


def postgres_schema(rng: random.Random) -> Schema:
    """Two to four tables that refer to each other."""
    tables: list[Table] = []
    referable: list[Table] = []
    statements = ["CREATE SEQUENCE tags"]
    for number in range(rng.randint(2, 4)):
        table, made, refer = _table(rng, f"t{number}", referable)
        tables.append(table)
        referable += [table] if refer else []
        statements += made
    for number in range(rng.choice([0, 0, 1, 2])):
        statements += _trigger(rng, f"own_{number}", tables)
    return Schema(tuple(tables), tuple(statements))


def _table(rng: random.Random, name: str, others: list[Table]) -> tuple[Table, list[str], bool]:
    key, constraint, partition = _key(rng)
    deferrable = "" if partition else rng.choice(DEFERRABLE)
    constraints = [constraint + deferrable]
    columns = [*key, Column("n", "n int", ("NULL", "1", "2", "3"), arithmetic=True)]
    columns += [Column(*rng.choice(EXTRAS))] if rng.random() < 0.5 else []
    columns += [Column(*extra) for extra in rng.sample(EXTRAS, rng.randint(0, 2))]
    columns = list({column.name: column for column in columns}.values())
    own = Table(name, (), tuple(column.name for column in key))
    if others and rng.random() < 0.8:
        columns += _reference(rng, rng.choice(others), constraints, "parent")
    if not deferrable and not partition and rng.random() < 0.3:
        whole = Table(name, tuple(columns), own.key)
        columns += _reference(rng, whole, constraints, "boss")
    unique, indexes = _unique(rng, name, columns, constraints, partition)
    generated = maybe(rng, "g int GENERATED ALWAYS AS (n + 1) STORED", 0.3)
    parts = [
        *(column.declared for column in columns),
        *([generated] if generated else []),
        # A row that moves to another partition is deleted and inserted: no longer the same.
        # Of two rows that hold one deferrable key at once, the journal tells not which moves on.
        *([] if partition or deferrable else [f"{TAG} bigint NOT NULL DEFAULT nextval('tags')"]),
        *constraints,
    ]
    create = f"CREATE TABLE {name} ({', '.join(parts)}){partition}"
    table = Table(name, tuple(columns), own.key, tuple(unique))
    return table, [create, *_partitions(rng, name, partition), *indexes], not deferrable


def _key(rng: random.Random) -> tuple[list[Column], str, str]:
    """Key columns, their constraint, and how the table is partitioned."""
    number = Column("id", "id int", NUMBERS, arithmetic=True)
    pair = [
        Column("a", "a int", NUMBERS[:3], arithmetic=True),
        Column("b", "b text", TEXTS[:3]),
    ]
    match rng.choice(["serial", "number", "text", "pair", "natural", "list", "hash"]):
        case "serial":
            return [Column("id", "id serial", NUMBERS, arithmetic=True)], "PRIMARY KEY (id)", ""
        case "number":
            return [number], "PRIMARY KEY (id)", ""
        case "text":
            return [Column("code", "code text", TEXTS)], "PRIMARY KEY (code)", ""
        case "pair":
            return pair, "PRIMARY KEY (a, b)", ""
        case "natural":
            return [Column("nat", "nat text NOT NULL", TEXTS)], "UNIQUE (nat)", ""
        case "list":
            return pair, "PRIMARY KEY (a, b)", " PARTITION BY LIST (a)"
        case _:
            return [number], "PRIMARY KEY (id)", " PARTITION BY HASH (id)"


def _partitions(rng: random.Random, name: str, partition: str) -> list[str]:
    if "LIST" in partition:
        return [
            f"CREATE TABLE {name}_1 PARTITION OF {name} FOR VALUES IN (1)",
            f"CREATE TABLE {name}_2 PARTITION OF {name} DEFAULT",
        ]
    if "HASH" in partition:
        return [
            f"CREATE TABLE {name}_{n} PARTITION OF {name} FOR VALUES WITH (MODULUS 2, REMAINDER {n})"
            for n in range(2)
        ]
    return []


def _reference(
    rng: random.Random, target: Table, constraints: list[str], name: str
) -> list[Column]:
    key = [target.column(column) for column in target.key]
    actions = f" ON DELETE {rng.choice(ACTIONS)} ON UPDATE {rng.choice(ACTIONS)}"
    actions += maybe(rng, DEFERRED, 0.3)
    columns = []
    for number, column in enumerate(key):
        local = name if number == 0 else f"{name}_{number}"
        kind = "int DEFAULT 1" if column.arithmetic else "text DEFAULT 'a'"
        columns.append(Column(local, f"{local} {kind}", ("NULL", *column.values)))
    here = ", ".join(column.name for column in columns)
    constraints.append(
        f"FOREIGN KEY ({here}) REFERENCES {target.name} ({', '.join(target.key)}){actions}"
    )
    return columns


def _unique(
    rng: random.Random, table: str, columns: list[Column], constraints: list[str], partition: str
) -> tuple[list[tuple[str, ...]], list[str]]:
    if partition:
        return [], []
    unique: list[tuple[str, ...]] = []
    indexes: list[str] = []
    names = [column.name for column in columns]
    if rng.random() < 0.4:
        unique.append((rng.choice([n for n in names if n in ("n", "name", "x", "parent")]),))
        constraints.append(f"UNIQUE ({unique[-1][0]}){rng.choice(DEFERRABLE)}")
    if "flag" in names and rng.random() < 0.6:
        indexes.append(f"CREATE UNIQUE INDEX one_{table} ON {table} (n) WHERE flag = 1")
    return unique, indexes


def _trigger(rng: random.Random, name: str, tables: list[Table]) -> list[str]:
    """A trigger of the company's own; all of them end, whatever they set off."""
    on, other = rng.choice(tables), rng.choice(tables)
    columns = ", ".join(column.name for column in other.columns)
    row = ", ".join(rng.choice(column.values) for column in other.columns)
    event, body = rng.choice(
        [
            ("BEFORE INSERT OR UPDATE", "IF NEW.n = 3 THEN NEW.n := 4; END IF; RETURN NEW;"),
            ("BEFORE INSERT", "IF NEW.n = 2 THEN RETURN NULL; END IF; RETURN NEW;"),
            ("BEFORE DELETE", "IF OLD.n = 2 THEN RETURN NULL; END IF; RETURN OLD;"),
            ("BEFORE UPDATE", "IF NEW.n = 5 THEN RAISE 'no'; END IF; RETURN NEW;"),
            ("AFTER INSERT", f"UPDATE {other.name} SET n = 1 WHERE n = 2; RETURN NULL;"),
            ("AFTER UPDATE", f"UPDATE {other.name} SET n = n + 1 WHERE n = NEW.n AND n < 3; RETURN NULL;"),
            ("AFTER DELETE", f"DELETE FROM {other.name} WHERE n = OLD.n; RETURN NULL;"),
            (
                "AFTER DELETE",
                f"INSERT INTO {other.name} ({columns}) VALUES ({row}) ON CONFLICT DO NOTHING; RETURN NULL;",
            ),
        ]
    )  # fmt: skip
    guarded = f"IF pg_trigger_depth() > 3 THEN RETURN {'NULL' if 'AFTER' in event else 'NEW'}; END IF; {body}"
    guarded = body if event == "BEFORE DELETE" else guarded
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {guarded} END $$",
        f"CREATE TRIGGER {name} {event} ON {on.name} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
