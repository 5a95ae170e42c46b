"""SQLite functions of our own connections: texts compared and sorted as people do.

SQLite itself knows of letters beyond ASCII neither case nor order.
"""

from __future__ import annotations

import unicodedata
from typing import Any

import apsw

_LAST = str.maketrans(
    {"å": "\ue000", "ä": "\ue001", "æ": "\ue001", "ö": "\ue002", "ø": "\ue002", "ß": "ss"}
)
"""The letters that come after z in Swedish, Finnish, Norwegian and Danish, to private code points in their order."""


def register_functions(connection: apsw.Connection) -> None:
    """Give the connection the functions; they are known to it alone."""
    # Any: apsw's types know only functions that take any number of values
    of_one: Any = order_of
    has: Any = _has
    starts: Any = _starts
    connection.create_scalar_function("samsyn_order", of_one, 1, deterministic=True)
    connection.create_scalar_function("samsyn_has", has, -1, deterministic=True)
    connection.create_scalar_function("samsyn_starts", starts, 2, deterministic=True)


def order_of(value: apsw.SQLiteValue) -> apsw.SQLiteValue:
    """What a text is sorted by; what is no text as it is."""
    if not isinstance(value, str):
        return value
    folded = value.casefold()
    if folded.isascii():
        return folded
    parted = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", folded).translate(_LAST))
    return "".join(c for c in parted if not unicodedata.combining(c))


def _has(term: apsw.SQLiteValue, *values: apsw.SQLiteValue) -> bool:
    wanted = str(term).casefold()
    return any(wanted in str(v).casefold() for v in values if isinstance(v, str | int | float))


def _starts(term: apsw.SQLiteValue, value: apsw.SQLiteValue) -> bool:
    return isinstance(value, str | int | float) and str(value).casefold().startswith(
        str(term).casefold()
    )
