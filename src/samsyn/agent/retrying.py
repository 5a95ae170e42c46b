"""When what lies in quarantine is tried again: when what it depends on has changed, not at every commit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

import msgspec

from samsyn.companydb import books
from samsyn.companydb.books import Quarantined
from samsyn.companydb.references import by_name
from samsyn.companydb.rows import INSERTED, UPDATED, CompanyDb, JournalRow
from samsyn.companydb.rules_mark import rules_mark
from samsyn.core.catalog import Catalog, RecordType
from samsyn.core.changes import OnlineChange, Operation
from samsyn.core.clinic import Dependency, dependency, is_due

AT_ONCE = 200
"""Entries that are tried in one transaction."""
BY_TURN = 20
"""Entries whose reason nobody can tell from outside, tried whenever anything has changed."""
EVERYTHING_S = 600.0
"""How long until everything is tried once more, whatever is known of it."""
SENT_UNDER = "refusals_sent_under"
"""The fact that names the catalog under which what the service refused was last sent."""


class Retrying:
    """One session's; knows what has changed since it was last asked."""

    def __init__(self, db: CompanyDb, pace: Callable[[], float] = time.monotonic) -> None:
        self._db = db
        self._pace = pace
        self._everything = True
        self._changed: set[str] = set()
        self._rules = ""
        self._everything_at = pace()

    def ask(self) -> None:
        """Everything is tried at the next occasion."""
        self._everything = True

    def changed(self, records: Iterable[str]) -> None:
        """These records were written, on either side, or taken out of quarantine."""
        self._changed.update(records)

    def is_wanted(self) -> bool:
        """Whether something is to be tried though nothing has come: the database's own rules changed."""
        if books.quarantine_count(self._db) == 0:
            return False
        late = self._pace() - self._everything_at >= EVERYTHING_S
        return self._everything or late or rules_mark(self._db) != self._rules

    def due(self) -> Iterator[list[Quarantined]]:
        """The entries to try now, some at a time; each time as they stand then."""
        changed, self._changed = self._changed, set()
        if books.quarantine_count(self._db) == 0:
            self._everything = False
            return
        everything = self.is_wanted()
        if not everything and not changed:
            return
        if everything:
            self._everything = False
            self._rules, self._everything_at = rules_mark(self._db), self._pace()
        wanted = [entry.record for entry in self._entries() if everything]
        wanted = wanted or _chosen(self._entries(), changed)
        for start in range(0, len(wanted), AT_ONCE):
            some = set(wanted[start : start + AT_ONCE])
            now = [entry for entry in self._entries() if entry.record in some]
            if now:
                yield now

    def _entries(self) -> list[Quarantined]:
        return books.quarantine(self._db, "office")


def _chosen(entries: list[Quarantined], changed: set[str]) -> list[str]:
    """Those that wait for what has changed, and in turn some that wait for nobody knows what."""
    waits = [(entry.record, _dependency(entry)) for entry in entries]
    due = _with_referring(entries, {record for record, on in waits if is_due(on, changed)})
    # What is refused again is kept anew, behind the others: so each gets its turn.
    turn = [record for record, on in waits if on.anything and record not in due]
    return [entry.record for entry in entries if entry.record in due] + turn[:BY_TURN]


def _with_referring(entries: list[Quarantined], due: set[str]) -> set[str]:
    """Those that refer to what is tried are tried with it: a ring only goes whole (FM14)."""
    while due:
        more = {
            entry.record
            for entry in entries
            if entry.record not in due and entry.change is not None
            if any(isinstance(c, str) and c in due for c in entry.change.fields.values())
        }
        if not more:
            break
        due = due | more
    return due


def _dependency(entry: Quarantined) -> Dependency:
    return dependency(entry.record, entry.code, entry.waits_for, entry.holders)


def fitting(db: CompanyDb, changes: Iterable[OnlineChange]) -> tuple[OnlineChange, ...]:
    """The changes without fields that the tables have lost meanwhile. In the caller's transaction.

    What was about such fields alone can never be taken: the service has told
    it as lost, and it leaves the quarantine.
    """
    types = by_name(db)
    left: list[OnlineChange] = []
    for change in changes:
        record_type = types.get(change.type)
        if record_type is None:
            continue
        names = {field.name for field in record_type.fields}
        fields = {f: c for f, c in change.fields.items() if f in names}
        expected = {f: c for f, c in change.expected.items() if f in names}
        if change.operation is Operation.UPDATE and not fields:
            books.release(db, "office", change.id)
        else:
            left.append(msgspec.structs.replace(change, fields=fields, expected=expected))
    return tuple(left)


# --- what the service refused ---------------------------------------------------------


def send_again(db: CompanyDb, record_type: RecordType, record: str, fields: Iterable[str]) -> bool:
    """A journal row for a record, as if these fields (all of them where none) were written now.

    In the caller's transaction. False where the office does not have it any more.
    """
    key = db.keys_of(record_type, [record]).get(record)
    if key is None:
        return False
    named = set(fields)
    mask = sum(1 << n for n, field in enumerate(record_type.fields) if field.name in named)
    seen = books.cursor(db)
    row = JournalRow(0, record_type.no, INSERTED, seen, 0, None, key)
    if mask:
        row = JournalRow(0, record_type.no, UPDATED, seen, mask, key, key)
    db.add_journal([row])
    return True


def send_all_again(db: CompanyDb) -> int:
    """Sends everything again that the service has refused; how many. In the caller's transaction."""
    types = {record_type.name: record_type for record_type in db.types.values()}
    return sum(
        send_again(db, types[entry.type], entry.record, entry.fields)
        for entry in books.quarantine(db, "online")
        if entry.type in types
    )


def send_under_new_catalog(db: CompanyDb) -> None:
    """What the service refused under another catalog is sent once more. In the caller's transaction."""
    now = Catalog(db.engine, tuple(db.types.values())).fingerprint
    if books.fact(db, SENT_UNDER, str, "") != now:
        send_all_again(db)
        books.set_fact(db, SENT_UNDER, now)
