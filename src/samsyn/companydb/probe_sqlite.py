"""Looks into one table of a SQLite file: can it be written here, and do its values come back?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import apsw
import msgspec

from samsyn.companydb.opening import SqliteSession
from samsyn.companydb.quoting import sqlite_name
from samsyn.companydb.schema import Column, Table
from samsyn.companydb.verdicts import LeftOut, Reason, TableFacts

SAMPLED_FIRST = 200
SAMPLED_LAST = 100
COLUMNS_AT_ONCE = 500
"""Three results each; a statement has 2,000 at most."""
SAMPLED_LENGTH = 4096
"""Longer texts and blobs are looked at up to here: their kind is known by then."""

TROUBLES = (
    ("no such collation sequence", Reason.MISSING_COLLATION),
    ("no such function", Reason.MISSING_FUNCTION),
    ("unknown function", Reason.MISSING_FUNCTION),
)


class Sampled(msgspec.Struct, frozen=True):
    """One stored value: its storage class, its content (texts as bytes), its whole length."""

    storage_class: str
    content: Any  # one of SQLite's own five
    length: int

    def as_value(self, encoding: str) -> object:
        """The value; what is no text in the database's encoding is shown as well as it can be."""
        if self.storage_class != "text" or not isinstance(self.content, bytes):
            return self.content
        return self.content.decode(encoding, errors="replace")


def look(session: SqliteSession, table: Table, key: Sequence[str]) -> TableFacts:
    """What the table shows. Never raises for what the table holds."""
    try:
        _prepare(session, table)
        [(records,)] = session.rows(f"SELECT count(*) FROM {sqlite_name(table.name)}")
        if _null_key(session, table, key):
            return TableFacts(records=records, obstacle=Reason.KEY_HOLDS_NULL)
        columns = _sample(session, table, key)
    except apsw.Error as trouble:
        return TableFacts(obstacle=_reason(str(trouble)), detail=str(trouble))
    encoding = str(session.rows("PRAGMA main.encoding")[0][0])
    codec = "utf-8" if encoding == "UTF-8" else encoding.replace("UTF-16", "utf-16-")
    sampled = max((len(values) for values in columns.values()), default=0)
    stored = {
        name: [value for value in values if value.storage_class != "null"]
        for name, values in columns.items()
    }
    return TableFacts(
        records=records,
        row_bytes=sum(v.length for values in stored.values() for v in values) // max(sampled, 1),
        sampled=sampled,
        values={
            name: tuple(value.as_value(codec) for value in values)
            for name, values in stored.items()
        },
        left_out=tuple(
            LeftOut(column.name, Reason.NOT_ROUND_TRIP, different)
            for column in table.columns
            if not column.generated
            for different in [_changed_by_storing(table, column, stored[column.name])]
            if different is not None
        ),
    )


def _prepare(session: SqliteSession, table: Table) -> None:
    """Compiles every kind of statement that sync will run; EXPLAIN runs none of them.

    This finds what a CHECK, an index, a key or one of the table's own triggers
    needs and this process does not have: functions, collations, tables.
    """
    session.run("PRAGMA foreign_keys = ON")  # as when online changes are applied
    name = sqlite_name(table.name)
    columns = [sqlite_name(column.name) for column in table.columns if not column.generated]
    sets = ", ".join(f"{column} = {column}" for column in columns)
    session.rows(f"EXPLAIN INSERT INTO {name} DEFAULT VALUES")
    session.rows(f"EXPLAIN UPDATE {name} SET {sets}")
    session.rows(f"EXPLAIN DELETE FROM {name}")


def _reason(trouble: str) -> Reason:
    for words, reason in TROUBLES:
        if words in trouble:
            return reason
    return Reason.NOT_WRITABLE


def _null_key(session: SqliteSession, table: Table, key: Sequence[str]) -> bool:
    """A primary key of SQLite may hold NULL, in any number of rows."""
    nullable = [name for name in key if not table.column(name).not_null]
    if not nullable:
        return False
    where = " OR ".join(f"{sqlite_name(name)} IS NULL" for name in nullable)
    return bool(session.rows(f"SELECT 1 FROM {sqlite_name(table.name)} WHERE {where} LIMIT 1"))


def _sample(session: SqliteSession, table: Table, key: Sequence[str]) -> dict[str, list[Sampled]]:
    """Values of the first and the last rows, by column."""
    found: dict[str, list[Sampled]] = {}
    name = sqlite_name(table.name)
    backwards = ", ".join(f"{sqlite_name(column)} DESC" for column in key)
    for start in range(0, len(table.columns), COLUMNS_AT_ONCE):
        columns = table.columns[start : start + COLUMNS_AT_ONCE]
        selected = ", ".join(_looked_at(sqlite_name(column.name)) for column in columns)
        rows = session.rows(f"SELECT {selected} FROM {name} LIMIT {SAMPLED_FIRST}")
        if len(rows) == SAMPLED_FIRST:
            rows += session.rows(
                f"SELECT {selected} FROM {name} ORDER BY {backwards} LIMIT {SAMPLED_LAST}"
            )
        for place, column in enumerate(columns):
            found[column.name] = [Sampled(*row[place * 3 : place * 3 + 3]) for row in rows]
    return found


def _looked_at(column: str) -> str:
    content = (
        f"CASE typeof({column})"
        f" WHEN 'text' THEN CAST(substr({column}, 1, {SAMPLED_LENGTH}) AS BLOB)"
        # Of an empty blob, substr makes NULL.
        f" WHEN 'blob' THEN CASE WHEN length({column}) > {SAMPLED_LENGTH}"
        f" THEN substr({column}, 1, {SAMPLED_LENGTH}) ELSE {column} END ELSE {column} END"
    )
    return f"typeof({column}), {content}, ifnull(octet_length({column}), 0)"


def _changed_by_storing(table: Table, column: Column, values: Sequence[Sampled]) -> str | None:
    """The first value that a column of this type stores as another one; None for none.

    Only a value that came in past its type is such: the column was retyped,
    or the schema edited by hand.
    """
    memory = apsw.Connection(":memory:")
    try:
        memory.execute(f"CREATE TABLE p (v {column.declared}){' STRICT' if table.strict else ''}")
        for value in values:
            bound = "CAST($1 AS TEXT)" if value.storage_class == "text" else "$1"
            memory.execute(f"INSERT INTO p VALUES ({bound})", (value.content,))
            [stored] = memory.execute(f"SELECT {_looked_at('v')} FROM p")
            if stored[0] != value.storage_class or stored[1] != value.content:
                return f"{value.storage_class} → {stored[0]}"
            memory.execute("DELETE FROM p")
    except apsw.Error as trouble:
        return str(trouble)
    finally:
        memory.close()
    return None
