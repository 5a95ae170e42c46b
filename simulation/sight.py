"""What an onlooker sees of a company database: its rows, and Samsyn's few facts, read plainly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import apsw

from simulation.shape import Shape

Key = tuple[Any, ...]  # Any, here and below: what the program has stored
Values = tuple[Any, ...]
Rows = dict[str, dict[Key, Values]]


class Change(NamedTuple):
    """One difference between two looks: `field` is None for a row that came or went."""

    type: str
    key: Key
    field: str | None
    before: Any
    after: Any


class Books(NamedTuple):
    """Samsyn's own facts that the invariants are about."""

    cursor: int
    fence: int
    claimed: int
    held: frozenset[str]
    """The records in quarantine."""
    waiting: dict[str, int]
    """The cursor of each type that waits for a person, or has not caught up yet."""

    behind: bool
    """The last claim has left a part of the journal."""

    def cursor_of(self, type_: str) -> int:
        """How far a type has come."""
        return min(self.cursor, self.waiting.get(type_, self.cursor))


def rows_of(connection: apsw.Connection, shape: Shape) -> Rows:
    """Every row of every synced table."""
    return {
        name: {row[:width]: row for row in connection.execute(select)}
        for name, width, select in shape.selects()
    }


def changes(before: Rows, after: Rows, shape: Shape) -> Iterator[Change]:
    """What differs, table by table: rows that went, rows that came, fields that changed."""
    for name in shape.types:
        columns = shape.fields(name)
        old, new = before[name], after[name]
        if old == new:
            continue
        for key, values in old.items():
            if key not in new:
                yield Change(name, key, None, values, None)
        for key, values in new.items():
            known = old.get(key)
            if known is None:
                yield Change(name, key, None, None, values)
            elif known != values:
                for column, was, now in zip(columns, known, values, strict=True):
                    if was != now or type(was) is not type(now):
                        yield Change(name, key, column, was, now)


def identities(connection: apsw.Connection, numbers: dict[str, int]) -> dict[tuple[str, Key], str]:
    """The record id of every key that has one."""
    return {
        (name, row[:-1]): row[-1].hex()
        for name, number in numbers.items()
        for row in connection.execute(f"SELECT * FROM samsyn_id_{number}")
    }


INSERT, MOVED, DELETE = 1, 2, 3
"""What a row of the journal tells."""


def identities_now(
    connection: apsw.Connection, numbers: dict[str, int]
) -> dict[tuple[str, Key], str]:
    """The record of each row as it stands: the journal may tell that it has moved, or that another is there."""
    found = identities(connection, numbers)
    for name, number in numbers.items():
        width = len(next((key for known, key in found if known == name), ()))
        before, after = (", ".join(f"{side}{n}" for n in range(width)) for side in "on")
        journal = f"FROM samsyn_journal WHERE tab = {number} AND op IN ({INSERT}, {MOVED}, {DELETE}) ORDER BY id"
        for op, *keys in (
            connection.execute(f"SELECT op, {before}, {after} {journal}") if width else ()
        ):
            old, new = (name, tuple(keys[:width])), (name, tuple(keys[width:]))
            record = found.pop(new if op == INSERT else old, None)
            if op == MOVED and record is not None:
                found[new] = record
    return found


def books_of(connection: apsw.Connection) -> Books:
    """How far the agent is, as it is committed."""
    (cursor,) = next(iter(connection.execute("SELECT seen FROM samsyn_cursor")))
    facts = dict(
        connection.execute(
            "SELECT name, value FROM samsyn_meta"
            " WHERE name IN ('lease', 'claimed', 'behind') OR name GLOB 'held:*'"
        )
    )
    waiting = [json.loads(v) for name, v in facts.items() if v and name.startswith("held:")]
    held = connection.execute("SELECT record FROM samsyn_quarantine")
    return Books(
        int(cursor or 0),
        _number(facts, "lease", "fence"),
        _number(facts, "claimed", "number"),
        frozenset(record for (record,) in held),
        {told["type"]: told["cursor"] for told in waiting},
        "behind" in facts,
    )


def journal_rows(connection: apsw.Connection) -> int:
    """How many changes wait to be claimed; those of types that wait for a person aside."""
    found = connection.execute(
        "SELECT count(*) FROM samsyn_journal AS j WHERE NOT EXISTS"
        " (SELECT 1 FROM samsyn_meta WHERE name = 'held:' || j.tab"
        ' AND value NOT LIKE \'%"phase":"released"%\')'
    )
    return int(next(iter(found))[0])


def is_journalled(connection: apsw.Connection) -> bool:
    """Whether any change waits to be claimed."""
    return bool(next(iter(connection.execute("SELECT EXISTS (SELECT 1 FROM samsyn_journal)")))[0])


def types_with_triggers(connection: apsw.Connection) -> set[str]:
    """The tables of which somebody notes the changes."""
    found = connection.execute(
        "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'samsyn*'"
    )
    return {name for (name,) in found}


def is_looked_at(connection: apsw.Connection) -> bool:
    """Whether an agent has looked at the schema since it changed last."""
    (now,) = next(iter(connection.execute("PRAGMA schema_version")))
    found = connection.execute("SELECT value FROM samsyn_meta WHERE name = 'schema_mark'")
    return any(json.loads(value) == str(now) for (value,) in found if value)


def is_to_be_compared(connection: apsw.Connection) -> bool:
    """Whether the agent has asked itself to compare a type, which is not held."""
    asked = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM samsyn_meta AS asked WHERE name GLOB 'compare:*' AND NOT EXISTS"
        " (SELECT 1 FROM samsyn_meta WHERE name = 'held:' || substr(asked.name, 9)))"
    )
    return bool(next(iter(asked))[0])


def batches_after(connection: apsw.Connection, number: int) -> list[bytes]:
    """The bodies of the batches claimed after that one, in order."""
    found = connection.execute(
        "SELECT body FROM samsyn_outbox WHERE number > ? ORDER BY number", (number,)
    )
    return [body for (body,) in found]


def _number(facts: dict[str, str | None], name: str, field: str) -> int:
    text = facts.get(name)
    return 0 if text is None else int(json.loads(text).get(field, 0))
