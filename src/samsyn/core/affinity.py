"""What an SQLite column keeps of a value: the cell after the column's affinity has been applied.

Rules: https://sqlite.org/datatype3.html, sections 3 and 4.2.
"""

from __future__ import annotations

import math
import re

from samsyn.core.cells import Cell, from_bytes, from_float, from_text

_NUMBER = re.compile(
    r"[ \t\n\v\f\r]*[+-]?(?:\d+(\.\d*)?|(\.\d+))([eE][+-]?\d+)?[ \t\n\v\f\r]*", re.ASCII
)
INTEGER_LIMIT = 2**63

Plain = None | int | float | str | bytes


def of_declared(declared: str) -> str:
    """The affinity of a declared type: SQLite's own five rules, in its order."""
    upper = declared.upper()
    if "INT" in upper:
        return "INTEGER"
    if any(word in upper for word in ("CHAR", "CLOB", "TEXT")):
        return "TEXT"
    if "BLOB" in upper or not upper:
        return "BLOB"
    if any(word in upper for word in ("REAL", "FLOA", "DOUB")):
        return "REAL"
    return "NUMERIC"


def kept(value: Plain, affinity: str) -> Cell:
    """The cell that a column of the affinity (TEXT, NUMERIC, INTEGER, REAL, BLOB) keeps."""
    match value:
        case None:
            return None
        case bytes():
            return from_bytes(value)
        case str():
            return _kept_text(value, affinity)
        case int() | float():
            return _kept_number(value, affinity)


def _kept_text(value: str, affinity: str) -> Cell:
    if affinity in ("TEXT", "BLOB"):
        return from_text(value)
    number = number_in(value)
    return from_text(value) if number is None else _kept_number(number, affinity)


def _kept_number(value: int | float, affinity: str) -> Cell:
    match affinity:
        case "TEXT":
            return str(value)
        case "REAL":
            real = float(value)
            return from_float(real + 0.0 if real else 0.0)  # -0.0 is kept as the integer 0
        case "NUMERIC" | "INTEGER":
            return _as_integer(value)
    return int(value) if isinstance(value, int) else from_float(value)


def _as_integer(value: int | float) -> Cell:
    """An integer where one says the same; the outermost 64-bit ones stay reals."""
    if isinstance(value, int):
        return int(value)
    if math.isfinite(value) and abs(value) < INTEGER_LIMIT and value == int(value):
        return int(value)
    return from_float(value)


def number_in(text: str) -> int | float | None:
    """The number that SQLite reads in a text, if the whole text is one."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    if not any(found.groups()) and len(text) < 40 and abs(int(text)) < INTEGER_LIMIT:
        return int(text)
    return float(text)
