"""Undo of what is held: one side's values are written back where the other side changed them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from samsyn.companydb import books
from samsyn.companydb.dangling import touch_referrers
from samsyn.companydb.held import Held
from samsyn.companydb.references import ParentMissing, by_name, raw_fields
from samsyn.companydb.rows import (
    DELETED,
    INSERTED,
    UPDATED,
    CompanyDb,
    JournalRow,
    Key,
    RowGone,
    RowRefused,
)
from samsyn.companydb.units import nobodys_key
from samsyn.core.catalog import RecordType
from samsyn.core.cells import KEY, Cell, same
from samsyn.core.changes import OnlineChange, Operation, Refused
from samsyn.core.plan import without_deletion
from samsyn.protocol.messages import KnownRecord, Pull

JOURNAL_AT_MOST = 10_000_000
PUT_BACK = "PUT_BACK"
"""The code of an online deletion that a person at the office has undone."""


class Stood(msgspec.Struct):
    """What was put back, and what the database did not take, with its words."""

    written: int = 0
    left: int = 0
    reason: str = ""


def put_back(
    db: CompanyDb, record_type: RecordType, told: Held, records: Sequence[KnownRecord]
) -> Stood:
    """Writes the service's values where the office's change is undone; inside a transaction.

    A record that vanished gets its row again, and the journal forgets what became
    of the one before; what then waits in the journal is sent like any other
    change, and equals what the service has. Where the office had refused values,
    its own come back and are not told: they are no news, and override nothing.
    """
    living = {r.id: r for r in records if r.alive}
    keys = db.keys_of(record_type, list(living))
    for record, known in living.items():
        if known.key is not None:  # the service may not have heard of the one that it got here
            keys.setdefault(record, db.key_of_cells(record_type, known.key))
    waiting = list(reversed(db.journal_of(record_type, JOURNAL_AT_MOST)))
    journal, moved = _Journal(waiting), moves(waiting)
    now = {record: moved.get(key, key) for record, key in keys.items()}
    rows = db.read(record_type, list({key for key in (*keys.values(), *now.values()) if key}))
    stood = Stood()
    for record, key in keys.items():
        at, written = now[record], True
        try:
            with db.unit():  # which may refuse it all when it ends
                if told.code == "ONE_VALUE":
                    written = at in rows and _field_back(
                        db, record_type, told, at, living[record], rows[at].fields
                    )
                elif key not in rows and at not in rows:
                    db.drop_journal(journal.forget(key))
                    _row_back(db, record_type, key, living[record], journal)
                else:
                    written = False
            stood.written += written
        except RowRefused as error:
            journal.remember(key)
            stood.left += 1
            stood.reason = error.refusal.reason
        except ParentMissing as error:
            journal.remember(key)
            stood.left += 1
            stood.reason = f"{error.facts['field']}: {error.facts['record']}"
    return stood


def _row_back(
    db: CompanyDb, record_type: RecordType, before: Key, known: KnownRecord, journal: _Journal
) -> None:
    fields = {
        f.name: known.fields[f.name]
        for f in record_type.fields
        if not f.generated and f.name in known.fields
        # A number that the service has not heard of is given anew.
        if f.name not in record_type.key or known.fields[f.name] is not None
    }
    raw = _raw(db, record_type, fields)
    mark = db.mark()
    key = db.insert(record_type, raw, keep_key=True)
    db.forget(record_type, [known.id])
    if key != before:
        touch_referrers(db, record_type, [before], [key], books.cursor(db))
    told = sum(1 << n for n, f in enumerate(record_type.fields) if f.name not in known.refused)
    at = key
    if journal.tells_of(key) or db.ids_of(record_type, [key]):
        aside = nobodys_key(record_type, known.id, known.key or ())
        if aside is None:  # whoever had it is left to the verifier
            db.drop_journal(journal.of(key))
        else:
            at = db.key_of_cells(record_type, aside)
    if at != key or known.refused:
        _as_changed(db, record_type, JournalRow(0, record_type.no, UPDATED, 0, told, at, key), mark)
    db.identify(record_type, [(at, known.id)])


def _raw(db: CompanyDb, record_type: RecordType, fields: Mapping[str, Cell]) -> dict[str, Cell]:
    """Cells as the row holds them. Raises ParentMissing, also where a reference would lead nowhere.

    SQLite counts broken references for the whole commit, and those that the program left broken hide one until then:
    that led nowhere when it was told, or to a row with another key by now, which waits to be claimed.
    """
    raw, types = raw_fields(db, record_type, fields), by_name(db)
    for name, value in raw.items() if db.engine == "sqlite" else ():
        reference = record_type.field(name).reference
        target = types.get(reference.type) if reference is not None else None
        if reference is None or not reference.declared or target is None or value is None:
            continue
        key = value[KEY] if isinstance(value, dict) and KEY in value else value
        is_itself = target.no == record_type.no and key == raw.get(reference.column)
        if not is_itself and not db.referring(target, reference.column, [key]):
            raise ParentMissing(field=name, type=reference.type, record=str(key))
    return raw


def _as_changed(db: CompanyDb, record_type: RecordType, change: JournalRow, mark: int) -> None:
    """Tells of a row that came as of one that changed, or moved from a key that nobody has.

    The journal, or an identity, may still tell of another record under the key that it
    got, and would be taken to mean this one. Until all that is claimed it is known
    by the key that nobody has.
    """
    assert change.new is not None, "it came"
    own = db.own_journal(mark)
    came = next(
        (n for n, row in enumerate(own) if _is_coming(row, record_type, change.new)), len(own)
    )
    db.drop_journal(row.id for row in own[came:])
    now = msgspec.structs.replace(change, seen=books.cursor(db))
    db.add_journal([now, *own[came + 1 :]])


def _is_coming(row: JournalRow, record_type: RecordType, key: Key) -> bool:
    return (row.op, row.type_no, row.new) == (INSERTED, record_type.no, key)


def _field_back(
    db: CompanyDb,
    record_type: RecordType,
    told: Held,
    key: Key,
    known: KnownRecord,
    row: dict[str, Cell],
) -> bool:
    """Puts the service's value back where the office's is the one that came everywhere."""
    fields = {
        name: known.fields[name]
        for name in told.fields
        if name in known.fields
        and as_json(row[name]) == told.value
        and not same(row[name], known.fields[name])
    }
    if not fields:
        return False
    try:
        db.update(record_type, key, _raw(db, record_type, fields))
    except RowGone:
        return False
    return True


class _Journal:
    """What waits in the journal of a type, the oldest first, while rows of before come back."""

    def __init__(self, waiting: Sequence[JournalRow]) -> None:
        self._lives: dict[Key, set[int]] = {}
        """What it tells of each row of before, by the key that it had, up to its deletion."""
        self._told_of: dict[Key, set[int]] = {}
        """What it tells of each key, before or after."""
        self._forgotten: set[int] = set()
        whose: dict[Key, Key | None] = {}
        """By the key that a row has now: the one it had, None where it is no row of before."""
        for row in waiting:
            self._look_at(row, whose)

    def forget(self, key: Key) -> set[int]:
        """The row that had the key comes back: what became of it is no longer so."""
        life = self._lives.get(key, set())
        self._forgotten |= life
        return life

    def remember(self, key: Key) -> None:
        """It does not come back."""
        self._forgotten -= self._lives.get(key, set())

    def of(self, key: Key) -> set[int]:
        """What it tells of the key, forgotten or not."""
        return self._told_of.get(key, set())

    def tells_of(self, key: Key) -> bool:
        """Whether it still tells of any row with the key."""
        return not self.of(key) <= self._forgotten

    def _look_at(self, row: JournalRow, whose: dict[Key, Key | None]) -> None:
        for key in {row.old, row.new} - {None}:
            assert key is not None
            self._told_of.setdefault(key, set()).add(row.id)
        at = row.new if row.old is None else row.old
        if at is None or (before := whose.get(at, at)) is None:
            return
        self._lives.setdefault(before, set()).add(row.id)
        if row.op == DELETED:
            whose[at] = None
        elif row.new is not None and row.new != at:
            whose[at], whose[row.new] = None, before


def moves(journal: Sequence[JournalRow]) -> dict[Key, Key | None]:
    """Where the rows of before are now whose keys the journal tells of: under another, or gone."""
    first: dict[Key, Key | None] = {}
    """By the key that a row has now: the one it had, None where no row of before is any more."""
    named: set[Key] = set()
    for row in journal:
        if row.op == DELETED and row.old is not None:
            named |= {row.old} if row.old not in first else set()
            first[row.old] = None
        elif row.op == UPDATED and row.old and row.new and row.old != row.new:
            named |= {row.old, row.new} - first.keys()
            first[row.new] = first.get(row.old, row.old)
            first[row.old] = None
    now = {before: key for key, before in first.items() if before is not None}
    return {key: now.get(key) for key in named}


def stands(
    db: CompanyDb, record_type: RecordType, told: Held, page: Pull
) -> tuple[tuple[OnlineChange, ...], dict[str, int]]:
    """The changes of a page that are taken; the rest is undone online, each in the conflict log.

    What is undone by telling the office's values has the mask of these fields, by record: `tell_own`
    tells them after the apply, which would take them for its own.

    A deletion is refused, and the record lives there again; a field that got one
    value everywhere is told as the office has it, not having seen that value.
    """
    keys = db.keys_of(record_type, [change.id for change in page.changes])
    places = {field.name: place for place, field in enumerate(record_type.fields)}
    taken: list[OnlineChange] = []
    masks: dict[str, int] = {}
    for change in page.changes:
        if change.id not in keys:
            taken.append(change)
        elif change.operation is Operation.DELETE and told.code != "ONE_VALUE":
            books.add_report(db, _refused(change, told, page))
            if change.fields:
                taken.append(without_deletion(change))
        elif change.operation is Operation.UPDATE and told.code == "ONE_VALUE":
            undone = [f for f in told.fields if _is_value(change, f, told)]
            left = {f: c for f, c in change.fields.items() if f not in undone}
            if left:
                taken.append(msgspec.structs.replace(change, fields=left))
            mask = sum(1 << places[f] for f in undone)
            if mask:
                masks[change.id] = mask
        else:
            taken.append(change)
    return tuple(taken), masks


def tell_own(db: CompanyDb, record_type: RecordType, told: Held, masks: Mapping[str, int]) -> None:
    """The office's values of these fields go online, where the rows stand by now, not having seen what was held."""
    keys = db.keys_of(record_type, list(masks))
    db.add_journal(
        JournalRow(0, record_type.no, UPDATED, told.cursor, masks[record], key, key)
        for record, key in keys.items()
    )


def _is_value(change: OnlineChange, field: str, told: Held) -> bool:
    return field in change.fields and as_json(change.fields[field]) == told.value


def _refused(change: OnlineChange, told: Held, page: Pull) -> Refused:
    return Refused(
        change.type,
        change.id,
        page.upto,
        Operation.DELETE,
        tuple(change.fields),
        PUT_BACK,
        "",
        None,
        told.cursor,
    )


def as_json(cell: Cell) -> str:
    """A cell as a held type remembers it."""
    return msgspec.json.encode(cell).decode()
