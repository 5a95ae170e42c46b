"""Makes fields references to records of other types."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from samsyn.companydb.schema import Schema, Table
from samsyn.core.catalog import Catalog, Field, KeyGiver, Kind, RecordType, Reference


def with_declared(catalog: Catalog, schema: Schema) -> Catalog:
    """Declared foreign keys of one column, where they point at a unique column of a synced table."""
    by_table = {(t.schema, t.table): t for t in catalog.types}
    found: dict[tuple[str, str], Reference] = {}
    for record_type in catalog.types:
        for foreign in schema.table(record_type.table, record_type.schema).foreign_keys:
            target = by_table.get((foreign.to_schema, foreign.to_table))
            if target is None or len(foreign.columns) != 1:
                continue
            (column,), (to_column,) = foreign.columns, foreign.to_columns
            known = any(field.name == to_column for field in target.fields)
            if known and _is_unique(schema.table(target.table, target.schema), to_column):
                place = (record_type.name, column)
                found.setdefault(place, Reference(target.name, to_column))
    return with_references(catalog, found)


def _is_unique(table: Table, column: str) -> bool:
    """The column alone identifies a row."""
    return any(
        key.columns == (column,) and not key.partial and not key.has_expression
        for key in table.keys
    )


def with_references(catalog: Catalog, references: Mapping[tuple[str, str], Reference]) -> Catalog:
    """The catalog with these fields, by (type, field), as references to synced types."""
    return msgspec.structs.replace(
        catalog, types=tuple(_type_with(t, references) for t in catalog.types)
    )


def _type_with(
    record_type: RecordType, references: Mapping[tuple[str, str], Reference]
) -> RecordType:
    fields = tuple(
        _field_with(field, references.get((record_type.name, field.name)))
        for field in record_type.fields
    )
    shared = record_type.key_giver is KeyGiver.OFFICE and any(
        field.name in record_type.key and field.kind is Kind.REFERENCE for field in fields
    )
    if not shared:
        return msgspec.structs.replace(record_type, fields=fields)
    # The key is another record's: nobody may make a number up for it.
    return msgspec.structs.replace(
        record_type, fields=tuple(_chosen_by_person(f) for f in fields), key_giver=KeyGiver.PERSON
    )


def _field_with(field: Field, reference: Reference | None) -> Field:
    if reference is None or field.generated:
        return field
    return msgspec.structs.replace(field, kind=Kind.REFERENCE, reference=reference)


def _chosen_by_person(field: Field) -> Field:
    if field.kind is not Kind.REFERENCE or not field.read_only:
        return field
    return msgspec.structs.replace(field, read_only=False, required=True, has_default=False)
