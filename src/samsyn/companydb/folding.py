"""SQLite functions of our own connections: texts compared and sorted as people do.

SQLite itself knows of letters beyond ASCII neither case nor order. The
functions get texts as their bytes, for those may be no valid text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import apsw

from samsyn.companydb.sqlite_text import CODECS
from samsyn.core.alphabet import order_of


def register_functions(connection: apsw.Connection) -> None:
    """Give the connection the functions; they are known to it alone."""
    [(encoding,)] = connection.execute("PRAGMA main.encoding")
    codec = CODECS[str(encoding)]

    def text(value: apsw.SQLiteValue) -> str:
        return value.decode(codec, "replace") if isinstance(value, bytes) else ""

    def order(value: apsw.SQLiteValue) -> str:
        return order_of(text(value))

    def has(term: apsw.SQLiteValue, value: apsw.SQLiteValue) -> bool:
        return str(term).casefold() in text(value).casefold()

    def starts(term: apsw.SQLiteValue, value: apsw.SQLiteValue) -> bool:
        return text(value).casefold().startswith(str(term).casefold())

    # Any: apsw's types know only functions that take any number of values
    functions: tuple[tuple[str, Any, int], ...] = (
        ("samsyn_order", order, 1),
        ("samsyn_has", has, 2),
        ("samsyn_starts", starts, 2),
    )
    for name, function, arguments in functions:
        connection.create_scalar_function(name, function, arguments, deterministic=True)


def ordered(column: str) -> str:
    """The expression that a text column is sorted by; what is no text sorts as it is.

    Most texts are ASCII, which SQLite folds itself, many times quicker: their
    bytes are as many as their letters.
    """
    return (
        f"CASE WHEN typeof({column}) <> 'text' THEN {column}"
        f" WHEN length(CAST({column} AS BLOB)) = length({column}) THEN lower({column})"
        f" ELSE samsyn_order(CAST({column} AS BLOB)) END"
    )


def joined(columns: Sequence[str]) -> str:
    """All of a row's texts as one, to be looked through at once; no term goes over a border."""
    return f"CAST(concat_ws(char(31), {', '.join(columns)}) AS BLOB)"
