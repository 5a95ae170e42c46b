"""Lists of a company database's own rows: search, filter, sort, page by page along their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import ClassVar

import apsw
import msgspec
import psycopg

from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.folding import joined, ordered, register_functions
from samsyn.companydb.opening import Row
from samsyn.companydb.postgres import PostgresDb
from samsyn.companydb.row_ids import packed, read_row_id, row_id, unpacked
from samsyn.companydb.row_sql import key_cast, native, quoted, table_name
from samsyn.companydb.rows import CompanyDb, Key
from samsyn.companydb.sqlite import SqliteDb
from samsyn.companydb.sqlite_text import TextReader
from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.core.cells import KEY, Cell, from_value
from samsyn.core.errors import SamsynError
from samsyn.core.listing import (
    MAX_CONDITIONS,
    MAX_PAGE,
    NUMBERS,
    Condition,
    Op,
    Query,
    words,
)

AT_ONCE = 500
"""Keys or values asked for by one statement."""
ORDERED = NUMBERS | {Kind.DATE, Kind.DATETIME, Kind.TIME}
"""Kinds whose stored values sort as people expect."""
UNSEARCHED = frozenset({Kind.BLOB, Kind.REFERENCE})


class BadListing(SamsynError):
    """A filter, an order or a place that cannot be read: `detail`."""

    code: ClassVar[str] = "BAD_LISTING"


class Shown(msgspec.Struct, frozen=True):
    """A row as pages show it: references are row ids, or the raw key where they lead nowhere."""

    id: str
    key: Key
    shown_key: tuple[Cell, ...]
    fields: dict[str, Cell]


class Lister:
    """Reads rows of one company database. Nothing is written, and nothing of it is kept open."""

    def __init__(self, db: CompanyDb) -> None:
        assert isinstance(db, SqliteDb | PostgresDb), "both engines are here"
        self._db = db
        self._types = {t.name: t for t in db.types.values()}
        self._texts: TextReader | None = None
        if isinstance(db, SqliteDb):
            register_functions(db.connection)
            self._texts = TextReader(db.connection)

    def page(self, record_type: RecordType, query: Query) -> tuple[list[Shown], str | None]:
        """The rows of a page, and the cursor of the next one. Raises BadListing."""
        if len(query.filter) + len(query.sort) > MAX_CONDITIONS:
            raise BadListing(detail=f"more than {MAX_CONDITIONS} conditions")
        limit = max(1, min(query.limit, MAX_PAGE))
        asked = _Asked(self._db, record_type)
        levels = [(asked.sortable(_field(record_type, o.field)), o.descending) for o in query.sort]
        where = [asked.condition(one) for one in query.filter]
        where += [asked.contains(word, _searched(record_type)) for word in words(query.search)]
        if query.cursor:
            where.append(asked.after(levels, _place(query.cursor, levels, record_type)))
        order = "".join(f"{e.column} IS NULL, {e.sql}{' DESC' if d else ''}, " for e, d in levels)
        values = "".join(f", {e.shown}" for e, _ in levels)
        found = self._rows(
            f"SELECT {self._selected(record_type)}{values} FROM {asked.table} AS t"
            + (f" WHERE {' AND '.join(f'({one})' for one in where)}" if where else "")
            + f" ORDER BY {order}{', '.join(asked.keys)} LIMIT {limit + 1}",
            asked.values,
        )
        rows = [self._shown(record_type, row) for row in found[:limit]]
        if len(found) <= limit:
            return rows, None
        tail = found[limit - 1][len(found[0]) - len(levels) :] if levels else ()
        return rows, packed((*tail, *rows[-1].key))

    def at(self, record_type: RecordType, keys: Sequence[Key]) -> dict[Key, Shown]:
        """The rows of some keys."""
        found: dict[Key, Shown] = {}
        asked = list(dict.fromkeys(key for key in keys if len(key) == len(record_type.key)))
        for start in range(0, len(asked), AT_ONCE):
            statement = _Asked(self._db, record_type)
            where = " OR ".join(
                f"({statement.same_key(k)})" for k in asked[start : start + AT_ONCE]
            )
            rows = self._rows(
                f"SELECT {self._selected(record_type)} FROM {statement.table} AS t WHERE {where}",
                statement.values,
            )
            shown = (self._shown(record_type, row) for row in rows)
            found.update((one.key, one) for one in shown)
        return found

    def keyed(self, record_type: RecordType, records: Sequence[str]) -> dict[str, Key]:
        """The keys of a type's records by their ids, many with one statement."""
        if self._db.engine == "postgresql":
            return self._db.keys_of(record_type, records)
        columns = ", ".join(f"k{n}" for n in range(len(record_type.key)))
        known = f"SELECT id, {columns} FROM {book_name('sqlite', f'id_{record_type.no}')}"
        found: dict[str, Key] = {}
        for start in range(0, len(records), AT_ONCE):
            some = [bytes.fromhex(one) for one in records[start : start + AT_ONCE]]
            rows = self._rows(f"{known} WHERE id IN ({', '.join('?' * len(some))})", some)
            found.update((row[0].hex(), tuple(row[1:])) for row in rows)
        return found

    def holding(self, record_type: RecordType, field: str, texts: Iterable[str]) -> list[Shown]:
        """The rows whose field holds one of these, as texts."""
        known, found = _field(record_type, field), []
        wanted = sorted(set(texts))
        for start in range(0, len(wanted), AT_ONCE):
            statement = _Asked(self._db, record_type)
            where = statement.among(known, wanted[start : start + AT_ONCE])
            found += self._rows(
                f"SELECT {self._selected(record_type)} FROM {statement.table} AS t WHERE {where}",
                statement.values,
            )
        return [self._shown(record_type, row) for row in found]

    def _rows(self, sql: str, values: Sequence[object]) -> list[Row]:
        try:
            if self._texts is not None:
                return self._texts.rows(sql, values)
            return self._db.rows(sql, *values)
        except (apsw.MismatchError, psycopg.DataError) as error:
            raise BadListing(detail=str(error).strip()) from error

    def _selected(self, record_type: RecordType) -> str:
        """The key that names the row, the key as people know it, then each field."""
        engine = self._db.engine
        columns: list[str] = []
        for name in (*record_type.key, *record_type.key):
            column = _column(engine, record_type.field(name))
            as_text = engine == "postgresql" and len(columns) < len(record_type.key)
            columns.append(f"{column}::text" if as_text else _read(engine, record_type.field(name)))
        for field in record_type.fields:
            columns.append(_read(engine, field))
            columns += self._target_keys(field)
        return ", ".join(columns)

    def _target_keys(self, field: Field) -> list[str]:
        """Subqueries for the key of the row that a field refers to."""
        target = self._types.get(field.reference.type) if field.reference else None
        if target is None or field.reference is None:
            return []
        engine = self._db.engine
        there = f"p.{quoted(engine, target.field(field.reference.column).column)}"
        cast = "::text" if engine == "postgresql" else ""
        return [
            f"(SELECT p.{quoted(engine, column)}{cast} FROM {table_name(engine, target)} AS p"
            f" WHERE {there} = {_column(engine, field)})"
            for column in target.key_columns
        ]

    def _shown(self, record_type: RecordType, row: Row) -> Shown:
        width, engine = len(record_type.key), self._db.engine
        key, rest = tuple(row[:width]), iter(row[2 * width :])
        fields: dict[str, Cell] = {}
        for field in record_type.fields:
            raw = next(rest)
            target = self._types.get(field.reference.type) if field.reference else None
            if target is None:
                dangles = field.reference is not None and raw is not None
                fields[field.name] = _dangling(raw) if dangles else from_value(raw)
                continue
            theirs = tuple(next(rest) for _ in target.key)
            leads = raw is not None and None not in theirs
            fields[field.name] = (
                row_id(engine, target.name, theirs) if leads else _dangling(raw)
            )  # fmt: skip
        shown_key = tuple(map(from_value, row[width : 2 * width]))
        return Shown(row_id(engine, record_type.name, key), key, shown_key, fields)


