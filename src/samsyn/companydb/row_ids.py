"""A row's address as one word: its record type and its key, for the office's own pages.

`contacts.10001`, `order-lines.10001.3`. It holds ASCII letters, digits, `-`,
`_`, `~` and dots between the parts, so it stands in a URL as it is. Why not
record ids: docs/decisions/0029-office-addresses-rows-by-key.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from samsyn.companydb.rows import Key
from samsyn.companydb.urls import Engine
from samsyn.core.cells import RawText

_PLAIN = re.compile(r"[A-Za-z0-9_-]*")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_ESCAPED = re.compile(r"(?:~[0-9A-F]{2})+")
MAX_LENGTH = 2_000


def row_id(engine: Engine, type_name: str, key: Key) -> str:
    """The address of a row. On PostgreSQL keys are texts, which need no marks of their kinds."""
    parts = map(_escaped, map(str, key)) if engine == "postgresql" else map(_part, key)
    return ".".join((_escaped(type_name), *parts))


def read_row_id(engine: Engine, text: str) -> tuple[str, Key] | None:
    """Record type and key of an address; None for what is none."""
    first, *rest = text[: MAX_LENGTH + 1].split(".")
    if not rest or len(text) > MAX_LENGTH:
        return None
    try:
        key = [_unescaped(p) if engine == "postgresql" else _value(p) for p in rest]
        return _unescaped(first), tuple(key)
    except ValueError:
        return None


def packed(parts: Iterable[object]) -> str:
    """Any stored values as one word."""
    return ".".join(map(_part, parts))


def unpacked(text: str) -> tuple[object, ...]:
    """The values of `packed`; ValueError for what it has not made."""
    return tuple(map(_value, text.split(".")))


def _part(value: object) -> str:
    match value:
        case None:
            return "~n"
        case bool() | int():
            return str(int(value))
        case float():
            return f"~f{value.hex().replace('.', '_').replace('+', '')}"
        case RawText():
            return f"~r{value.hex()}"
        case bytes():
            return f"~b{value.hex()}"
        case str():
            marked = _WHOLE.fullmatch(value) or not value
            return f"~t{value}" if marked else _escaped(value)
    raise TypeError(f"no key holds a {type(value).__name__}")


def _value(part: str) -> object:
    match part[:2]:
        case "~n":
            return None
        case "~f":
            return float.fromhex(part[2:].replace("_", "."))
        case "~r":
            return RawText(bytes.fromhex(part[2:]))
        case "~b":
            return bytes.fromhex(part[2:])
        case "~t":
            return part[2:]
    return int(part) if _WHOLE.fullmatch(part) else _unescaped(part)


def _escaped(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    return "".join(
        c if _PLAIN.fullmatch(c) else "".join(f"~{b:02X}" for b in c.encode()) for c in text
    )


def _unescaped(part: str) -> str:
    """UnicodeDecodeError is a ValueError."""
    plain = _ESCAPED.sub(lambda m: bytes.fromhex(m[0].replace("~", "")).decode(), part)
    if "~" in _ESCAPED.sub("", part):
        raise ValueError(part)
    return plain
