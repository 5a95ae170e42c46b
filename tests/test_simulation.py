"""Histories from seeds: every guarantee holds under each, and a seed gives the same history twice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulation import running
from simulation.history import live

ROOT = Path(__file__).resolve().parents[1]
SEEDS, PART = 2_000, 50
TWICE = range(20)


@pytest.fixture(scope="module")
def _ready() -> Iterator[None]:
    with running.ready():
        yield


@pytest.mark.usefixtures("_ready")
@pytest.mark.parametrize("first", range(0, SEEDS, PART))
def test_every_history_keeps_the_guarantees_g1_g2_g3_g4_g6_g7_g8_g9_g10_fm11_fm21_fm22_fm24_fm25(
    first: int,
) -> None:
    lived = running.lived(range(first, first + PART)).failed
    told = [f"{one.why}\n  again: python3 dev.py simulate --seed {one.seed}" for one in lived]
    assert not told, "\n".join(told)


@pytest.mark.usefixtures("_ready")
def test_a_seed_gives_the_same_history_twice() -> None:
    assert [live(seed).hash for seed in TWICE] == [live(seed).hash for seed in TWICE]


@pytest.mark.usefixtures("_ready")
def test_a_seed_gives_the_same_history_in_another_process() -> None:
    code = (
        "from simulation import running\n"
        "with running.ready():\n"
        "    from simulation.history import live\n"
        f"    print(*[live(seed).hash for seed in {list(TWICE)}])\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert told.stdout.split() == [live(seed).hash for seed in TWICE]


@pytest.mark.usefixtures("_ready")
def test_a_clock_that_leaps_changes_no_history_g8_fm20() -> None:
    assert [live(seed).hash for seed in TWICE] == [live(seed, leaps=False).hash for seed in TWICE]
