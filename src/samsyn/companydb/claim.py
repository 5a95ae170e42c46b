"""Claim: the office's unsent changes become numbered batches that never change again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from samsyn.companydb import books, kept, notes, room
from samsyn.companydb import held as holding
from samsyn.companydb.absorb import Absorbed, Touched, absorb, keys_named
from samsyn.companydb.books import OutBatch, Quarantined
from samsyn.companydb.braking import Braking
from samsyn.companydb.dangling import touch_referrers
from samsyn.companydb.held import Held
from samsyn.companydb.load import slice_rows
from samsyn.companydb.references import resolved
from samsyn.companydb.repeating import repeated
from samsyn.companydb.rows import (
    DELETED,
    EMPTIED,
    REPLACING,
    UPDATED,
    CompanyDb,
    JournalRow,
    Key,
    RowState,
)
from samsyn.core.catalog import Catalog, RecordType
from samsyn.core.changes import Delete, OfficeChange, Put, Refused, Taken
from samsyn.core.groups import together, with_seen
from samsyn.protocol import wire
from samsyn.protocol.messages import Batch

VANISHED_AT_ONCE = 1_000
LOOKED_AHEAD = 4_000
"""So many journal rows of what a claim leaves are looked through for more about the rows that it took."""
BEHIND = "behind"
"""A fact: the last claim read rows by keys while the journal held more about them.

