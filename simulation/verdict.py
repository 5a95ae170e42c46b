"""What a history may come to: a guarantee is broken, and by which step."""

from __future__ import annotations


class Broken(AssertionError):
    """A guarantee did not hold: its number and what was seen."""

    def __init__(self, guarantee: str, seen: str) -> None:
        self.guarantee, self.seen = guarantee, seen
        super().__init__(f"{guarantee}: {seen}")
