"""Apply: a page of online changes becomes rows, inside a transaction that the caller holds.

Everything is captured as any other program's write would be; then `echo`
takes what was meant out of the journal again. What is left (rounding, totals,
given numbers, cascades) is the office's news and is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from samsyn.companydb import books, unseen
from samsyn.companydb import held as holding
from samsyn.companydb.books import Quarantined
from samsyn.companydb.claim import Unsent, unsent
from samsyn.companydb.echo import subtract_echo
from samsyn.companydb.holders import holders
from samsyn.companydb.references import ParentMissing, by_name, resolved
from samsyn.companydb.rows import (
    CompanyDb,
    EverythingUndone,
    Refusal,
    RowRefused,
    RowState,
    WrittenMeanwhile,
)
from samsyn.companydb.units import linked, units
from samsyn.companydb.writing import Writer
from samsyn.core.cells import Cell
from samsyn.core.changes import Holder, OnlineChange, Operation, Refused, Taken
from samsyn.core.clinic import UNIQUE_TAKEN
from samsyn.core.plan import Step, plan_step, what_is_wanted, without_deletion

_NONE: frozenset[str] = frozenset()


class Applied(msgspec.Struct):
    """What a page did: records written, records in quarantine, fields that nobody had captured.

    `not_taken` names the records whose change the office did not take,
    deletions that are undone among them; `touched` those that were written,
    deleted or taken out of quarantine.
    """

    written: int = 0
    refused: int = 0
    uncaptured: int = 0
    not_taken: frozenset[str] = frozenset()
    touched: frozenset[str] = frozenset()


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
        self._writer = Writer(db, seen_before, upto)
        self._doomed = doomed

    def apply(self, changes: Sequence[OnlineChange]) -> Applied:
        """Applies what can be applied and puts the rest in quarantine (G5). Raises WrittenMeanwhile."""
        mark = self._db.mark()
        waiting = [self._wanted(change) for change in changes if change.type in self._types]
        together = self._doomed is None and self._together(waiting)
        refused = [] if together else self._apart(waiting)
        refused += self._apart([self._with_held(without_deletion(c)) for c in _kept(refused)])
        if self._db.written_meanwhile(mark, holding.staying(self._db)):
            raise WrittenMeanwhile()
        done = self._writer.done
        subtract_echo(self._db, mark, done, self._upto, self._new_id)
        self._db.add_journal(done.late)
        for no in done.unseen:
            unseen.ask(self._db, self._db.types[no])
        for change in done.settled:
            books.release(self._db, "office", change.id)
            mine = self._unsent.get(change.id, Unsent()).fields
            fields = {name: cell for name, cell in change.fields.items() if name not in mine}
            books.add_report(self._db, Taken(change.type, change.id, self._upto, fields))
        for change, refusal in refused:
            self._refuse(change, refusal)
        kept = sum(change.operation is not Operation.DELETE for change, _ in refused)
        not_taken = frozenset(change.id for change, _ in refused)
        # Those that wait for each other are tried once more, all of them together.
        waiting_for = frozenset(c.id for c, why in refused if why.code == ParentMissing.code)
        touched = frozenset(c.id for c in changes if c.id not in not_taken) if done.count else _NONE
        touched |= waiting_for if self._upto != self._seen_before else _NONE
        return Applied(done.count, kept, done.uncaptured, not_taken, touched)

    def _wanted(self, change: OnlineChange) -> OnlineChange:
        mine = self._unsent.get(change.id, Unsent())
        change = what_is_wanted(change, mine.own, is_here=self._is_here(change))
        if mine.reported:
            change = msgspec.structs.replace(change, expected={})
        if mine.derived:
            known = {f: cell for f, cell in change.expected.items() if f not in mine.derived}
            change = msgspec.structs.replace(change, expected=known)
        return self._with_held(change)

    def _is_here(self, change: OnlineChange) -> bool:
        """Whether the office still has a record that was deleted online and came back."""
        back = change.operation is Operation.INSERT and bool(change.expected)
        return back and bool(self._db.keys_of(self._types[change.type], [change.id]))

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
            if why.code == UNIQUE_TAKEN and change.operation is Operation.UPDATE
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
        before = self._writer.done.copy()
        try:
            with self._db.unit():
                self._unit(changes, aside=aside)
        except RowRefused as error:
            self._writer.done = before
            return error.refusal
        except EverythingUndone as error:
            raise EverythingUndone(error.refusal, frozenset(c.id for c in changes)) from error
        except ParentMissing as error:
            self._writer.done = before
            return Refusal(error.code, str(error.facts["record"]), str(error.facts["field"]))
        return None

    # --- one unit ---

    def _unit(self, changes: list[OnlineChange], *, aside: bool) -> None:
        self._writer.begin()
        rows = self._rows(changes)
        coming = {c.id: c for c in changes if c.operation is Operation.INSERT and c.id not in rows}
        later: list[tuple[OnlineChange, dict[str, Cell]]] = []
        steps = [self._step(change, rows.get(change.id)) for change in changes]
        if aside:
            for step in steps:
                if (there := rows.get(step.change.id)) is not None:
                    rows[step.change.id] = self._writer.step_aside(step, there)
        for step in steps:
            change, row = step.change, rows.get(step.change.id)
            postponed = self._writer.write(step, row, coming)
            coming.pop(change.id, None)
            if postponed:
                later.append((change, postponed))
            self._writer.note_uncaptured(step, row)
            if change.id in self._held and not step.uncaptured:
                self._writer.done.settled.append(change)
        self._writer.flush()
        self._writer.tell_referrers()
        for change, references in later:
            self._writer.point(change.id, references)

    def _step(self, change: OnlineChange, row: RowState | None) -> Step:
        mine = self._unsent.get(change.id, Unsent())
        fields = None if row is None else row.fields
        groups = self._types[change.type].groups
        mine_here = mine.own if change.operation is Operation.DELETE else mine.fields
        return plan_step(change, fields, mine_here, mine.deleted, groups)

    def _rows(self, changes: list[OnlineChange]) -> dict[str, RowState]:
        """The rows as they stand, locked, by record id; of mere updates only what they write."""
        by_type: dict[str, list[OnlineChange]] = {}
        for change in changes:
            by_type.setdefault(change.type, []).append(change)
        rows: dict[str, RowState] = {}
        for name, group in by_type.items():
            record_type = self._types[name]
            keys = self._db.keys_of(record_type, [change.id for change in group])
            self._db.lock(record_type, list(keys.values()))
            updates = all(change.operation is Operation.UPDATE for change in group)
            only = {field for change in group for field in change.fields} if updates else None
            states = self._db.read(record_type, list(keys.values()), only)
            resolved(self._db, record_type, states.values(), None)
            rows |= {i: states[key] for i, key in keys.items() if key in states}
        return rows

    # --- what the office does not take ---

    def _refuse(self, change: OnlineChange, refusal: Refusal) -> None:
        """Kept with its reason, and told to the service; a deletion is undone there."""
        if refusal.field is not None:
            field = self._types[change.type].field_of(refusal.field)
            refusal = msgspec.structs.replace(refusal, field=field)
        deleting = change.operation is Operation.DELETE
        code = (
            "STILL_REFERRED" if deleting and refusal.code == "REFERENCE_MISSING" else refusal.code
        )
        known = self._held.get(change.id)
        found = self._holders(change) if code == UNIQUE_TAKEN else ()
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
                    holders=found,
                    tries=1 if known is None else known.tries + 1,
                ),
            )
        told_anew = self._upto != self._seen_before  # the service counts it as taken otherwise
        if told_anew or known is None or not _is_known(known, change, refusal, code, found):
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
                    found,
                ),
            )

    def _holders(self, change: OnlineChange) -> tuple[Holder, ...]:
        """Who has the unique values that the change would bring."""
        rows = self._rows([msgspec.structs.replace(change, operation=Operation.INSERT)])
        row = rows.get(change.id)
        whole = change.fields if row is None else {**row.fields, **change.fields}
        return holders(self._db, self._types[change.type], change.id, whole)


def _is_known(
    known: Quarantined,
    change: OnlineChange,
    refusal: Refusal,
    code: str,
    found: tuple[Holder, ...],
) -> bool:
    """The service has heard just this of the record."""
    told = (known.code, known.reason, known.field, known.change, known.holders)
    return told == (code, refusal.reason, refusal.field, change, found)


def _kept(refused: Iterable[tuple[OnlineChange, Refusal]]) -> list[OnlineChange]:
    """Deletions that the office does not take and that carry edits before them."""
    return [c for c, _ in refused if c.operation is Operation.DELETE and c.fields]
