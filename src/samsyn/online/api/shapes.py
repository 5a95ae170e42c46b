"""Types and records as other programs see them."""

from __future__ import annotations

from typing import Any

from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.core.cells import Cell
from samsyn.core.record import Record
from samsyn.core.values import Plain, render, render_key
from samsyn.online.companies.scopes import word_of
from samsyn.records.catalogs import TypeState
from samsyn.webkit.registers.book import May

Json = dict[str, Any]  # Any: JSON


def type_shape(state: TypeState, may: May) -> Json:
    """A record type with its fields in the order in which people read them, and what may be done with it."""
    record_type = state.type
    return {
        "type": record_type.name,
        "label": record_type.label or record_type.name,
        "key": list(record_type.key),
        "key_given_by": record_type.key_giver.value,
        "title": record_type.title,
        "may": word_of(may),
        "loading": not state.loaded,
        "fields": [_field_shape(record_type, field) for field in record_type.shown],
    }


def _field_shape(record_type: RecordType, field: Field) -> Json:
    return {
        "name": field.name,
        "kind": field.kind.value,
        "label": field.label or field.name,
        "required": record_type.is_required(field),
        "nullable": field.nullable,
        "read_only": record_type.is_read_only(field),
        "has_default": field.has_default,
        "max_length": field.max_length,
        "precision": field.precision,
        "scale": field.scale,
        "choices": list(field.choices) or None,
        "reference": field.reference.type if field.reference else None,
    }


def has_blobs(record_type: RecordType) -> bool:
    """Whether a record of the type may be large."""
    return any(field.kind is Kind.BLOB for field in record_type.fields)


def record_shape(record_type: RecordType, record: Record) -> Json:
    """A record with all its fields; those that nobody has given yet are null."""
    return {
        "id": record.id,
        "key": key_shape(record.key),
        "version": record.version,
        "fields": {
            field.name: render(field, record.fields.get(field.name)) for field in record_type.shown
        },
    }


def key_shape(key: tuple[Cell, ...] | None) -> Plain:
    """The office's key: the value itself, a list where it has several parts, null while pending."""
    if key is None:
        return None
    parts: list[object] = [render_key(cell) for cell in key]
    return render_key(key[0]) if len(parts) == 1 else parts
