"""A company database on PostgreSQL, through psycopg."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import ClassVar

import psycopg
from psycopg.types.string import TextLoader

from samsyn.companydb.attached import attached_types
from samsyn.companydb.journal_postgres import PostgresJournal
from samsyn.companydb.opening import (
    DatabaseBusy,
    DatabaseFull,
    DatabaseUnavailable,
    PostgresSession,
    opened,
)
from samsyn.companydb.refusals import postgres_refusal
from samsyn.companydb.row_sql import RowSql, cuts_nothing, key_cast, row_sql
from samsyn.companydb.rows import (
    IGNORED,
    Key,
    RowGone,
    RowRefused,
    RowState,
)
from samsyn.companydb.urls import Engine, PostgresUrl
from samsyn.companydb.values_postgres import bound, copied, hex_of, states_with_keys, transposed
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell, from_value

TOGETHER_FROM = 16
"""So many updates of the same fields are one statement."""
COPIED_FROM = 64
"""More identities than this go by COPY."""


class PostgresDb(PostgresJournal):
    """See `rows.CompanyDb`. Transactions are READ COMMITTED: rows are locked, not watched."""

    engine: ClassVar[Engine] = "postgresql"

    def __init__(self, url: PostgresUrl) -> None:
        self._opening = opened(url, writing=True)
        session = self._opening.__enter__()
        assert isinstance(session, PostgresSession)
        super().__init__(url, session.connection)
        self.connection.adapters.register_loader("uuid", TextLoader)
        # The customer's triggers run in our session: they find their tables as in any other.
        self.run("RESET search_path")
        self.types: dict[int, RecordType] = {}
        self._sql: dict[int, RowSql] = {}
        self.reload()

    def close(self) -> None:
        self._opening.__exit__(None, None, None)

    def reload(self) -> None:
        self.types = attached_types(self)
        names = {t.name: t for t in self.types.values()}
        self._sql = {t.no: row_sql("postgresql", t, names) for t in self.types.values()}
        self._masks = int(
            self.rows(
                "SELECT count(*) FROM pg_attribute WHERE attrelid = 'samsyn.journal'::regclass"
                " AND attname ~ '^m[0-9]+$' AND NOT attisdropped"
            )[0][0]
        )

    # --- transactions ---

    @contextmanager
    def transaction(self) -> Iterator[None]:
        try:
            with super().transaction():
                yield
        except psycopg.errors.DiskFull as cause:
            raise DatabaseFull(url=self.url.text) from cause
        except psycopg.errors.SerializationFailure as cause:
            raise DatabaseBusy(url=self.url.text) from cause
        except psycopg.OperationalError as cause:
            raise DatabaseUnavailable(url=self.url.text, reason=str(cause).strip()) from cause

    @contextmanager
    def unit(self) -> Iterator[None]:
        try:
            with self.connection.transaction():
                self.run("SET CONSTRAINTS ALL DEFERRED")
                yield
                self.run("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.Error as error:
            refusal = postgres_refusal(error)
            if refusal is None:
                raise
            raise RowRefused(refusal) from error

    # --- identity ---

    def ids_of(self, record_type: RecordType, keys: Sequence[Key]) -> dict[Key, str]:
        if not keys:
            return {}
        sql = self._sql[record_type.no]
        columns = ", ".join(f"q.k{n}" for n in range(len(record_type.key)))
        match = self._identity_match(record_type)
        found = self.rows(
            f"SELECT {columns}, i.id FROM {self._asked(record_type)} JOIN {sql.identity} AS i"
            f" ON {match}",
            *transposed(keys),
        )
        return {tuple(row[:-1]): hex_of(row[-1]) for row in found}

    def keys_of(self, record_type: RecordType, ids: Sequence[str]) -> dict[str, Key]:
        columns = ", ".join(f"i.k{n}::text" for n in range(len(record_type.key)))
        found = self.rows(
            f"SELECT i.id, {columns} FROM {self._sql[record_type.no].identity} AS i"
            " WHERE i.id = ANY($1::text[]::uuid[])",
            list(ids),
        )
        return {hex_of(row[0]): tuple(row[1:]) for row in found}

    def records_after(
        self, record_type: RecordType, after: str, limit: int, bucket: int | None = None
    ) -> dict[str, Key]:
        columns = ", ".join(f"i.k{n}::text" for n in range(len(record_type.key)))
        within = "" if bucket is None else f" AND right(i.id::text, 2) = '{bucket:02x}'"
        found = self.rows(
            f"SELECT i.id, {columns} FROM {self._sql[record_type.no].identity} AS i"
            f" WHERE ($1::text = '' OR i.id > nullif($1::text, '')::uuid){within}"
            " ORDER BY i.id LIMIT $2",
            after,
            limit,
        )
        return {hex_of(row[0]): tuple(row[1:]) for row in found}

    def identity_count(self, record_type: RecordType, at_most: int | None = None) -> int:
        counted = self._sql[record_type.no].identity
        if at_most is not None:
            counted = f"(SELECT 1 FROM {counted} LIMIT {at_most}) AS counted"
        return int(self.rows(f"SELECT count(*) FROM {counted}")[0][0])

    def identify(self, record_type: RecordType, pairs: Iterable[tuple[Key, str]]) -> None:
        known = list(pairs)
        if len(known) > COPIED_FROM:
            self._copy_identities(record_type, known)
        elif known:
            self._insert_identities(record_type, known)

    def _copy_identities(self, record_type: RecordType, known: Sequence[tuple[Key, str]]) -> None:
        """As texts in COPY's own form: psycopg's arrays cost more than the insert."""
        names = ", ".join([*(f"k{n}" for n in range(len(record_type.key))), "id"])
        statement = f"COPY {self._sql[record_type.no].identity} ({names}) FROM STDIN"
        with self.connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            copy.write(copied(known))

    def _insert_identities(self, record_type: RecordType, known: Sequence[tuple[Key, str]]) -> None:
        keys = transposed([key for key, _ in known])
        columns = ", ".join(f"k{n}" for n in range(len(record_type.key)))
        casts = ", ".join(f"q.k{n}::{cast}" for n, cast in enumerate(self._casts(record_type)))
        arrays = ", ".join(f"${n + 1}::text[]" for n in range(len(keys)))
        names = ", ".join([*(f"k{n}" for n in range(len(keys))), "id"])
        self.run(
            f"INSERT INTO {self._sql[record_type.no].identity} ({columns}, id)"
            f" SELECT {casts}, q.id FROM unnest({arrays}, ${len(keys) + 1}::text[]::uuid[]) AS q({names})",
            *keys,
            [i for _, i in known],
        )

    def forget(self, record_type: RecordType, ids: Iterable[str]) -> None:
        if gone := list(ids):
            self.run(
                f"DELETE FROM {self._sql[record_type.no].identity}"
                " WHERE id = ANY($1::text[]::uuid[])",
                gone,
            )

    def vanished(self, record_type: RecordType, limit: int) -> list[tuple[Key, str]]:
        columns = ", ".join(f"i.k{n}::text" for n in range(len(record_type.key)))
        found = self.rows(
            f"SELECT {columns}, i.id FROM {self._sql[record_type.no].vanished} LIMIT $1", limit
        )
        return [(tuple(row[:-1]), hex_of(row[-1])) for row in found]

    def count_vanished(self, record_type: RecordType) -> int:
        return int(self.rows(f"SELECT count(*) FROM {self._sql[record_type.no].vanished}")[0][0])

    # --- rows ---

    def lock(self, record_type: RecordType, keys: Sequence[Key]) -> None:
        if not keys:
            return
        sql = self._sql[record_type.no]
        self.run(
            f"SELECT 1 FROM {sql.table} AS t WHERE ({', '.join(sql.key_columns)}) IN"
            f" (SELECT {self._cast_keys(record_type)} FROM {self._asked(record_type)})"
            f" ORDER BY {', '.join(sql.key_columns)} FOR NO KEY UPDATE",
            *transposed(keys),
        )

    def read(
        self,
        record_type: RecordType,
        keys: Sequence[Key],
        only: Collection[str] | None = None,
    ) -> dict[Key, RowState]:
        if not keys:
            return {}
        sql = self._sql[record_type.no]
        asked = ", ".join(f"q.k{n}" for n in range(len(record_type.key)))
        match = " AND ".join(
            f"{column} = q.k{n}::{cast}"
            for n, (column, cast) in enumerate(
                zip(sql.key_columns, self._casts(record_type), strict=True)
            )
        )
        found = self.rows(
            f"SELECT {asked}, {sql.selecting(sql.field_values if only is None else only)}"
            f" FROM {self._asked(record_type)} JOIN {sql.table} AS t ON {match}",
            *transposed(keys),
        )
        return {state.key: state for state in states_with_keys(record_type, found, only)}

    def key_of_cells(self, record_type: RecordType, cells: Sequence[Cell]) -> Key:
        return tuple(bound(cell) for cell in cells)

    def rows_after(
        self, record_type: RecordType, after: Key | None, limit: int
    ) -> list[tuple[RowState, str | None]]:
        sql = self._sql[record_type.no]
        texts = ", ".join(f"{column}::text" for column in sql.key_columns)
        where, values = "", list[object]()
        if after is not None:
            marks = ", ".join(
                f"${n + 1}::text::{cast}" for n, cast in enumerate(self._casts(record_type))
            )
            where, values = f"WHERE ({', '.join(sql.key_columns)}) > ({marks})", list(after)
        found = self.rows(
            f"SELECT {texts}, {sql.selected}, i.id FROM {sql.table} AS t"
            f" LEFT JOIN {sql.identity} AS i ON {sql.key_match} {where}"
            f" ORDER BY {', '.join(sql.key_columns)} LIMIT ${len(values) + 1}",
            *values,
            limit,
        )
        states = states_with_keys(record_type, found)
        ids = (None if row[-1] is None else hex_of(row[-1]) for row in found)
        return list(zip(states, ids, strict=True))

    def find(self, record_type: RecordType, column: str, value: object) -> Key | None:
        sql = self._sql[record_type.no]
        texts = ", ".join(f"{c}::text" for c in sql.key_columns)
        cast = key_cast(record_type.field(column).storage)
        found = self.rows(
            f"SELECT {texts} FROM {sql.table} AS t"
            f" WHERE t.{sql.columns[column]} = $1::text::{cast} LIMIT 1",
            bound(from_value(value)),
        )
        return found[0] if found else None

    def targets(self, record_type: RecordType, column: str, ids: Sequence[str]) -> dict[str, Cell]:
        keys = self.keys_of(record_type, ids)
        if (column,) == record_type.key:
            return {i: str(key[0]) for i, key in keys.items()}
        rows = self.read(record_type, list(keys.values()))
        return {i: rows[key].fields[column] for i, key in keys.items() if key in rows}

    def referring(
        self, record_type: RecordType, column: str, values: Sequence[object]
    ) -> list[Key]:
        sql = self._sql[record_type.no]
        texts = ", ".join(f"{c}::text" for c in sql.key_columns)
        cast = key_cast(record_type.field(column).storage)
        return self.rows(
            f"SELECT {texts} FROM {sql.table} AS t WHERE t.{sql.columns[column]} IN"
            f" (SELECT v::{cast} FROM unnest($1::text[]) AS q(v))",
            list(values),
        )

    def insert(
        self, record_type: RecordType, fields: Mapping[str, Cell], *, keep_key: bool = False
    ) -> Key:
        sql = self._sql[record_type.no]
        columns = ", ".join(sql.columns[name] for name in fields)
        marks = ", ".join(f"${n + 1}" for n in range(len(fields)))
        given = " OVERRIDING SYSTEM VALUE" if keep_key else ""
        body = f"({columns}){given} VALUES ({marks})" if fields else "DEFAULT VALUES"
        rows = self.rows(
            f"INSERT INTO {sql.table} {body} RETURNING {self._key_texts(record_type)}",
            *(bound(cell) for cell in fields.values()),
        )
        if not rows:
            raise RowRefused(IGNORED)
        return rows[0]

    def update(self, record_type: RecordType, key: Key, fields: Mapping[str, Cell]) -> Key:
        (now,) = self.update_each(record_type, [(key, fields)])
        if now is None:
            raise RowGone(type=record_type.name)
        return now

    def update_each(
        self, record_type: RecordType, updates: Sequence[tuple[Key, Mapping[str, Cell]]]
    ) -> list[Key | None]:
        shapes = {tuple(fields) for _, fields in updates}
        keys = {key for key, _ in updates}
        if len(shapes) == 1 and len(updates) == len(keys) >= TOGETHER_FROM:
            (shape,) = shapes
            if all(cuts_nothing(record_type.field(name).storage) for name in shape):
                return self._update_together(record_type, shape, updates)
        statements = {shape: self._update(record_type, shape).encode() for shape in shapes}
        # One statement for each row, without waiting for the one before.
        with self.connection.pipeline():
            done = [
                self.connection.execute(
                    statements[tuple(fields)],
                    [*(bound(cell) for cell in fields.values()), *key],
                )
                for key, fields in updates
            ]
        return [cursor.fetchone() for cursor in done]

    def _update_together(
        self,
        record_type: RecordType,
        fields: Sequence[str],
        updates: Sequence[tuple[Key, Mapping[str, Cell]]],
    ) -> list[Key | None]:
        """One statement for all rows: values go as arrays of texts."""
        width, columns = len(record_type.key), self._sql[record_type.no].columns
        names = [*(f"k{n}" for n in range(width)), *(f"v{n}" for n in range(len(fields)))]
        arrays = ", ".join(f"${n + 1}::text[]" for n in range(len(names)))
        sets = ", ".join(
            f"{columns[name]} = q.v{n}::{key_cast(record_type.field(name).storage)}"
            for n, name in enumerate(fields)
        )
        match = " AND ".join(
            f"t.{columns[name]} = q.k{n}::{cast}"
            for n, (name, cast) in enumerate(
                zip(record_type.key, self._casts(record_type), strict=True)
            )
        )
        keys = ", ".join(f"t.{columns[name]}::text" for name in record_type.key)
        found = self.rows(
            f"UPDATE {self._sql[record_type.no].table} AS t SET {sets}"
            f" FROM unnest({arrays}) WITH ORDINALITY AS q({', '.join(names)}, place)"
            f" WHERE {match} RETURNING q.place, {keys}",
            *transposed([key for key, _ in updates]),
            *([bound(written[name]) for _, written in updates] for name in fields),
        )
        now: dict[int, Key] = {row[0]: tuple(row[1:]) for row in found}
        return [now.get(place) for place in range(1, len(updates) + 1)]

    def _update(self, record_type: RecordType, fields: Sequence[str]) -> str:
        sql = self._sql[record_type.no]
        sets = ", ".join(f"{sql.columns[f]} = ${n + 1}" for n, f in enumerate(fields))
        return (
            f"UPDATE {sql.table} AS t SET {sets}"
            f" WHERE {self._where(record_type, len(fields))}"
            f" RETURNING {self._key_texts(record_type)}"
        )

    def delete(self, record_type: RecordType, key: Key) -> None:
        found = self.rows(
            f"DELETE FROM {self._sql[record_type.no].table} AS t"
            f" WHERE {self._where(record_type, 0)} RETURNING 1",
            *key,
        )
        if not found:
            raise RowGone(type=record_type.name)

    def count(self, record_type: RecordType) -> int:
        return int(self.rows(f"SELECT count(*) FROM {self._sql[record_type.no].table}")[0][0])

    # --- parts of statements ---

    def _casts(self, record_type: RecordType) -> list[str]:
        return [key_cast(record_type.field(name).storage) for name in record_type.key]

    def _asked(self, record_type: RecordType) -> str:
        """Keys handed in as arrays of texts, one for each key column, as table q."""
        width = len(record_type.key)
        arrays = ", ".join(f"${n + 1}::text[]" for n in range(width))
        return f"unnest({arrays}) AS q({', '.join(f'k{n}' for n in range(width))})"

    def _cast_keys(self, record_type: RecordType) -> str:
        return ", ".join(f"q.k{n}::{cast}" for n, cast in enumerate(self._casts(record_type)))

    def _identity_match(self, record_type: RecordType) -> str:
        return " AND ".join(
            f"i.k{n} = q.k{n}::{cast}" for n, cast in enumerate(self._casts(record_type))
        )

    def _where(self, record_type: RecordType, values: int) -> str:
        columns = self._sql[record_type.no].columns
        return " AND ".join(
            f"t.{columns[name]} = ${values + n + 1}::text::{cast}"
            for n, (name, cast) in enumerate(
                zip(record_type.key, self._casts(record_type), strict=True)
            )
        )

    def _key_texts(self, record_type: RecordType) -> str:
        columns = self._sql[record_type.no].columns
        return ", ".join(f"{columns[name]}::text" for name in record_type.key)
