"""The brakes at the office: counts what is about to go either way, and holds a type that is too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from samsyn.companydb import books, held
from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.held import Held, Side
from samsyn.companydb.references import by_name
from samsyn.companydb.rows import DELETED, EMPTIED, INSERTED, UPDATED, CompanyDb, JournalRow
from samsyn.core import brakes
from samsyn.core.brakes import ORDINARY, Brake, BrakeLimits, Deletions, OneValue
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell
from samsyn.core.changes import Delete, OfficeChange, OnlineChange, Operation, Put
from samsyn.protocol.messages import Coming, Pull

LOOKED_AT = 20_000
"""Journal rows of one type whose values are read; of more, they stand for the rest."""
LIMITS = "brake:"
"""Facts: the limits that a person has given a type, by its number."""
TALLY = "tally:"
"""Facts: what was deleted lately, by the side it came from and the type's number."""


LOOKED = "looked"
"""The fact of a long journal that was looked at and is being claimed, part after part."""
LONG = 5_000
"""Journal rows from which one look must do for many claims."""


class Tally(msgspec.Struct, frozen=True):
    """Deletions that new records have not made up for; `records` as they were last counted."""

    deleted: int = 0
    records: int = 0


class Looked(msgspec.Struct, frozen=True):
    """A long journal when it was looked at: its last row, and how many there were."""

    last: int
    rows: int


