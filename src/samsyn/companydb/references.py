"""References between office rows and record ids, both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from samsyn.companydb import books, held
from samsyn.companydb.dangling import note_dangling, touch_referrers
from samsyn.companydb.row_sql import is_reference
from samsyn.companydb.rows import CompanyDb, RowState
from samsyn.core.catalog import Field, RecordType
from samsyn.core.cells import KEY, Cell, from_value
from samsyn.core.errors import SamsynError


class ParentMissing(SamsynError):
    """A reference leads to a record that the office does not have: `field`, `type`, `record`."""

    code = "PARENT_MISSING"


def resolved(
    db: CompanyDb,
    record_type: RecordType,
    states: Iterable[RowState],
    new_id: Callable[[], str] | None,
) -> list[RowState]:
    """The states with every reference as a record id.

    A target without identity, such as one whose own change is still in the
    journal, gets one now. One that is not there at all travels as its raw key,
    and so does the former where nothing may be written (`new_id` None).
    """
    found: dict[tuple[str, object], Cell] = {}
    ready = []
    for state in states:
        for name, value in state.unresolved.items():
            field = record_type.field(name)
            if (name, value) not in found:
                found[name, value] = _identified(db, field, value, new_id)
            state.fields[name] = found[name, value]
        ready.append(state)
    return ready


def _identified(
    db: CompanyDb, field: Field, value: object, new_id: Callable[[], str] | None
) -> Cell:
    assert field.reference is not None
    target = by_name(db).get(field.reference.type)
    if target is not None and target.no in held.unreadable(db):
        target = None
    key = None if target is None else db.find(target, field.reference.column, value)
    record = None if target is None or key is None else db.ids_of(target, [key]).get(key)
    if target is None or key is None or (record is None and new_id is None):
        if new_id is not None:
            note_dangling(db)
        return {KEY: from_value(value)}  # type: ignore[dict-item]  # one level of the alias
    if record is None and new_id is not None:
        record = new_id()
        db.identify(target, [(key, record)])
        touch_referrers(db, target, [], [key], books.cursor(db))
    return record


def raw_fields(
    db: CompanyDb, record_type: RecordType, fields: Mapping[str, Cell]
) -> dict[str, Cell]:
    """Cells as the row holds them: record ids become the target's column. Raises ParentMissing."""
    raw: dict[str, Cell] = {}
    for name, cell in fields.items():
        field = record_type.field(name)
        if is_reference(field) and isinstance(cell, str):
            raw[name] = target_value(db, field, cell)
        else:
            raw[name] = cell
    return raw


def target_value(db: CompanyDb, field: Field, record: str) -> Cell:
    """What a row holds to refer to the record. Raises ParentMissing."""
    assert field.reference is not None
    target = by_name(db).get(field.reference.type)
    values = {} if target is None else db.targets(target, field.reference.column, [record])
    if record not in values:
        raise ParentMissing(field=field.name, type=field.reference.type, record=record)
    return values[record]


def by_name(db: CompanyDb) -> dict[str, RecordType]:
    """The attached types by name."""
    return {t.name: t for t in db.types.values()}
