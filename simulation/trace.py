"""The course of a history in plain words, and its hash: the same seed gives the same one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable


class Trace:
    """Takes a line for each thing that happens."""

    def __init__(self, say: Callable[[str], None] | None = None) -> None:
        self._say = say
        self._hash = hashlib.blake2b(digest_size=16)
        self.depth = 0
        self.lines = 0

    def __call__(self, line: str) -> None:
        self.lines += 1
        self._hash.update(line.encode() + b"\n")
        if self._say is not None:
            self._say(f"{self.lines:4} {'  ' * self.depth}{line}")

    @property
    def hash(self) -> str:
        """Of all lines so far."""
        return self._hash.hexdigest()
