"""Who wrote what: notes of the office program's own writes and of what sync wrote, bounded, in the database itself.

An own write is noted in its own transaction, with its user. The claim that
takes it signs the change with the user, and tells the note its batch: so the
service's log and these notes name each other, and no clock has to. See
docs/decisions/0028-who-wrote-what.md.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any  # cells

import msgspec

from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.opening import Row, Session
from samsyn.companydb.row_ids import row_id
from samsyn.companydb.rows import Key
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell
from samsyn.core.changes import Delete, OfficeChange, OnlineChange, Operation, Put

KEPT_NOTES = 20_000
KEPT_AUTHORS = 10_000
"""Own writes that no claim has taken: a database that is not connected has more and more of them."""
ROWS_AT_ONCE = 100
OFFICE, ONLINE = "office", "online"

Fields = Mapping[str, tuple[Cell, Cell]]
"""Old and new by field."""


class Note(msgspec.Struct, frozen=True):
    """A write of one record: `row` is its address, `record` its id where that is known."""

    at: str
    side: str
    by: str
    type: str
    row: str | None
    record: str | None
    action: str
    fields: Fields
    batch: int | None = None
    """The office's batch that took it, or how far the pull went that brought it."""
    id: int = 0


def are_there(session: Session) -> bool:
    """Whether the database was attached, or opened, by a version that keeps notes."""
    if session.engine == "sqlite":
        return bool(session.rows("SELECT 1 FROM sqlite_master WHERE name = 'samsyn_author'"))
    return bool(session.rows("SELECT 1 WHERE to_regclass('samsyn.author') IS NOT NULL"))


def note_own(session: Session, note: Note) -> None:
    """Notes a write of the office program, in the transaction that writes."""
    (added,) = _add(session, [note])
    author = book_name(session.engine, "author")
    session.run(
        f"INSERT INTO {author} (id, row_id, by) VALUES ($1, $2, $3)", added, note.row, note.by
    )
    session.run(f"DELETE FROM {author} WHERE id <= $1", added - KEPT_AUTHORS)


def note_applied(session: Session, changes: Iterable[OnlineChange], upto: int, now: str) -> None:
    """Notes what a pull has written, in the transaction that applies it."""
    _add(
        session,
        [
            Note(
                at=change.at or now,
                side=ONLINE,
                by=change.by or "",
                type=change.type,
                row=None,
                record=change.id,
                action=change.operation.value,
                fields=_written(change),
                batch=upto,
            )
            for change in changes
        ],
    )


def of_record(
    session: Session, type_name: str, row: str, record: str | None, before: int | None, limit: int
) -> list[Note]:
    """The notes of a record, the newest first."""
    found = session.rows(
        "SELECT id, at, side, by, type, row_id, record, action, fields, batch"
        f" FROM {book_name(session.engine, 'note')}"
        " WHERE type = $1 AND (row_id = $2 OR record = $3) AND id < $4"
        f" ORDER BY id DESC LIMIT {int(limit)}",
        type_name,
        row,
        record or "",
        before if before is not None else 2**62,
    )
    return [_note(one) for one in found]


def latest(session: Session, limit: int) -> list[Note]:
    """The newest notes of all records."""
    found = session.rows(
        "SELECT id, at, side, by, type, row_id, record, action, fields, batch"
        f" FROM {book_name(session.engine, 'note')} ORDER BY id DESC LIMIT {int(limit)}"
    )
    return [_note(one) for one in found]


class Authors:
    """Signs the changes of a claim with who wrote them, as far as that is noted."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._author = book_name(session.engine, "author")
        self._noted: dict[str, list[tuple[int, str]]] = {}
        self._signed: dict[str, list[int]] = {}
        rows = session.rows(f"SELECT id, row_id, by FROM {self._author} ORDER BY id")
        for number, row, by in rows:
            self._noted.setdefault(row, []).append((int(number), by))
        self._last = max((int(row[0]) for row in rows), default=0)

    @property
    def wait(self) -> bool:
        """Whether anything is noted that no claim has taken: mostly not."""
        return bool(self._noted)

    def signed(
        self, record_type: RecordType, keys: Mapping[str, Iterable[Key]], change: OfficeChange
    ) -> OfficeChange:
        """The change with its writer, the last of several; `keys` are all that each record had."""
        if not self._noted or not isinstance(change, Put | Delete):
            return change
        engine = self._session.engine
        rows = (row_id(engine, record_type.name, key) for key in keys.get(change.id, ()))
        notes = sorted(itertools.chain.from_iterable(self._noted.pop(row, ()) for row in rows))
        if not notes:
            return change
        self._signed[change.id] = [number for number, _ in notes]
        return msgspec.structs.replace(change, by=notes[-1][1])

    def in_batch(self, number: int, changes: Iterable[OfficeChange]) -> None:
        """The notes of these changes learn in which batch they went."""
        for change in changes:
            for note in self._signed.pop(change.id, ()):
                self._session.run(
                    f"UPDATE {book_name(self._session.engine, 'note')}"
                    " SET batch = $1, record = $2 WHERE id = $3",
                    number,
                    change.id,
                    note,
                )
                self._session.run(f"DELETE FROM {self._author} WHERE id = $1", note)

    def forget_rest(self) -> None:
        """Everything that was noted when the claim began has been taken: what is left changed nothing."""
        if self._noted:
            self._session.run(f"DELETE FROM {self._author} WHERE id <= $1", self._last)


def _written(change: OnlineChange) -> Fields:
    if change.operation is Operation.DELETE:
        return {name: (cell, None) for name, cell in change.expected.items()}
    return {name: (change.expected.get(name), cell) for name, cell in change.fields.items()}


def _add(session: Session, notes: Sequence[Note]) -> list[int]:
    table = book_name(session.engine, "note")
    columns = ("at", "side", "by", "type", "row_id", "record", "action", "fields", "batch")
    waiting, added = iter(notes), list[int]()
    while some := list(itertools.islice(waiting, ROWS_AT_ONCE)):
        values = [_values(note) for note in some]
        width = len(columns)
        rows = ", ".join(
            f"({', '.join(f'${n * width + m + 1}' for m in range(width))})"
            for n in range(len(values))
        )
        found = session.rows(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {rows} RETURNING id",
            *itertools.chain.from_iterable(values),
        )
        added += [int(number) for (number,) in found]
    if added:
        session.run(f"DELETE FROM {table} WHERE id <= $1", max(added) - KEPT_NOTES)
    return added


def _values(note: Note) -> tuple[object, ...]:
    fields = msgspec.json.encode(note.fields).decode()
    return (
        note.at, note.side, note.by, note.type, note.row, note.record, note.action, fields, note.batch
    )  # fmt: skip


_read_fields = msgspec.json.Decoder(dict[str, tuple[Any, Any]])


def _note(row: Row) -> Note:
    number, at, side, by, type_name, address, record, action, fields, batch = row
    written = _read_fields.decode(fields)
    return Note(at, side, by, type_name, address, record, action, written, batch, int(number))
