"""The condition of a partial index, asked of a certain row instead of the index's own."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from samsyn.companydb.quoting import sqlite_name
from samsyn.companydb.sqlite_sql import Token, plain_name, tokens

OPERATORS = frozenset(
    "and or not is null in between true false isnull notnull case when then else end distinct from".split()
)
"""Words that need no function; LIKE and GLOB are functions that a program may replace."""


class Condition(msgspec.Struct, frozen=True):
    """What a partial index asks; `columns` are those that it depends on."""

    text: str
    columns: tuple[str, ...]


def index_condition(sql: str) -> str | None:
    """What stands behind WHERE in a CREATE INDEX."""
    depth = 0
    for _kind, text, _start, end in tokens(sql):
        depth += {"(": 1, ")": -1}.get(text, 0)
        if depth == 0 and text.upper() == "WHERE":
            return sql[end:].strip()
    return None


def condition_of(expression: str, columns: Iterable[str], row: str) -> Condition | None:
    """The expression with every column read from `row`; None where it is more than operators."""
    spelled = {column.lower(): column for column in columns}
    written: list[str] = []
    used: dict[str, None] = {}
    pieces = tokens(expression)
    for place, piece in enumerate(pieces):
        after = pieces[place + 1].text if place + 1 < len(pieces) else ""
        before = pieces[place - 1].text.upper() if place else ""
        name = plain_name(piece)
        if name is None or before == "COLLATE" or _is_operator(piece):
            written.append(piece.text)
        elif name.lower() in spelled and after not in ("(", ".") and before != ".":
            column = spelled[name.lower()]
            used[column] = None
            written.append(f"{row}.{sqlite_name(column)}")
        else:
            return None
    return Condition(" ".join(written), tuple(used))


def _is_operator(piece: Token) -> bool:
    return piece.kind == "word" and piece.text.lower() in (OPERATORS | {"collate"})
