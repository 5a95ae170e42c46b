"""The triggers that write the journal in a SQLite file: operators and CAST only, no function.

Other programs replace SQLite's functions or lack some; their saves must not
fail. What these triggers cannot see is listed by `blind_spots`.

SQLite reads every trigger again at each ALTER TABLE, and refuses to drop a
column that one of them names. So a column is named where a name that is not
found there is looked for further out, and stands as NULL (`_tolerant`): the
program's upgrade goes through, and the triggers go on for the other columns.
RENAME COLUMN rewrites the name where it is used, not the one further out: a
trigger is `widened` by the new names before such a column can be dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from samsyn.companydb.bookkeeping import MASK_BITS, book_name, full_masks, mask_count
from samsyn.companydb.conditions import Condition, condition_of
from samsyn.companydb.quoting import sqlite_name
from samsyn.companydb.rows import DELETED, INSERTED, REPLACING, UPDATED
from samsyn.companydb.schema import Table, UniqueKey
from samsyn.core.catalog import Field, RecordType

ROW_NUMBERS = ("rowid", "oid", "_rowid_")
"""Other names under which a statement can set the row number."""
SEEN = f"(SELECT seen FROM {book_name('sqlite', 'cursor')})"
NEWEST = f"(SELECT id FROM {book_name('sqlite', 'journal')} ORDER BY id DESC LIMIT 1)"
ROOM = f"(SELECT room FROM {book_name('sqlite', 'cursor')})"
OTHER = '"samsyn_row"'
"""The alias of a row that is already there."""
NOTHING = "(SELECT NULL AS "
"""How a row of NULLs begins, in which a column is looked for that is not in its table any more."""


class CaptureObject(msgspec.Struct, frozen=True):
    """One object in the company database that is part of capture."""

    name: str
    create: str
    drop: str


def capture(record_type: RecordType, table: Table) -> tuple[CaptureObject, ...]:
    """All triggers for one record type."""
    loose = _loose(table, record_type.key_columns)
    full, change = _full(record_type), _any_change(record_type, loose)
    insert, update, delete = (
        [full, told(record_type, loose)] for told in (_inserted, _updated, _deleted)
    )
    return (
        _trigger(record_type, "insert", "AFTER INSERT", None, insert),
        _trigger(record_type, "update", "AFTER UPDATE", change, update),
        _trigger(record_type, "delete", "AFTER DELETE", None, delete),
        *_replacing(record_type, table),
    )


def blind_spots(table: Table) -> tuple[str, ...]:
    """The unique indexes through which a REPLACE may push out a row unseen."""
    return tuple(key.name for key in table.keys if not _can_watch(table, key))


def widened(create: str, columns: Iterable[str]) -> str:
    """A trigger that goes on without any of these columns too, whatever they were called before."""
    names = [f"NULL AS {sqlite_name(column)}" for column in columns]
    missing = [n for n in names if f"{n}," not in create and f"{n})" not in create]
    return create.replace(NOTHING, f"(SELECT {', '.join([*missing, 'NULL AS '])}")


def _trigger(
    record_type: RecordType, what: str, event: str, when: str | None, body: Iterable[str]
) -> CaptureObject:
    name = sqlite_name(f"samsyn_{record_type.no}_{what}")
    condition = f" WHEN {when}" if when else ""
    statements = " ".join(f"{statement};" for statement in body)
    create = (
        f"CREATE TRIGGER {name} {event} ON {sqlite_name(record_type.table)}"
        f" FOR EACH ROW{condition} BEGIN {statements} END"
    )
    return CaptureObject(
        f"samsyn_{record_type.no}_{what}", create, f"DROP TRIGGER IF EXISTS {name}"
    )


def _loose(table: Table, columns: Iterable[str]) -> tuple[str, ...]:
    """Those of the columns that can be dropped: no key that the table was made with needs them."""
    made_with = [k for k in table.keys if k.primary or k.name.startswith("sqlite_autoindex_")]
    fixed = {column for key in made_with for column in key.columns}
    return tuple(column for column in dict.fromkeys(columns) if column not in fixed)


def _inserted(record_type: RecordType, loose: Sequence[str]) -> str:
    masks = [str(mask) for mask in full_masks(len(record_type.fields))]
    return _journal(record_type, INSERTED, masks, loose, new="NEW")


def _updated(record_type: RecordType, loose: Sequence[str]) -> str:
    masks = [
        _tolerant(record_type, mask, "OLD", loose) for mask in changed_masks(record_type, "OLD")
    ]
    return _journal(record_type, UPDATED, masks, loose, old="OLD", new="NEW")


def _deleted(record_type: RecordType, loose: Sequence[str]) -> str:
    masks = ["0"] * mask_count(len(record_type.fields))
    return _journal(record_type, DELETED, masks, loose, old="OLD")


def _full(record_type: RecordType) -> str:
    """Where the journal has no more room, the type is marked, once: then nothing grows."""
    return (
        f"INSERT INTO {book_name('sqlite', 'overflow')}(tab, seen) SELECT {record_type.no}, {SEEN}"
        f" WHERE ({NEWEST} >= {ROOM}) IS 1 AND {_unmarked(record_type)}"
    )


def _unmarked(record_type: RecordType) -> str:
    overflow = book_name("sqlite", "overflow")
    return f"NOT EXISTS (SELECT 1 FROM {overflow} WHERE tab = {record_type.no})"


def _journal(
    record_type: RecordType,
    operation: int,
    masks: Sequence[str],
    loose: Sequence[str],
    *,
    old: str | None = None,
    new: str | None = None,
) -> str:
    """A row of the journal; none where a key column has been dropped, since nobody could read it."""
    rows = [row for row in (old, new) if row is not None]
    keys = [[f"{row}.{sqlite_name(c)}" for c in record_type.key_columns] for row in rows]
    source = " WHERE "
    if loose:
        keys = [[f"(SELECT {column})" for column in key] for key in keys]
        there = [f"{column} IS NOT NULL" for key in keys for column in key]
        source = f" FROM {_nothing(loose, rows)} WHERE {_balanced(there, 'AND')} AND "
    sides = [side for row, side in ((old, "o"), (new, "n")) if row is not None]
    return _row(record_type, operation, masks, dict(zip(sides, keys, strict=True)), source)


def _row(
    record_type: RecordType,
    operation: int,
    masks: Sequence[str],
    keys: Mapping[str, Sequence[str]],
    source: str,
) -> str:
    columns = ["tab", "op", "seen", *(f"m{place}" for place in range(len(masks)))]
    values = [str(record_type.no), str(operation), SEEN, *masks]
    for side, key in keys.items():
        columns += [f"{side}{place}" for place in range(len(key))]
        values += key
    return (
        f"INSERT INTO {book_name('sqlite', 'journal')}({', '.join(columns)})"
        f" SELECT {', '.join(values)}{source}{_unmarked(record_type)}"
    )


def changed_masks(record_type: RecordType, before: str) -> list[str]:
    """One expression for each mask: the fields in which row `before` differs from NEW.

    A computed field is never looked at, since that would call its functions:
    it counts as changed whenever anything is.
    """
    masks = []
    for start in range(0, max(len(record_type.fields), 1), MASK_BITS):
        bits = [
            f"({_differs(field, before)} << {bit})" if bit else _differs(field, before)
            for bit, field in enumerate(record_type.fields[start : start + MASK_BITS])
        ]
        masks.append(_balanced(bits or ["0"], "|"))
    return masks


def _any_change(record_type: RecordType, loose: Sequence[str]) -> str:
    terms = [_differs(field, "OLD") for field in record_type.fields if not field.generated]
    return _tolerant(record_type, _balanced(terms, "OR"), "OLD", loose)


def _tolerant(
    record_type: RecordType, expression: str, before: str, loose: Sequence[str], source: str = ""
) -> str:
    """The expression, in which a column of NEW and `before` that has been dropped is NULL.

    `loose` are the key columns that can be. `source` is the FROM and WHERE of
    the row `before` where that is another than OLD.
    """
    fields = [f for f in record_type.fields if not (f.generated or f.name in record_type.key)]
    names = [*(field.column for field in fields), *loose]
    if not names:
        return f"(SELECT {expression}{source})" if source else expression
    inner = f"(SELECT {expression}){source}" if source else expression
    return _without(names, ("NEW", before), inner)


def _without(columns: Iterable[str], rows: Iterable[str], expression: str) -> str:
    """The expression, in which these columns of these rows are NULL where they have been dropped.

    A name that the innermost query does not know is looked for in the query around it.
    """
    return f"(SELECT (SELECT {expression}) FROM {_nothing(columns, rows)})"


def _nothing(columns: Iterable[str], rows: Iterable[str]) -> str:
    names = ", NULL AS ".join(sqlite_name(column) for column in columns)
    return ", ".join(f"{NOTHING}{names}) AS {row}" for row in rows)


def _differs(field: Field, before: str) -> str:
    if field.generated:
        return "1"
    column = sqlite_name(field.column)
    old, new = f"{before}.{column}", f"NEW.{column}"
    unequal = f"({old} IS NOT {new} COLLATE BINARY)"
    if field.storage != "BLOB":
        return unequal
    # Without affinity 1 and 1.0 are different values that compare as equal.
    return f"({unequal} OR (({old} < '' AND CAST({old} AS TEXT) IS NOT CAST({new} AS TEXT)) IS 1))"


def _balanced(terms: Sequence[str], operator: str) -> str:
    """The terms joined as a tree: SQLite bounds the depth of an expression, not its width."""
    if len(terms) == 1:
        return terms[0]
    middle = len(terms) // 2
    left, right = _balanced(terms[:middle], operator), _balanced(terms[middle:], operator)
    return f"({left} {operator} {right})"


def _replacing(record_type: RecordType, table: Table) -> tuple[CaptureObject, ...]:
    """What REPLACE is about to push out: it fires no delete trigger."""
    watched = [(place, key) for place, key in enumerate(table.keys) if _can_watch(table, key)]
    if not watched:
        return ()
    numbers = [key for _, key in watched if key.columns == (table.rowid_alias,)]
    others = [key for _, key in watched if key not in numbers]
    made = [_before_update(record_type, table, place, key) for place, key in watched]
    for what, keys in (("number", numbers), ("replace", others)):
        if keys:
            body = [_pushed_by_insert(record_type, table, key) for key in keys]
            # A row number that SQLite will give is -1 before the insert: nothing to look up then.
            when = f"NEW.{sqlite_name(keys[0].columns[0])} <> -1" if keys is numbers else None
            made.append(_trigger(record_type, what, "BEFORE INSERT", when, body))
    return tuple(made)


def _can_watch(table: Table, key: UniqueKey) -> bool:
    if key.has_expression:
        return False
    return not key.partial or _condition(table, key, "NEW") is not None


def _condition(table: Table, key: UniqueKey, row: str) -> Condition | None:
    if key.condition is None:
        return None
    return condition_of(key.condition, [column.name for column in table.columns], row)


def _pushed_by_insert(record_type: RecordType, table: Table, key: UniqueKey) -> str:
    where = _same_values(table, key)
    loose = _loose_of(record_type, table, key)
    same_key = _balanced(
        [
            f"({OTHER}.{sqlite_name(column)} IS NEW.{sqlite_name(column)} COLLATE BINARY)"
            for column in record_type.key_columns
        ],
        "AND",
    )
    full = full_masks(len(record_type.fields))
    row = _other_row(record_type, where)
    same_row = f"(SELECT {same_key}{row})" if loose else same_key
    keys = _loose(table, record_type.key_columns)
    masks = [
        f"CASE WHEN {same_row} THEN {_tolerant(record_type, mask, OTHER, keys, row)}"
        f" ELSE {all_of_them} END"
        for mask, all_of_them in zip(changed_masks(record_type, OTHER), full, strict=True)
    ]
    return _pushed(record_type, masks, loose, where)


def _before_update(
    record_type: RecordType, table: Table, place: int, key: UniqueKey
) -> CaptureObject:
    columns = _columns_of(table, key)
    loose = _loose_of(record_type, table, key)
    moved = _balanced(
        [
            f"(OLD.{sqlite_name(column)} IS NOT NEW.{sqlite_name(column)} COLLATE BINARY)"
            for column in columns
        ],
        "OR",
    )
    another = _balanced(
        [
            f"({OTHER}.{sqlite_name(column)} IS NOT OLD.{sqlite_name(column)} COLLATE BINARY)"
            for column in record_type.key_columns
        ],
        "OR",
    )
    masks = [str(mask) for mask in full_masks(len(record_type.fields))]
    body = _pushed(record_type, masks, loose, [*_same_values(table, key), another])
    named = [sqlite_name(column) for column in columns]
    if table.rowid_alias in key.columns:
        named += ROW_NUMBERS
    # A computed column changes without being named.
    computed = any(table.column(column).generated for column in columns)
    event = "BEFORE UPDATE" if computed else f"BEFORE UPDATE OF {', '.join(named)}"
    when = _without(loose, ("NEW", "OLD"), moved) if loose else moved
    return _trigger(record_type, f"replace_{place}", event, when, [body])


def _columns_of(table: Table, key: UniqueKey) -> tuple[str, ...]:
    condition = _condition(table, key, "NEW")
    return tuple(dict.fromkeys((*key.columns, *(condition.columns if condition else ()))))


def _loose_of(record_type: RecordType, table: Table, key: UniqueKey) -> tuple[str, ...]:
    """The columns by which a row is pushed out, or known, that can be dropped with the key's index."""
    return _loose(table, (*_columns_of(table, key), *record_type.key_columns))


