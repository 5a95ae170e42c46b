"""What every measurement of a run shares."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bench.databases import Databases
from bench.figures import Figure

if TYPE_CHECKING:
    from bench.worlds import Pair


class Run:
    """One pair of engines in one run."""

    def __init__(self, databases: Databases, pair: Pair, records: int) -> None:
        self.databases = databases
        self.pair = pair
        self.records = records

    def say(self, text: str) -> None:
        """Progress, for whoever waits."""
        print(f"{self.pair.name}: {text} …", file=sys.stderr, flush=True)

    def figure(
        self,
        bench: str,
        what: str,
        value: float,
        unit: str = "",
        ratio: float | None = None,
        goal: tuple[str, bool] | tuple[str, None] = ("", None),
    ) -> Figure:
        """A number of this pair."""
        return Figure(bench, what, self.pair.name, value, unit, ratio, *goal)