What it read may belong to the row that has the key next, so whoever moves is told whole.
"""


class Claimed(msgspec.Struct, frozen=True):
    """What a claim took: batches made, records in them, and whether the journal had more."""

    batches: int
    changes: int
    more: bool


class Claimer:
    """Claims inside a transaction that the caller holds."""

    def __init__(self, db: CompanyDb, now: str, new_id: Callable[[], str]) -> None:
        self._db = db
        self._now = now
        self._new_id = new_id
        self._made = 0
        self._changes = 0
        self._more: bool
        """The journal holds more than what is being claimed."""
        self._held: Mapping[int, Held]
        self._behind: bool

    def claim(self, limit: int = wire.BATCH_CHANGES) -> Claimed:
        """Takes up to `limit` journal rows, and the words that wait, into batches.

        It takes more where a part of a transaction would not make sense by itself.
        """
        authors = self._authors = notes.Authors(self._db)
        reports = books.take_reports(self._db, limit)
        braking = Braking(self._db, self._now)
        braking.look_at_journal()
        self._held = holding.held(self._db)
        self._behind = books.fact(self._db, BEHIND, bool, False)
        journal = self._taken(limit)
        full = len(journal) >= limit
        if full:
            journal += self._told_already(journal)
        if journal:
            room.make_room(self._db)
        self._settle_floor([*(row.seen for row in journal), *_unknowing(reports)])
        emptied = any(row.op == EMPTIED for row in journal)
        self._more = emptied or self._db.more_happened(self._stays())
        body = _Body(limit)
        for report in reports:
            self._add(body, report)
        changes: dict[int, list[OfficeChange]] = {}
        for no, rows in _by_type(self._db, journal).items():
            changes[no] = []
            part = self._part(no, rows)
            keys = part.keys_by_record() if authors.wait else {}
            for told in self._changes_of(part):
                change = authors.signed(part.record_type, keys, told)
                self._add(body, change)
                changes[no].append(change)
            if any(row.op == EMPTIED for row in rows):
                self._look_for_vanished(self._db.types[no], min(row.seen for row in rows))
        self._close(body)
        self._note_behind()
        if not self._more and not self._held:
            authors.forget_rest()
        more = full or len(reports) == limit
        braking.sent(changes, more=more)
        return Claimed(self._made, self._changes, more)

    # --- journal rows ---

    def _taken(self, limit: int) -> list[JournalRow]:
        journal = self._journal(limit)
        while self._keys_meet(journal) and (further := self._journal(limit)):
            journal += further
        return journal

    def _keys_meet(self, journal: list[JournalRow]) -> bool:
        """Under a deferrable key, what moves one row away may not have been taken yet."""
        if self._db.engine == "sqlite":
            return False
        moved = {row.type_no for row in journal if row.op == UPDATED and row.old != row.new}
        by_type = _by_type(self._db, journal)
        return any(
            self._part(no, rows).absorbed.meeting for no, rows in by_type.items() if no in moved
        )

    def _told_already(self, journal: list[JournalRow]) -> list[JournalRow]:
        """What the rest of the journal says of the same rows, taken with it: they are read as they stand now.

        Left for the next claim it would be told once more, and win over whoever had answered
        online in between.
        """
        rest = self._db.first_journal(LOOKED_AHEAD, self._stays())
        told = repeated(journal, rest)
        self._db.drop_journal(row.id for row in told)
        return self._as_seen(told)

    def _part(self, no: int, rows: list[JournalRow]) -> _Part:
        record_type = self._db.types[no]
        known = self._db.ids_of(record_type, keys_named(rows))
        absorbed = absorb(
            record_type,
            rows,
            known,
            self._new_id,
            keys_may_meet=self._db.engine == "postgresql",
            moves_in_full=self._behind,
        )
        return _Part(record_type, known, absorbed, min(row.seen for row in rows))

    def _note_behind(self) -> None:
        """Whether rows were read that had gone on meanwhile: then the next claim tells moves whole.

        What this claim itself has put into the journal is nothing that it read too late.
        """
        concurrent = self._db.engine == "postgresql" and self._db.more_happened(self._stays())
        behind = self._more or concurrent
        if behind != self._behind:
            books.set_fact(self._db, BEHIND, behind or None)

    def _journal(self, limit: int) -> list[JournalRow]:
        """The rows of types that are not held; what has not caught up has seen no more than it took."""
        return self._as_seen(self._db.take_journal(limit, self._stays()))

    def _as_seen(self, rows: list[JournalRow]) -> list[JournalRow]:
        if not self._held:
            return rows
        return [
            msgspec.structs.replace(row, seen=min(row.seen, self._held[row.type_no].cursor))
            if row.type_no in self._held
            else row
            for row in rows
        ]

    def _stays(self) -> list[int]:
        """The types whose journal rows are not taken now."""
        return [no for no, told in self._held.items() if told.stays]

    # --- one type ---

    def _changes_of(self, part: _Part) -> Iterator[OfficeChange]:
        record_type, absorbed = part.record_type, part.absorbed
        self._look_at_doubtful(record_type, absorbed)
        self._look_at_left(record_type, absorbed)
        self._db.forget(record_type, absorbed.dropped)
        self._db.identify(record_type, absorbed.gained.items())
        dropped = [key for key, record in part.known.items() if record in absorbed.dropped]
        touch_referrers(self._db, record_type, dropped, absorbed.gained, part.seen)
        held = {entry.record: entry for entry in books.quarantine(self._db, "office")}
        living = [t for t in absorbed.touched.values() if t.key is not None]
        for touched in absorbed.touched.values():
            if touched.key is None:
                books.release(self._db, "office", touched.id)
                yield Delete(record_type.name, touched.id, touched.seen)
        step = slice_rows(record_type)
        for start in range(0, len(living), step):
            yield from self._puts(record_type, living[start : start + step], held)

    def _puts(
        self, record_type: RecordType, touched: list[Touched], held: dict[str, Quarantined]
    ) -> Iterator[Put]:
        whole = any(one.new for one in touched)
        fields = {field for one in touched for field in one.fields}
        only = None if whole else together(record_type.groups, fields)
        keys = [one.key for one in touched if one.key is not None]
        rows = self._db.read(record_type, keys, only)
        states = resolved(self._db, record_type, rows.values(), self._new_id)
        by_key = {state.key: state for state in states}
        for one in touched:
            assert one.key is not None
            state = by_key.get(one.key)
            if state is None:
                if one.born_here:  # nobody has heard of it, and it comes back as new
                    self._db.forget(record_type, [one.id])
                    touch_referrers(self._db, record_type, [one.key], [], one.seen)
                continue  # moved or deleted since: its journal row comes with a later batch
            put = _put(record_type, one, state)
            if one.id in held:
                self._override(held[one.id], put)
            yield put

    def _override(self, entry: Quarantined, put: Put) -> None:
        """The office wrote a field that it had refused from online: its own value stands."""
        if entry.change is None:
            return
        own = put.fields.keys() - set(put.derived)
        if own.isdisjoint(entry.change.fields):
            return
        left = {f: c for f, c in entry.change.fields.items() if f not in own}
        if left:
            change = msgspec.structs.replace(entry.change, fields=left)
            books.put_quarantine(self._db, msgspec.structs.replace(entry, change=change))
        else:
            books.release(self._db, "office", entry.record)

    def _look_at_doubtful(self, record_type: RecordType, absorbed: Absorbed) -> None:
        """Rows that a REPLACE may have pushed out without firing a delete trigger."""
        if not absorbed.doubtful:
            return
        there = self._db.read(record_type, list(absorbed.doubtful), ())
        away = {key: seen for key, seen in absorbed.doubtful.items() if key not in there}
        if self._more:
            self._look_later(record_type, away)
            return
        known = self._db.ids_of(record_type, list(away))
        for key, seen in away.items():
            record = absorbed.gained.pop(key, None) or known[key]
            absorbed.dropped.add(record)
            _forget_or_tell(absorbed, record, seen)

    def _look_at_left(self, record_type: RecordType, absorbed: Absorbed) -> None:
        """Keys that no record has any more: journal rows of two transactions may lie the wrong way round."""
        if not absorbed.left:
            return
        found = self._db.read(record_type, list(absorbed.left), ())
        there = [key for key in absorbed.left if key in found]  # a collation finds others too
        if self._more:
            self._look_later(record_type, {key: absorbed.left[key] for key in there})
            return
        for key in there:
            record, seen = self._new_id(), absorbed.left[key]
            absorbed.gained[key] = record
            absorbed.touched[record] = Touched(record, key, seen, new=True, born_here=True)

    def _look_later(self, record_type: RecordType, keys: Mapping[Key, int]) -> None:
        """What the rest of the journal may explain is looked at after it."""
        every = (1 << len(record_type.fields)) - 1
        self._db.add_journal(
            JournalRow(0, record_type.no, REPLACING, seen, every, key, None)
            for key, seen in keys.items()
        )

    def _look_for_vanished(self, record_type: RecordType, seen: int) -> None:
        """The table was emptied at once: its records get a journal row each, in parts."""
        gone = self._db.vanished(record_type, VANISHED_AT_ONCE)
        rows = [JournalRow(0, record_type.no, DELETED, seen, 0, key, None) for key, _ in gone]
        if len(gone) == VANISHED_AT_ONCE:
            rows.append(JournalRow(0, record_type.no, EMPTIED, seen, 0, None, None))
        self._db.add_journal(rows)

    # --- batches ---

    def _settle_floor(self, taken: Iterable[int]) -> None:
        """What is taken may fill several batches: none may tell a floor that a later one is below."""
        self._floor = min([*taken, *_waiting(self._db)])

    def _add(self, body: _Body, change: OfficeChange) -> None:
        if body.add(change):
            self._close(body)

    def _close(self, body: _Body) -> None:
        if not body.changes:
            return
        last = last_batch(self._db)
        batch = Batch(
            number=last.number + 1,
            previous=last.hash,
            floor=self._floor,
            fingerprint=Catalog(self._db.engine, tuple(self._db.types.values())).fingerprint,
            changes=tuple(body.changes),
        )
        encoded = wire.encode(batch)
        made = OutBatch(batch.number, wire.body_hash(encoded), encoded)
        books.add_batch(self._db, made)
        self._authors.in_batch(batch.number, batch.changes)
        books.set_fact(self._db, "claimed", books.Taken(made.number, made.hash))
        self._made += 1
        self._changes += len(body.changes)
        body.clear()


class _Part(msgspec.Struct, frozen=True):
    """The journal rows of one type, absorbed; `seen` is their smallest."""

    record_type: RecordType
    known: dict[Key, str]
    absorbed: Absorbed
    seen: int

    def keys_by_record(self) -> dict[str, set[Key]]:
        """Every key that each record has, or had before."""
        keys: dict[str, set[Key]] = {}
        for key, record in self.known.items():
            keys.setdefault(record, set()).add(key)
        for record, touched in self.absorbed.touched.items():
            if touched.key is not None:
                keys.setdefault(record, set()).add(touched.key)
        return keys


def _by_type(db: CompanyDb, journal: Iterable[JournalRow]) -> dict[int, list[JournalRow]]:
    """The rows of each attached type, in their order."""
    by_type: dict[int, list[JournalRow]] = {}
    for row in journal:
        if row.type_no in db.types:
            by_type.setdefault(row.type_no, []).append(row)
    return by_type


def _forget_or_tell(absorbed: Absorbed, record: str, seen: int) -> None:
    touched = absorbed.touched.get(record)
    if touched is not None and touched.born_here:
        del absorbed.touched[record]
    else:
        absorbed.touched[record] = Touched(record, None, seen)


class _Body:
    """The changes of a batch in the making, and about how many bytes they are."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.changes: list[OfficeChange] = []
        self.size = 0

    def add(self, change: OfficeChange) -> bool:
        """Adds a change; true when the batch is full."""
        self.changes.append(change)
        self.size += len(wire.encode(change))
        return self.size > wire.CHUNK_BYTES or len(self.changes) >= self.limit

    def clear(self) -> None:
        self.changes, self.size = [], 0


