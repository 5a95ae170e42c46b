"""Reopen: what came after a backup of the office becomes online work that waits for it. Pure.

The office was put back to a *cut*: the last batch that it holds and its cursor.
What the service has of later batches the office has lost, what was written
online after the cursor it has never seen, or has lost too. Both become pending
online changes upon what the backup holds, so that the ordinary merge does the
rest: work since the restore had not seen them, and wins with a conflict each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

from samsyn.core.cells import Cell, same
from samsyn.core.merge import Action, Decision, Status
from samsyn.core.record import Mark, Pending, Record


class AtOffice(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an office holds of a record: whether it is there, and the values of some fields."""

    there: bool
    fields: dict[str, Cell] = {}


class LogRow(msgspec.Struct, frozen=True):
    """A row of the change log, `after` the cut or before it.

    `fields` is None for a record of a first load, whose values were not
    logged. `reopened` is what an earlier reopening of the record kept.
    `awaited` says that the journal of the backup may tell it too: it came with the first batch after the cut.
    `derived` says that the office's database made all of it: a number that it gives, what triggers compute.
    """

    seq: int
    action: Action
    fields: dict[str, tuple[Cell, Cell]] | None
    by_office: bool
    after: bool
    by: str | None = None
    at: str | None = None
    reopened: AtOffice | None = None
    awaited: bool = True
    derived: bool = False


class Writer(msgspec.Struct, frozen=True):
    """Who wrote last."""

    by: str | None = None
    at: str | None = None
    by_office: bool = False


class Since(msgspec.Struct):
    """What came after the cut, of one record.

    `there` says whether the office has the record at the cut, None where that
    has not changed; `base` what it holds of each field that was written after;
    `told` the values that the office itself had written after; `inserted` all
    fields as the office first told a record that it made after the cut.
    """

    there: bool | None = None
    base: dict[str, Cell] = msgspec.field(default_factory=dict)
    writers: dict[str, Writer] = msgspec.field(default_factory=dict)
    told: dict[str, list[Cell]] = msgspec.field(default_factory=dict)
    inserted: dict[str, Cell] | None = None
    last: Writer = Writer()

    @property
    def nothing(self) -> bool:
        """The office holds what the service holds."""
        return self.there is None and not self.base


def since_cut(rows: Iterable[LogRow]) -> Since:
    """Follow a record's log, in order, from before the first row that is after the cut.

    A row that is not after the cut tells what the office holds, whatever was
    online in between: what it tells of is no longer open.
    """
    since = Since()
    for row in rows:
        if row.after:
            _after(since, row)
        else:
            _before(since, row)
    return since


def reopened(
    record: Record, since: Since, held: AtOffice | None, seq: int, *, number_given: bool
) -> tuple[Decision, AtOffice]:
    """The record as it waits for the office, and what the office is taken to hold.

    `held` is what the office itself says: that counts more than the log.
    `number_given` says that the office's database gives the key.
    """
    there = record.alive if since.there is None else since.there
    base = dict(since.base)
    if held is not None:
        there = held.there
        base |= held.fields
    kept = AtOffice(there, base if there else {})
    mark = Mark(seq, since.last.by, since.last.at)
    if not there:
        return _decision(record, _born(record, since, mark, number_given=number_given), seq), kept
    pending = {f: p for f, p in record.pending.items() if f not in base}
    for field, value in base.items():
        writer = since.writers.get(field, Writer())
        if not same(value, record.fields.get(field)) or _of_online(since, field):
            pending[field] = Pending(seq, value, writer.by, writer.at)
    after = replace(record, pending=pending, born=None, died=None if record.alive else mark)
    return _decision(record, after, seq), kept


def told_anew(record: Record, seq: int) -> tuple[Decision, AtOffice]:
    """What the office had refused waits as if it came now: the office no longer knows that it did.

    A frozen field is held by the service itself, and stays so.
    """
    held = {f: p for f, p in record.pending.items() if p.held and not p.frozen}
    pending = record.pending | {f: replace(p, seq=seq, held=False) for f, p in held.items()}
    born = record.born
    kept = AtOffice(there=True, fields={f: p.base for f, p in held.items()})
    if born is not None and born.held:
        born, kept = replace(born, seq=seq, held=False), AtOffice(there=False)
    return _decision(record, replace(record, pending=pending, born=born), seq), kept


def _decision(before: Record, after: Record, seq: int) -> Decision:
    if after == before:
        return Decision(before, Status.UNCHANGED)
    return Decision(replace(after, version=seq), action=Action.REOPEN)


def _born(record: Record, since: Since, mark: Mark, *, number_given: bool) -> Record:
    """The office has no such record: it gets all of it, or hears nothing of one that is gone.

    It may turn out to have the row all the same. What was last written online then waits like
    any other write, so that the office's own values do not go over it unheard.
    """
    if not record.alive:
        return record
    key = None if number_given else record.key
    pending = {
        field: Pending(mark.seq, None, since.writers[field].by, since.writers[field].at)
        for field in record.fields
        if _of_online(since, field)
    }
    return replace(record, key=key, pending=pending, born=replace(mark, again=True))


def _of_online(since: Since, field: str) -> bool:
    """Written online last: the office has not seen it, even where it holds the same again."""
    return field in since.writers and not since.writers[field].by_office


# --- the walk ----------------------------------------------------------------------------


def _after(since: Since, row: LogRow) -> None:
    if row.reopened is not None:
        since.there = row.reopened.there
        since.base |= row.reopened.fields
        return
    writer = Writer(row.by, row.at, row.by_office)
    if not row.derived:
        since.last = writer
    if row.action is not Action.UPDATE and since.there is None:
        since.there = _was_there(row)
    if row.action is Action.INSERT and row.by_office and row.fields is not None:
        since.inserted = {f: new for f, (_, new) in row.fields.items()}
    for field, (old, new) in (row.fields or {}).items():
        since.base.setdefault(field, old)
        since.writers[field] = writer
        if row.by_office and row.awaited:
            since.told.setdefault(field, []).append(new)


def _was_there(row: LogRow) -> bool:
    """Whether the office had the record before a row that made, deleted or revived it."""
    match row.action:
        case Action.INSERT:
            return False
        case Action.REVIVE:
            return row.by_office
        case _:
            return True


def _before(since: Since, row: LogRow) -> None:
    whole = row.action in (Action.INSERT, Action.DELETE)
    names: Mapping[str, object] = row.fields or {}
    if row.reopened is not None:
        names = row.reopened.fields
    if row.action is not Action.UPDATE:
        since.there = None
        since.inserted = None
    for field in list(since.base) if whole else names:
        since.base.pop(field, None)
        since.writers.pop(field, None)
        since.told.pop(field, None)
