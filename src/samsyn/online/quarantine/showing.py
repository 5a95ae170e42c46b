"""What lies in quarantine as people read it: why, both values, and the fixes that apply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from samsyn.core.clinic import Fix
from samsyn.protocol.messages import QuarantineEntry, Remedy
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.apart import Apart, Values
from samsyn.webkit.registers.book import Book, Register
from samsyn.webkit.registers.refusals import DATABASE_SPEAKS, refusal_words
from samsyn.webkit.registers.showing import key_text

IN_THE_FORM = frozenset({Fix.EDIT, Fix.NEW_KEY})
"""Carried out by saving the record's form with another value."""
ELSEWHERE = frozenset({Fix.EDIT_OFFICE, Fix.WAIT})
"""What nobody does here: the office's own program, or time."""


def values_of(registers: Book, found: Sequence[QuarantineEntry]) -> Values:
    """What is needed to show them, read at once."""
    return Values(registers, cells_of(found), named_by(found))


def cells_of(entries: Sequence[QuarantineEntry]) -> list[Apart]:
    """The values at stake."""
    return [
        Apart(one.type, value.field, cell)
        for one in entries
        for value in one.values
        for cell in (value.office, value.online)
    ]


def named_by(entries: Sequence[QuarantineEntry]) -> set[str]:
    """The records that the entries are about."""
    holders = {holder.record for one in entries for holder in one.holders}
    fixes = {fix.record for one in entries for fix in one.fixes if fix.record is not None}
    return {one.record for one in entries} | holders | fixes


def row(
    registers: Book, values: Values, one: QuarantineEntry
) -> dict[str, Any]:  # Any: whatever the template shows
    """An entry for the template."""
    to, register = Addresses(registers.root), values.registers[one.type]
    waits_for = next((f.record for f in one.fixes if f.fix == Fix.WAIT.value), None)
    return {
        "id": one.id,
        "record": one.record,
        "register": register.label,
        "title": values.title(one.record) or key_text(one.key) or values.unnamed(one.type),
        "url": to.card(one.type, one.record) if values.kept(one.record) else "",
        "by_office": one.side == "office",
        "why": refusal_words(
            one.code,
            values.label(one.type, one.field) if one.field else _("A field"),
            values.title(waits_for) if waits_for else "",
        ),
        "said": one.reason if one.code in DATABASE_SPEAKS else "",
        "since": one.since,
        "values": [
            {
                "label": values.label(one.type, value.field),
                "office": values.text(Apart(one.type, value.field, value.office)),
                "online": values.text(Apart(one.type, value.field, value.online)),
            }
            for value in one.values
        ],
        "holders": [
            {
                "title": values.title(holder.record) or _("a record"),
                "url": to.card(one.type, holder.record) if values.kept(holder.record) else "",
                "fields": ", ".join(values.label(one.type, name) for name in holder.fields),
            }
            for holder in one.holders
        ],
        "under_way": one.state == "under_way",
        "aside": one.state == "aside",
        "fixed_by": one.fixed_by,
        "fixed_at": one.fixed_at,
        "edit": to.edit(one.type, one.record) if _is_editable(register, one) else "",
        "fixes": [_button(fix) for fix in one.fixes if register.writable and _is_button(fix)],
        "at_office": any(fix.fix == Fix.EDIT_OFFICE.value for fix in one.fixes),
    }


def _is_editable(register: Register, one: QuarantineEntry) -> bool:
    return register.writable and any(Fix(fix.fix) in IN_THE_FORM for fix in one.fixes)


def _is_button(fix: Remedy) -> bool:
    return Fix(fix.fix) not in IN_THE_FORM | ELSEWHERE


def _button(fix: Remedy) -> dict[str, str]:
    words = {
        Fix.TAKE_OFFICE: _("Let the office's value stand"),
        Fix.MERGE_WITH: _("Make it one record with %(title)s") % {"title": fix.title or ""},
        Fix.RETRY: _("Try again as it is"),
        Fix.SEND_AGAIN: _("Send it again as it is"),
        Fix.SKIP: _("Leave it"),
    }[Fix(fix.fix)]
    return {"fix": fix.fix, "record": fix.record or "", "words": words}
