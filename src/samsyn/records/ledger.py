"""The ledger (G3): every accepted field write is current, superseded, in conflict or in quarantine.

It is read from the change log, the conflicts and what is held, and not from
what the merge believed: a write that none of them explains is the difference.
What retention has let go of is counted in a checkpoint (records.retention); of
each record the audit then begins at the number up to which that was done.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from samsyn.core.cells import Cell, same
from samsyn.core.changes import Delete, OfficeChange, Put
from samsyn.core.merge import Action
from samsyn.core.record import Record
from samsyn.records.history import log_head
from samsyn.records.quarantine import ONLINE
from samsyn.records.rows import COLUMNS, record_of
from samsyn.records.tenant import Row, Tenant, snapshot

STEP = 1_000
Conflicts = set[tuple[int, str | None]]
"""The winner's number and the field; None where the whole record was lost."""


class Ledger(msgspec.Struct):
    """Counted field writes; `difference` is what nothing explains, and must be zero."""

    current: int = 0
    superseded: int = 0
    conflict: int = 0
    quarantine: int = 0
    difference: int = 0


class Checkpoint(msgspec.Struct):
    """What the log told of before it was trimmed, up to and with the number `upto`.

    `counted` are the writes that the audit no longer finds, `rows` the rows
    that are gone, `unvalued` those of them without values; `loaded` is how many
    more records look as if a load had brought them, because their first row is gone.
    """

    upto: int = 0
    rows: int = 0
    unvalued: int = 0
    loaded: int = 0
    counted: Ledger = msgspec.field(default_factory=Ledger)


class Entry(msgspec.Struct, frozen=True):
    """A row of the log as the audit reads it."""

    seq: int
    action: Action
    by_office: bool
    seen: int
    seen_by_field: dict[str, int]
    fields: dict[str, tuple[Any, Any]]  # Any: cells

    def seen_of(self, field: str) -> int:
        """How far its writer had taken in the other side; online has seen all that is recorded."""
        return self.seen_by_field.get(field, self.seen) if self.by_office else self.seq


class Write(msgspec.Struct, frozen=True):
    """The last write of a field so far; a record of the first load tells no value."""

    seq: int
    by_office: bool
    value: Cell = None
    told: bool = True
    empty: bool = False
    """Nobody wrote anything: the record was made without it."""


def ledger(tenant: Tenant) -> Ledger:
    """The audit of a company, in one pass and bounded memory."""
    book = Ledger()
    loaded = 0
    with snapshot():
        before = checkpoint(tenant)
        for record, entries, conflicts in _stories(tenant, before.upto):
            loaded += audit(book, record, entries, conflicts, before.upto)
        _count_refused(tenant, book)
        book.conflict += overruled(tenant, before.upto)
        head, logged, unvalued = _log_size(tenant)
    add(book, before.counted)
    book.difference += abs(head - before.rows - logged)
    book.difference += abs(loaded - before.loaded - before.unvalued - unvalued)
    return book


def checkpoint(tenant: Tenant) -> Checkpoint:
    """What was counted when the log was trimmed last."""
    found = tenant.row("SELECT checkpoint FROM records_company WHERE company_id = %(company)s")
    return msgspec.json.decode(found[0], type=Checkpoint) if found and found[0] else Checkpoint()


def add(book: Ledger, more: Ledger, times: int = 1) -> None:
    """Adds another ledger's counts; `times` -1 takes them away."""
    for name in Ledger.__struct_fields__:
        setattr(book, name, getattr(book, name) + times * getattr(more, name))


