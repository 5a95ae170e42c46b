"""Checks what a form or an import gives for a row against the catalog, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field, RecordType
from samsyn.core.cells import Cell
from samsyn.core.given import Literal
from samsyn.core.values import parse, render
from samsyn.webkit.registers.book import Values, WrongValues

Referred = Callable[[Field, str], Cell]
"""What a reference field holds for a row id; BadValue where no such row is there."""


def cells_of_new(
    record_type: RecordType, engine: str, given: Values, referred: Referred
) -> dict[str, Cell]:
    """The cells of a new row; WrongValues with everything that is wrong."""
    cells, errors = _cells(record_type, engine, given, None, referred)
    for field in record_type.fields:
        if record_type.is_required(field) and field.name not in given:
            errors[field.name] = BadValue("REQUIRED")
    if errors:
        raise WrongValues(errors)
    return cells


def cells_of_edit(
    record_type: RecordType,
    engine: str,
    given: Values,
    now: Mapping[str, Cell],
    referred: Referred,
) -> dict[str, Cell]:
    """The cells of changed fields; a value that is shown for a field leaves it as it is."""
    cells, errors = _cells(record_type, engine, given, now, referred)
    if errors:
        raise WrongValues(errors)
    return cells


def _cells(
    record_type: RecordType,
    engine: str,
    given: Values,
    now: Mapping[str, Cell] | None,
    referred: Referred,
) -> tuple[dict[str, Cell], dict[str, BadValue]]:
    cells: dict[str, Cell] = {}
    errors: dict[str, BadValue] = {}
    fields = {field.name: field for field in record_type.fields}
    for name, value in given.items():
        field = fields.get(name)
        try:
            if field is None:
                raise BadValue("UNKNOWN_FIELD")
            if not _is_as_shown(record_type, field, value, now):
                cells[name] = _cell(record_type, field, engine, value, referred)
        except BadValue as error:
            errors[name] = error
    return cells, errors


def _is_as_shown(
    record_type: RecordType, field: Field, value: object, now: Mapping[str, Cell] | None
) -> bool:
    if now is None:
        return value is None and record_type.is_read_only(field)
    shown = render(field, now.get(field.name))
    if isinstance(value, Literal) and isinstance(shown, float):
        return float(value) == shown
    return type(shown) is type(value) and shown == value


def _cell(
    record_type: RecordType, field: Field, engine: str, value: object, referred: Referred
) -> Cell:
    if record_type.is_read_only(field):
        raise BadValue("READ_ONLY")
    if value is None and record_type.is_required(field):
        raise BadValue("NOT_NULL")
    if field.reference is None or value is None:
        return parse(field, engine, value)
    return referred(field, str(value))
