"""What a journal claims, against what really happened to the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import apsw
import msgspec

from samsyn.companydb.bookkeeping import MASK_BITS, book_name
from samsyn.companydb.quoting import sqlite_name
from samsyn.core.catalog import Catalog, RecordType

Key: TypeAlias = tuple[Any, ...]  # whatever a key column holds
Rows: TypeAlias = dict[Key, dict[str, Any]]
JOURNAL = book_name("sqlite", "journal")


class Entry(msgspec.Struct, frozen=True):
    """One journal row; `fields` are those that its masks name."""

    op: int
    old: Key | None
    new: Key | None
    fields: frozenset[str]


def exact(value: object) -> tuple[str, str]:
    """Equal only for values of one type: 1, 1.0 and '1' are three."""
    return type(value).__name__, repr(value)


def sqlite_rows(connection: apsw.Connection, record_type: RecordType) -> Rows:
    """All rows by exact key."""
    names = [field.name for field in record_type.fields]
    columns = ", ".join(sqlite_name(name) for name in names)
    found = connection.execute(f"SELECT {columns} FROM {sqlite_name(record_type.table)}")
    rows = [dict(zip(names, map(exact, row), strict=True)) for row in found]
    return {tuple(row[name] for name in record_type.key): row for row in rows}


def sqlite_journal(connection: apsw.Connection, record_type: RecordType) -> list[Entry]:
    """The type's journal rows in order."""
    keys = len(record_type.key)
    masks = -(-len(record_type.fields) // MASK_BITS)
    columns = [
        *(f"m{place}" for place in range(masks)),
        *(f"{side}{place}" for side in "on" for place in range(keys)),
    ]
    found = connection.execute(
        f"SELECT op, {', '.join(columns)} FROM {JOURNAL} WHERE tab = ? ORDER BY id",
        (record_type.no,),
    )
    entries = []
    for op, *rest in found:
        assert isinstance(op, int)
        old = tuple(exact(value) for value in rest[masks : masks + keys])
        new = tuple(exact(value) for value in rest[masks + keys :])
        entries.append(
            Entry(
                op,
                old if op in (2, 3, 4) else None,
                new if op in (1, 2) else None,
                fields_of(record_type, [int(str(mask)) for mask in rest[:masks]]),
            )
        )
    return entries


def fields_of(record_type: RecordType, masks: Iterable[int]) -> frozenset[str]:
    """The fields that the masks name."""
    number = sum(mask << (MASK_BITS * place) for place, mask in enumerate(masks))
    return frozenset(f.name for bit, f in enumerate(record_type.fields) if number >> bit & 1)


def clear(connection: apsw.Connection) -> None:
    """Everything in the journal has been read."""
    connection.execute(f"DELETE FROM {JOURNAL}")


def unseen(record_type: RecordType, before: Rows, after: Rows, journal: list[Entry]) -> list[str]:
    """What happened to the rows and a reader of the journal would not know."""
    every = frozenset(field.name for field in record_type.fields)
    known: dict[Key, tuple[Key | None, frozenset[str]]] = {k: (k, frozenset()) for k in before}
    pushed: set[Key] = set()
    for entry in journal:
        origin, changed = known.get(entry.old or (), (None, every))
        match entry:
            case Entry(op=1, new=new) if new is not None:
                known[new] = (None, every)
            case Entry(op=2, old=old, new=new) if old is not None and new is not None:
                known.pop(old, None)
                known[new] = (origin, changed | entry.fields)
            case Entry(op=3, old=old) if old is not None:
                known.pop(old, None)
            case Entry(op=4, old=old) if old is not None:
                pushed.add(old)
                known[old] = (origin, changed | entry.fields)
    missed = [f"{key} was inserted" for key in after.keys() - known.keys()]
    for key, (origin, changed) in known.items():
        if key not in after:
            missed += [f"{key} was deleted"] * (key not in pushed)
        elif origin is not None:
            differing = {n for n in every if before[origin][n] != after[key][n]}
            missed += [f"{key}: {name} changed" for name in differing - changed]
    return missed


def watched(
    connection: apsw.Connection, catalog: Catalog, deed: Callable[[], object]
) -> dict[str, list[Entry]]:
    """The journal of a deed, by type, after checking that it misses nothing."""
    clear(connection)
    before = {t.name: sqlite_rows(connection, t) for t in catalog.types}
    deed()
    told = {t.name: sqlite_journal(connection, t) for t in catalog.types}
    for t in catalog.types:
        missed = unseen(t, before[t.name], sqlite_rows(connection, t), told[t.name])
        assert not missed, (t.name, missed, told[t.name])
    return told