def last_batch(db: CompanyDb) -> books.Taken:
    """The last batch that was claimed, acknowledged or not."""
    return books.fact(db, "claimed", books.Taken, books.taken(db))


def floor(db: CompanyDb) -> int:
    """Up to here every online change is applied and every unknowing office change has arrived."""
    seen = _waiting(db)
    for batch in books.outbox(db):
        seen += _unknowing(kept.batch(batch.body).changes)
    return min(seen)


def _waiting(db: CompanyDb) -> list[int]:
    """The cursor, those of held types, and what had been seen by what is not claimed yet."""
    seen = [books.cursor(db), *_unknowing(books.reports(db))]
    seen += [told.cursor for told in holding.held(db).values()]
    oldest = db.oldest_seen()
    return seen if oldest is None else [*seen, oldest]


def _unknowing(changes: Iterable[OfficeChange]) -> list[int]:
    """How far the office had taken in online changes, with each of its own.

    What it refuses it has not taken: the service must not believe so before it hears.
    """
    seen: list[int] = []
    for change in changes:
        match change:
            case Put() | Delete():
                seen.append(change.seen)
            case Refused():
                seen.append(change.since)
            case Taken():
                pass
    return seen


class Unsent(msgspec.Struct):
    """What claimed batches that are not acknowledged say of a record."""

    fields: set[str] = msgspec.field(default_factory=set)
    derived: set[str] = msgspec.field(default_factory=set)
    """What yields to newer online work: the triggers' own, and by the field's rule."""
    own: set[str] = msgspec.field(default_factory=set)
    """Everything that somebody wrote: it keeps a record alive, also where it yields."""
    deleted: bool = False
    reported: bool = False
    """What became of online work there: the service expects other values until it has heard."""


