"""What a restored office holds of records that were written after its backup: rows, and its journal.

Changes that lay unsent in the backup, and that the office sent after it, are
told apart from work since the restore: they are what the service has already.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

import msgspec

from samsyn.companydb.absorb import Touched, absorb, keys_named
from samsyn.companydb.references import by_name, resolved
from samsyn.companydb.row_sql import is_reference
from samsyn.companydb.rows import (
    EMPTIED,
    INSERTED,
    UPDATED,
    CompanyDb,
    JournalRow,
    Key,
    RowState,
)
from samsyn.core.catalog import KeyGiver, RecordType
from samsyn.core.cells import Cell, same
from samsyn.core.net import parents_first
from samsyn.core.reopen import AtOffice
from samsyn.protocol.restoring import RecordSince

ALL = 2**31 - 1


class _NothingStays(Exception):
    """Ends a transaction that was only for looking."""


@contextmanager
def looking(db: CompanyDb) -> Iterator[None]:
    """A transaction of which nothing stays: all that is read in it stood at one moment."""
    with suppress(_NothingStays), db.transaction():
        yield
        raise _NothingStays


class Unsent(msgspec.Struct):
    """The journal as it stands, by type, and what it amounts to, by record.

    A record without identity yet stands under a name that no record has.
    `moved` tells where those are by now that have another key, or none.
    """

    rows: dict[int, list[JournalRow]]
    touched: dict[str, tuple[RecordType, Touched]]
    moved: dict[str, Key | None]

    def about(self, record_type: RecordType, key: Key) -> list[JournalRow]:
        """The rows that leave something under a key."""
        return [row for row in self.rows.get(record_type.no, ()) if row.new == key]

    def where(self, record: str, key: Key) -> Key | None:
        """Where a record's row is by now, which had a key when its identity was written; None where it is gone."""
        return self.moved.get(record, key)

    def explains_absence(self, record_type: RecordType, key: Key) -> bool:
        """Whether the journal may tell why a row is not there."""
        rows = self.rows.get(record_type.no, ())
        return any(row.op == EMPTIED or row.old == key for row in rows)


class Sent(msgspec.Struct, frozen=True):
    """A row of which the service has already, with these values, what the journal tells as new.

    `record` names the record that the row is where it has no identity yet;
    then `left` are the fields that have been changed since.
    """

    record_type: RecordType
    key: Key
    fields: dict[str, Cell]
    record: str | None = None
    left: tuple[str, ...] = ()


class Compared(msgspec.Struct):
    """What the service is to be told of a page, and what of the journal it has already.

    `recognised` are the rows of records that have no identity yet.
    """

    at_office: dict[str, AtOffice] = msgspec.field(default_factory=dict)
    sent: list[Sent] = msgspec.field(default_factory=list)
    recognised: dict[str, RowState] = msgspec.field(default_factory=dict)


def unsent(db: CompanyDb) -> Unsent:
    """What waits in the journal; in a transaction."""
    found = Unsent({}, {}, {})
    numbers = itertools.count(1)
    for record_type in db.types.values():
        rows = sorted(db.journal_of(record_type, ALL), key=lambda row: row.id)
        found.rows[record_type.no] = rows
        known = db.ids_of(record_type, keys_named(rows))
        absorbed = absorb(
            record_type,
            rows,
            known,
            lambda: f"new {next(numbers)}",
            keys_may_meet=db.engine == "postgresql",
            moves_in_full=False,
        )
        for record, touched in absorbed.touched.items():
            found.touched[record] = (record_type, touched)
        found.moved |= dict.fromkeys(absorbed.dropped)
        found.moved |= {record: key for key, record in absorbed.gained.items()}
    return found


def compared(db: CompanyDb, page: Sequence[RecordSince], journal: Unsent) -> Compared:
    """What the office holds otherwise than the service's log says; in a transaction."""
    found = Compared()
    types = by_name(db)
    by_type: dict[str, list[RecordSince]] = {}
    for record in page:
        by_type.setdefault(record.type, []).append(record)
    refers = {n: [f.reference.type for f in t.fields if f.reference] for n, t in types.items()}
    for name in parents_first(refers):
        if name in by_type:
            _compare_type(db, types[name], by_type[name], journal, found)
    return found


