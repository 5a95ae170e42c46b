"""Many seeds on several processes, and one seed told step by step."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import django

_READY = ExitStack()
PART = 20
"""Seeds that a process takes at a time."""


class Failed(NamedTuple):
    """A seed under which something did not hold."""

    seed: int
    why: str


class Part(NamedTuple):
    """What came of some seeds."""

    seeds: int
    steps: int
    failed: tuple[Failed, ...]


@contextmanager
def ready() -> Iterator[None]:
    """Django set up and an empty store in memory: histories can be lived."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
    os.environ.setdefault(
        "SAMSYN_ONLINE_HOME", str(Path(tempfile.gettempdir()) / "samsyn-simulation")
    )
    django.setup()
    from simulation.store import store_in_memory

    with store_in_memory():
        yield


def lived(seeds: range) -> Part:
    """The histories of these seeds, one after the other; the store is ready."""
    from simulation.history import live

    steps = 0
    failed: list[Failed] = []
    for seed in seeds:
        one = live(seed)
        steps += one.steps
        if one.broken is not None:
            failed.append(Failed(seed, str(one.broken)))
    return Part(len(seeds), steps, tuple(failed))


def run(first: int, count: int, processes: int, until_s: float | None) -> Iterator[Part]:
    """Parts as they are done, until all seeds have been lived or the time is up."""
    parts = (
        range(start, min(start + PART, first + count))
        for start in range(first, first + count, PART)
    )
    began = time.monotonic()
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, _prepare) as pool:
        for part in pool.imap_unordered(lived, parts):
            yield part
            if until_s is not None and time.monotonic() - began > until_s:
                pool.terminate()
                return


def tell(seed: int, say: Callable[[str], None]) -> str | None:
    """Lives one seed and says each step; why it failed, if it did."""
    from simulation.history import live

    with ready():
        broken = live(seed, say).broken
    return None if broken is None else str(broken)


def _prepare() -> None:
    """A process stays ready until it ends."""
    _READY.enter_context(ready())
