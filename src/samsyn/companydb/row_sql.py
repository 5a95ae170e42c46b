"""The statements about one synced table, made once for each type and engine."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.quoting import postgres_name, sqlite_name
from samsyn.companydb.urls import Engine
from samsyn.core.catalog import Field, Kind, RecordType

NATIVE_POSTGRES = frozenset(
    {"smallint", "integer", "bigint", "real", "double precision", "boolean", "bytea"}
)
"""Types whose Python value is exact; all others travel as their text form."""


class RowSql(msgspec.Struct, frozen=True):
    """Statements that need no values in their text; values are placeholders."""

    table: str
    identity: str
    key_columns: tuple[str, ...]
    key_values: tuple[str, ...]
    columns: dict[str, str]
    """The column of each field."""
    field_values: dict[str, str]
    """What selects each field; a reference gives its raw value and the record id."""
    key_match: str
    """`t.key = identity.k` for all key columns."""

    @property
    def selected(self) -> str:
        """Key columns, then every field."""
        return self.selecting(self.field_values)

    @property
    def vanished(self) -> str:
        """What to select identities (`i`) from whose row is not there."""
        row = f"SELECT 1 FROM {self.table} AS t WHERE {self.key_match}"
        return f"{self.identity} AS i WHERE NOT EXISTS ({row})"

    def selecting(self, fields: Iterable[str]) -> str:
        """Key columns, then these fields, in the order of the type's."""
        wanted = set(fields)
        values = (v for name, v in self.field_values.items() if name in wanted)
        return ", ".join((*self.key_values, *values))


def row_sql(engine: Engine, record_type: RecordType, types: dict[str, RecordType]) -> RowSql:
    """The statements' parts for a type; `types` are all attached ones by name."""
    columns = [f"t.{quoted(engine, column)}" for column in record_type.key_columns]
    keys = [
        _read(engine, record_type.field(name), column)
        for name, column in zip(record_type.key, columns, strict=True)
    ]
    fields = {}
    for field in record_type.fields:
        value = _read(engine, field, f"t.{quoted(engine, field.column)}")
        if field.reference is not None:
            value = f"{value}, {_record_id(engine, field, types)}"
        fields[field.name] = value
    match = " AND ".join(f"{column} = i.k{place}" for place, column in enumerate(columns))
    return RowSql(
        table_name(engine, record_type),
        book_name(engine, f"id_{record_type.no}"),
        tuple(columns),
        tuple(keys),
        {field.name: quoted(engine, field.column) for field in record_type.fields},
        fields,
        match,
    )


def quoted(engine: Engine, name: str) -> str:
    """A column's name in a statement."""
    return sqlite_name(name) if engine == "sqlite" else postgres_name(name)


def table_name(engine: Engine, record_type: RecordType) -> str:
    """A table's name in a statement."""
    if engine == "sqlite":
        return sqlite_name(record_type.table)
    return postgres_name(record_type.schema, record_type.table)


def key_cast(storage: str) -> str:
    """The PostgreSQL type to which a key's text is cast: without length, which would cut it."""
    bare = re.sub(r"\(\d+(?:,-?\d+)?\)", "", storage).strip()
    return {"character": "bpchar", "bit": "bit varying"}.get(bare, bare)


PLAIN_POSTGRES = frozenset(
    {
        *"smallint integer bigint real numeric boolean text bpchar bytea date uuid json".split(),
        "double precision",
        "character varying",
        "timestamp with time zone",
        "timestamp without time zone",
        "time without time zone",
    }
)


def cuts_nothing(storage: str) -> bool:
    """On PostgreSQL: a text cast to the type without its length, then assigned, is what was meant.

    The assignment checks the length and refuses what does not fit. Types with
    rules of their own (domains, ranges, bits, intervals) are not looked into.
    """
    return key_cast(storage) in PLAIN_POSTGRES


def native(storage: str) -> bool:
    """On PostgreSQL: read as a Python value, not as text."""
    return storage in NATIVE_POSTGRES


def _read(engine: Engine, field: Field, column: str) -> str:
    if engine == "sqlite" or native(field.storage):
        return column
    return f"{column}::text"


def _record_id(engine: Engine, field: Field, types: dict[str, RecordType]) -> str:
    """A scalar subquery: the id of the record that the field refers to."""
    assert field.reference is not None
    column = f"t.{quoted(engine, field.column)}"
    target = types.get(field.reference.type)
    if target is None:
        return "NULL"
    identity = book_name(engine, f"id_{target.no}")
    if target.key == (field.reference.column,):
        return f"(SELECT r.id FROM {identity} AS r WHERE r.k0 = {column})"
    keys = " AND ".join(
        f"p.{quoted(engine, name)} = r.k{place}" for place, name in enumerate(target.key_columns)
    )
    referred = f"p.{quoted(engine, target.field(field.reference.column).column)}"
    return (
        f"(SELECT r.id FROM {table_name(engine, target)} AS p JOIN {identity} AS r ON {keys}"
        f" WHERE {referred} = {column})"
    )


def is_reference(field: Field) -> bool:
    """The field's cell is a record id."""
    return field.kind is Kind.REFERENCE and field.reference is not None
