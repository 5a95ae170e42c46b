"""The rows of a company database as records: the port that both engines fill."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import ClassVar, Protocol, TypeAlias

import msgspec

from samsyn.companydb.urls import CompanyUrl, Engine
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell
from samsyn.core.errors import SamsynError

Key: TypeAlias = tuple[object, ...]
"""A row's key: the stored values on SQLite, their text forms on PostgreSQL."""

INSERTED, UPDATED, DELETED, REPLACING, EMPTIED, DERIVED = 1, 2, 3, 4, 5, 6
"""What a journal row tells; see docs/architecture.md."""


class JournalRow(msgspec.Struct, frozen=True):
    """One row that a trigger wrote; bit i of `mask` is the type's field i."""

    id: int
    type_no: int
    op: int
    seen: int
    mask: int
    old: Key | None
    new: Key | None


class RowState(msgspec.Struct, frozen=True, gc=False):
    """One row as it stands: its key, the key as people know it, and its cells.

    References are record ids; `unresolved` names those whose target has no
    identity yet, with the raw value.
    """

    key: Key
    shown_key: tuple[Cell, ...]
    fields: dict[str, Cell]
    unresolved: dict[str, object] = {}


class Refusal(msgspec.Struct, frozen=True):
    """Why the database does not take a change: a stable code, the field and the engine's words."""

    code: str
    reason: str
    field: str | None = None


class RowRefused(SamsynError):
    """The database does not take a change, and trying again changes nothing."""

    code: ClassVar[str] = "ROW_REFUSED"

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(reason=refusal.reason, field=refusal.field)


IGNORED = Refusal("IGNORED_BY_TRIGGER", "")
"""The database said yes and did nothing."""


class EverythingUndone(SamsynError):
    """A trigger of the database's own has rolled back the whole transaction, ours with it.

    `records` are those of the unit that was tried then.
    """

    code: ClassVar[str] = "EVERYTHING_UNDONE"

    def __init__(self, refusal: Refusal, records: frozenset[str] = frozenset()) -> None:
        self.refusal, self.records = refusal, records
        super().__init__(reason=refusal.reason)


class RowGone(SamsynError):
    """A row that was to be written is not there."""

    code: ClassVar[str] = "ROW_GONE"


class WrittenMeanwhile(SamsynError):
    """Of a row that this transaction deletes, a program has committed a change after the claim.

    The change would be in no log: claim again, then decide anew.
    """

    code: ClassVar[str] = "WRITTEN_MEANWHILE"
    transient: ClassVar[bool] = True


class Watch(Protocol):
    """Tells when somebody has committed to a company database."""

    def wait(self, timeout_s: float) -> bool:
        """Waits for a commit; true when there may have been one."""

    def close(self) -> None:
        """Ends the watch's own connection."""