def _same_values(table: Table, key: UniqueKey) -> list[str]:
    same = [
        f"{OTHER}.{sqlite_name(part.column)} = NEW.{sqlite_name(part.column)}"
        f" COLLATE {sqlite_name(part.collation or 'BINARY')}"
        for part in key.parts
        if part.column is not None
    ]
    both = [_condition(table, key, row) for row in ("NEW", OTHER)]
    return same + [f"({condition.text})" for condition in both if condition is not None]


def _pushed(
    record_type: RecordType, masks: Sequence[str], loose: Sequence[str], where: Sequence[str]
) -> str:
    """The row that has the same values under a unique key: there is one at most."""
    row = _other_row(record_type, where)
    key = [f"{OTHER}.{sqlite_name(column)}" for column in record_type.key_columns]
    source = f"{row} AND "
    if loose:
        key = [f"(SELECT {column}{row})" for column in key]
        nothing = _nothing(loose, ("NEW", "OLD", OTHER))
        source = f" FROM {nothing} WHERE EXISTS (SELECT 1{row}) AND "
    return _row(record_type, REPLACING, masks, {"o": key}, source)


def _other_row(record_type: RecordType, where: Sequence[str]) -> str:
    return f" FROM {sqlite_name(record_type.table)} AS {OTHER} WHERE {' AND '.join(where)}"
