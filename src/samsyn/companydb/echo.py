"""Echo: what sync itself wrote is taken out of the journal; what differs is the office's news.

News that nobody wrote: it is marked as derived, there and in the rows that
triggers touched beside ours (FM19).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

import msgspec

from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.references import resolved
from samsyn.companydb.rows import (
    DELETED,
    DERIVED,
    UPDATED,
    CompanyDb,
    JournalRow,
    Key,
    RowState,
)
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell, same

MARKED_AT_ONCE = 500
WAITING_AT_MOST = 100_000
"""So many rows about a type are looked through where keys move; a claim has just taken what it could."""


class Written(msgspec.Struct, frozen=True):
    """A row that sync wrote: its key now, and what was meant to stand there."""

    record_type: RecordType
    key: Key
    meant: dict[str, Cell]


class Done(Protocol):
    """What sync has written, by record, and deleted, in this transaction.

    `aside` has the keys that a record had for a moment, while keys changed owners.
    """

    written: dict[str, Written]
    deleted: list[tuple[int, Key]]
    aside: dict[tuple[int, Key], str]


def subtract_echo(
    db: CompanyDb,
    mark: int,
    done: Done,
    seen: int,
    new_id: Callable[[], str],
) -> None:
    """Removes the journal rows of our own writes since `mark`, and adds what they do not explain.

    The updates of other rows stand, marked as what triggers made. What was
    meant is looked at even where no journal row tells of it: a trigger before
    the write may have put the old value back. A key that a record had for a
    moment only was never there.
    """
    ours = {(w.record_type.no, w.key): w for w in done.written.values()}
    gone = set(done.deleted)
    masks = {place: _mask_of(w) for place, w in ours.items()}
    rows: dict[tuple[int, Key], list[int]] = {}
    dropped: list[int] = []
    beside: list[int] = []
    news: list[JournalRow] = []
    own = {row.id: row for row in db.own_journal(mark)}
    for row, key in _carried(db, own):
        dropped.append(row.id)
        op = DERIVED if own.pop(row.id, None) else row.op
        if op == DERIVED and (row.type_no, key) in ours:
            masks[row.type_no, key] |= row.mask
        else:
            news.append(msgspec.structs.replace(row, op=op, old=key, new=key))
    for row in own.values():
        if row.new is not None:
            place = (row.type_no, row.new)
            if place in ours:
                masks[place] |= row.mask
                rows.setdefault(place, []).append(row.id)
            elif place in done.aside:
                dropped.append(row.id)
            elif row.op == UPDATED:
                beside.append(row.id)
        elif row.op == DELETED and (row.type_no, row.old) in gone:
            dropped.append(row.id)
    for record_type, states in _states(db, ours, masks, new_id):
        for key, state in states.items():
            place = (record_type.no, key)
            dropped += rows.get(place, ())
            mask = _unexplained(record_type, masks[place], state, ours[place].meant)
            if mask:
                news.append(JournalRow(0, record_type.no, DERIVED, seen, mask, key, key))
    db.drop_journal(dropped)
    db.add_journal(news)
    _mark_derived(db, beside)


def _carried(db: CompanyDb, own: Mapping[int, JournalRow]) -> list[tuple[JournalRow, Key]]:
    """What waits about a row that then got another key, with that key: it goes along.

    Children whose parent came or went are noted by key (`dangling`), also by the claim before. Of a
    type that is not attached any more the journal gives no keys, so none of its rows moves.
    """
    moving = {row.type_no for row in own.values() if row.op == UPDATED and row.old != row.new}
    before = [
        row
        for no in moving
        for row in reversed(db.journal_of(db.types[no], WAITING_AT_MOST))
        if row.id not in own
    ]
    waiting: dict[tuple[int, Key], list[JournalRow]] = {}
    for row in (*before, *own.values()):
        if row.old is None:
            continue
        if row.op == DELETED:
            waiting.pop((row.type_no, row.old), None)
        elif row.new == row.old:
            waiting.setdefault((row.type_no, row.old), []).append(row)
        elif row.new is not None:
            waiting[row.type_no, row.new] = waiting.pop((row.type_no, row.old), [])
    return [(row, key) for (_, key), rows in waiting.items() for row in rows if row.new != key]


def _mark_derived(db: CompanyDb, ids: list[int]) -> None:
    table = book_name(db.engine, "journal")
    for start in range(0, len(ids), MARKED_AT_ONCE):
        some = ", ".join(str(number) for number in ids[start : start + MARKED_AT_ONCE])
        db.run(f"UPDATE {table} SET op = {DERIVED} WHERE id IN ({some})")


def _states(
    db: CompanyDb,
    ours: Mapping[tuple[int, Key], Written],
    masks: Mapping[tuple[int, Key], int],
    new_id: Callable[[], str],
) -> Iterable[tuple[RecordType, dict[Key, RowState]]]:
    """The rows as they stand now; one that a trigger has deleted is left out."""
    keys: dict[int, list[Key]] = {}
    for no, key in masks:
        keys.setdefault(no, []).append(key)
    for no, asked in keys.items():
        record_type = ours[no, asked[0]].record_type
        changed = 0
        for key in asked:
            changed |= masks[no, key]
        only = [f.name for place, f in enumerate(record_type.fields) if changed >> place & 1]
        states = resolved(db, record_type, db.read(record_type, asked, only).values(), new_id)
        yield record_type, {state.key: state for state in states}


def _mask_of(written: Written) -> int:
    fields = enumerate(written.record_type.fields)
    return sum(1 << place for place, field in fields if field.name in written.meant)


def _unexplained(
    record_type: RecordType, mask: int, state: RowState, meant: Mapping[str, Cell]
) -> int:
    left = 0
    for place, field in enumerate(record_type.fields):
        if not mask >> place & 1:
            continue
        if field.name not in meant or not same(state.fields[field.name], meant[field.name]):
            left |= 1 << place
    return left
