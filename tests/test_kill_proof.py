"""The kill proof in short: `python3 dev.py prove` goes on for hundreds of cycles."""

from __future__ import annotations

import pytest

from proofs.kill.cycles import CYCLES_TO_REST, prove


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_real_processes_killed_at_any_instant_lose_nothing_fm4_fm9_fm11_g1_g3_g4(
    engine: str,
) -> None:
    report = prove(engine, CYCLES_TO_REST, 1e9, 7, lambda now: None)
    assert not report.wrong
    assert report.rests == 1
    assert sum(report.kills.values()) >= CYCLES_TO_REST
    assert report.acknowledged["office"]
