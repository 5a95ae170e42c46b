"""When waiting is a stall (FM10): the moments are handed in, and are of a clock that only goes forward."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

STALL_S = 60.0
"""So long the first in a line may wait before people are told why."""


class Waiting(msgspec.Struct, frozen=True):
    """The first in a line since `moment`; another `mark` is another one, so the line has moved."""

    mark: str
    moment: float


def watched(
    before: Mapping[str, Waiting], marks: Mapping[str, str], now: float
) -> dict[str, Waiting]:
    """The lines that wait now, by name, each since its first was first seen."""
    return {
        line: known
        if (known := before.get(line)) is not None and known.mark == mark
        else Waiting(mark, now)
        for line, mark in marks.items()
    }


def stalled(lines: Mapping[str, Waiting], now: float, limit_s: float) -> list[str]:
    """The names of the lines whose first has waited for longer than the limit."""
    return [line for line, first in lines.items() if now - first.moment > limit_s]
