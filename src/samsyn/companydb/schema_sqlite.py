"""Reads the schema of a SQLite file, from the engine's own answers wherever it has one."""

from __future__ import annotations

import re

import apsw
import msgspec

from samsyn.companydb.conditions import index_condition
from samsyn.companydb.opening import Row, SqliteSession
from samsyn.companydb.quoting import sqlite_name
from samsyn.companydb.schema import (
    Check,
    Column,
    ForeignKey,
    Given,
    KeyPart,
    Schema,
    Table,
    TableKind,
    Trigger,
    UniqueKey,
    View,
)
from samsyn.companydb.sqlite_sql import check_expressions
from samsyn.core.affinity import of_declared

OURS = "samsyn_"
SHADOW_KINDS = {"virtual": TableKind.VIRTUAL, "shadow": TableKind.SHADOW}


def read_schema(session: SqliteSession) -> Schema:
    """All tables and views of the file, ours left out, in the order of their making."""
    texts = _texts(session)
    shadowed = tuple(
        name for (kind, name), sql in texts.items() if kind == "table" and _is_virtual(sql)
    )
    tables = []
    views = []
    listed = {row[1]: row for row in session.rows("PRAGMA main.table_list")}
    for (kind, name), sql in texts.items():
        if name.lower().startswith(OURS):
            continue
        if kind == "view":
            views.append(View(name))
        elif kind == "table":
            _schema, _name, listed_kind, _columns, without_rowid, strict = listed[name]
            tables.append(
                _table(
                    session,
                    Table(
                        name=name,
                        columns=(),
                        kind=_kind(name, listed_kind, shadowed),
                        without_rowid=bool(without_rowid),
                        strict=bool(strict),
                        checks=tuple(Check(text) for text in check_expressions(sql)),
                        triggers=_triggers(session, name),
                    ),
                    sql,
                )
            )
    return Schema("sqlite", tuple(tables), tuple(views))


def sizes(declared: str) -> tuple[int | None, int | None]:
    """The one or two numbers in the brackets of a declared type."""
    found = re.search(r"\(\s*(\d{1,9})\s*(?:,\s*(\d{1,9})\s*)?\)", declared)
    if found is None:
        return None, None
    first, second = found.groups()
    return int(first), int(second) if second is not None else None


def _texts(session: SqliteSession) -> dict[tuple[str, str], str]:
    rows = session.rows(
        "SELECT type, name, sql FROM main.sqlite_master"
        " WHERE type IN ('table', 'view') ORDER BY rowid"
    )
    return {(kind, name): sql or "" for kind, name, sql in rows}


def _is_virtual(sql: str) -> bool:
    return sql[:40].upper().startswith("CREATE VIRTUAL")


def _kind(name: str, listed: str, virtual_tables: tuple[str, ...]) -> TableKind:
    if name.lower().startswith("sqlite_"):
        return TableKind.SYSTEM
    if listed in SHADOW_KINDS:
        return SHADOW_KINDS[listed]
    # Where the module of a virtual table is not here, SQLite cannot name its shadows.
    if any(name.startswith(f"{virtual}_") for virtual in virtual_tables):
        return TableKind.SHADOW
    return TableKind.PLAIN


def _triggers(session: SqliteSession, table: str) -> tuple[Trigger, ...]:
    rows = session.rows(
        "SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger' AND tbl_name = $1"
        " ORDER BY rowid",
        table,
    )
    return tuple(Trigger(name, sql) for name, sql in rows if not name.lower().startswith(OURS))


def _table(session: SqliteSession, table: Table, sql: str) -> Table:
    try:
        infos = session.rows(f"PRAGMA main.table_xinfo({sqlite_name(table.name)})")
        collations = _collations(session, table, [str(info[1]) for info in infos])
        columns = tuple(_column(table, info, collations) for info in infos)
        keys = _keys(session, table, infos, collations)
        foreign_keys = _foreign_keys(session, table.name)
    except apsw.SQLError as trouble:
        # A virtual table whose module is not here, above all.
        return msgspec.structs.replace(table, unreadable=str(trouble))
    alias = _rowid_alias(table, infos, keys)
    if alias is not None:
        columns = tuple(_given(column, alias) for column in columns)
    return msgspec.structs.replace(
        table, columns=columns, keys=keys, foreign_keys=foreign_keys, rowid_alias=alias
    )


def _collations(session: SqliteSession, table: Table, columns: list[str]) -> dict[str, str]:
    if table.kind is TableKind.VIRTUAL:
        return {}
    return {
        column: session.connection.column_metadata("main", table.name, column)[1]
        for column in columns
    }


