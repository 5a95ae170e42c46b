"""News in words, with both values, why, and what can be done: for the list, for cards and for letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from samsyn.online.conflicts import showing as of_conflicts
from samsyn.online.notices.fates import fate_words
from samsyn.online.notices.inbox import Notice
from samsyn.online.quarantine import showing as of_quarantine
from samsyn.protocol.messages import QuarantineEntry
from samsyn.records import clinic_list, history
from samsyn.records.befalling import Fate
from samsyn.records.history import ConflictView
from samsyn.records.tenant import Tenant, snapshot
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.apart import Values
from samsyn.webkit.registers.book import Book

Shown = dict[str, Any]  # Any: whatever a template shows


class Told(msgspec.Struct, frozen=True):
    """A piece of news as it is shown.

    `conflicts` and `refusals` are rows as the pages of conflicts and of the
    quarantine show them; both are empty where the reader no longer sees the
    register, or where nothing is left to be told.
    """

    notice: Notice
    title: str
    url: str
    register: str
    words: str
    conflicts: list[Shown]
    refusals: list[Shown]

    @property
    def icon(self) -> str:
        """The symbol that says the same as the words."""
        return {
            Fate.OVERRIDDEN: "warning",
            Fate.DELETED: "trash",
            Fate.REFUSED: "error",
            Fate.CAME_BACK: "history",
        }[self.notice.fate]

    @property
    def settled(self) -> bool:
        """Whether what the office refused has been settled since."""
        return self.notice.fate is Fate.REFUSED and not self.refusals


def told(tenant: Tenant, registers: Book, notices: Sequence[Notice], me: str) -> list[Told]:
    """The news in the reader's language; a few statements for however many."""
    seqs = sorted({seq for one in notices if (seq := one.office_seq) is not None})
    refused = sorted({one.record for one in notices if one.fate is Fate.REFUSED})
    with snapshot():
        conflicts = history.conflicts_at(tenant, seqs)
        entries = clinic_list.refused_of(tenant, refused) if refused else []
    seen = {register.type.name for register in registers.registers()}
    conflicts = [one for one in conflicts if one.type in seen]
    entries = [one for one in entries if one.type in seen]
    named = {one.record for one in notices} | of_quarantine.named_by(entries)
    cells = [*of_conflicts.cells_of(conflicts), *of_quarantine.cells_of(entries)]
    telling = _Telling(registers, Values(registers, cells, named), conflicts, entries, me)
    return [telling.told(one) for one in notices]


class _Telling:
    """Puts together what was read."""

    def __init__(
        self,
        registers: Book,
        values: Values,
        conflicts: Sequence[ConflictView],
        entries: Sequence[QuarantineEntry],
        me: str,
    ) -> None:
        self._registers, self._values, self._me = registers, values, me
        self._conflicts: dict[int, list[ConflictView]] = {}
        for one in conflicts:
            self._conflicts.setdefault(one.office_seq, []).append(one)
        self._entries: dict[str, list[QuarantineEntry]] = {}
        for entry in entries:
            self._entries.setdefault(entry.record, []).append(entry)

    def told(self, notice: Notice) -> Told:
        register = self._values.registers.get(notice.type)
        if register is None:
            title = _("a record in a register that you do not see")
            return Told(notice, title, "", "", fate_words(notice), [], [])
        alive = self._values.kept(notice.record) is not None
        conflicts = [self._conflict(one) for one in self._own(notice)]
        if notice.fate is Fate.DELETED:  # one of them brings all of the record back
            for one in conflicts[:-1]:
                one["may_again"] = False
        refusals = [self._refusal(one) for one in self._refused(notice)]
        rows = [*conflicts, *refusals]
        title = self._values.title(notice.record) or (rows[0]["title"] if rows else _("a record"))
        url = Addresses(self._registers.root).card(notice.type, notice.record) if alive else ""
        words = fate_words(notice)
        return Told(notice, title, url, register.label, words, conflicts, refusals)

    def _own(self, notice: Notice) -> list[ConflictView]:
        """The conflicts of the reader; all of that change where none bears his present address."""
        decided = self._conflicts.get(notice.office_seq or 0, [])
        beside = [one for one in decided if one.record == notice.record]
        return [one for one in beside if one.online_by == self._me] or beside

    def _refused(self, notice: Notice) -> list[QuarantineEntry]:
        return self._entries.get(notice.record, []) if notice.fate is Fate.REFUSED else []

    def _conflict(self, one: ConflictView) -> Shown:
        return of_conflicts.row(self._registers, self._values, one, self._me)

    def _refusal(self, one: QuarantineEntry) -> Shown:
        return of_quarantine.row(self._registers, self._values, one)
