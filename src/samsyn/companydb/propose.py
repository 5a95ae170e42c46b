"""Proposes which tables to sync, and as what: Schema in, verdicts and catalog out."""

from __future__ import annotations

import enum

import msgspec

from samsyn.companydb.schema import Column, Given, Schema, Table, TableKind, UniqueKey
from samsyn.core.catalog import Catalog, Field, KeyGiver, Kind, RecordType


class Reason(enum.Enum):
    """Why a table is not synced."""

    NO_STABLE_KEY = "NO_STABLE_KEY"


class Verdict(msgspec.Struct, frozen=True):
    """What becomes of one table."""

    type: str
    table: str
    synced: bool
    reason: Reason | None = None
    records: int | None = None


def propose(schema: Schema) -> tuple[Catalog, tuple[Verdict, ...]]:
    """A catalog of everything that can be synced."""
    types: list[RecordType] = []
    verdicts = []
    for table in schema.tables:
        if table.kind is not TableKind.PLAIN:
            continue
        key = stable_key(table)
        verdicts.append(
            Verdict(table.name, table.name, key is not None, None if key else Reason.NO_STABLE_KEY)
        )
        if key is not None:
            types.append(_type(len(types) + 1, table, key))
    return Catalog(schema.engine, tuple(types)), tuple(verdicts)


def stable_key(table: Table) -> UniqueKey | None:
    """The key that identifies a row for ever: the primary key, else one of NOT NULL columns."""
    if table.primary_key is not None:
        return table.primary_key
    for key in table.keys:
        plain = not key.partial and not key.has_expression
        if plain and all(table.column(name).not_null for name in key.columns):
            return key
    return None


def _type(no: int, table: Table, key: UniqueKey) -> RecordType:
    given = len(key.columns) == 1 and table.column(key.columns[0]).given is not Given.NOBODY
    return RecordType(
        name=table.name,
        no=no,
        table=table.name,
        schema=table.schema,
        key=key.columns,
        key_giver=KeyGiver.OFFICE if given else KeyGiver.PERSON,
        fields=tuple(_field(column) for column in table.columns),
        label=table.name,
        display=tuple(column.name for column in table.columns),
    )


def _field(column: Column) -> Field:
    return Field(
        name=column.name,
        kind=Kind.TEXT,
        storage=column.storage,
        label=column.name,
        nullable=not column.not_null,
        generated=column.generated,
        read_only=column.generated or column.given is not Given.NOBODY,
        has_default=column.default is not None,
    )