class _Sorted(msgspec.Struct, frozen=True):
    """What a list is sorted by: column and expression, the form in which a cursor holds it, and its way back."""

    column: str
    sql: str
    shown: str
    cast: str


class _Asked:
    """One statement about a type's table; values are placed in the order in which they are read."""

    def __init__(self, db: CompanyDb, record_type: RecordType) -> None:
        self._type, self._engine = record_type, db.engine
        self.table = table_name(db.engine, record_type)
        self.values: list[object] = []
        self.keys = [f"t.{quoted(db.engine, column)}" for column in record_type.key_columns]

    def sortable(self, field: Field) -> _Sorted:
        """How the list is sorted by a field."""
        column = _column(self._engine, field)
        if self._engine == "sqlite":
            sql = column if field.kind in ORDERED else ordered(column)
            return _Sorted(column, sql, sql, "")
        if field.kind in ORDERED:
            return _Sorted(column, column, f"{column}::text", f"::text::{key_cast(field.storage)}")
        folded = f"lower({column}::text)"
        return _Sorted(column, folded, folded, "::text")

    def condition(self, told: Condition) -> str:
        """A field compared with a value."""
        field = _field(self._type, told.field)
        column = _column(self._engine, field)
        match told.op:
            case Op.NULL:
                wanted = told.value in (None, True, 1, "", "true", "1")
                return f"{column} IS {'' if wanted else 'NOT '}NULL"
            case Op.CONTAINS:
                return self.contains(str(told.value or ""), [field])
            case Op.STARTS:
                return self._starts(str(told.value or ""), field)
        if told.value is None:
            raise BadListing(detail=f"{field.name} without a value")
        compared = f"{column} {_SIGNS[told.op]} {self._bound(field, told.value)}"
        return f"{compared} OR {column} IS NULL" if told.op is Op.NE else compared

    def contains(self, term: str, fields: Sequence[Field]) -> str:
        """Somewhere in one of the fields, whatever the case."""
        columns = [_text(self._engine, field) for field in fields]
        if not columns:
            return "1 = 0"
        if self._engine == "sqlite" and not term.isascii():
            return f"samsyn_has({self._add(term)}, {joined(columns)})"
        return " OR ".join(f"{column} {self._like(f'%{_escaped(term)}%')}" for column in columns)

    def _starts(self, term: str, field: Field) -> str:
        column = _text(self._engine, field)
        if self._engine == "sqlite" and not term.isascii():
            return f"samsyn_starts({self._add(term)}, CAST({column} AS BLOB))"
        return f"{column} {self._like(f'{_escaped(term)}%')}"

    def _like(self, pattern: str) -> str:
        word = "LIKE" if self._engine == "sqlite" else "ILIKE"
        return f"{word} {self._add(pattern)} ESCAPE '!'"

    def among(self, field: Field, texts: Sequence[str]) -> str:
        """The field, as a text, is one of these; a reference refers to one of these rows."""
        column = _column(self._engine, field)
        if field.reference is not None:
            found = (read_row_id(self._engine, text) for text in texts)
            keys = [key[0] for _, key in filter(None, found) if len(key) == 1]
            return self._one_of(column, keys) if keys else "1 = 0"
        return self._one_of(column, texts)

    def _one_of(self, column: str, texts: Sequence[object]) -> str:
        if self._engine == "postgresql":
            return f"{column}::text = ANY({self._add(list(texts))}::text[])"
        return f"{column} IN ({', '.join(self._add(text) for text in texts)})"

    def same_key(self, key: Key) -> str:
        """The row of that key."""
        bound = self._key(key)
        pairs = zip(self.keys, bound, strict=True)
        return " AND ".join(f"{column} = {value}" for column, value in pairs)

    def after(self, levels: Sequence[tuple[_Sorted, bool]], place: Key) -> str:
        """The rows that come after a place in the order of the list."""
        ways = []
        for depth, (level, descending) in enumerate(levels):
            if place[depth] is None:
                continue
            equal = self._equal(levels[:depth], place)
            sign = "<" if descending else ">"
            bound = self._add(place[depth])
            further = f"({level.sql} {sign} {bound}{level.cast} OR {level.column} IS NULL)"
            ways.append(" AND ".join([*equal, further]))
        equal = self._equal(levels, place)
        keys = f"({', '.join(self.keys)}) > ({', '.join(self._key(place[len(levels) :]))})"
        ways.append(" AND ".join([*equal, keys]))
        return " OR ".join(f"({way})" for way in ways)

    def _equal(self, levels: Sequence[tuple[_Sorted, bool]], place: Key) -> list[str]:
        told = []
        for (level, _), value in zip(levels, place, strict=False):
            if value is None:
                told.append(f"{level.column} IS NULL")
            else:
                told.append(f"{level.sql} = {self._add(value)}{level.cast}")
        return told

    def _key(self, key: Key) -> list[str]:
        if self._engine == "sqlite":
            return [self._add(part) for part in key]
        casts = (key_cast(self._type.field(name).storage) for name in self._type.key)
        return [f"{self._add(part)}::text::{cast}" for part, cast in zip(key, casts, strict=True)]

    def _bound(self, field: Field, value: str | float) -> str:
        if field.kind is Kind.REFERENCE:
            return self._referred(field, str(value))
        if field.kind in NUMBERS:
            value = _number(value, field.name)
        if self._engine == "sqlite":
            # The column's affinity makes a number of a text that is one.
            return self._add(str(value))
        if field.kind is Kind.BOOLEAN:
            return f"{self._add(str(value))}::text::integer::boolean"
        if field.kind in NUMBERS:
            return f"{self._add(str(value))}::text::numeric"
        return f"{self._add(str(value))}::text::{key_cast(field.storage)}"

    def _referred(self, field: Field, told: str) -> str:
        """What the field holds where it refers to a row: the other table's column."""
        found = read_row_id(self._engine, told)
        if found is None:
            raise BadListing(detail="not the id of a row")
        _, key = found
        if len(key) != 1:
            raise BadListing(detail="a reference to a key of several parts")
        (part,) = key
        cast = "" if self._engine == "sqlite" else f"::text::{key_cast(field.storage)}"
        return f"{self._add(part)}{cast}"

    def _add(self, value: object) -> str:
        self.values.append(value)
        return f"${len(self.values)}"


