"""Rows to which foreign keys or triggers gave another key while a page was applied: where they have gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from samsyn.companydb.rows import UPDATED, JournalRow, Key

Move = tuple[int, Key, Key]
"""Of a type's number, from one key to another."""


def moved(rows: Iterable[JournalRow], known: Collection[Move]) -> dict[int, list[list[Key]]]:
    """By type, the keys that each row has had, the last of them where it is; without moves that are known.

    A row that has gone since is nowhere.
    """
    paths: dict[tuple[int, Key], list[Key]] = {}
    for row in rows:
        no, old, new = row.type_no, row.old, row.new
        if old is None or new == old or (no, old, new) in known:
            continue
        path = paths.pop((no, old), [old])
        if row.op == UPDATED and new is not None:
            paths[no, new] = [*path, new]
    found: dict[int, list[list[Key]]] = {}
    for (no, _), path in paths.items():
        found.setdefault(no, []).append(path)
    return found
