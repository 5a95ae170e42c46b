"""Writing: steps become rows, as few statements as their types allow, and what was done is noted."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from functools import cached_property

import msgspec

from samsyn.companydb import held
from samsyn.companydb.dangling import touch_referrers
from samsyn.companydb.echo import Written
from samsyn.companydb.following import Move, moved
from samsyn.companydb.references import by_name, raw_fields
from samsyn.companydb.row_sql import is_reference
from samsyn.companydb.rows import (
    IGNORED,
    UPDATED,
    CompanyDb,
    JournalRow,
    Key,
    RowGone,
    RowRefused,
    RowState,
)
from samsyn.companydb.units import NUMBERS, no_references, nobodys_number, swapping_values
from samsyn.core.catalog import Field, KeyGiver, RecordType
from samsyn.core.cells import Cell
from samsyn.core.changes import OnlineChange, Operation
from samsyn.core.plan import Step


class Progress(msgspec.Struct):
    """What has been done so far; copied before a part that may be undone."""

    written: dict[str, Written] = msgspec.field(default_factory=dict)
    deleted: list[tuple[int, Key]] = msgspec.field(default_factory=list)
    late: list[JournalRow] = msgspec.field(default_factory=list)
    settled: list[OnlineChange] = msgspec.field(default_factory=list)
    count: int = 0
    uncaptured: int = 0
    unseen: set[int] = msgspec.field(default_factory=set)
    """The types of which somebody wrote what no trigger saw."""
    aside: dict[tuple[int, Key], str] = msgspec.field(default_factory=dict)
    """Keys that a record had for a moment, while keys changed owners."""
    moves: set[Move] = msgspec.field(default_factory=set)
    """Keys that were changed here."""
    followed: int = 0
    """Up to which row of the journal others that move have been followed."""

    def copy(self) -> Progress:
        return Progress(
            dict(self.written),
            list(self.deleted),
            list(self.late),
            list(self.settled),
            self.count,
            self.uncaptured,
            set(self.unseen),
            dict(self.aside),
            set(self.moves),
            self.followed,
        )


class _Update(msgspec.Struct, frozen=True):
    """A row to be written: `raw` is what it is to hold, `fields` what that means."""

    record_type: RecordType
    record: str
    key: Key
    fields: dict[str, Cell]
    raw: dict[str, Cell]


class Writer:
    """Writes steps inside a unit; `done` can be put back when the unit is undone.

    `seen_before` is the cursor before the page that is applied, `upto` after it.
    """

    def __init__(self, db: CompanyDb, seen_before: int, upto: int) -> None:
        self._db = db
        self._seen_before = seen_before
        self._upto = upto
        self._types = by_name(db)
        self._mark = db.mark()
        self._unlooked = False
        self.done = Progress()
        self.begin()

    def begin(self) -> None:
        """A unit begins: what an undone one had left to write is forgotten."""
        self._queue: list[_Update] = []
        self._left: dict[int, list[Key]] = {}
        """Keys that records have left, and others may have taken."""

    def write(
        self, step: Step, row: RowState | None, coming: Mapping[str, OnlineChange]
    ) -> dict[str, Cell]:
        """Writes a step; gives the references of a new row that must wait for their target."""
        record_type = self._types[step.change.type]
        record = step.change.id
        if step.operation is not Operation.UPDATE:
            self.flush()
        if step.operation is Operation.DELETE and row is not None:
            self._delete(record_type, record, self._key(record, row.key))
        elif step.operation is Operation.UPDATE and row is not None:
            self._update(record_type, record, row.key, step.fields)
        elif step.operation is Operation.INSERT:
            return self._insert(record_type, record, step.fields, coming)
        return {}

    def _insert(
        self,
        record_type: RecordType,
        record: str,
        fields: dict[str, Cell],
        coming: Mapping[str, OnlineChange],
    ) -> dict[str, Cell]:
        writable = _writable(record_type, fields, inserting=True)
        postponed: dict[str, Cell] = {}
        ahead: dict[str, Cell] = {}
        for name, cell in writable.items():
            field = record_type.field(name)
            if is_reference(field) and isinstance(cell, str) and cell in coming:
                value, known = self._value_ahead(field, coming[cell])
                if not known:
                    postponed[name] = cell
                if value is not None:
                    ahead[name] = value
        left = postponed.keys() | ahead.keys()
        now = {name: cell for name, cell in writable.items() if name not in left}
        raw = raw_fields(self._db, record_type, now) | ahead
        key = self._db.insert(record_type, raw)
        self._db.identify(record_type, [(key, record)])
        touch_referrers(self._db, record_type, [], [key], self._upto)
        self.done.written[record] = Written(record_type, key, _meant(record_type, fields))
        self.done.count += 1
        return postponed

    def _value_ahead(self, field: Field, target: OnlineChange) -> tuple[Cell, bool]:
        """What a reference to a record that is still to come holds now, and whether that stays.

        In a ring whose references may not be empty, a deferred key lets the
        value stand before its target does (failure mode 14).
        """
        if field.nullable:
            return None, False
        assert field.reference is not None
        column = self._types[target.type].field(field.reference.column)
        value = target.fields.get(column.name)
        if value is not None and not column.read_only and not is_reference(column):
            return value, True
        return (nobodys_number(target.id) if column.kind in NUMBERS else None), False

    def _update(
        self, record_type: RecordType, record: str, key: Key, fields: dict[str, Cell]
    ) -> None:
        writable = _writable(record_type, fields, inserting=False)
        if not writable:
            return
        if any(is_reference(record_type.field(name)) for name in writable):
            self.flush()  # what it refers to may be waiting there
        raw = raw_fields(self._db, record_type, writable)
        self._queue.append(_Update(record_type, record, key, fields, raw))

    def flush(self) -> None:
        """The updates that wait, in their order, as few calls as their types allow."""
        queue, self._queue = self._queue, []
        for _, group in itertools.groupby(queue, lambda update: update.record_type.no):
            updates = list(group)
            record_type = updates[0].record_type
            keys = [self._key(update.record, update.key) for update in updates]
            raws = [update.raw for update in updates]
            now = self._db.update_each(record_type, list(zip(keys, raws, strict=True)))
            self._unlooked = True
            for update, key, new in zip(updates, keys, now, strict=True):
                self._updated(update, key, new)
            if not self._movers[record_type.name].isdisjoint(itertools.chain.from_iterable(raws)):
                self._follow()

    def _key(self, record: str, key: Key) -> Key:
        """Where a record's row is by now, that had a key when the unit began."""
        written = self.done.written.get(record)
        return key if written is None else written.key

    def _updated(self, update: _Update, key: Key, now: Key | None) -> None:
        record_type, record = update.record_type, update.record
        if now is None:
            found = self._found(record_type, record, key)
            (now,) = self._db.update_each(record_type, [(found, update.raw)]) if found else (None,)
            key = found or key
        if now is None:
            return
        if now != key:
            self.done.moves.add((record_type.no, key, now))
            self._db.forget(record_type, [record])
            self._db.identify(record_type, [(now, record)])
            touch_referrers(self._db, record_type, [key], [now], self._upto)
        self.done.written[record] = Written(record_type, now, update.fields)
        self.done.count += 1

    def _delete(self, record_type: RecordType, record: str, key: Key) -> None:
        try:
            self._db.delete(record_type, key)
        except RowGone:
            found = self._found(record_type, record, key)
            if found is not None:
                self._delete(record_type, record, found)
            return
        self._db.forget(record_type, [record])
        touch_referrers(self._db, record_type, [key], [], self._upto)
        self.done.deleted.append((record_type.no, key))
        self.done.count += 1

    def _found(self, record_type: RecordType, record: str, key: Key) -> Key | None:
        """Where the row is that is not to be written under its key; None where a cascade or trigger of this unit was quicker."""
        if key in self._db.read(record_type, [key]):
            raise RowRefused(IGNORED)
        if self._unlooked:
            self._follow()
        now = self._key(record, key)
        return None if now == key else now

    @cached_property
    def _movers(self) -> dict[str, set[str]]:
        """By type, the columns with which rows of others may get another key."""
        columns = {name: set(record_type.key) for name, record_type in self._types.items()}
        for record_type in self._types.values():
            for field in record_type.fields:
                if field.reference is not None and field.reference.type in columns:
                    columns[field.reference.type].add(field.reference.column)
        return columns

    def _follow(self) -> None:
        """Rows that foreign keys or triggers have given another key meanwhile go on under it, as the same records."""
        self._unlooked = False
        rows = [r for r in self._db.own_journal(self._mark) if r.id > self.done.followed]
        unreadable = held.unreadable(self._db)
        for no, paths in moved(rows, self.done.moves).items():
            if no not in unreadable:
                self._moved(self._db.types[no], {path[0]: path[1:] for path in paths})
        self.done.followed = max((row.id for row in rows), default=self.done.followed)

    def _moved(self, record_type: RecordType, paths: Mapping[Key, Sequence[Key]]) -> None:
        known = self._db.ids_of(record_type, list(paths))
        self._db.forget(record_type, known.values())
        self._db.identify(record_type, [(paths[key][-1], record) for key, record in known.items()])
        for key, record in known.items():
            *between, now = paths[key]
            before = self.done.written.get(record)
            meant = {} if before is None else before.meant
            self.done.written[record] = Written(record_type, now, meant)
            self.done.aside |= {(record_type.no, one): record for one in between}
        now_at = [paths[key][-1] for key in known]
        touch_referrers(self._db, record_type, list(known), now_at, self._upto)

    def step_aside(self, step: Step, row: RowState) -> RowState:
        """Makes room for what the steps write next, and gives the row as it stands meanwhile.

        Nothing of it is ever committed.
        """
        record_type = self._types[step.change.type]
        aside: dict[str, Cell] = {}
        if step.operation is Operation.UPDATE:
            written = _writable(record_type, step.fields, inserting=False)
            aside = swapping_values(record_type, step.change.id, written)
        elif step.operation is Operation.DELETE:
            aside = no_references(record_type, row.fields)
        if not aside:
            return row
        key = self._db.update(record_type, row.key, aside)
        if key != row.key:
            self.done.moves.add((record_type.no, row.key, key))
            self._db.forget(record_type, [step.change.id])
            self.done.aside[record_type.no, key] = step.change.id
            self._left.setdefault(record_type.no, []).append(row.key)
        return msgspec.structs.replace(row, key=key)

    def tell_referrers(self) -> None:
        """What refers to a key that has changed owners means another record now."""
        for no, keys in self._left.items():
            touch_referrers(self._db, self._db.types[no], keys, [], self._upto)

    def note_uncaptured(self, step: Step, row: RowState | None) -> None:
        """A value that nobody captured is the office's own change, older than this page."""
        if not step.uncaptured or row is None:
            return
        self.flush()
        record_type = self._types[step.change.type]
        mask = sum(
            1 << place
            for place, field in enumerate(record_type.fields)
            if field.name in step.uncaptured
        )
        written = self.done.written.get(step.change.id)
        key = row.key if written is None else written.key
        self.done.late.append(
            JournalRow(0, record_type.no, UPDATED, self._seen_before, mask, key, key)
        )
        self.done.uncaptured += len(step.uncaptured)
        self.done.unseen.add(record_type.no)

    def point(self, record: str, references: Mapping[str, Cell]) -> None:
        """Writes references of a new row that had to wait for their target."""
        written = self.done.written[record]
        raw = raw_fields(self._db, written.record_type, references)
        self._db.update(written.record_type, written.key, raw)


def _writable(
    record_type: RecordType, fields: Mapping[str, Cell], *, inserting: bool
) -> dict[str, Cell]:
    """Without computed fields and, in a new row, without what the database gives itself."""
    writable = {}
    for name, cell in fields.items():
        field = record_type.field(name)
        given = inserting and (field.read_only or (cell is None and field.has_default))
        if not field.generated and not given:
            writable[name] = cell
    return writable


def _meant(record_type: RecordType, fields: dict[str, Cell]) -> dict[str, Cell]:
    """What is meant of a new row: a number that the database gives is news, even where it is the one of before."""
    given = record_type.key if record_type.key_giver is KeyGiver.OFFICE else ()
    return {name: cell for name, cell in fields.items() if name not in given}
