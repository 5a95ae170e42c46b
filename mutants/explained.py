"""The list of faults that survive, each with its reason: mutants/explained.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

LIST = Path(__file__).with_name("explained.toml")


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Faults of a module that no test can notice, or need not, for one reason."""

    module: str
    why: str
    mutants: tuple[str, ...]


def entries() -> list[Entry]:
    """The whole list."""
    return msgspec.convert(tomllib.loads(LIST.read_text()).get("survivor", []), list[Entry])


def explained(module: str) -> dict[str, str]:
    """The faults of a module that may survive, by name, each with its reason."""
    return {name: one.why for one in entries() if one.module == module for name in one.mutants}