def audit(
    book: Ledger, record: Record, entries: Iterable[Entry], conflicts: Conflicts, upto: int = 0
) -> bool:
    """Follow one record from its first write to how it stands; whether a load seems to have brought it.

    Of `entries`, in order, those up to the number `upto` are in the checkpoint.
    """
    left = [entry for entry in entries if entry.seq > upto]
    if upto and not left and not record.alive:
        book.superseded += len(record.fields)  # its deletion, which the office has not heard of yet
        return True
    loaded = not left or left[0].action is not Action.INSERT
    last = _known_before(record, left, upto) if loaded else {}
    deleted: Entry | None = None
    heard = 0
    for entry in left:
        if entry.action is Action.REOPEN:
            heard = 0  # the office was put back; nothing was written
            continue
        entry, heard = _having_heard(entry, heard)
        if entry.action is Action.DELETE:
            deleted = entry
            continue
        if entry.action is Action.INSERT:
            _bury(book, last, deleted, conflicts)
            last = {}
        if entry.action is not Action.UPDATE:  # what triggers made may follow a deletion
            deleted = None
        for name, values in entry.fields.items():
            _succeed(book, last.get(name), values, entry, name, conflicts)
            empty = entry.action is Action.INSERT and values[1] is None
            last[name] = Write(entry.seq, entry.by_office, values[1], empty=empty)
    if record.alive:
        _stand(book, record, last)
    else:
        _bury(book, last, deleted, conflicts)
    return loaded


def _having_heard(entry: Entry, heard: int) -> tuple[Entry, int]:
    """The entry as of a writer that forgets nothing, and how much online work that has heard of.

    An office that joins a service which was put back is told a floor below what it had taken in.
    """
    if not entry.by_office:
        return entry, heard
    if heard <= min((entry.seen, *entry.seen_by_field.values())):
        return entry, entry.seen
    known = {field: max(seen, heard) for field, seen in entry.seen_by_field.items()}
    seen = max(entry.seen, heard)
    return msgspec.structs.replace(entry, seen=seen, seen_by_field=known), seen


def _known_before(record: Record, entries: Iterable[Entry], upto: int) -> dict[str, Write]:
    """The fields as they were before the first row that is there: no row tells their values.

    Those too that it had then, and that its type has no longer.
    """
    waiting = {name: p.seq for name, p in record.pending.items() if p.seq <= upto}
    if record.born is not None and record.born.seq <= upto:
        waiting = dict.fromkeys(record.fields, record.born.seq) | waiting
    names = dict.fromkeys(record.fields)
    known: dict[str, Cell] = {}
    for entry in itertools.takewhile(lambda e: e.action is not Action.INSERT, entries):
        known = {name: old for name, (old, _) in entry.fields.items()} | known
    names |= dict.fromkeys(name for name, old in known.items() if old is not None)
    return {
        name: Write(waiting.get(name, 0), by_office=name not in waiting, told=False)
        for name in names
    }


def _succeed(
    book: Ledger,
    before: Write | None,
    values: tuple[Cell, Cell],
    entry: Entry,
    name: str,
    conflicts: Conflicts,
) -> None:
    """A write follows another of the same field."""
    old, new = values
    if before is None:
        book.difference += old is not None
    elif before.told and not same(before.value, old):
        book.difference += 1
    elif same(old, new):  # both sides wrote it, neither having seen the other
        book.superseded += 1
    else:
        _replaced(book, before, entry, name, conflicts)


def _bury(
    book: Ledger,
    last: Mapping[str, Write],
    deleted: Entry | None,
    conflicts: Conflicts,
) -> None:
    """The record is gone, and its last writes with it."""
    for name, write in last.items():
        if deleted is None:
            book.difference += 1
        else:
            _replaced(book, write, deleted, name, conflicts)


def _replaced(book: Ledger, write: Write, by: Entry, name: str, conflicts: Conflicts) -> None:
    if (by.seq, name) in conflicts or (by.seq, None) in conflicts:
        book.conflict += 1
    elif write.by_office or write.empty or not by.by_office or by.seen_of(name) >= write.seq:
        book.superseded += 1
    else:
        book.difference += 1


def _stand(book: Ledger, record: Record, last: Mapping[str, Write]) -> None:
    """The record lives: each last write is its value, or waits because the office refused it."""
    born_held = record.born is not None and record.born.held
    for name in record.fields.keys() | last.keys():
        write = last.get(name)
        if write is None:
            book.difference += record.fields[name] is not None
            continue
        waiting = record.pending.get(name)
        if write.told and not same(write.value, record.fields.get(name)):
            book.difference += 1
        elif not write.by_office and (born_held or (waiting is not None and waiting.held)):
            book.quarantine += 1
        else:
            book.current += 1