class Braking:
    """Both directions of one company database; inside a transaction that the caller holds."""

    def __init__(self, db: CompanyDb, now: str) -> None:
        self._db = db
        self._now = now
        self._held = held.held(db)
        self._looked: Looked | None = None

    # --- from the office ---

    def look_at_journal(self) -> None:
        """Holds the types of which too much waits to go online."""
        self._looked = books.fact(self._db, LOOKED, Looked, None)
        waiting = self._waiting()
        rows = sum(sum(ops.values()) for ops in waiting.values())
        if rows > LONG:
            now = Looked(self._last_row(), rows)
            if (
                self._looked is not None
                and now.last == self._looked.last
                and rows < self._looked.rows
            ):
                return  # nothing has come, and part has gone
            self._looked = now
            books.set_fact(self._db, LOOKED, now)
        for no, ops in waiting.items():
            record_type = self._db.types.get(no)
            if record_type is None or no in self._held:
                continue
            found = self._deleted_here(record_type, ops) or self._one_value_here(record_type, ops)
            if found is not None:
                self._hold(record_type, Side.OFFICE, found[0], value=found[1])

    def sent(self, changes: Mapping[int, Iterable[OfficeChange]], *, more: bool) -> None:
        """Remembers what a claim takes online, by type, and whether more waits."""
        if self._looked is not None and not more:
            books.set_fact(self._db, LOOKED, None)
        for no, some in changes.items():
            deleted = created = 0
            for change in some:
                deleted += isinstance(change, Delete)
                created += isinstance(change, Put) and change.new
            self._count(Side.OFFICE, no, deleted, created)

    def _waiting(self) -> dict[int, Counter[int]]:
        journal = book_name(self._db.engine, "journal")
        waiting: dict[int, Counter[int]] = {}
        for no, op, count in self._db.rows(
            f"SELECT tab, op, count(*) FROM {journal} GROUP BY tab, op"
        ):
            waiting.setdefault(_int(no), Counter())[_int(op)] = _int(count)
        return waiting

    def _deleted_here(self, record_type: RecordType, ops: Counter[int]) -> tuple[Brake, str] | None:
        if not (ops[DELETED] or ops[EMPTIED]):
            return None
        limits, told = self._limits(record_type), self._tally(Side.OFFICE, record_type.no)
        may_go = told.deleted + ops[DELETED]
        if not ops[EMPTIED] and not limits.is_much(may_go, told.records):
            return None
        gone = self._db.count_vanished(record_type)
        known = self._db.identity_count(record_type)
        found = brakes.on_deletions(
            Deletions(known + told.deleted, gone, told.deleted, ops[INSERTED]), limits
        )
        self._remember(Side.OFFICE, record_type, told.deleted, known)
        return None if found is None else (found, "")

    def _one_value_here(
        self, record_type: RecordType, ops: Counter[int]
    ) -> tuple[Brake, str] | None:
        limits = self._limits(record_type)
        if ops[UPDATED] <= limits.same_few or limits.off:
            return None
        records = self._db.identity_count(record_type, _enough(ops[UPDATED], limits))
        if not limits.is_same_everywhere(ops[UPDATED], records):
            return None
        rows = [r for r in self._db.journal_of(record_type, LOOKED_AT) if r.op == UPDATED]
        scale = max(1.0, ops[UPDATED] / max(1, len(rows)))
        for place, field in enumerate(record_type.fields):
            if field.generated or field.name in record_type.key:
                continue
            keys = {row.new: None for row in rows if _changed(row, place)}
            if not limits.is_same_everywhere(round(len(keys) * scale), records):
                continue
            states = self._db.read(record_type, [k for k in keys if k is not None], {field.name})
            value, count = _commonest(state.fields[field.name] for state in states.values())
            told = OneValue(field.name, min(round(count * scale), records), records)
            brake = brakes.on_one_value(told, limits)
            if brake is not None:
                return brake, value
        return None

    # --- from online ---

    def look_at_page(self, page: Pull) -> None:
        """Holds the types of which a page, and what comes after it, would change too much here."""
        for name, changes in _by_type(page.changes).items():
            record_type = by_name(self._db).get(name)
            if record_type is None or record_type.no in self._held:
                continue
            coming = page.coming.get(name, Coming())
            found = self._deleted_online(record_type, changes, coming) or self._one_value_online(
                record_type, changes, coming
            )
            if found is not None:
                self._hold(record_type, Side.ONLINE, found[0], value=found[1])

    def taken(self, changes: Iterable[OnlineChange]) -> None:
        """Remembers what was deleted and created here."""
        types = by_name(self._db)
        for name, some in _by_type(changes).items():
            if (record_type := types.get(name)) is None:
                continue  # it is not synced here any more
            ops = Counter(change.operation for change in some)
            self._count(Side.ONLINE, record_type.no, ops[Operation.DELETE], ops[Operation.INSERT])

    def _deleted_online(
        self, record_type: RecordType, changes: list[OnlineChange], coming: Coming
    ) -> tuple[Brake, str] | None:
        here = [c.id for c in changes if c.operation is Operation.DELETE]
        gone = max(len(here), coming.deleted)
        if not gone:
            return None
        limits, told = self._limits(record_type), self._tally(Side.ONLINE, record_type.no)
        if not limits.is_much(told.deleted + gone, told.records):
            return None
        known = self._db.identity_count(record_type)
        self._remember(Side.ONLINE, record_type, told.deleted, known)
        if len(here) == gone:
            gone = len(self._db.keys_of(record_type, here))
        come = sum(c.operation is Operation.INSERT for c in changes)
        found = brakes.on_deletions(
            Deletions(known + told.deleted, gone, told.deleted, come), limits
        )
        return None if found is None else (found, "")

    def _one_value_online(
        self, record_type: RecordType, changes: list[OnlineChange], coming: Coming
    ) -> tuple[Brake, str] | None:
        limits = self._limits(record_type)
        updates = [c for c in changes if c.operation is Operation.UPDATE]
        # What is on this page stands for what comes after it.
        scale = max(1.0, coming.changed / len(changes))
        if len(updates) <= limits.few or len(updates) * scale <= limits.same_few:
            return None
        coming_up = round(len(updates) * scale)
        records = self._db.identity_count(record_type, _enough(coming_up, limits))
        if not limits.is_same_everywhere(coming_up, records):
            return None
        for field in record_type.fields:
            cells = [c.fields[field.name] for c in updates if field.name in c.fields]
            if not cells:
                continue
            value, count = _commonest(cells)
            told = OneValue(field.name, min(round(count * scale), records), records)
            brake = brakes.on_one_value(told, limits)
            if brake is not None:
                return brake, value
        return None

    # --- parts ---

    def _hold(self, record_type: RecordType, side: Side, brake: Brake, *, value: str) -> None:
        told = Held(
            type=record_type.name,
            side=side,
            code=brake.code,
            since=self._now,
            cursor=books.cursor(self._db),
            count=brake.count,
            records=brake.records,
            fields=() if brake.field is None else (brake.field,),
            value=value,
        )
        held.hold(self._db, record_type.no, told)

    def _limits(self, record_type: RecordType) -> BrakeLimits:
        return limits(self._db, record_type.no)

    def _last_row(self) -> int:
        journal = book_name(self._db.engine, "journal")
        return _int(self._db.rows(f"SELECT max(id) FROM {journal}")[0][0] or 0)

    def _tally(self, side: Side, no: int) -> Tally:
        return books.fact(self._db, f"{TALLY}{side.value}:{no}", Tally, Tally())

    def _remember(self, side: Side, record_type: RecordType, deleted: int, records: int) -> None:
        told = Tally(deleted, records)
        books.set_fact(self._db, f"{TALLY}{side.value}:{record_type.no}", told)

    def _count(self, side: Side, no: int, deleted: int, created: int) -> None:
        if no in self._held or not (deleted or created):
            return
        told = self._tally(side, no)
        now = brakes.tally(told.deleted, deleted, created)
        if now != told.deleted:
            told = msgspec.structs.replace(told, deleted=now)
            books.set_fact(self._db, f"{TALLY}{side.value}:{no}", told)


def limits(db: CompanyDb, no: int) -> BrakeLimits:
    """How much of a type may change at once."""
    return books.fact(db, f"{LIMITS}{no}", BrakeLimits, ORDINARY)


def forget(db: CompanyDb, no: int) -> None:
    """A person has looked: what was deleted before counts no longer."""
    for side in (Side.OFFICE, Side.ONLINE):
        books.set_fact(db, f"{TALLY}{side.value}:{no}", None)


def _changed(row: JournalRow, place: int) -> bool:
    return bool(row.mask >> place & 1)


def _enough(changed: int, limits: BrakeLimits) -> int:
    """With so many records, so many changes are not the share that is held: no need to count them all."""
    return int(changed / limits.same_share) + 2


def _commonest(cells: Iterable[Cell]) -> tuple[str, int]:
    """The value that comes most often, as JSON, and how often."""
    counted = Counter(msgspec.json.encode(cell) for cell in cells)
    if not counted:
        return "", 0
    [(value, count)] = counted.most_common(1)
    return value.decode(), count


def _by_type(changes: Iterable[OnlineChange]) -> dict[str, list[OnlineChange]]:
    found: dict[str, list[OnlineChange]] = {}
    for change in changes:
        found.setdefault(change.type, []).append(change)
    return found


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value
