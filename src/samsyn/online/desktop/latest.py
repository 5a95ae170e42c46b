"""What has happened last in the registers that the reader sees: changes, conflicts, what waits to be mended."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from samsyn.online.access import Here
from samsyn.online.notices import inbox
from samsyn.online.notices.fates import fate_words
from samsyn.records import clinic_list, history
from samsyn.records.tenant import snapshot
from samsyn.webkit.desktop.contents import Row, rows
from samsyn.webkit.desktop.desk import Content
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.apart import Values
from samsyn.webkit.registers.book import Book, Kept
from samsyn.webkit.registers.heading import heading_of
from samsyn.webkit.registers.timeline import action_words, where_words

SHOWN = 12
READ = 100
"""So many are read, for there may be some in registers that the reader does not see."""


def changes(at: Here, book: Book) -> Content:
    """The newest changes of both sides, each record once."""
    with snapshot():
        found = _once(history.latest(at.tenant, READ))
        gone = history.deleted(at.tenant, found)
    lines = _Lines(book, (one.record for one in found))
    told = (
        lines.row(
            one.type,
            one.record,
            [lines.label(one.type), f"{action_words(one.action)} {where_words(one.source)}"]
            + ([one.by] if one.by else []),
            one.at,
            lines.as_it_was(one.type, one.record, gone.get(one.seq)),
        )
        for one in found
        if lines.sees(one.type)
    )
    return rows(list(told)[:SHOWN], _("What is changed at the office or here is listed here."))


def _once(changes: Iterable[history.ChangeView]) -> list[history.ChangeView]:
    """The newest change of each record."""
    newest: dict[str, history.ChangeView] = {}
    for one in changes:
        newest.setdefault(one.record, one)
    return list(newest.values())


def conflicts(at: Here, book: Book) -> Content:
    """The newest conflicts."""
    with snapshot():
        found = history.conflicts(at.tenant, READ)
    lines = _Lines(book, (one.record for one in found))
    told = [
        lines.row(one.type, one.record, [lines.field(one.type, one.field)], one.at)
        for one in found
        if lines.sees(one.type)
    ]
    return rows(
        told[:SHOWN],
        _("No conflicts: both sides agree."),
        more_url=reverse("conflicts", args=[at.company.pk]),
        more_words=_("All conflicts"),
    )


def notices(at: Here, book: Book) -> Content:
    """What the reader has not read yet of what befell his own work."""
    with snapshot():
        found = inbox.listed(at.tenant, at.person.pk, SHOWN, unread=True)
    lines = _Lines(book, (one.record for one in found))
    return rows(
        [
            lines.row(one.type, one.record, [fate_words(one)], one.at)
            if lines.sees(one.type)
            else Row(_("a record in a register that you do not see"), at=one.at)
            for one in found
        ],
        _("You have read all that there is."),
        more_url=reverse("notices", args=[at.company.pk]),
        more_words=_("All notices"),
    )


def waiting(at: Here, book: Book) -> Content:
    """What lies in quarantine, the oldest first."""
    with snapshot():
        found = clinic_list.entries(at.tenant, READ)
    lines = _Lines(book, (one.record for one in found))
    told = [
        lines.row(one.type, one.record, [lines.label(one.type)], one.since, one.title or "")
        for one in found
        if lines.sees(one.type)
    ]
    return rows(
        told[:SHOWN],
        _("Nothing waits: both sides take everything."),
        more_url=reverse("quarantine", args=[at.company.pk]),
        more_words=_("All in quarantine"),
    )


class _Lines:
    """Makes rows of records that are read at once."""

    def __init__(self, book: Book, records: Iterable[str]) -> None:
        self._values = Values(book, (), records)
        self._to = Addresses(book.root)

    def sees(self, type_name: str) -> bool:
        return type_name in self._values.registers

    def label(self, type_name: str) -> str:
        return self._values.registers[type_name].label

    def field(self, type_name: str, field: str | None) -> str:
        return self._values.label(type_name, field) if field else self.label(type_name)

    def as_it_was(self, type_name: str, record: str, gone: history.Gone | None) -> str:
        """What a record was called that is deleted."""
        if gone is None:
            return ""
        kept = Kept(record, type_name, gone.fields, gone.key, version=0)
        return heading_of(self._values.registers[type_name].type, kept)

    def row(
        self, type_name: str, record: str, more: list[str], at: str, otherwise: str = ""
    ) -> Row:
        alive = self._values.kept(record) is not None
        return Row(
            self._values.title(record) or otherwise or _("a record"),
            self._to.card(type_name, record) if alive else "",
            " · ".join(more),
            at,
        )