class CompanyDb(Protocol):
    """A company database, opened for sync. All names are the catalog's; nothing commits by itself."""

    engine: ClassVar[Engine]
    types: dict[int, RecordType]

    @property
    def url(self) -> CompanyUrl:
        """How it was opened."""

    # connection
    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """The rows of a small answer; values are `$1`, `$2` in order of appearance."""

    def run(self, sql: str, *values: object) -> None:
        """A statement without an answer."""

    def transaction(self) -> AbstractContextManager[None]:
        """A write transaction, all or nothing. Raises DatabaseBusy."""

    def unit(self) -> AbstractContextManager[None]:
        """A part of a transaction that fails alone.

        Raises RowRefused when the database does not take it, deferred
        references included; everything in it is undone then. Raises
        EverythingUndone where that is all of the transaction.
        """

    def reload(self) -> None:
        """Reads the attached types again."""

    def close(self) -> None:
        """Ends the connection."""

    # journal
    def take_journal(self, limit: int, held: Collection[int] = ()) -> list[JournalRow]:
        """Removes and gives the first visible rows: a claim by presence, not by position.

        Rows of types that are held stay.
        """

    def journal_of(self, record_type: RecordType, limit: int) -> list[JournalRow]:
        """The newest rows of a type, the newest first; they stay."""

    def more_happened(self, held: Collection[int] = ()) -> bool:
        """Rows wait that tell of a deed, not only of a key to look at; those of types held aside."""

    def journal_size(self) -> int:
        """How many rows wait."""

    def first_journal(self, limit: int, held: Collection[int] = ()) -> list[JournalRow]:
        """The first visible rows, without those of types that are held; they stay."""

    def oldest_seen(self) -> int | None:
        """The smallest `seen` of the waiting rows."""

    def mark(self) -> int:
        """Where this transaction's own journal rows begin."""

    def is_over(self, mark: int) -> bool:
        """Whether every transaction that ran at the mark of an earlier one has ended."""

    def own_journal(self, mark: int) -> list[JournalRow]:
        """The rows this transaction has caused since the mark."""

    def written_meanwhile(self, mark: int, held: Collection[int] = ()) -> bool:
        """Whether others have told of rows that this transaction deletes; those of held types aside.

        Never where a write transaction keeps others out.
        """

    def drop_journal(self, ids: Iterable[int]) -> None:
        """Removes rows by number."""

    def add_journal(self, rows: Iterable[JournalRow]) -> None:
        """Adds rows as a trigger would; their ids are ignored."""

    # identity
    def ids_of(self, record_type: RecordType, keys: Sequence[Key]) -> dict[Key, str]:
        """The record ids of keys; unknown ones are left out."""

    def keys_of(self, record_type: RecordType, ids: Sequence[str]) -> dict[str, Key]:
        """The keys of record ids; unknown ones are left out."""

    def records_after(
        self, record_type: RecordType, after: str, limit: int, bucket: int | None = None
    ) -> dict[str, Key]:
        """The next identities in the order of their record ids, of one bucket or all.

        A bucket is the last byte of the id.
        """

    def identity_count(self, record_type: RecordType, at_most: int | None = None) -> int:
        """How many identities there are; counted no further than to `at_most`."""

    def identify(self, record_type: RecordType, pairs: Iterable[tuple[Key, str]]) -> None:
        """Adds identities."""

    def forget(self, record_type: RecordType, ids: Iterable[str]) -> None:
        """Removes identities."""

    def vanished(self, record_type: RecordType, limit: int) -> list[tuple[Key, str]]:
        """Identities whose row is not there."""

    def count_vanished(self, record_type: RecordType) -> int:
        """How many identities have no row."""

    # rows
    def lock(self, record_type: RecordType, keys: Sequence[Key]) -> None:
        """Holds the rows until the transaction ends."""

    def read(
        self,
        record_type: RecordType,
        keys: Sequence[Key],
        only: Collection[str] | None = None,
    ) -> dict[Key, RowState]:
        """The rows of keys, with all fields or only some; missing rows are left out."""

    def key_of_cells(self, record_type: RecordType, cells: Sequence[Cell]) -> Key:
        """The key that people know as these cells."""

    def rows_after(
        self, record_type: RecordType, after: Key | None, limit: int
    ) -> list[tuple[RowState, str | None]]:
        """The next rows in key order, each with its record id if it has one."""

    def find(self, record_type: RecordType, column: str, value: object) -> Key | None:
        """The key of the row whose unique column holds the value."""

    def targets(self, record_type: RecordType, column: str, ids: Sequence[str]) -> dict[str, Cell]:
        """What a reference to these records holds in a row: the target's column, raw."""

    def referring(
        self, record_type: RecordType, column: str, values: Sequence[object]
    ) -> list[Key]:
        """The keys of rows whose column holds one of the values."""

    def insert(
        self, record_type: RecordType, fields: Mapping[str, Cell], *, keep_key: bool = False
    ) -> Key:
        """Inserts a row; references are already raw. Gives the key, which the database may choose.

        With `keep_key` also where it always does.

        Raises RowRefused where a trigger ignores it.
        """

    def update(self, record_type: RecordType, key: Key, fields: Mapping[str, Cell]) -> Key:
        """Writes fields of a row and gives its key afterwards. Raises RowGone."""

    def update_each(
        self, record_type: RecordType, updates: Sequence[tuple[Key, Mapping[str, Cell]]]
    ) -> list[Key | None]:
        """As `update` for each in turn, but None where the row is not there."""

    def delete(self, record_type: RecordType, key: Key) -> None:
        """Deletes a row. Raises RowGone."""

    def count(self, record_type: RecordType) -> int:
        """How many rows the table has."""
