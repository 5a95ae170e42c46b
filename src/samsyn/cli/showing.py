"""Records and values as people and programs read them."""

from __future__ import annotations

from typing import Any

from samsyn.agent.lists import ConflictRow
from samsyn.cli.voice import Voice
from samsyn.companydb import held
from samsyn.companydb.rows import CompanyDb
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell
from samsyn.core.clinic import PARENT_MISSING, UNIQUE_TAKEN
from samsyn.core.values import Plain, render, render_key
from samsyn.protocol.messages import InTheWay, QuarantineEntry

LONGEST = 60
"""Characters of a value in a line of words."""


class Showing:
    """Shows what a company database's catalog explains."""

    def __init__(self, db: CompanyDb) -> None:
        self._db = db
        unreadable = held.unreadable(db)
        self._types = {t.name: t for t in db.types.values() if t.no not in unreadable}

    def key(self, key: tuple[Cell, ...] | None) -> Plain:
        """The office's key: one value, or a list for a composite one; null while it is pending."""
        if key is None:
            return None
        parts: list[object] = [render_key(part) for part in key]
        return parts if len(parts) != 1 else render_key(key[0])

    def value(self, type_: str, field: str | None, cell: Cell) -> Plain:
        """A field's value as the REST API gives it."""
        record_type = self._types.get(type_)
        if record_type is None or field is None:
            return render_key(cell)
        try:
            return render(record_type.field(field), cell)
        except KeyError:
            return render_key(cell)

    def text(self, value: object) -> str:
        """A value within a sentence."""
        if value is None:
            return "–"
        told = value if isinstance(value, str) else str(value)
        return told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…"

    def title(self, type_: str, record: str, key: tuple[Cell, ...] | None) -> str:
        """What people call a record: its title where it can be read, and its key."""
        record_type = self._types.get(type_)
        if record_type is None:
            return self.text(self.key(key))
        named = self._title(record_type, record)
        if key is None:
            here = self._db.keys_of(record_type, [record]).get(record)
            numbered = "" if here is None else ", ".join(str(part) for part in here)
        else:
            numbered = ", ".join(self.text(render_key(part)) for part in key)
        if named and numbered and named != numbered:
            return f"{named} ({numbered})"
        return named or numbered or record[:8]

    def here(self, type_: str, holder: InTheWay) -> str:
        """A record's key at the office, as a person writes it."""
        record_type = self._types.get(type_)
        found = {} if record_type is None else self._db.keys_of(record_type, [holder.record])
        return ", ".join(str(part) for part in found.get(holder.record, ()))

    def conflict(self, row: ConflictRow) -> dict[str, Any]:
        """A conflict for programs."""
        return {
            "type": row.type,
            "record": row.record,
            "key": self.key(row.key),
            "field": row.field,
            "base": self.value(row.type, row.field, row.base),
            "office": self.value(row.type, row.field, row.office),
            "online": self.value(row.type, row.field, row.online),
            "kept": row.kept,
            "office_by": row.office_by,
            "online_by": row.online_by,
            "at": row.at,
            "outcome": row.outcome,
            "id": row.id or None,
            "group": list(row.group),
            "reapplied": row.reapplied_seq is not None,
        }

    def quarantined(self, entry: QuarantineEntry, out: Voice) -> dict[str, Any]:
        """A change in quarantine for programs; the reason in words."""
        return {
            "side": entry.side,
            "type": entry.type,
            "record": entry.record,
            "key": self.key(entry.key) if entry.key is not None else self._known_key(entry),
            "title": entry.title,
            "field": entry.field,
            "reason": self._why(entry, out),
            "detail": entry.reason,
            "code": entry.code,
            "since": entry.since,
            "id": entry.id or None,
            "operation": entry.operation,
            "state": entry.state,
            "values": [
                {
                    "field": value.field,
                    "office": self.value(entry.type, value.field, value.office),
                    "online": self.value(entry.type, value.field, value.online),
                }
                for value in entry.values
            ],
            "waits_for": entry.waits_for,
            "fix": entry.fix,
            "fixed_by": entry.fixed_by,
            "fixed_at": entry.fixed_at,
        }

    def _why(self, entry: QuarantineEntry, out: Voice) -> str:
        """The reason, by the names of the records in it where they are known."""
        facts: dict[str, object] = {
            "field": entry.field,
            "reason": entry.reason,
            "detail": entry.reason,
            "type": entry.type,
            "record": entry.record,
        }
        if entry.code == UNIQUE_TAKEN and entry.holders:
            first = entry.holders[0]
            title = first.title or self.title(entry.type, first.record, None)
            return out.word("UNIQUE_TAKEN_BY", title=title, fields=first.fields)
        if entry.code == PARENT_MISSING:
            return out.word("WAITS_FOR_RECORD", field=entry.field, title=entry.waits_for)
        if entry.code == "REQUIRED_MISSING" and entry.field:
            facts["reason"] = entry.field
        return out.word(entry.code, **facts)

    def _known_key(self, row: QuarantineEntry) -> Plain:
        record_type = self._types.get(row.type)
        found = None if record_type is None else self._db.keys_of(record_type, [row.record])
        key = (found or {}).get(row.record)
        if record_type is None or key is None:
            return None
        state = self._db.read(record_type, [key]).get(key)
        return None if state is None else self.key(state.shown_key)

    def _title(self, record_type: RecordType, record: str) -> str:
        if record_type.title is None:
            return ""
        key = self._db.keys_of(record_type, [record]).get(record)
        state = None if key is None else self._db.read(record_type, [key]).get(key)
        cell = None if state is None else state.fields.get(record_type.title)
        return cell if isinstance(cell, str) else ""
