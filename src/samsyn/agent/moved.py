"""What a sync has moved, counted."""

from __future__ import annotations

import msgspec


class Moved(msgspec.Struct):
    """What a sync moved: elements up and down, refused, conflicts."""

    up: int = 0
    down: int = 0
    refused: int = 0
    conflicts: int = 0

    def __bool__(self) -> bool:
        return bool(self.up or self.down or self.refused or self.conflicts)

    def add(self, other: Moved) -> None:
        """Adds another step's."""
        self.up += other.up
        self.down += other.down
        self.refused += other.refused
        self.conflicts += other.conflicts
