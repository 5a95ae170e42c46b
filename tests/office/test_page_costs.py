"""No page of the office program asks its databases more often because there is more in them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec


def test_pages_cost_as_many_queries_for_many_rows_as_for_few(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.office.costs", str(tmp_path / "home")],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    told = msgspec.json.decode(done.stdout, type=dict[str, tuple[int, int]])
    assert len(told) > 90
    assert {page: cost for page, cost in told.items() if cost[1] > cost[0]} == {}
    assert min(few for few, _ in told.values()) > 0
