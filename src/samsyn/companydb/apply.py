"""Apply: a page of online changes becomes rows, inside a transaction that the caller holds.

Everything is captured as any other program's write would be; then `echo`
takes what was meant out of the journal again. What is left (rounding, totals,
given numbers, cascades) is the office's news and is sent.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping

import msgspec

from samsyn.companydb import books
from samsyn.companydb.books import Quarantined
from samsyn.companydb.claim import Unsent, unsent
from samsyn.companydb.dangling import touch_referrers
from samsyn.companydb.echo import Written, subtract_echo
from samsyn.companydb.references import ParentMissing, by_name, raw_fields
from samsyn.companydb.row_sql import is_reference
from samsyn.companydb.rows import (
    IGNORED,
    UPDATED,
    CompanyDb,
    EverythingUndone,
    JournalRow,
    Key,
    Refusal,
    RowGone,
    RowRefused,
    RowState,
)
from samsyn.companydb.units import (
    NUMBERS,
    linked,
    no_references,
    nobodys_number,
    swapping_values,
    units,
)
from samsyn.core.catalog import Field, RecordType
from samsyn.core.cells import Cell
from samsyn.core.changes import OnlineChange, Operation, Refused, Taken
from samsyn.core.plan import Step, plan_step, what_is_wanted, without_deletion


class Applied(msgspec.Struct):
    """What a page did: records written, records in quarantine, fields that nobody had captured."""

    written: int = 0
    refused: int = 0
    uncaptured: int = 0


class _Progress(msgspec.Struct):
    """What has been done so far; copied before a part that may be undone."""

    written: dict[str, Written] = msgspec.field(default_factory=dict)
    deleted: list[tuple[int, Key]] = msgspec.field(default_factory=list)
    late: list[JournalRow] = msgspec.field(default_factory=list)
    settled: list[OnlineChange] = msgspec.field(default_factory=list)
    count: int = 0
    uncaptured: int = 0

    def copy(self) -> _Progress:
        return _Progress(
            dict(self.written),
            list(self.deleted),
            list(self.late),
            list(self.settled),
            self.count,
            self.uncaptured,
        )


class _Update(msgspec.Struct, frozen=True):
    """A row to be written: `raw` is what it is to hold, `fields` what that means."""

    record_type: RecordType
    record: str
    key: Key
    fields: dict[str, Cell]
    raw: dict[str, Cell]


class Applier:
    """Applies changes once; the caller has claimed in the same transaction.

    `seen_before` is the cursor before the page, `upto` after it, `included` the
    last office batch that the service had taken in when it made the page: what
    is in a later one is the office's unsent own. `now` is told to people only.
    `doomed` names records that have undone the whole transaction before; once
    there is such a list, nothing is tried together.
    """

    def __init__(
        self,
        db: CompanyDb,
        seen_before: int,
        upto: int,
        included: int,
        now: str,
        new_id: Callable[[], str],
        doomed: Mapping[str, Refusal] | None = None,
    ) -> None:
        self._db = db
        self._seen_before = seen_before
        self._upto = upto
        self._now = now
        self._new_id = new_id
        self._types = by_name(db)
        self._unsent = unsent(batch for batch in books.outbox(db) if batch.number > included)
        self._held = {entry.record: entry for entry in books.quarantine(db, "office")}
        self._done = _Progress()
        self._doomed = doomed
        self._queue: list[_Update] = []

    def apply(self, changes: Iterable[OnlineChange]) -> Applied:
        """Applies what can be applied and puts the rest in quarantine (G5)."""
        mark = self._db.mark()
        waiting = [self._wanted(change) for change in changes if change.type in self._types]
        together = self._doomed is None and self._together(waiting)
        refused = [] if together else self._apart(waiting)
        refused += self._apart([self._with_held(without_deletion(c)) for c in _kept(refused)])
        subtract_echo(
            self._db,
            mark,
            self._done.written,
            self._done.deleted,
            self._upto,
            self._new_id,
        )
        self._db.add_journal(self._done.late)
        for change in self._done.settled:
            books.release(self._db, "office", change.id)
            mine = self._unsent.get(change.id, Unsent()).fields
            fields = {name: cell for name, cell in change.fields.items() if name not in mine}
            books.add_report(self._db, Taken(change.type, change.id, self._upto, fields))
        for change, refusal in refused:
            self._refuse(change, refusal)
        kept = sum(change.operation is not Operation.DELETE for change, _ in refused)
        return Applied(self._done.count, kept, self._done.uncaptured)

    def _wanted(self, change: OnlineChange) -> OnlineChange:
        mine = self._unsent.get(change.id, Unsent())
        if mine.reported:
            change = msgspec.structs.replace(change, expected={})
        return self._with_held(what_is_wanted(change, mine.fields))

    def _with_held(self, change: OnlineChange) -> OnlineChange:
        """A newer change of a record in quarantine takes the held one's fields with it."""
        entry = self._held.get(change.id)
        if entry is None or entry.change is None or change.operation is not Operation.UPDATE:
            return change
        held = entry.change
        known = {name: cell for name, cell in held.expected.items() if name in held.fields}
        return msgspec.structs.replace(
            held,
            fields={**held.fields, **change.fields},
            expected={**change.expected, **known},
        )

    # --- how much is tried at once ---

    def _together(self, changes: list[OnlineChange]) -> bool:
        """Everything as one unit: the ordinary, quick case."""
        return self._try(changes) is None

    def _apart(self, changes: list[OnlineChange]) -> list[tuple[OnlineChange, Refusal]]:
        """Unit by unit, again while that gets further: one may make room for another."""
        waiting = units(changes, self._types)
        while waiting:
            refused = [(unit, why) for unit in waiting if (why := self._try(unit)) is not None]
            if len(refused) == len(waiting):
                return self._swapped([(c, why) for unit, why in refused for c in unit])
            waiting = [unit for unit, _ in refused]
        return []

    def _swapped(
        self, refused: list[tuple[OnlineChange, Refusal]]
    ) -> list[tuple[OnlineChange, Refusal]]:
        """Records that exchange unique values, or refer to each other, step aside first."""
        swap = [
            change
            for change, why in refused
            if why.code == "UNIQUE_TAKEN" and change.operation is Operation.UPDATE
        ]
        ring = [
            change
            for change, why in refused
            if why.code == "REFERENCE_MISSING" and change.operation is Operation.DELETE
        ]
        rows = self._rows(ring)
        groups = [swap, *linked(ring, {i: row.fields.values() for i, row in rows.items()})]
        moved = {
            change.id
            for group in groups
            if len(group) > 1 and self._try(group, aside=True) is None
            for change in group
        }
        return [(change, why) for change, why in refused if change.id not in moved]

    def _try(self, changes: list[OnlineChange], *, aside: bool = False) -> Refusal | None:
        """Applies all of them or none; the reason when none. Raises EverythingUndone."""
        for change in changes:
            if self._doomed is not None and change.id in self._doomed:
                return self._doomed[change.id]
        before = self._done.copy()
        try:
            with self._db.unit():
                self._unit(changes, aside=aside)
        except RowRefused as error:
            self._done = before
            return error.refusal
        except EverythingUndone as error:
            raise EverythingUndone(error.refusal, frozenset(c.id for c in changes)) from error
        except ParentMissing as error:
            self._done = before
            return Refusal(error.code, str(error.facts["record"]), str(error.facts["field"]))
        return None

    # --- one unit ---

    def _unit(self, changes: list[OnlineChange], *, aside: bool) -> None:
        self._queue = []
        rows = self._rows(changes)
        coming = {c.id: c for c in changes if c.operation is Operation.INSERT and c.id not in rows}
        later: list[tuple[OnlineChange, dict[str, Cell]]] = []
        if aside:
            for change in changes:
                self._step_aside(change, rows.get(change.id))
        for change in changes:
            mine = self._unsent.get(change.id, Unsent())
            row = rows.get(change.id)
            fields = None if row is None else row.fields
            step = plan_step(change, fields, mine.fields, mine.deleted)
            postponed = self._write(step, row, coming)
            coming.pop(change.id, None)
            if postponed:
                later.append((change, postponed))
            if step.uncaptured:
                self._write_queue()
            self._note_uncaptured(step, row)
            if change.id in self._held and not step.uncaptured:
                self._done.settled.append(change)
        self._write_queue()
        for change, fields in later:
            written = self._done.written[change.id]
            raw = raw_fields(self._db, written.record_type, fields)
            self._db.update(written.record_type, written.key, raw)

    def _rows(self, changes: list[OnlineChange]) -> dict[str, RowState]:
        """The rows as they stand, locked, by record id."""
        by_type: dict[str, list[str]] = {}
        for change in changes:
            by_type.setdefault(change.type, []).append(change.id)
        rows: dict[str, RowState] = {}
        for name, ids in by_type.items():
            record_type = self._types[name]
            keys = self._db.keys_of(record_type, ids)
            self._db.lock(record_type, list(keys.values()))
            states = self._db.read(record_type, list(keys.values()))
            rows |= {i: states[key] for i, key in keys.items() if key in states}
        return rows

    def _write(
        self, step: Step, row: RowState | None, coming: Mapping[str, OnlineChange]
    ) -> dict[str, Cell]:
        """Writes a step; gives the references of a new row that must wait for their target."""
        record_type = self._types[step.change.type]
        record = step.change.id
        if step.operation is not Operation.UPDATE:
            self._write_queue()
        if step.operation is Operation.DELETE and row is not None:
            self._delete(record_type, record, row.key)
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
        self._done.written[record] = Written(record_type, key, fields)
        self._done.count += 1
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
            self._write_queue()  # what it refers to may be waiting there
        raw = raw_fields(self._db, record_type, writable)
        self._queue.append(_Update(record_type, record, key, fields, raw))

    def _write_queue(self) -> None:
        """The updates that wait, in their order, as few calls as their types allow."""
        queue, self._queue = self._queue, []
        for _, group in itertools.groupby(queue, lambda update: update.record_type.no):
            updates = list(group)
            now = self._db.update_each(
                updates[0].record_type, [(update.key, update.raw) for update in updates]
            )
            for update, key in zip(updates, now, strict=True):
                self._updated(update, key)

    def _updated(self, update: _Update, now: Key | None) -> None:
        record_type, record, key = update.record_type, update.record, update.key
        if now is None:
            self._check_gone(record_type, key)
            return
        if now != key:
            self._db.forget(record_type, [record])
            self._db.identify(record_type, [(now, record)])
            touch_referrers(self._db, record_type, [key], [now], self._upto)
        self._done.written[record] = Written(record_type, now, update.fields)
        self._done.count += 1

    def _delete(self, record_type: RecordType, record: str, key: Key) -> None:
        try:
            self._db.delete(record_type, key)
        except RowGone:
            self._check_gone(record_type, key)
            return
        self._db.forget(record_type, [record])
        touch_referrers(self._db, record_type, [key], [], self._upto)
        self._done.deleted.append((record_type.no, key))
        self._done.count += 1

    def _check_gone(self, record_type: RecordType, key: Key) -> None:
        """A cascade or trigger of this unit was quicker; a row that stands was not to be written."""
        if key in self._db.read(record_type, [key]):
            raise RowRefused(IGNORED)

    def _step_aside(self, change: OnlineChange, row: RowState | None) -> None:
        if row is not None:
            record_type = self._types[change.type]
            aside = swapping_values(record_type, change)
            if change.operation is Operation.DELETE:
                aside = no_references(record_type, row.fields)
            if aside:
                self._db.update(record_type, row.key, aside)

    def _note_uncaptured(self, step: Step, row: RowState | None) -> None:
        """A value that nobody captured is the office's own change, older than this page."""
        if not step.uncaptured or row is None:
            return
        record_type = self._types[step.change.type]
        mask = sum(
            1 << place
            for place, field in enumerate(record_type.fields)
            if field.name in step.uncaptured
        )
        written = self._done.written.get(step.change.id)
        key = row.key if written is None else written.key
        self._done.late.append(
            JournalRow(0, record_type.no, UPDATED, self._seen_before, mask, key, key)
        )
        self._done.uncaptured += len(step.uncaptured)

    # --- what the office does not take ---

    def _refuse(self, change: OnlineChange, refusal: Refusal) -> None:
        """Kept with its reason, and told to the service; a deletion is undone there."""
        deleting = change.operation is Operation.DELETE
        code = (
            "STILL_REFERRED" if deleting and refusal.code == "REFERENCE_MISSING" else refusal.code
        )
        known = self._held.get(change.id)
        if change.operation is Operation.UPDATE:
            mine = self._unsent.get(change.id, Unsent()).fields
            left = {name: cell for name, cell in change.fields.items() if name not in mine}
            change = msgspec.structs.replace(change, fields=left)
        if not deleting:
            books.put_quarantine(
                self._db,
                Quarantined(
                    side="office",
                    type=change.type,
                    record=change.id,
                    since=self._now if known is None else known.since,
                    code=code,
                    reason=refusal.reason,
                    field=refusal.field,
                    change=change,
                    upto=self._upto,
                    waits_for=refusal.reason if code == ParentMissing.code else None,
                ),
            )
        if known is None or (known.code, known.change) != (code, change):
            books.add_report(
                self._db,
                Refused(
                    change.type,
                    change.id,
                    self._upto,
                    change.operation,
                    tuple(change.fields),
                    code,
                    refusal.reason,
                    refusal.field,
                    self._seen_before,
                ),
            )


def _kept(refused: Iterable[tuple[OnlineChange, Refusal]]) -> list[OnlineChange]:
    """Deletions that the office does not take and that carry edits before them."""
    return [c for c, _ in refused if c.operation is Operation.DELETE and c.fields]


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
