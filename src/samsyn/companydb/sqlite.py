"""A company database on SQLite, through apsw."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import apsw

from samsyn.companydb.attached import attached_types
from samsyn.companydb.bookkeeping import MASK_BITS, book_name
from samsyn.companydb.books import without_types
from samsyn.companydb.opening import DatabaseBusy, DatabaseFull, SqliteSession, opened
from samsyn.companydb.quoting import sqlite_name
from samsyn.companydb.refusals import sqlite_refusal
from samsyn.companydb.row_sql import RowSql, row_sql
from samsyn.companydb.rows import (
    DERIVED,
    IGNORED,
    INSERTED,
    REPLACING,
    UPDATED,
    EverythingUndone,
    JournalRow,
    Key,
    Refusal,
    RowGone,
    RowRefused,
    RowState,
)
from samsyn.companydb.sqlite_text import TextReader, bindable, returning
from samsyn.companydb.states import row_states
from samsyn.companydb.urls import Engine, SqliteUrl
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell, from_value, to_value

JOURNAL = book_name("sqlite", "journal")


class SqliteDb(SqliteSession):
    """See `rows.CompanyDb`."""

    engine: ClassVar[Engine] = "sqlite"

    def __init__(self, url: SqliteUrl) -> None:
        self._opening = opened(url, writing=True)
        session = self._opening.__enter__()
        assert isinstance(session, SqliteSession)
        super().__init__(url, session.connection)
        self.connection.execute("PRAGMA foreign_keys = ON")
        self._texts = TextReader(self.connection)
        self.types: dict[int, RecordType] = {}
        self._sql: dict[int, RowSql] = {}
        self._masks = self._keys = 1
        self.reload()

    def close(self) -> None:
        self._opening.__exit__(None, None, None)

    def reload(self) -> None:
        self.types = attached_types(self)
        names = {t.name: t for t in self.types.values()}
        self._sql = {t.no: row_sql("sqlite", t, names) for t in self.types.values()}
        columns = [str(row[1]) for row in self.rows(f"PRAGMA table_info({JOURNAL})")]
        self._masks = sum(re.fullmatch(r"m\d+", c) is not None for c in columns) or 1
        self._keys = sum(re.fullmatch(r"o\d+", c) is not None for c in columns) or 1

    # --- transactions ---

    @contextmanager
    def transaction(self) -> Iterator[None]:
        try:
            with super().transaction():
                self.connection.execute("PRAGMA defer_foreign_keys = ON")
                yield
        except apsw.FullError as cause:
            raise DatabaseFull(url=self.url.text) from cause
        except (apsw.BusyError, apsw.LockedError) as cause:
            raise DatabaseBusy(url=self.url.text) from cause

    @contextmanager
    def unit(self) -> Iterator[None]:
        self.connection.execute("SAVEPOINT samsyn_unit")
        try:
            yield
            self._check_deferred()
        except apsw.Error as error:
            self._undo_unit()
            refusal = sqlite_refusal(error)
            if refusal is None:
                raise
            if not self.connection.in_transaction:
                raise EverythingUndone(refusal) from error
            raise RowRefused(refusal) from error
        except BaseException:
            self._undo_unit()
            raise
        self.connection.execute("RELEASE samsyn_unit")

    def _undo_unit(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK TO samsyn_unit")
            self.connection.execute("RELEASE samsyn_unit")

    def _check_deferred(self) -> None:
        """Deferred references that are broken now would fail the whole commit later."""
        if self.connection.status(apsw.SQLITE_DBSTATUS_DEFERRED_FKS)[0]:
            raise RowRefused(Refusal("REFERENCE_MISSING", "FOREIGN KEY constraint failed"))

    # --- journal ---

    def take_journal(self, limit: int, held: Collection[int] = ()) -> list[JournalRow]:
        free = without_types(held)
        rows = self._journal(f"{free} ORDER BY id LIMIT ?", (limit,))
        if rows:
            upto = " AND id <= ?" if free else " WHERE id <= ?"
            self.connection.execute(f"DELETE FROM {JOURNAL}{free}{upto}", (rows[-1].id,))
        return rows

    def journal_of(self, record_type: RecordType, limit: int) -> list[JournalRow]:
        return self._journal(f"WHERE tab = {record_type.no} ORDER BY id DESC LIMIT ?", (limit,))

    def more_happened(self, held: Collection[int] = ()) -> bool:
        where = f"{without_types(held) or ' WHERE true'} AND op <> {REPLACING}"
        return bool(self.rows(f"SELECT 1 FROM {JOURNAL}{where} LIMIT 1"))

    def journal_size(self) -> int:
        return int(self.rows(f"SELECT count(*) FROM {JOURNAL}")[0][0])

    def first_journal(self, limit: int, held: Collection[int] = ()) -> list[JournalRow]:
        return self._journal(f"{without_types(held)} ORDER BY id LIMIT ?", (limit,))

    def oldest_seen(self) -> int | None:
        found: int | None = self.rows(f"SELECT min(seen) FROM {JOURNAL}")[0][0]
        return found

    def mark(self) -> int:
        return int(self.rows(f"SELECT coalesce(max(id), 0) FROM {JOURNAL}")[0][0])

    def is_over(self, mark: int) -> bool:
        """Always: one writes at a time."""
        return True

    def own_journal(self, mark: int) -> list[JournalRow]:
        return self._journal("WHERE id > ? ORDER BY id", (mark,))

    def written_meanwhile(self, mark: int, held: Collection[int] = ()) -> bool:
        return False

    def drop_journal(self, ids: Iterable[int]) -> None:
        self.connection.executemany(f"DELETE FROM {JOURNAL} WHERE id = ?", ((i,) for i in ids))

    def add_journal(self, rows: Iterable[JournalRow]) -> None:
        columns = ["tab", "op", "seen", *self._mask_columns(), *self._key_columns()]
        marks = ", ".join("?" * len(columns))
        self._texts.run_each(
            f"INSERT INTO {JOURNAL} ({', '.join(columns)}) VALUES ({marks})",
            [
                (
                    row.type_no,
                    row.op,
                    row.seen,
                    *(row.mask >> (MASK_BITS * n) & (2**MASK_BITS - 1) for n in range(self._masks)),
                    *_padded(row.old, self._keys),
                    *_padded(row.new, self._keys),
                )
                for row in rows
            ],
        )

    def _journal(self, where: str, values: Key) -> list[JournalRow]:
        columns = ["id", "tab", "op", "seen", *self._mask_columns(), *self._key_columns()]
        found = self._texts.rows(f"SELECT {', '.join(columns)} FROM {JOURNAL} {where}", values)
        return [self._journal_row(row) for row in found]

    def _journal_row(self, row: tuple[Any, ...]) -> JournalRow:  # Any: stored values
        masks, keys = row[4 : 4 + self._masks], row[4 + self._masks :]
        record_type = self.types.get(row[1])
        width = len(record_type.key) if record_type is not None else 0
        mask = sum((m or 0) << (MASK_BITS * n) for n, m in enumerate(masks))
        old = keys[:width] if row[2] != INSERTED else None
        new = (
            keys[self._keys : self._keys + width]
            if row[2] in (INSERTED, UPDATED, DERIVED)
            else None
        )
        return JournalRow(row[0], row[1], row[2], row[3] or 0, mask, old, new)

    def _mask_columns(self) -> list[str]:
        return [f"m{n}" for n in range(self._masks)]

    def _key_columns(self) -> list[str]:
        return [f"{side}{n}" for side in "on" for n in range(self._keys)]

    # --- identity ---

    def ids_of(self, record_type: RecordType, keys: Sequence[Key]) -> dict[Key, str]:
        columns = [f"k{n}" for n in range(len(record_type.key))]
        match = " AND ".join(f"{c} = ?" for c in columns)
        found = self._texts.rows_of_each(
            f"SELECT {', '.join(columns)}, id FROM {self._sql[record_type.no].identity}"
            f" WHERE {match}",
            keys,
        )
        return {row[:-1]: row[-1].hex() for row in found}

    def keys_of(self, record_type: RecordType, ids: Sequence[str]) -> dict[str, Key]:
        columns = ", ".join(f"k{n}" for n in range(len(record_type.key)))
        found = self._texts.rows_of_each(
            f"SELECT id, {columns} FROM {self._sql[record_type.no].identity} WHERE id = ?",
            [(bytes.fromhex(i),) for i in ids],
        )
        return {row[0].hex(): row[1:] for row in found}

    def records_after(
        self, record_type: RecordType, after: str, limit: int, bucket: int | None = None
    ) -> dict[str, Key]:
        columns = ", ".join(f"k{n}" for n in range(len(record_type.key)))
        within = "" if bucket is None else f" AND substr(id, 16, 1) = x'{bucket:02x}'"
        found = self._texts.rows(
            f"SELECT id, {columns} FROM {self._sql[record_type.no].identity}"
            f" WHERE id > ?{within} ORDER BY id LIMIT ?",
            (bytes.fromhex(after), limit),
        )
        return {row[0].hex(): row[1:] for row in found}

    def identity_count(self, record_type: RecordType, at_most: int | None = None) -> int:
        counted = self._sql[record_type.no].identity
        if at_most is not None:
            counted = f"(SELECT 1 FROM {counted} LIMIT {at_most}) AS counted"
        return int(self.rows(f"SELECT count(*) FROM {counted}")[0][0])

    def identify(self, record_type: RecordType, pairs: Iterable[tuple[Key, str]]) -> None:
        marks = ", ".join("?" * (len(record_type.key) + 1))
        self._texts.run_each(
            f"INSERT INTO {self._sql[record_type.no].identity} VALUES ({marks})",
            [(*key, bytes.fromhex(i)) for key, i in pairs],
        )

    def forget(self, record_type: RecordType, ids: Iterable[str]) -> None:
        self.connection.executemany(
            f"DELETE FROM {self._sql[record_type.no].identity} WHERE id = ?",
            [(bytes.fromhex(i),) for i in ids],
        )

    def vanished(self, record_type: RecordType, limit: int) -> list[tuple[Key, str]]:
        columns = ", ".join(f"i.k{n}" for n in range(len(record_type.key)))
        found = self._texts.rows(
            f"SELECT {columns}, i.id FROM {self._sql[record_type.no].vanished} LIMIT ?", (limit,)
        )
        return [(row[:-1], row[-1].hex()) for row in found]

    def count_vanished(self, record_type: RecordType) -> int:
        return int(self.rows(f"SELECT count(*) FROM {self._sql[record_type.no].vanished}")[0][0])

    # --- rows ---

    def lock(self, record_type: RecordType, keys: Sequence[Key]) -> None:
        """Nothing to do: a write transaction has the whole file."""

    def read(
        self,
        record_type: RecordType,
        keys: Sequence[Key],
        only: Collection[str] | None = None,
    ) -> dict[Key, RowState]:
        sql = self._sql[record_type.no]
        match = " AND ".join(f"{column} = ?" for column in sql.key_columns)
        found = self._texts.rows_of_each(
            f"SELECT {sql.selecting(sql.field_values if only is None else only)}"
            f" FROM {sql.table} AS t WHERE {match}",
            keys,
        )
        return {state.key: state for state in row_states(record_type, found, _hex, only)}

    def key_of_cells(self, record_type: RecordType, cells: Sequence[Cell]) -> Key:
        return tuple(to_value(cell) for cell in cells)

    def rows_after(
        self, record_type: RecordType, after: Key | None, limit: int
    ) -> list[tuple[RowState, str | None]]:
        sql = self._sql[record_type.no]
        columns = ", ".join(sql.key_columns)
        where: str = ""
        values: Key = ()
        if after is not None:
            marks = ", ".join("?" * len(after))
            where, values = f"WHERE ({columns}) > ({marks})", after
        # The plus takes affinity and collation away: keys are compared as they are stored.
        match = " AND ".join(f"i.k{n} = +{column}" for n, column in enumerate(sql.key_columns))
        found = self._texts.rows(
            f"SELECT {sql.selected}, i.id FROM {sql.table} AS t"
            f" LEFT JOIN {sql.identity} AS i ON {match} {where} ORDER BY {columns} LIMIT ?",
            (*values, limit),
        )
        states = row_states(record_type, found, _hex)
        ids = (None if row[-1] is None else _hex(row[-1]) for row in found)
        return list(zip(states, ids, strict=True))

    def find(self, record_type: RecordType, column: str, value: object) -> Key | None:
        sql = self._sql[record_type.no]
        found = self._texts.rows(
            f"SELECT {', '.join(sql.key_columns)} FROM {sql.table} AS t"
            f" WHERE t.{sql.columns[column]} = ? LIMIT 1",
            (value,),
        )
        return tuple(found[0]) if found else None

    def targets(self, record_type: RecordType, column: str, ids: Sequence[str]) -> dict[str, Cell]:
        keys = self.keys_of(record_type, ids)
        if (column,) == record_type.key:
            return {i: from_value(key[0]) for i, key in keys.items()}
        rows = self.read(record_type, list(keys.values()))
        return {i: rows[key].fields[column] for i, key in keys.items() if key in rows}

    def referring(
        self, record_type: RecordType, column: str, values: Sequence[object]
    ) -> list[Key]:
        sql = self._sql[record_type.no]
        marks = ", ".join("?" * len(values))
        collation = self._collation_of_target(record_type, column)
        found = self.connection.execute(
            f"SELECT {', '.join(sql.key_columns)} FROM {sql.table} AS t"
            f" WHERE t.{sql.columns[column]}{collation} IN ({marks})",
            values,
        )
        return [tuple(row) for row in found]

    def _collation_of_target(self, record_type: RecordType, column: str) -> str:
        """A foreign key compares as the column does to which it refers."""
        reference = record_type.field(column).reference
        target = next(
            (t for t in self.types.values() if reference and t.name == reference.type), None
        )
        if reference is None or target is None:
            return ""
        found = self.rows(
            "SELECT x.coll FROM pragma_index_list($1) AS l, pragma_index_xinfo(l.name) AS x"
            " WHERE l.\"unique\" AND x.key AND x.name = $2 AND x.coll <> 'BINARY' LIMIT 1",
            target.table,
            target.field(reference.column).column,
        )
        return f" COLLATE {sqlite_name(found[0][0])}" if found else ""

    def insert(
        self, record_type: RecordType, fields: Mapping[str, Cell], *, keep_key: bool = False
    ) -> Key:
        sql = self._sql[record_type.no]
        columns = ", ".join(sql.columns[name] for name in fields)
        marks = ", ".join("?" * len(fields))
        body = f"({columns}) VALUES ({marks})" if fields else "DEFAULT VALUES"
        rows = self._written(f"INSERT INTO {sql.table} {body}", record_type, fields, ())
        if not rows:
            raise RowRefused(IGNORED)
        return rows[0]

    def update(self, record_type: RecordType, key: Key, fields: Mapping[str, Cell]) -> Key:
        sql = self._sql[record_type.no]
        sets = ", ".join(f"{sql.columns[name]} = ?" for name in fields)
        update = f"UPDATE {sql.table} SET {sets}"
        where = self._where(record_type)
        rows = self._written(f"{update} WHERE {where}", record_type, fields, key)
        if not rows:
            raise RowGone(type=record_type.name)
        return rows[0]

    def update_each(
        self, record_type: RecordType, updates: Sequence[tuple[Key, Mapping[str, Cell]]]
    ) -> list[Key | None]:
        done: list[Key | None] = []
        for key, fields in updates:
            try:
                done.append(self.update(record_type, key, fields))
            except RowGone:
                done.append(None)
        return done

    def _written(
        self, statement: str, record_type: RecordType, fields: Mapping[str, Cell], key: Key
    ) -> list[Key]:
        """Writes, and gives the keys of the rows written."""
        columns = self._sql[record_type.no].columns
        keys = returning([columns[name] for name in record_type.key])
        values = [*(to_value(cell) for cell in fields.values()), *key]
        found = self.connection.execute(*bindable(f"{statement} RETURNING {keys}", values))
        return [self._texts.returned(row) for row in found.fetchall()]

    def delete(self, record_type: RecordType, key: Key) -> None:
        delete = f"DELETE FROM {self._sql[record_type.no].table} WHERE {self._where(record_type)}"
        self.connection.execute(*bindable(delete, key))
        if not self.connection.changes():
            raise RowGone(type=record_type.name)

    def count(self, record_type: RecordType) -> int:
        return int(self.rows(f"SELECT count(*) FROM {self._sql[record_type.no].table}")[0][0])

    def _where(self, record_type: RecordType) -> str:
        columns = self._sql[record_type.no].columns
        return " AND ".join(f"{columns[name]} = ?" for name in record_type.key)


def _padded(key: Key | None, width: int) -> Key:
    given = key or ()
    return given + (None,) * (width - len(given))


def _hex(record_id: object) -> str:
    assert isinstance(record_id, bytes)
    return record_id.hex()
