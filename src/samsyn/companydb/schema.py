"""What the engine says about a company database, before anybody judges it."""

from __future__ import annotations

import enum

import msgspec

from samsyn.companydb.urls import Engine


class Given(enum.Enum):
    """Who gives the value of a column that nobody wrote."""

    NOBODY = "nobody"
    ROWID = "rowid"
    """SQLite's INTEGER PRIMARY KEY."""
    SEQUENCE = "sequence"
    """PostgreSQL: serial, or identity by default."""
    ALWAYS = "always"
    """PostgreSQL: identity always; another value needs OVERRIDING."""


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """One column.

    `declared` is the type as the database spells it, `storage` the affinity on
    SQLite and the full type on PostgreSQL. `base` is PostgreSQL's name of the
    type below domains (`numeric`, `int4`, `_text`), `labels` its enum labels.
    """

    name: str
    declared: str
    storage: str
    base: str = ""
    category: str = ""
    """PostgreSQL's pg_type.typtype of the base type: b, c, d, e, m, r."""
    not_null: bool = False
    default: str | None = None
    generated: bool = False
    given: Given = Given.NOBODY
    collation: str | None = None
    labels: tuple[str, ...] = ()
    max_length: int | None = None
    precision: int | None = None
    scale: int | None = None
    deterministic: bool = True
    """False for a PostgreSQL collation under which unlike texts are equal."""

    @property
    def asks(self) -> bool:
        """Whether whoever adds a row has to give it a value."""
        given = self.default is not None or self.generated or self.given is not Given.NOBODY
        return self.not_null and not given


class KeyPart(msgspec.Struct, frozen=True, omit_defaults=True):
    """One column of a unique key; `column` is None for an expression."""

    column: str | None
    collation: str | None = None


class UniqueKey(msgspec.Struct, frozen=True, omit_defaults=True):
    """A primary key, unique constraint or unique index."""

    name: str
    parts: tuple[KeyPart, ...]
    primary: bool = False
    partial: bool = False
    condition: str | None = None
    """Of a partial index on SQLite, as it was written."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Its columns, without expressions."""
        return tuple(part.column for part in self.parts if part.column is not None)

    @property
    def has_expression(self) -> bool:
        """Some part is no plain column."""
        return any(part.column is None for part in self.parts)


class ForeignKey(msgspec.Struct, frozen=True, omit_defaults=True):
    """A declared reference; `to_columns` is never empty."""

    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]
    to_schema: str | None = None
    on_delete: str = "NO ACTION"
    on_update: str = "NO ACTION"
    deferrable: bool = False


class Check(msgspec.Struct, frozen=True):
    """A CHECK: its expression as the database writes it."""

    expression: str


class Trigger(msgspec.Struct, frozen=True):
    """A trigger that is not ours."""

    name: str
    definition: str


class TableKind(enum.Enum):
    """What a relation with rows is."""

    PLAIN = "plain"
    PARTITIONED = "partitioned"
    PARTITION = "partition"
    INHERITED = "inherited"
    """A PostgreSQL table that others inherit from: it shows their rows too."""
    VIRTUAL = "virtual"
    SHADOW = "shadow"
    """A table in which a virtual table keeps its data."""
    FOREIGN = "foreign"
    UNLOGGED = "unlogged"
    SYSTEM = "system"


class Table(msgspec.Struct, frozen=True, omit_defaults=True):
    """One table. `keys` begins with the primary key where there is one."""

    name: str
    columns: tuple[Column, ...]
    schema: str | None = None
    kind: TableKind = TableKind.PLAIN
    keys: tuple[UniqueKey, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    rowid_alias: str | None = None
    without_rowid: bool = False
    strict: bool = False
    partitions: tuple[tuple[str, str], ...] = ()
    """(schema, name) of every partition below, at any depth."""
    owned: bool = True
    """The role owns it (PostgreSQL)."""
    missing_privileges: tuple[str, ...] = ()
    row_security: bool = False
    unreadable: str | None = None
    """What the engine said when it was asked about the table."""

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def primary_key(self) -> UniqueKey | None:
        """The primary key, if any."""
        return self.keys[0] if self.keys and self.keys[0].primary else None


class View(msgspec.Struct, frozen=True):
    """A view, materialized or not."""

    name: str
    schema: str | None = None


class Schema(msgspec.Struct, frozen=True):
    """Everything with rows in one database, ours left out."""

    engine: Engine
    tables: tuple[Table, ...]
    views: tuple[View, ...] = ()

    def table(self, name: str, schema: str | None = None) -> Table:
        """The table of that name; KeyError where there is none."""
        for table in self.tables:
            if table.name == name and table.schema == schema:
                return table
        raise KeyError(name)
