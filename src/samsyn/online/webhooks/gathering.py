"""Puts what has happened into a webhook's queue, from the change log by the hook's cursor.

Queue and cursor move in one transaction: nothing is lost or doubled by a
crash. Only the hook is locked, never the company: writers do not wait.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from samsyn.core.catalog import RecordType
from samsyn.online.api.mending import entry_shape
from samsyn.online.api.reading import change_shape, conflict_shape
from samsyn.online.webhooks import hooks, queue
from samsyn.online.webhooks.events import BY_ACTION, TRIMMED, Json, body_of
from samsyn.online.webhooks.hooks import Hook
from samsyn.online.webhooks.queue import Queued
from samsyn.protocol.messages import QuarantineEntry
from samsyn.records import clinic_list, clock, contact, history, ledger
from samsyn.records.catalogs import types
from samsyn.records.errors import UnknownEntry
from samsyn.records.tenant import Tenant, together

AT_ONCE = 200
"""Changes looked at in one transaction."""
FULL = 200
"""So many events wait for a hook that takes none; more stay in the change log until there is room."""
MOST_ENTRIES = 500


def gather(tenant: Tenant, hook_id: str) -> None:
    """Take in what has happened since, as far as there is room; most of the time that is nothing."""
    seen = hooks.hook(tenant, hook_id)
    while _is_news(tenant, seen) and queue.waiting(tenant, hook_id) < FULL:
        with together():
            hook = hooks.hook(tenant, hook_id, lock=True)
            more = _Taken(tenant, hook, clock.now()).take()
        if not more:
            return
        seen = hooks.hook(tenant, hook_id)


def _is_news(tenant: Tenant, hook: Hook) -> bool:
    """Whether there is anything to take in; where not, nothing is written."""
    if history.log_head(tenant) > hook.cursor:
        return True
    if _of_quarantine(hook) and set(open_entries(tenant)) != set(hook.quarantine):
        return True
    return "sync.changed" in hook.events and sync_state(tenant) != hook.sync


class _Taken:
    """One transaction of taking in."""

    def __init__(self, tenant: Tenant, hook: Hook, now: str) -> None:
        self.tenant, self.hook, self.now = tenant, hook, now
        self.known: Mapping[str, RecordType] = {n: s.type for n, s in types(tenant).items()}
        self.events: list[Queued] = []

    def take(self) -> bool:
        """Queue what is wanted and move on; whether there may be more changes."""
        found = history.changes(self.tenant, self.hook.cursor, AT_ONCE)
        upto = found[-1].seq if found else self.hook.cursor
        self._tell_trimmed()
        self._tell_changes(found)
        told: Json = {"cursor": upto}
        if _of_quarantine(self.hook):
            told["quarantine"] = self._tell_quarantine()
        if "sync.changed" in self.hook.events:
            told["sync"] = self._tell_sync()
        queue.put(self.tenant, self.hook, self.events, self.now)
        hooks.change(self.tenant, self.hook.id, **told)
        return len(found) == AT_ONCE

    def _tell(self, event: str, data: Json, record_type: str | None = None) -> None:
        if event == TRIMMED or self.hook.wants(event, record_type):
            body = body_of(event, self.now, self.tenant.company, data)
            self.events.append(Queued(event, body))

    def _tell_trimmed(self) -> None:
        """The hook was away for longer than changes are kept."""
        trimmed = ledger.checkpoint(self.tenant).upto
        if trimmed > self.hook.cursor:
            self._tell(TRIMMED, {"since": self.hook.cursor, "trimmed": trimmed})

    def _tell_changes(self, found: list[history.ChangeView]) -> None:
        """Changes in their order, each followed by the conflicts that it decided; no first loads."""
        decided: dict[int, list[history.ConflictView]] = {}
        for conflict in history.conflicts_at(self.tenant, [change.seq for change in found]):
            decided.setdefault(conflict.office_seq, []).append(conflict)
        for change in found:
            if change.fields or (change.fields is not None and change.action != "update"):
                shape = change_shape(change, self.known.get(change.type))
                self._tell(BY_ACTION[change.action], shape, change.type)
            for one in decided.get(change.seq, ()):
                shape = conflict_shape(one, self.known.get(one.type))
                self._tell("conflict.recorded", shape, one.type)

    def _tell_quarantine(self) -> list[str]:
        """Entries that came and went since; those that are open now."""
        now_open = open_entries(self.tenant)
        told = set(self.hook.quarantine)
        for entry_id in now_open:
            if entry_id not in told:
                self._tell_entry("quarantine.added", entry_id)
        for entry_id in self.hook.quarantine:
            if entry_id not in set(now_open):
                self._tell_entry("quarantine.settled", entry_id)
        return now_open

    def _tell_entry(self, event: str, entry_id: str) -> None:
        for entry in _entry(self.tenant, entry_id):
            self._tell(event, entry_shape(self.known.get(entry.type), entry), entry.type)

    def _tell_sync(self) -> str:
        state = sync_state(self.tenant)
        if self.hook.sync and state != self.hook.sync:
            found = contact.contact(self.tenant, self.now)
            self._tell(
                "sync.changed",
                {
                    "state": state,
                    "before": self.hook.sync,
                    "computer": found.computer,
                    "last_heard": found.last_heard,
                    "waiting": found.waiting,
                    "alarms": [msgspec.to_builtins(alarm) for alarm in found.alarms],
                },
            )
        return state


def _of_quarantine(hook: Hook) -> bool:
    return any(event.startswith("quarantine.") for event in hook.events)


def open_entries(tenant: Tenant) -> list[str]:
    """The ids of what lies in quarantine, the oldest first, up to a number."""
    rows = tenant.rows(
        "SELECT id FROM records_quarantine WHERE company_id = %(company)s"
        " AND resolved_at IS NULL ORDER BY id LIMIT %(limit)s",
        limit=MOST_ENTRIES,
    )
    return [str(row[0]) for row in rows]


def _entry(tenant: Tenant, entry_id: str) -> Iterator[QuarantineEntry]:
    """The entry, where it is still kept."""
    try:
        yield clinic_list.entry(tenant, entry_id)
    except UnknownEntry:
        return


def sync_state(tenant: Tenant) -> str:
    """How the office stands, in a word: not_connected, not_heard, paused, stalled or well."""
    found = contact.contact(tenant, clock.now())
    if not found.connected:
        return "not_connected"
    if found.alarms:
        return "stalled"
    if found.paused is not None:
        return "paused"
    return "well" if found.heard else "not_heard"
