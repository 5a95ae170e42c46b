"""Conflicts, quarantine, history and syncs as the pages show them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.agent.clinic import numbered
from samsyn.agent.lists import ConflictRow
from samsyn.companydb import books
from samsyn.core.clinic import Fix
from samsyn.office.connection.words import message_words
from samsyn.protocol.messages import QuarantineEntry, Remedy
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.apart import Apart, Values
from samsyn.webkit.registers.book import Book, May
from samsyn.webkit.registers.outcomes import outcome_words
from samsyn.webkit.registers.refusals import DATABASE_SPEAKS, refusal_words
from samsyn.webkit.registers.showing import key_text

Told = dict[str, Any]  # Any: whatever a template shows
IN_THE_FORM = frozenset({Fix.EDIT, Fix.NEW_KEY})
"""Carried out by writing another value."""
ELSEWHERE = frozenset({Fix.EDIT_OFFICE, Fix.WAIT})
"""What nobody does here: another program, or time."""


def conflicts(registers: Book, rows: Sequence[ConflictRow]) -> list[Told]:
    """Each with both values, what stands, and whether what lost can be written once more."""
    cells = [Apart(r.type, r.field or "", c) for r in rows for c in (r.office, r.online)]
    values = Values(registers, cells, {row.record for row in rows})
    return [_conflict(registers, values, row) for row in rows if row.type in values.registers]


def quarantine(registers: Book, entries: Sequence[QuarantineEntry]) -> list[Told]:
    """Each with its reason in plain words, both values, and the fixes that apply."""
    listed = numbered(entries)
    cells = [
        Apart(e.type, v.field, c) for e in entries for v in e.values for c in (v.office, v.online)
    ]
    named = {e.record for e in entries} | {h.record for e in entries for h in e.holders}
    values = Values(registers, cells, named)
    return [
        _entry(registers, values, number, one)
        for number, one in listed.items()
        if one.type in values.registers
    ]


def syncs(runs: Sequence[books.Run]) -> list[Told]:
    """Each sync with its time, status and message."""
    words = {"ok": _("OK"), "warning": _("Warning"), "error": _("Error")}
    return [
        {
            "at": run.at,
            "status": run.status,
            "words": words.get(run.status, run.status),
            "up": run.up,
            "down": run.down,
            "computer": run.computer,
            "message": message_words(run.message) if run.message else "",
        }
        for run in runs
    ]


def days(runs: Sequence[books.Run]) -> list[Told]:
    """Records up and down by day and computer, the latest first."""
    found: dict[tuple[datetime.date, str], Told] = {}
    for run in runs:
        if run.status == "error" or not (run.up or run.down):
            continue
        date = timezone.localtime(datetime.datetime.fromisoformat(run.at)).date()
        day = found.setdefault(
            (date, run.computer), {"date": date, "computer": run.computer, "up": 0, "down": 0}
        )
        day["up"] += run.up
        day["down"] += run.down
    return list(found.values())


def _conflict(registers: Book, values: Values, row: ConflictRow) -> Told:
    register, name = values.registers[row.type], row.field or ""
    alive = values.kept(row.record) is not None
    return {
        "id": row.id,
        "register": register.label,
        "title": values.title(row.record) or key_text(row.key) or _("a record"),
        "url": Addresses(registers.root).card(row.type, row.record) if alive else "",
        "label": values.label(row.type, name) if name else "",
        "office": values.text(Apart(row.type, name, row.office)),
        "online": values.text(Apart(row.type, name, row.online)),
        "office_won": row.kept == "office",
        "office_by": row.office_by or "",
        "online_by": row.online_by or "",
        "at": row.at,
        "outcome": outcome_words(row.outcome),
        "again": row.reapplied_seq is not None,
        "may_again": bool(row.id) and row.reapplied_seq is None and register.may >= May.WRITE,
    }


def _entry(registers: Book, values: Values, number: str, one: QuarantineEntry) -> Told:
    register, to = values.registers[one.type], Addresses(registers.root)
    field = one.field or ""
    writable = register.may >= May.WRITE
    return {
        "number": number,
        "register": register.label,
        "title": values.title(one.record)
        or one.title
        or key_text(one.key)
        or values.unnamed(one.type),
        "url": to.card(one.type, one.record) if values.kept(one.record) else "",
        "by_office": one.side == "office",
        "why": refusal_words(
            one.code, values.label(one.type, field) if field else _("A field"), one.waits_for or ""
        ),
        "said": one.reason if one.code in DATABASE_SPEAKS else "",
        "since": one.since,
        "values": [
            {
                "field": value.field,
                "label": values.label(one.type, value.field),
                "office": values.text(Apart(one.type, value.field, value.office)),
                "online": values.text(Apart(one.type, value.field, value.online)),
            }
            for value in one.values
        ],
        "holders": [
            values.title(holder.record) or holder.title or _("a record") for holder in one.holders
        ],
        "under_way": one.state == "under_way",
        "aside": one.state == "aside",
        "told": bool(one.id),
        "editable": [
            {"field": name, "label": values.label(one.type, name)}
            for fix in one.fixes
            if Fix(fix.fix) in IN_THE_FORM and writable
            for name in fix.fields
        ],
        "edit_fix": next((f.fix for f in one.fixes if Fix(f.fix) in IN_THE_FORM), ""),
        "at_office": any(fix.fix == Fix.EDIT_OFFICE.value for fix in one.fixes),
        "fixes": [_button(fix) for fix in one.fixes if writable and _is_button(fix)],
    }


def _is_button(fix: Remedy) -> bool:
    return Fix(fix.fix) not in IN_THE_FORM | ELSEWHERE


def _button(fix: Remedy) -> Told:
    words = {
        Fix.TAKE_OFFICE: _("Let the office's value stand"),
        Fix.MERGE_WITH: _("Make it one record with %(title)s") % {"title": fix.title or ""},
        Fix.RETRY: _("Try again as it is"),
        Fix.SEND_AGAIN: _("Send it again as it is"),
        Fix.SKIP: _("Leave it"),
    }[Fix(fix.fix)]
    return {"fix": fix.fix, "record": fix.record or "", "words": words}
