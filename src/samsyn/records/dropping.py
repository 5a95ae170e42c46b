"""Columns that the office has dropped: what waited there online goes to the conflict log."""

from __future__ import annotations

from collections.abc import Mapping

from samsyn.core import dropping
from samsyn.core.catalog import Catalog
from samsyn.records.catalogs import TypeState
from samsyn.records.quarantine import held, release
from samsyn.records.rows import records_waiting
from samsyn.records.unit import Unit


def dropped(known: Mapping[str, TypeState], told: Catalog) -> dict[str, frozenset[str]]:
    """The fields that a type had and has no longer, by type; a type that is gone keeps its own."""
    names = {t.name: frozenset(field.name for field in t.fields) for t in told.types}
    gone = {name: state.names - names[name] for name, state in known.items() if name in names}
    return {name: fields for name, fields in gone.items() if fields}


def give_up(unit: Unit, gone: Mapping[str, frozenset[str]]) -> None:
    """What waits online in these fields can never arrive: it is told as a conflict (G3)."""
    for type_, names in gone.items():
        for records in records_waiting(unit.tenant, type_):
            unit.load(record.id for record in records)
            for record in records:
                decision = dropping.without_fields(record, sorted(names), unit.next_seq, unit.floor)
                unit.take(record.id, decision)
            release(unit, [r.id for r in records if held(r) and not held(unit.record(r.id))])
