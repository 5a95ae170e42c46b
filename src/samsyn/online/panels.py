"""The panels of a company's start page: the latest changes, what lost, what waits to be mended."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from samsyn.online.access import Here
from samsyn.records import clinic_list, history
from samsyn.records.tenant import snapshot
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.apart import Values
from samsyn.webkit.registers.book import Book
from samsyn.webkit.registers.timeline import action_words, where_words

ROWS = 6
READ = 50
"""So many are read, for there may be some in registers that the reader does not see."""


def panels(at: Here, registers: Book) -> dict[str, Any]:  # Any: whatever the template shows
    """What the start page shows, in registers that the reader sees."""
    with snapshot():
        changes = history.latest(at.tenant, READ)
        conflicts = history.conflicts(at.tenant, READ)
        waiting = clinic_list.entries(at.tenant, READ)
    records = {one.record for one in changes} | {one.record for one in conflicts}
    values = Values(registers, (), records | {one.record for one in waiting})
    seen, to = values.registers, Addresses(registers.root)

    def row(type_name: str, record: str, fallback: str | None = None) -> dict[str, str]:
        known = values.kept(record) is not None
        return {
            "title": values.title(record) or fallback or _("a record"),
            "url": to.card(type_name, record) if known else "",
            "register": seen[type_name].label,
        }

    return {
        "changes": [
            row(one.type, one.record)
            | {"what": action_words(one.action), "where": where_words(one.source)}
            | {"by": one.by or "", "at": one.at}
            for one in changes
            if one.type in seen
        ][:ROWS],
        "conflicts": [
            row(one.type, one.record)
            | {"label": values.label(one.type, one.field) if one.field else "", "at": one.at}
            for one in conflicts
            if one.type in seen
        ][:ROWS],
        "waiting": [
            row(one.type, one.record, one.title) | {"at": one.since}
            for one in waiting
            if one.type in seen
        ][:ROWS],
        "registers": [{"label": r.label, "url": to.list(r.type.name)} for r in seen.values()],
    }
