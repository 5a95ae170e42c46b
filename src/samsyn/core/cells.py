"""Cells: the canonical JSON form of a field's value, equal on both sides or not at all.

A cell is null, true, false, an integer, a float, a string, or an object with
one key that carries what JSON, or PostgreSQL's jsonb, would distort:

- `{"$b": base64}` bytes
- `{"$f": repr}` a float that jsonb would change (nan, infinities, -0.0, very
  large and very small ones)
- `{"$t": base64}` text that holds NUL or is not valid UTF-8, as its bytes
- `{"$k": cell}` the office's own key in a reference that leads nowhere
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec

Tagged: TypeAlias = dict[str, "None | bool | int | float | str | dict[str, str]"]
Cell: TypeAlias = None | bool | int | float | str | Tagged

BYTES, FLOAT, TEXT, KEY = "$b", "$f", "$t", "$k"
PLAIN_TYPES = frozenset({type(None), bool, int})
"""Types of which every value within the engines' range is its own cell."""
TEXT_OR_NONE = frozenset({str, type(None)})
PLAIN_OR_TEXT = PLAIN_TYPES | {str}


class RawText(bytes):
    """Text that cannot be a Python string, as the bytes that the database holds."""


def from_text(value: str) -> Cell:
    """The cell of a text."""
    if "\0" in value:
        return {TEXT: base64.b64encode(value.encode("utf-8", "surrogatepass")).decode()}
    return value


def from_float(value: float) -> Cell:
    """The cell of a float; `repr` is the shortest text that reads back the same."""
    size = abs(value)
    if 1e-4 <= size < 1e15 or (value == 0 and math.copysign(1, value) > 0):
        return value
    return {FLOAT: repr(value)}


def from_bytes(value: bytes) -> Cell:
    """The cell of a blob."""
    return {BYTES: base64.b64encode(value).decode()}


def from_value(value: object) -> Cell:
    """The cell of a Python value as a database driver gives it; TypeError for others."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return from_text(value)
        case float():
            return from_float(value)
        case RawText():
            return {TEXT: base64.b64encode(value).decode()}
        case bytes():
            return from_bytes(value)
    raise TypeError(f"no cell for {type(value).__name__}")


def from_values(values: Sequence[object]) -> Sequence[Cell]:
    """The cells of many values; quick where all are plain, which is the most of a table."""
    kinds = set(map(type, values))
    if kinds <= PLAIN_TYPES:
        return values  # type: ignore[return-value]  # a plain value is its own cell
    if kinds <= PLAIN_OR_TEXT:
        some = (
            filter(None, values) if kinds <= TEXT_OR_NONE else (v for v in values if type(v) is str)
        )
        if "\0" not in "".join(some):  # type: ignore[arg-type]  # texts
            return values  # type: ignore[return-value]  # and so is a text without NUL
    return [from_value(value) for value in values]


def to_value(cell: Cell) -> None | bool | int | float | str | bytes:
    """The Python value that a driver writes; a RawText for text that is no string.

    ValueError for an object that is no cell. A dangling reference gives the
    office's own key.
    """
    if not isinstance(cell, dict):
        return cell
    if len(cell) != 1:
        raise ValueError("a tagged cell has one key")
    ((tag, inner),) = cell.items()
    if tag == KEY and (inner is None or isinstance(inner, bool | int | float | str | dict)):
        return to_value(inner)  # type: ignore[arg-type]  # one level of the same alias
    if not isinstance(inner, str):
        raise ValueError("a tagged cell carries a string")
    if tag == BYTES:
        return base64.b64decode(inner, validate=True)
    if tag == FLOAT:
        return float(inner)
    if tag == TEXT:
        raw = base64.b64decode(inner, validate=True)
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return RawText(raw)
    raise ValueError(f"unknown tag {tag!r}")


def same(one: Cell, other: Cell) -> bool:
    """Equal by type and value: 1, 1.0 and true are three different cells."""
    return type(one) is type(other) and one == other


_encoder = msgspec.json.Encoder(order="deterministic")


def digest(record_id: str, fields: Mapping[str, Cell]) -> int:
    """A 64-bit digest of a record, the same on both sides for equal cells.

    Digests of a bucket are added modulo 2**64, so the order does not matter.
    """
    body = _encoder.encode(fields)
    return int.from_bytes(hashlib.blake2b(record_id.encode() + body, digest_size=8).digest())


def total(digests: Iterable[int]) -> int:
    """The digest of a bucket of records."""
    return sum(digests) % 2**64
