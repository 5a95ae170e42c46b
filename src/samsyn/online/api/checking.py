"""Checks what another program sends for a record against the catalog, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.core.cells import Cell
from samsyn.core.given import Literal
from samsyn.core.values import parse, render
from samsyn.online.api.errors import Invalid
from samsyn.online.api.words import field_words

Referred = Callable[[set[str]], Mapping[str, str]]
"""For record ids, the types of those that live."""
MAX_ERRORS = 50


class Rules(msgspec.Struct, frozen=True):
    """What values are checked against."""

    type: RecordType
    engine: str
    referred: Referred


def cells_of_new(rules: Rules, given: Mapping[str, object]) -> dict[str, Cell]:
    """The cells of a new record; Invalid with everything that is wrong."""
    cells, errors = _cells(rules, given, None)
    for field in rules.type.fields:
        if rules.type.is_required(field) and field.name not in given:
            errors[field.name] = BadValue("REQUIRED")
    return _checked(rules, cells, errors)


def cells_of_edit(
    rules: Rules, given: Mapping[str, object], now: Mapping[str, Cell]
) -> dict[str, Cell]:
    """The cells of changed fields; a value that is shown for a field leaves it as it is."""
    cells, errors = _cells(rules, given, now)
    return _checked(rules, cells, errors)


def _cells(
    rules: Rules, given: Mapping[str, object], now: Mapping[str, Cell] | None
) -> tuple[dict[str, Cell], dict[str, BadValue]]:
    cells: dict[str, Cell] = {}
    errors: dict[str, BadValue] = {}
    fields = {field.name: field for field in rules.type.fields}
    for name, value in given.items():
        field = fields.get(name)
        try:
            if field is None:
                raise BadValue("UNKNOWN_FIELD")
            if now is None:
                as_is = value is None and rules.type.is_read_only(field)
            else:
                as_is = _is_as_shown(field, value, now)
            if not as_is:
                cells[name] = _cell(rules, field, value)
        except BadValue as error:
            errors[name] = error
    return cells, errors


def _is_as_shown(field: Field, value: object, now: Mapping[str, Cell]) -> bool:
    shown = render(field, now.get(field.name))
    if isinstance(value, Literal) and isinstance(shown, float):
        return float(value) == shown
    return type(shown) is type(value) and shown == value


def _cell(rules: Rules, field: Field, value: object) -> Cell:
    if rules.type.is_read_only(field):
        raise BadValue("READ_ONLY")
    if value is None and rules.type.is_required(field):
        raise BadValue("NOT_NULL")
    return parse(field, rules.engine, value)


def _checked(rules: Rules, cells: dict[str, Cell], errors: dict[str, BadValue]) -> dict[str, Cell]:
    for name, type_ in _dangling(rules, cells).items():
        errors[name] = BadValue("UNKNOWN_REFERENCE", type=type_)
    if errors:
        listed = [error_shape(name, error) for name, error in errors.items()]
        raise Invalid(errors=listed[:MAX_ERRORS], count=len(listed))
    return cells


def _dangling(rules: Rules, cells: Mapping[str, Cell]) -> dict[str, str]:
    """References whose record does not live or is of another type, with the type it should be."""
    wanted: dict[str, tuple[str, str]] = {}
    for field in rules.type.fields:
        cell = cells.get(field.name)
        if field.kind is Kind.REFERENCE and field.reference is not None and isinstance(cell, str):
            wanted[field.name] = (cell, field.reference.type)
    found = rules.referred({record_id for record_id, _ in wanted.values()}) if wanted else {}
    return {name: type_ for name, (cell, type_) in wanted.items() if found.get(cell) != type_}


def error_shape(field: str, error: BadValue) -> dict[str, object]:
    """One entry of the list of errors."""
    detail = field_words(error.code, error.facts)
    return {"field": field[:200], "code": error.code, "detail": detail, **error.facts}
