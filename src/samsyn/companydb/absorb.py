"""From journal rows to records: what happened to each, in the order in which it did.

Pure: identities known before come in, identities to be written go out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec

from samsyn.companydb.rows import (
    DELETED,
    DERIVED,
    INSERTED,
    REPLACING,
    UPDATED,
    JournalRow,
    Key,
)
from samsyn.core.catalog import RecordType


class Touched(msgspec.Struct):
    """A record that the journal tells of. `fields` maps a field to the smallest `seen`."""

    id: str
    key: Key | None
    seen: int
    new: bool = False
    """The service may not know it: all fields are to be sent."""
    fields: dict[str, int] = {}
    own: set[str] = set()
    """The fields that somebody wrote; the others are the database's own triggers' work."""
    born_here: bool = False
    """Its identity was made here: deleted again, it was never there."""


class Absorbed(msgspec.Struct):
    """What journal rows of one type amount to."""

    touched: dict[str, Touched] = {}
    gained: dict[Key, str] = {}
    """Identities as they are after these rows, where they differ from before."""
    dropped: set[str] = set()
    """Record ids whose identity, as it was before, is gone."""
    doubtful: dict[Key, int] = {}
    """Keys that a REPLACE may have pushed out, with `seen`: look whether the row is there."""
    left: dict[Key, int] = {}
    """Keys that no record has any more, with `seen`: look whether a row is there all the same."""
    meeting: bool = False
    """Two rows still hold one key: what became of the first is told by rows to come."""


def keys_named(rows: Iterable[JournalRow]) -> list[Key]:
    """The keys whose identity `absorb` needs to know."""
    named: dict[Key, None] = {}
    for row in rows:
        for key in (row.old, row.new):
            if key is not None:
                named[key] = None
    return list(named)


def absorb(
    record_type: RecordType,
    rows: Iterable[JournalRow],
    known: Mapping[Key, str],
    new_id: Callable[[], str],
    *,
    keys_may_meet: bool,
    moves_in_full: bool,
) -> Absorbed:
    """What the rows of one type amount to, in their order (failure modes 15, 18, 24).

    `keys_may_meet`: a deferrable key lets two rows hold the same one for a
    moment. SQLite knows no such key: there whoever takes one pushes out the
    row that had it. `moves_in_full`: a record that changes its key is told
    whole, since an earlier change of it could not be told.
    """
    return _Absorbing(record_type, known, new_id, keys_may_meet, moves_in_full).all(rows)


class _Absorbing:
    def __init__(
        self,
        record_type: RecordType,
        known: Mapping[Key, str],
        new_id: Callable[[], str],
        keys_may_meet: bool,
        moves_in_full: bool,
    ) -> None:
        self._names = [field.name for field in record_type.fields]
        self._every = (1 << len(self._names)) - 1
        self._before = dict(known)
        self._now = dict(known)
        self._new_id = new_id
        self._keys_may_meet = keys_may_meet
        self._moves_in_full = moves_in_full
        self._touched: dict[str, Touched] = {}
        self._replacing: dict[Key, tuple[int, int, str]] = {}
        self._left: dict[Key, int] = {}
        self._leaving: dict[Key, list[tuple[str, int]]] = {}
        """Records whose key another has taken already: under a deferrable key they move next."""

    def all(self, rows: Iterable[JournalRow]) -> Absorbed:
        for row in rows:
            if row.op == INSERTED and row.new is not None:
                self._inserted(row, row.new)
            elif row.op in (UPDATED, DERIVED) and row.old is not None and row.new is not None:
                self._updated(row, row.old, row.new)
            elif row.op == DELETED and row.old is not None:
                self._deleted(row, row.old)
            elif row.op == REPLACING and row.old is not None:
                self._about_to_be_replaced(row, row.old)
        return self._result()

    def _about_to_be_replaced(self, row: JournalRow, key: Key) -> None:
        record = self._now.get(key)
        if record is None:
            self._left[key] = row.seen
            return
        _, seen, _ = self._replacing.get(key, (0, row.seen, record))
        self._replacing[key] = (row.mask, min(seen, row.seen), record)

    def _inserted(self, row: JournalRow, key: Key) -> None:
        replaced = self._replacing.pop(key, None)
        if replaced is not None:
            # REPLACE on the same key: the record lives on with the fields that differ.
            mask, seen, record = replaced
            # A delete trigger between may be the replacement's own, or a deletion by itself.
            deleted = self._now.get(key) is None
            self._now[key] = record
            touched = self._touch(record, key, seen)
            touched.key = key
            self._change(touched, self._every if deleted else mask, seen)
            return
        record = self._now.get(key) or self._born(key, row.seen)
        touched = self._touch(record, key, row.seen)
        touched.new = True

    def _updated(self, row: JournalRow, old: Key, new: Key) -> None:
        record = self._moving(row, old)
        mask = row.mask
        if old != new:
            self._left[old] = row.seen
            self._replacing.pop(old, None)
            there = self._now.get(new)
            if there is not None and there != record:
                mask |= self._told_of(there)
                self._push_out(row, new, there)
            self._replacing.pop(new, None)
            self._now[new] = record
            if self._moves_in_full:
                mask = self._every
        touched = self._touch(record, new, row.seen)
        touched.key = new
        self._change(touched, mask, row.seen, derived=row.op == DERIVED)

    def _told_of(self, record: str) -> int:
        """What foreign key actions did to a row is told before its own change of key."""
        touched = self._touched.get(record)
        if touched is None or touched.new:
            return 0 if touched is None else self._every
        return sum(1 << n for n, name in enumerate(self._names) if name in touched.fields)

    def _push_out(self, row: JournalRow, key: Key, record: str) -> None:
        if self._keys_may_meet and key not in self._replacing:
            self._leaving.setdefault(key, []).append((record, row.seen))
        else:
            self._gone(record, row.seen)

    def _moving(self, row: JournalRow, key: Key) -> str:
        """Whose row it is that had the key; where two claim it, the one that had it first."""
        if self._leaving.get(key):
            # It may as well be the other: both are told whole.
            record, _ = self._leaving[key][0]
            for one in (record, self._now.get(key)):
                if one is not None:
                    self._change(self._touch(one, key, row.seen), self._every, row.seen)
            if row.new != key:
                self._leaving[key].pop(0)
            return record
        known = self._now.get(key)
        if known is None:
            known = self._born(key, row.seen)
            self._touched[known].new = True
        if row.new != key:
            del self._now[key]
        return known

    def _deleted(self, row: JournalRow, key: Key) -> None:
        if self._leaving.get(key):
            record, _ = self._leaving[key].pop(0)
            other = self._now.get(key)
            if other is not None:
                self._change(self._touch(other, key, row.seen), self._every, row.seen)
            self._gone(record, row.seen)
            return
        known = self._now.pop(key, None)
        self._left[key] = row.seen
        if known is not None:
            self._gone(known, row.seen)

    def _gone(self, record: str, seen: int) -> None:
        touched = self._touch(record, None, seen)
        touched.key = None

    def _born(self, key: Key, seen: int) -> str:
        record = self._new_id()
        self._now[key] = record
        self._touched[record] = Touched(record, key, seen, born_here=True)
        return record

    def _touch(self, record: str, key: Key | None, seen: int) -> Touched:
        touched = self._touched.get(record)
        if touched is None:
            touched = self._touched[record] = Touched(record, key, seen)
        touched.seen = min(touched.seen, seen)
        return touched

    def _change(self, touched: Touched, mask: int, seen: int, *, derived: bool = False) -> None:
        place = 0
        while mask:
            if mask & 1 and place < len(self._names):
                name = self._names[place]
                touched.fields[name] = min(touched.fields.get(name, seen), seen)
                if not derived:
                    touched.own.add(name)
            mask >>= 1
            place += 1

    def _result(self) -> Absorbed:
        meeting = any(self._leaving.values())
        for pushed_out in self._leaving.values():
            for record, seen in pushed_out:
                self._gone(record, seen)
        kept = {r: t for r, t in self._touched.items() if t.key is not None or not t.born_here}
        before = {record: key for key, record in self._before.items()}
        now = {record: key for key, record in self._now.items()}
        return Absorbed(
            touched={r: t for r, t in kept.items() if t.key is None or t.new or t.fields},
            gained={key: record for record, key in now.items() if before.get(record) != key},
            dropped={record for record, key in before.items() if now.get(record) != key},
            doubtful={
                key: seen for key, (_, seen, _) in self._replacing.items() if key in self._now
            },
            left={key: seen for key, seen in self._left.items() if key not in self._now},
            meeting=meeting,
        )
