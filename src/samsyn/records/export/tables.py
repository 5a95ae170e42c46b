"""The tables of an office database, as SQLite declares them, from the types of a catalog."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from samsyn.core.affinity import of_declared
from samsyn.core.catalog import Field, KeyGiver, Kind, RecordType

AFFINITY = {
    Kind.INTEGER: "INTEGER",
    Kind.DECIMAL: "NUMERIC",
    Kind.REAL: "REAL",
    Kind.BOOLEAN: "NUMERIC",
    Kind.BLOB: "BLOB",
}
"""Of a column that was PostgreSQL's; TEXT for all others, so that what is text stays text."""
DECLARED = {
    Kind.TEXT: "TEXT",
    Kind.INTEGER: "INTEGER",
    Kind.DECIMAL: "DECIMAL",
    Kind.REAL: "REAL",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.DATETIME: "DATETIME",
    Kind.TIME: "TIME",
    Kind.BLOB: "BLOB",
    Kind.JSON: "JSON",
    Kind.UUID: "UUID",
}
SQLITE = frozenset({"TEXT", "NUMERIC", "INTEGER", "REAL", "BLOB"})


def quoted(name: str) -> str:
    """An identifier, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def table_names(types: Collection[RecordType]) -> dict[str, str]:
    """The table of each type: as the office calls it, or with its schema where two are called alike."""
    plain = [t.table.casefold() for t in types]
    return {t.name: t.table if plain.count(t.table.casefold()) == 1 else t.name for t in types}


def declared(field: Field) -> str:
    """The declared type: it says the kind, and has the affinity that keeps each value as it is."""
    wanted = affinity(field)
    plain = DECLARED.get(field.kind, wanted)
    if field.kind is Kind.TEXT and field.max_length:
        plain = f"VARCHAR({field.max_length})"
    if field.kind is Kind.DECIMAL and field.precision:
        plain = f"DECIMAL({field.precision}, {field.scale or 0})"
    for told in (plain, f"{plain} {wanted}"):
        if of_declared(told) == wanted:
            return told
    return wanted


def affinity(field: Field) -> str:
    """The affinity that the column is to have."""
    if field.storage in SQLITE:
        return field.storage
    if field.kind is Kind.REFERENCE:
        told = of_declared(field.storage)
        return told if told in ("INTEGER", "NUMERIC") and _is_number(field.storage) else "TEXT"
    return AFFINITY.get(field.kind, "TEXT")


def _is_number(storage: str) -> bool:
    return storage.startswith(("smallint", "integer", "bigint", "numeric"))


def counts_itself(record_type: RecordType) -> bool:
    """SQLite gives the next key: one whole number that the office's database gave too."""
    if len(record_type.key) != 1 or record_type.key_giver is not KeyGiver.OFFICE:
        return False
    return affinity(record_type.field(record_type.key[0])) == "INTEGER"


def create_table(
    record_type: RecordType,
    tables: Mapping[str, str],
    parents: Mapping[str, str],
    always_there: Collection[str],
) -> str:
    """The CREATE TABLE; `parents` are the columns by field that foreign keys lead to, `always_there` the fields without null."""
    own = counts_itself(record_type)
    lines = []
    for field in record_type.fields:
        line = f"{quoted(field.column)} {declared(field)}"
        if own and field.name == record_type.key[0]:
            line = f"{quoted(field.column)} INTEGER PRIMARY KEY AUTOINCREMENT"
        elif field.name in always_there or field.name in record_type.key:
            line += " NOT NULL"
        lines.append(line)
    if not own:
        key = ", ".join(quoted(column) for column in record_type.key_columns)
        lines.append(f"PRIMARY KEY ({key})")
    for field in record_type.fields:
        if field.name in parents and field.reference is not None:
            target = f"{quoted(tables[field.reference.type])} ({quoted(parents[field.name])})"
            lines.append(f"FOREIGN KEY ({quoted(field.column)}) REFERENCES {target}")
    inside = ",\n  ".join(lines)
    return f"CREATE TABLE {quoted(tables[record_type.name])} (\n  {inside}\n)"
