"""The quarantine clinic as the REST API tells it: entries with the fixes that apply, and carrying them out."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell
from samsyn.core.clinic import Fix
from samsyn.core.values import Plain, render, render_key
from samsyn.online.api.errors import BadShape
from samsyn.online.api.received import mapping, record_id
from samsyn.online.api.shapes import Json, key_shape
from samsyn.online.api.writing import Writer, writer
from samsyn.online.grants import Access
from samsyn.protocol.messages import FixOrder, QuarantineEntry
from samsyn.records import clinic, clinic_list
from samsyn.records.catalogs import types
from samsyn.records.errors import UnknownEntry
from samsyn.records.tenant import Tenant, snapshot
from samsyn.webkit.registers.book import May

MEMBERS = frozenset({"fields", "record", "prefer"})


class Wish(msgspec.Struct, frozen=True):
    """A fix as it was asked for, its values still as they were sent."""

    id: str
    fix: str
    fields: dict[str, object]
    record: str | None
    prefer: tuple[str, ...]


def quarantine_shape(access: Access, limit: int, after: str) -> Json:
    """What lies in quarantine, the oldest first; go on after the last id."""
    tenant = Tenant(access.company)
    with snapshot():
        found = clinic_list.entries(tenant, limit + 1, after)
        known = {name: state.type for name, state in types(tenant).items()}
    shown = found[:limit]
    return {
        "quarantine": [
            _without_strangers(access, entry_shape(known.get(entry.type), entry))
            for entry in shown
            if access.sees(entry.type)
        ],
        "next": shown[-1].id if len(found) > limit else None,
    }


def one_entry_shape(access: Access, entry_id: str) -> Json:
    """One entry; UnknownEntry."""
    tenant = Tenant(access.company)
    with snapshot():
        entry = clinic_list.entry(tenant, entry_id)
        known = types(tenant).get(entry.type)
    if not access.sees(entry.type):
        raise UnknownEntry(entry=entry_id[:100])
    return _without_strangers(access, entry_shape(None if known is None else known.type, entry))


def _without_strangers(access: Access, told: Json) -> Json:
    """An entry without the name of a record that may lie in a register that cannot be read."""
    if access.rights.levels or access.scopes is not None:
        for fix in told["fixes"]:
            fix["title"] = fix["title"] if fix["fix"] != Fix.WAIT.value else None
    return told


def entry_shape(record_type: RecordType | None, entry: QuarantineEntry) -> Json:
    """An entry with its values as the API gives values."""
    told: Json = msgspec.to_builtins(entry)
    values = [
        {
            "field": value.field,
            "office": _shown(record_type, value.field, value.office),
            "online": _shown(record_type, value.field, value.online),
        }
        for value in entry.values
    ]
    return {**told, "key": key_shape(entry.key), "values": values}


def wish(entry_id: str, fix: str, body: object) -> Wish:
    """What was asked for; BadShape."""
    told = mapping({} if body is None else body, "body")
    unknown = sorted(set(told) - MEMBERS)
    if unknown:
        raise BadShape(where=unknown[0][:200], expected=f"one of {sorted(MEMBERS)}")
    record, prefer = told.get("record"), told.get("prefer", [])
    if not isinstance(record, str | None):
        raise BadShape(where="record", expected="the id of a record")
    if not isinstance(prefer, list) or not all(isinstance(name, str) for name in prefer):
        raise BadShape(where="prefer", expected="a list of names of fields")
    fields = mapping(told.get("fields", {}), "fields")
    known = None if record is None else record_id(record)
    return Wish(entry_id, fix, fields, known, tuple(prefer))


def carry_out(access: Access, asked: Wish) -> Json:
    """The entry after the fix; what `records.clinic.carry_out` raises, and Invalid, KeyTaken."""
    with writer(access, lambda _: None) as w:
        fix = clinic.fix_named(asked.fix)
        entry = clinic.entry_of(w.unit, asked.id)
        if not access.sees(entry.type):
            raise UnknownEntry(entry=asked.id[:100])
        access.need(entry.type, May.WRITE)
        cells: Mapping[str, Cell] = {}
        if fix in (Fix.EDIT, Fix.NEW_KEY) and entry.resolved_at is None and asked.fields:
            cells = _checked(w, entry, asked.fields)
        order = FixOrder(asked.id, asked.fix, dict(cells), asked.record, asked.prefer)
        clinic.carry_out(w.unit, order)
    return one_entry_shape(access, asked.id)


def _checked(
    w: Writer, entry: clinic.StoredEntry, given: Mapping[str, object]
) -> Mapping[str, Cell]:
    """The cells of the values, those among them too that leave a field as it is."""
    if entry.side == "online":
        return {}
    cells = w.cells_of(entry.type, entry.record, given)
    record = w.unit.record(entry.record)
    now = {} if record is None else record.fields
    return {name: cells.get(name, now.get(name)) for name in given}


def _shown(record_type: RecordType | None, name: str, cell: Cell) -> Plain:
    if record_type is not None:
        for field in record_type.fields:
            if field.name == name:
                return render(field, cell)
    return render_key(cell)
