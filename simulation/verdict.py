"""What a history may come to: a guarantee is broken, and by which step."""

from __future__ import annotations

CRASHED = "no answer"
"""Stands for a guarantee where the code itself gave up."""


class Broken(AssertionError):
    """A guarantee did not hold: its number and what was seen."""

    def __init__(self, guarantee: str, seen: str) -> None:
        self.guarantee, self.seen = guarantee, seen
        super().__init__(f"{guarantee}: {seen}")

    def __reduce__(self) -> tuple[type[Broken], tuple[str, str]]:
        """So that another process can tell it."""
        return Broken, (self.guarantee, self.seen)