def unsent(batches: Iterable[OutBatch]) -> dict[str, Unsent]:
    """The office's own changes that the service may not have taken in yet, by record."""
    found: dict[str, Unsent] = {}
    for batch in batches:
        for change in kept.batch(batch.body).changes:
            match change:
                case Put():
                    one = found.setdefault(change.id, Unsent())
                    one.own |= change.fields.keys() - set(change.derived)
                    one.derived.update(change.derived, change.yields)
                    one.fields = one.own - one.derived
                case Delete():
                    found.setdefault(change.id, Unsent()).deleted = True
                case Refused() | Taken():
                    found.setdefault(change.id, Unsent()).reported = True
    return found


def _put(record_type: RecordType, touched: Touched, state: RowState) -> Put:
    seen = touched.seen
    if touched.new:
        return Put(record_type.name, touched.id, state.shown_key, state.fields, seen, new=True)
    own = {f: s for f, s in touched.fields.items() if f in touched.own}
    told = {**touched.fields, **with_seen(record_type.groups, own)}
    fields = {f: state.fields[f] for f in told if f in state.fields}
    by_field = {f: told[f] for f in fields if told[f] != seen}
    decided = together(record_type.groups, touched.own)
    derived = tuple(f for f in fields if f not in decided)
    yields = tuple(f for f in record_type.online_wins if f in fields and f not in derived)
    return Put(
        type=record_type.name,
        id=touched.id,
        key=state.shown_key,
        fields=fields,
        seen=seen,
        seen_by_field=by_field,
        derived=derived,
        yields=yields,
    )
