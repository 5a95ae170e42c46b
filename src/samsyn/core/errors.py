"""Expected trouble: classes with a stable code and attributes; words are given elsewhere."""

from __future__ import annotations

from typing import ClassVar


class SamsynError(Exception):
    """The root of everything that Samsyn expects may go wrong.

    `code` is stable and documented; the keyword arguments are the facts that
    the words for the code need. `transient` tells that trying again, with
    nothing changed by anybody, may succeed.
    """

    code: ClassVar[str] = "ERROR"
    transient: ClassVar[bool] = False

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.code, facts)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code}: {told}" if told else self.code
