"""What happened to a record, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.core.cells import Cell
from samsyn.webkit.registers.book import Book, Event, Kept, Lost
from samsyn.webkit.registers.outcomes import outcome_words
from samsyn.webkit.registers.showing import Value, plain_cell, title_of


def told_events(
    book: Book, record_type: RecordType, events: Sequence[Event]
) -> list[dict[str, Any]]:  # Any: whatever the template shows
    """The events as the template shows them."""
    fields = {field.name: field for field in record_type.fields}
    named = _named(book, fields, events)
    return [
        {
            "at": event.at,
            "by": event.by,
            "where": where_words(event.source),
            "what": action_words(event.action),
            "sync": event.sync,
            "way": event.way,
            "deleted": event.action == "delete",
            "fields": [
                {
                    "label": _label(fields.get(name), name),
                    "old": _value(book, fields.get(name), old, named),
                    "new": _value(book, fields.get(name), new, named),
                }
                for name, (old, new) in event.fields.items()
                if event.action == "update" or new is not None
            ],
            "lost": [_lost(book, fields, one, named) for one in event.lost],
        }
        for event in events
    ]


def action_words(action: str) -> str:
    """What was done."""
    return {
        "insert": _("Created"),
        "update": _("Changed"),
        "delete": _("Deleted"),
        "restore": _("Brought back"),
        "revive": _("Come back"),
        "reopen": _("Waits for the office anew"),
    }.get(action, action)


def where_words(source: str) -> str:
    """Where it was done."""
    return {
        "office": _("at the office"),
        "program": _("by another program, or a rule of the database"),
        "web": _("online"),
        "rest": _("by another program, through the API"),
        "import": _("by an import"),
        "undo": _("by an undo"),
        "reapply": _("written once more after a conflict"),
        "service": _("by the service"),
    }.get(source, source)


def _lost(
    book: Book, fields: Mapping[str, Field], one: Lost, named: Mapping[str, Kept]
) -> dict[str, Any]:  # Any: whatever the template shows
    field = fields.get(one.field or "")
    return {
        "label": _label(field, one.field or ""),
        "office": _value(book, field, one.office, named),
        "online": _value(book, field, one.online, named),
        "by": one.by,
        "office_won": one.kept == "office",
        "whole": "" if one.field else outcome_words(one.outcome),
        "again_url": one.again_url,
    }


def _named(book: Book, fields: Mapping[str, Field], events: Sequence[Event]) -> dict[str, Kept]:
    wanted = {
        cell
        for event in events
        for name, cells in event.fields.items()
        if name in fields and fields[name].kind is Kind.REFERENCE
        for cell in cells
        if isinstance(cell, str)
    }
    return book.records(wanted) if wanted else {}


def _value(book: Book, field: Field | None, cell: Cell, named: Mapping[str, Kept]) -> Value:
    if field is not None and field.kind is Kind.REFERENCE and isinstance(cell, str):
        kept = named.get(cell)
        if kept is None:
            return Value(_("not shown"))
        return Value(title_of(book.register(kept.type).type, kept))
    return plain_cell(field, cell)


def _label(field: Field | None, name: str) -> str:
    return name if field is None else field.label or field.name
