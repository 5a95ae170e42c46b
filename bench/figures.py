"""What was measured, as values and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from rich.table import Table


class Figure(msgspec.Struct, frozen=True):
    """One number: what it says, how it compares, and whether it reaches the goal."""

    bench: str
    what: str
    pair: str
    value: float
    unit: str = ""
    ratio: float | None = None
    """Against the plain way of the same run."""
    goal: str = ""
    met: bool | None = None

    @property
    def text(self) -> str:
        """The number with its unit and ratio."""
        shown = number(self.value) + (f" {self.unit}" if self.unit else "")
        return shown if self.ratio is None else f"{shown} ({number(self.ratio)} ×)"


def at_least(value: float, goal: float) -> tuple[str, bool]:
    """The goal's words, and whether the value reaches it."""
    return f"≥ {number(goal)}", value >= goal


def at_most(value: float, goal: float) -> tuple[str, bool]:
    """The goal's words, and whether the value stays below it."""
    return f"≤ {number(goal)}", value <= goal


def number(value: float) -> str:
    """Three digits that mean something."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(figures: Iterable[Figure], pairs: Sequence[str]) -> Table:
    """A row for each thing measured, a column for each pair of databases."""
    shown = Table(title="Samsyn, measured (× is against the plain way in the same run)")
    shown.add_column("work")
    shown.add_column("measured")
    for pair in pairs:
        shown.add_column(pair, justify="right")
    shown.add_column("goal", justify="right")
    rows: dict[tuple[str, str], dict[str, Figure]] = {}
    for figure in figures:
        rows.setdefault((figure.bench, figure.what), {})[figure.pair] = figure
    before = ""
    for (bench, what), found in rows.items():
        if before and bench != before:
            shown.add_section()
        cells = [_cell(found.get(pair)) for pair in pairs]
        goal = next((f.goal for f in found.values() if f.goal), "")
        shown.add_row(bench if bench != before else "", what, *cells, goal)
        before = bench
    return shown


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    colour = {True: "green", False: "red", None: ""}[figure.met]
    return f"[{colour}]{figure.text}[/]" if colour else figure.text
