"""Random schemas and random SQL: what is claimed, believed by a naive other side, equals the tables.

A seed that fails prints its script. `python3 dev.py fuzz` plays many more of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from proofs.capture.run import on_postgres, on_sqlite
from tests.postgres import Server


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_a_random_history_of_sqlite_is_told_as_it_happened_fm15_fm24(
    first: int, tmp_path: Path
) -> None:
    play = on_sqlite(tmp_path)
    assert sum(play(seed) for seed in range(first, first + 50)) > 1000


@pytest.mark.parametrize("first", range(0, 16, 8))
def test_a_random_history_of_postgresql_is_told_as_it_happened_fm1_fm15_fm24(
    first: int, pg_server: Server
) -> None:
    play = on_postgres(pg_server)
    assert sum(play(seed) for seed in range(first, first + 8)) > 150