def take_out(db: CompanyDb, sent: Sequence[Sent], journal: Unsent) -> None:
    """What the service has already leaves the journal; in the transaction that compared.

    Whatever is written from then on is work since the restore, upon a record
    that the service knows.
    """
    for one in sent:
        if one.record is not None:
            db.identify(one.record_type, [(one.key, one.record)])
    for one in sent:
        rows = journal.about(one.record_type, one.key)
        if one.record is None:
            off = _mask(one.record_type, one.fields)
            _rewrite(db, [(row, row.mask & ~off) for row in rows])
        else:
            left = _mask(one.record_type, _left_to_tell(db, one))
            _rewrite(db, [(row, 0 if n else left) for n, row in enumerate(rows)])


def _left_to_tell(db: CompanyDb, one: Sent) -> set[str]:
    """The fields of a recognised row that are told all the same.

    What it refers to has its identity by now, unless it is another row than was told.
    """
    state = _states(db, one.record_type, [one.key])[one.key]
    other = {f for f, v in one.fields.items() if f in state.unresolved or not _is(state, f, v)}
    return other.union(one.left)


# --- a page ------------------------------------------------------------------------------


def _compare_type(
    db: CompanyDb,
    record_type: RecordType,
    page: Sequence[RecordSince],
    journal: Unsent,
    found: Compared,
) -> None:
    keys = db.keys_of(record_type, [record.id for record in page])
    new = [record for record in page if record.id not in keys]
    parents = _parents(db, record_type, new, found)
    lost = {record.id: _keys_had(db, record_type, record, parents) for record in new}
    asked = list(itertools.chain.from_iterable(lost.values()))
    taken = set(db.ids_of(record_type, asked))
    now = {record: journal.where(record, key) for record, key in keys.items()}
    there = [key for key in now.values() if key is not None]
    rows = _states(db, record_type, [*there, *asked])
    for record in page:
        key = now.get(record.id)
        row = None if key is None else rows.get(key)
        if record.there and row is not None:
            _compare_row(record_type, record, row, journal, found)
        elif record.there and not _went_since(record_type, keys.get(record.id), journal):
            found.at_office[record.id] = AtOffice(there=False)
        elif row is not None:
            found.at_office[record.id] = AtOffice(there=True, fields=_known(row))
        else:
            free = [key for key in lost.get(record.id, ()) if key in rows and key not in taken]
            for key in free:
                if _recognise(record_type, record, rows[key], journal, found):
                    taken.add(key)
                    break


def _keys_had(
    db: CompanyDb,
    record_type: RecordType,
    record: RecordSince,
    parents: Mapping[tuple[str, str], Cell],
) -> list[Key]:
    """Under which keys a record may lie in the backup that the office made after it: as it told it first, and as it is."""
    if record.inserted is None or record.key is None:
        return []
    first = []
    for name, cell in zip(record_type.key, record.key, strict=True):
        told = record.inserted.get(name, cell)
        names_parent = is_reference(record_type.field(name)) and isinstance(told, str)
        first.append(parents.get((name, str(told)), cell) if names_parent else told)
    had = (db.key_of_cells(record_type, cells) for cells in (first, record.key))
    return list(dict.fromkeys(had))


def _parents(
    db: CompanyDb, record_type: RecordType, records: Sequence[RecordSince], found: Compared
) -> dict[tuple[str, str], Cell]:
    """What stands in the backup, in a field of the key, for a record to which it referred at first; it may have moved since."""
    types = by_name(db)
    known: dict[tuple[str, str], Cell] = {}
    for field in map(record_type.field, record_type.key):
        reference = field.reference
        if reference is None or reference.type not in types:
            continue
        told = [(record.inserted or {}).get(field.name) for record in records]
        named = {cell for cell in told if isinstance(cell, str)}
        new = {r: row.fields for r, row in found.recognised.items() if r in named}
        here = db.targets(types[reference.type], reference.column, list(named))
        here |= {record: fields[reference.column] for record, fields in new.items()}
        known |= {(field.name, record): cell for record, cell in here.items()}
    return known