def _stories(tenant: Tenant, upto: int) -> Iterator[tuple[Record, list[Entry], Conflicts]]:
    """Each record with its log rows after `upto` in order, and the conflicts as (seq of the winner, field)."""
    after = ""
    while True:
        rows = tenant.rows(
            f"SELECT {COLUMNS} FROM records_record"
            " WHERE company_id = %(company)s AND id > %(after)s ORDER BY id LIMIT %(limit)s",
            after=after,
            limit=STEP,
        )
        if not rows:
            return
        last = rows[-1][0]
        entries, lost = told_of(
            tenant,
            "record_id > %(after)s AND record_id <= %(last)s",
            upto,
            after=after,
            last=last,
        )
        for row in rows:
            yield record_of(row), entries.get(row[0], []), lost.get(row[0], set())
        after = last


def told_of(
    tenant: Tenant, which: str, upto: int, **values: str
) -> tuple[dict[str, list[Entry]], dict[str, Conflicts]]:
    """Log rows after `upto` in order, and conflicts, by record, of those records that `which` names."""
    logged = tenant.rows(
        "SELECT record_id, seq, action, source, connection, seen, seen_by_field, fields"
        " FROM records_change WHERE company_id = %(company)s AND fields IS NOT NULL"
        f" AND {which} AND seq > %(upto)s ORDER BY record_id, seq",
        upto=upto,
        **values,
    )
    lost = tenant.rows(
        "SELECT record_id, office_seq, field FROM records_conflict WHERE company_id = %(company)s"
        " AND (field IS NOT NULL AND kept <> 'online' OR outcome = 'office_deleted')"
        f" AND {which} ORDER BY record_id",
        **values,
    )
    return (
        {i: [_entry(row) for row in rows] for i, rows in _by_record(logged).items()},
        {i: {(seq, field) for _, seq, field in rows} for i, rows in _by_record(lost).items()},
    )


def _by_record(rows: list[Row]) -> dict[str, list[Row]]:
    return {record_id: list(own) for record_id, own in itertools.groupby(rows, lambda row: row[0])}


_seen_by_field = msgspec.json.Decoder(dict[str, int])
_fields = msgspec.json.Decoder(dict[str, tuple[Any, Any]])  # Any: cells


def _entry(row: Row) -> Entry:
    _, seq, action, source, connection, seen, seen_by_field, fields = row
    return Entry(
        seq=seq,
        action=Action(action),
        by_office=source == "office" or connection is not None,
        seen=seen or 0,
        seen_by_field=_seen_by_field.decode(seen_by_field) if seen_by_field else {},
        fields=_fields.decode(fields),
    )


def overruled(tenant: Tenant, after: int, upto: int | None = None) -> int:
    """Office writes over which an online one stood by its field's rule: they are in no log row."""
    found = tenant.row(
        "SELECT count(*) FROM records_conflict WHERE company_id = %(company)s"
        " AND kept = 'online' AND field IS NOT NULL AND office_seq > %(after)s"
        + ("" if upto is None else " AND office_seq <= %(upto)s"),
        after=after,
        **({} if upto is None else {"upto": upto}),
    )
    return int(found[0]) if found else 0


def _count_refused(tenant: Tenant, book: Ledger) -> None:
    """Office changes that the service could not take: kept, or superseded once resolved."""
    after = ""
    while True:
        rows = tenant.rows(
            "SELECT id, item, resolved_at FROM records_quarantine"
            " WHERE company_id = %(company)s AND side = %(side)s AND id > %(after)s"
            " ORDER BY id LIMIT %(limit)s",
            side=ONLINE,
            after=after,
            limit=STEP,
        )
        if not rows:
            return
        for _, item, resolved_at in rows:
            writes = writes_of(msgspec.json.decode(item, type=OfficeChange))
            if resolved_at is None:
                book.quarantine += writes
            else:
                book.superseded += writes
        after = rows[-1][0]


def writes_of(change: OfficeChange) -> int:
    """How many field writes a change holds."""
    match change:
        case Put():
            return len(change.fields)
        case Delete():
            return 1
        case _:
            return 0


def _log_size(tenant: Tenant) -> tuple[int, int, int]:
    """The counter's head, the rows of the log, and those of them without values."""
    found = tenant.row(
        "SELECT count(*), count(*) - count(fields) FROM records_change"
        " WHERE company_id = %(company)s"
    )
    assert found is not None
    return log_head(tenant), found[0], found[1]