def _column(table: Table, info: Row, collations: dict[str, str]) -> Column:
    _cid, name, declared, not_null, default, key_place, hidden = info
    declared = str(declared or "")
    size, scale = sizes(declared)
    kind = of_declared(declared)
    if table.strict and declared.upper() == "ANY":
        kind = "BLOB"
    collation = collations.get(str(name), "BINARY")
    return Column(
        name=str(name),
        declared=declared,
        storage=kind,
        not_null=bool(not_null) or bool(table.without_rowid and key_place),
        default=str(default) if default is not None else None,
        generated=hidden in (2, 3),
        collation=None if collation.upper() == "BINARY" else collation,
        max_length=size if kind == "TEXT" else None,
        precision=size if kind in ("NUMERIC", "REAL") else None,
        scale=scale if kind in ("NUMERIC", "REAL") else None,
    )


def _keys(
    session: SqliteSession,
    table: Table,
    infos: list[Row],
    collations: dict[str, str],
) -> tuple[UniqueKey, ...]:
    placed = sorted((info[5], info[1]) for info in infos if info[5])
    keys = []
    primary: UniqueKey | None = None
    for _seq, name, unique, origin, partial in session.rows(
        f"PRAGMA main.index_list({sqlite_name(table.name)})"
    ):
        if not unique:
            continue
        key = UniqueKey(
            name=name,
            parts=_key_parts(session, name),
            primary=origin == "pk",
            partial=bool(partial),
            condition=_condition(session, name) if partial else None,
        )
        if key.primary:
            primary = key
        else:
            keys.append(key)
    if primary is None and placed:
        parts = tuple(
            KeyPart(str(column), collations.get(str(column), "BINARY")) for _, column in placed
        )
        primary = UniqueKey(name="", parts=parts, primary=True)
    return (*([primary] if primary else []), *reversed(keys))


def _condition(session: SqliteSession, index: str) -> str | None:
    rows = session.rows("SELECT sql FROM main.sqlite_master WHERE name = $1", index)
    return index_condition(rows[0][0]) if rows else None


def _key_parts(session: SqliteSession, index: str) -> tuple[KeyPart, ...]:
    rows = session.rows(f"PRAGMA main.index_xinfo({sqlite_name(index)})")
    return tuple(
        KeyPart(column if cid >= 0 else None, collation)
        for _seq, cid, column, _desc, collation, is_key in rows
        if is_key
    )


def _rowid_alias(table: Table, infos: list[Row], keys: tuple[UniqueKey, ...]) -> str | None:
    """The INTEGER PRIMARY KEY; one declared DESC, or in another spelling, has an index instead."""
    if table.without_rowid or not keys or not keys[0].primary or keys[0].name:
        return None
    (name,) = keys[0].columns[:1]
    declared = {str(info[1]): str(info[2] or "") for info in infos}[name]
    return name if len(keys[0].parts) == 1 and declared.upper() == "INTEGER" else None


def _given(column: Column, alias: str) -> Column:
    if column.name != alias:
        return column
    return msgspec.structs.replace(column, given=Given.ROWID, not_null=True)


def _foreign_keys(session: SqliteSession, table: str) -> tuple[ForeignKey, ...]:
    rows = session.rows(f"PRAGMA main.foreign_key_list({sqlite_name(table)})")
    grouped: dict[int, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(row)
    found = []
    for number in sorted(grouped, reverse=True):
        parts = sorted(grouped[number], key=lambda row: row[1])
        target = _actual_table(session, str(parts[0][2]))
        to_columns = tuple(str(row[4]) for row in parts if row[4] is not None)
        found.append(
            ForeignKey(
                columns=tuple(str(row[3]) for row in parts),
                to_table=target,
                to_columns=_spelled(session, target, to_columns),
                on_update=str(parts[0][5]),
                on_delete=str(parts[0][6]),
            )
        )
    return tuple(key for key in found if len(key.to_columns) == len(key.columns))


def _actual_table(session: SqliteSession, name: str) -> str:
    rows = session.rows(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name = $1 COLLATE NOCASE",
        name,
    )
    return str(rows[0][0]) if rows else name


def _spelled(session: SqliteSession, table: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns as the table spells them; its primary key where none were named."""
    infos = session.rows(f"PRAGMA main.table_xinfo({sqlite_name(table)})")
    if not columns:
        return tuple(str(name) for _, name in sorted((i[5], i[1]) for i in infos if i[5]))
    actual = {str(info[1]).lower(): str(info[1]) for info in infos}
    return tuple(actual[column.lower()] for column in columns if column.lower() in actual)