def _went_since(record_type: RecordType, key: Key | None, journal: Unsent) -> bool:
    """Whether somebody may have deleted the record since; one without identity was never here."""
    return key is not None and journal.explains_absence(record_type, key)


def _compare_row(
    record_type: RecordType, record: RecordSince, row: RowState, journal: Unsent, found: Compared
) -> None:
    """A row that both sides know: a value that nobody has changed since is what the office holds."""
    _, touched = journal.touched.get(record.id, (record_type, None))
    held: dict[str, Cell] = {}
    sent: dict[str, Cell] = {}
    plain = _is_plain(journal.about(record_type, row.key), new=False)
    for field in record.fields:
        value = row.fields.get(field.field)
        if field.field in row.unresolved or field.field not in row.fields:
            continue
        if touched is None or (not touched.new and field.field not in touched.fields):
            if not same(value, field.base):
                held[field.field] = value
        elif plain and any(same(value, told) for told in record.told.get(field.field, ())):
            held[field.field] = sent[field.field] = value
    if held:
        found.at_office[record.id] = AtOffice(there=True, fields=held)
    if sent:
        found.sent.append(Sent(record_type, row.key, sent))


def _recognise(
    record_type: RecordType, record: RecordSince, row: RowState, journal: Unsent, found: Compared
) -> bool:
    """A new row of the backup that the office sent after it: the same key, and the same values.

    A number that the database gives may have been given anew, so there all
    values must be the same; a key that people give names the same thing.
    """
    told = record.inserted or {}
    rows = journal.about(record_type, row.key)
    changed = tuple(f for f, v in told.items() if not _is(row, f, v))
    if not _is_plain(rows, new=True) or (changed and record_type.key_giver is KeyGiver.OFFICE):
        return False
    # What the row holds, not what was sent of it: the service then keeps a value that this overrides.
    fields = {f: row.fields[f] if f in changed else v for f, v in told.items() if f in row.fields}
    found.at_office[record.id] = AtOffice(there=True, fields=fields)
    found.sent.append(Sent(record_type, row.key, fields, record.id, changed))
    found.recognised[record.id] = row
    return True


def _is(row: RowState, field: str, value: Cell) -> bool:
    """The row holds the value, as far as can be told: what it refers to may have no identity yet."""
    return field not in row.fields or field in row.unresolved or same(row.fields[field], value)


def _known(row: RowState) -> dict[str, Cell]:
    return {f: v for f, v in row.fields.items() if f not in row.unresolved}


def _states(db: CompanyDb, record_type: RecordType, keys: Sequence[Key]) -> dict[Key, RowState]:
    rows = db.read(record_type, keys)
    return {state.key: state for state in resolved(db, record_type, rows.values(), None)}


# --- the journal -------------------------------------------------------------------------


def _is_plain(rows: Sequence[JournalRow], *, new: bool) -> bool:
    """One row was written, under one key: after its insert where it is new."""
    if not rows or (new and rows[0].op != INSERTED):
        return False
    return all(row.op == UPDATED and row.old == row.new for row in (rows[1:] if new else rows))


def _rewrite(db: CompanyDb, rows: Sequence[tuple[JournalRow, int]]) -> None:
    """Rows of the journal with another mask each; those of which nothing is left go."""
    db.drop_journal([row.id for row, _ in rows])
    db.add_journal(
        msgspec.structs.replace(row, op=UPDATED, old=row.new, mask=left)
        for row, left in rows
        if left
    )


def _mask(record_type: RecordType, fields: Iterable[str]) -> int:
    wanted = set(fields)
    return sum(1 << n for n, field in enumerate(record_type.fields) if field.name in wanted)
