"""Conflicts as people read them: both values, who wrote them, what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from samsyn.records.history import ConflictView
from samsyn.records.reapply import DELETED_AT_OFFICE, DELETION_LOST
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.apart import Apart, Values
from samsyn.webkit.registers.book import Book
from samsyn.webkit.registers.outcomes import outcome_words
from samsyn.webkit.registers.showing import key_text


def values_of(registers: Book, found: Sequence[ConflictView]) -> Values:
    """What is needed to show them, read at once."""
    return Values(registers, cells_of(found), {one.record for one in found})


def cells_of(found: Iterable[ConflictView]) -> list[Apart]:
    """The values at stake."""
    return [Apart(o.type, o.field or "", cell) for o in found for cell in (o.office, o.online)]


def row(
    registers: Book, values: Values, one: ConflictView, me: str
) -> dict[str, Any]:  # Any: whatever the template shows
    """A conflict for the template; `me` is the reader's address."""
    register, name = values.registers[one.type], one.field or ""
    alive = values.kept(one.record) is not None
    return {
        "id": one.id,
        "register": register.label,
        "title": values.title(one.record) or key_text(one.key) or _("a record"),
        "url": Addresses(registers.root).card(one.type, one.record) if alive else "",
        "label": values.label(one.type, name),
        "office": values.text(Apart(one.type, name, one.office)),
        "online": values.text(Apart(one.type, name, one.online)),
        "office_won": one.kept == "office",
        "office_by": one.office_by,
        "online_by": one.online_by,
        "mine": one.online_by == me,
        "at": one.at,
        "outcome": outcome_words(one.outcome),
        "again": one.reapplied_seq is not None,
        "reason": one.reason if one.outcome == "delete_refused" else "",
        "again_words": _again_words(one),
        "may_again": register.writable and one.reapplied_seq is None,
    }


def _again_words(one: ConflictView) -> str:
    """What writing it once more means here."""
    if one.outcome in DELETION_LOST:
        return _("Delete it all the same")
    if one.outcome == DELETED_AT_OFFICE:
        return _("Bring the record back with what was written")
    return _("Write what lost once more")
