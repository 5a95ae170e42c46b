"""A virtual clock: what the parts of a history take for the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

START = datetime(2026, 11, 23, 10, tzinfo=UTC)
DAY_S = 86_400


class VirtualClock:
    """Moves by itself a little at each look, and leaps when it is told to.

    It has randomness of its own, so that a history is the same with and
    without leaps (G8).
    """

    def __init__(self, seed: str, *, leaps: bool) -> None:
        self._random = Random(f"{seed}/clock")
        self._leaps = leaps
        self._elapsed_s = 0.0
        self._wrong_s = 0.0

    def text(self) -> str:
        """The moment as this computer believes it to be, ISO 8601 in UTC."""
        self._elapsed_s += 0.001
        moment = START + timedelta(seconds=self._elapsed_s + self._wrong_s)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def steady(self) -> str:
        """The moment by a clock that nobody sets: for what only looks back some days."""
        moment = START + timedelta(seconds=self._elapsed_s)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def monotonic(self) -> float:
        """Seconds that have passed; never goes back."""
        self._elapsed_s += 0.001
        return self._elapsed_s

    def pass_time(self, seconds: float) -> None:
        """So much time passes."""
        self._elapsed_s += seconds

    def leap(self) -> None:
        """Somebody sets the clock, by up to thirty days either way."""
        days = self._random.uniform(-30, 30)
        if self._leaps:
            self._wrong_s = days * DAY_S