_SIGNS: Mapping[Op, str] = {
    Op.EQ: "=", Op.NE: "<>", Op.LT: "<", Op.LE: "<=", Op.GT: ">", Op.GE: ">="
}  # fmt: skip


def _field(record_type: RecordType, name: str) -> Field:
    try:
        return record_type.field(name)
    except KeyError as error:
        raise BadListing(detail=f"no field {name}") from error


def _searched(record_type: RecordType) -> list[Field]:
    return [field for field in record_type.fields if field.kind not in UNSEARCHED]


def _place(cursor: str, levels: Sequence[object], record_type: RecordType) -> Key:
    try:
        place = unpacked(cursor)
    except ValueError as error:
        raise BadListing(detail="not a cursor of this list") from error
    if len(place) != len(levels) + len(record_type.key):
        raise BadListing(detail="the cursor belongs to another order")
    return place


def _column(engine: str, field: Field) -> str:
    return f"t.{quoted('sqlite' if engine == 'sqlite' else 'postgresql', field.column)}"


def _read(engine: str, field: Field) -> str:
    column = _column(engine, field)
    return column if engine == "sqlite" or native(field.storage) else f"{column}::text"


def _text(engine: str, field: Field) -> str:
    column = _column(engine, field)
    return column if engine == "sqlite" else f"{column}::text"


def _escaped(term: str) -> str:
    return term.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _number(value: object, field: str) -> str:
    text = str(value).lower()
    if text in ("true", "false"):
        return str(int(text == "true"))
    try:
        exact = Decimal(text)
    except InvalidOperation as error:
        raise BadListing(detail=f"{field}: not a number") from error
    if not exact.is_finite() or len(text) > 400:
        raise BadListing(detail=f"{field}: not a number")
    return format(exact, "f")


def _dangling(raw: object) -> Cell:
    if raw is None:
        return None
    cell = from_value(raw)
    return {KEY: cell}  # type: ignore[dict-item]  # a key's cell is one level of the same alias
