"""Python's search for unreachable rings of objects, made seldom: bulk work makes none."""

from __future__ import annotations

import gc

OBJECTS = 50_000
"""New objects between two searches: a few MB. Python's 700 cost a load a third of its time."""
YOUNG, MIDDLE = 20, 10


def collect_seldom() -> None:
    """For a whole process, at its start."""
    gc.set_threshold(OBJECTS, YOUNG, MIDDLE)
