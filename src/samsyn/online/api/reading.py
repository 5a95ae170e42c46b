"""Answers what another program asks to see; each call reads one moment of the store."""

from __future__ import annotations

from typing import Any

import msgspec

from samsyn.core.catalog import Field, RecordType
from samsyn.core.cells import Cell
from samsyn.core.values import Plain, render, render_key
from samsyn.online.api import mending
from samsyn.online.api.errors import BadParameter
from samsyn.online.api.filters import asked_query
from samsyn.online.api.shapes import Json, key_shape, record_shape, type_shape
from samsyn.online.api.words import problem_words
from samsyn.online.grants import Access
from samsyn.records import clock, contact, history, ledger, queries
from samsyn.records.catalogs import TypeState, type_state, types
from samsyn.records.errors import UnknownType
from samsyn.records.held import held_types
from samsyn.records.tenant import Tenant, snapshot
from samsyn.webkit.registers.book import May


class Asked(msgspec.Struct, frozen=True):
    """A page that was asked for, as it stands in the address."""

    type: str
    limit: int
    cursor: str | None
    search: str | None
    filter: tuple[str, ...]
    sort: str | None


def types_shape(access: Access) -> Json:
    """All synced types."""
    found = types(Tenant(access.company)).values()
    seen = [state for state in found if state.synced and access.sees(state.type.name)]
    return {"types": [type_shape(state, access.level(state.type.name)) for state in seen]}


def page_shape(access: Access, asked: Asked) -> Json:
    """A page of a type's records."""
    tenant = Tenant(access.company)
    with snapshot():
        state = _synced(access, asked.type)
        query = asked_query(
            state.type, asked.limit, asked.cursor, asked.search, asked.filter, asked.sort
        )
        page = queries.living_records(tenant, asked.type, query)
    return {
        "records": [record_shape(state.type, record) for record in page.records],
        "next": page.next,
        "loading": not state.loaded,
    }


def one_shape(access: Access, type_: str, record_id: str) -> Json:
    """One living record; UnknownType, UnknownRecord."""
    tenant = Tenant(access.company)
    with snapshot():
        state = _synced(access, type_)
        record = queries.living_record(tenant, type_, record_id)
    return {**record_shape(state.type, record), "loading": not state.loaded}


def changes_shape(access: Access, since: int, limit: int) -> Json:
    """A part of the change log, with the number of the newest change.

    Of registers that cannot be read nothing is told: a part may hold fewer, or none, and still go on.
    """
    tenant = Tenant(access.company)
    with snapshot():
        known = {name: state.type for name, state in types(tenant).items()}
        found = history.changes(tenant, since, limit)
        head = history.log_head(tenant)
        trimmed = ledger.checkpoint(tenant).upto
    return {
        "changes": [
            change_shape(change, known.get(change.type))
            for change in found
            if access.sees(change.type)
        ],
        "next": found[-1].seq if found and found[-1].seq < head else None,
        "head": head,
        "trimmed": trimmed,
    }


def conflicts_shape(access: Access, limit: int, cursor: str | None) -> Json:
    """Conflicts, the newest first."""
    tenant = Tenant(access.company)
    with snapshot():
        known = {name: state.type for name, state in types(tenant).items()}
        found = history.conflicts(tenant, limit + 1, _cursor(cursor, "0123456789."))
    shown = found[:limit]
    return {
        "conflicts": [
            conflict_shape(one, known.get(one.type)) for one in shown if access.sees(one.type)
        ],
        "next": shown[-1].id if len(found) > limit else None,
    }


def status_shape(access: Access) -> Json:
    """How the office stands to the service, with the alarms that are on."""
    found = contact.contact(Tenant(access.company), clock.now())
    return {
        "connected": found.connected,
        "heard": found.heard,
        "computer": found.computer,
        "last_heard": found.last_heard,
        "waiting": found.waiting,
        "oldest_s": found.oldest_s,
        "behind_ms": found.behind_ms,
        "paused_since": found.paused,
        "alarms": [_alarm_shape(alarm, found) for alarm in found.alarms],
    }


def _alarm_shape(alarm: contact.Alarm, found: contact.Contact) -> Json:
    said = alarm.office
    facts = {
        "since": alarm.since,
        "age_s": alarm.age_s,
        "what": said.what if said else None,
        "office_code": said.code if said else None,
        "office_waiting": said.waiting if said else None,
        "type": (said.type if said else "") or None,
    }
    words = problem_words(
        alarm.code, {**facts, "waiting": found.waiting, "last_heard": found.last_heard}
    )
    return {"code": alarm.code, "message": words, **facts}


def held_shape(access: Access) -> Json:
    """What the office holds back, and why."""
    found = held_types(Tenant(access.company))
    return {"held": [msgspec.to_builtins(one) for one in found if access.sees(one.type)]}


def quarantine_shape(access: Access, limit: int, cursor: str | None) -> Json:
    """What lies in quarantine, the oldest first."""
    return mending.quarantine_shape(access, limit, _cursor(cursor, "0123456789abcdef") or "")


def _synced(access: Access, name: str) -> TypeState:
    if "\0" in name:
        raise UnknownType(type=name.replace("\0", "�"))
    state = type_state(Tenant(access.company), name)
    if not state.synced:
        raise UnknownType(type=name)
    access.need(name, May.READ)
    return state


def change_shape(change: history.ChangeView, record_type: RecordType | None) -> dict[str, Any]:
    """A row of the change log."""
    fields = None
    if change.fields is not None:
        fields = {
            name: {"old": shown(record_type, name, old), "new": shown(record_type, name, new)}
            for name, (old, new) in change.fields.items()
        }
    return {
        "seq": change.seq,
        "type": change.type,
        "record": change.record,
        "action": change.action,
        "source": change.source,
        "by": change.by,
        "at": change.at,
        "batch": change.batch,
        "fields": fields,
    }


def conflict_shape(one: history.ConflictView, record_type: RecordType | None) -> dict[str, Any]:
    """A conflict, as it is told."""
    cells = {"base": one.base, "office": one.office, "online": one.online}
    values = {side: shown(record_type, one.field, cell) for side, cell in cells.items()}
    return {**msgspec.to_builtins(one), **values, "key": key_shape(one.key)}


def shown(record_type: RecordType | None, name: str | None, cell: Cell) -> Plain:
    """A cell by its field's kind; plainly where the catalog has forgotten the field."""
    field = _field(record_type, name)
    return render_key(cell) if field is None else render(field, cell)


def _field(record_type: RecordType | None, name: str | None) -> Field | None:
    if record_type is None:
        return None
    return next((field for field in record_type.fields if field.name == name), None)


def _cursor(told: str | None, letters: str) -> str | None:
    if told is None:
        return None
    if not told or len(told) > 64 or not set(told) <= set(letters):
        raise BadParameter(parameter="cursor", expected="`next` of the page before")
    return told
