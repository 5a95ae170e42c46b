"""A program's own SQLite file as Django wants it described."""

from __future__ import annotations

from pathlib import Path
from typing import Any

BUSY_S = 30
PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "cache_size = -16000", "temp_store = MEMORY")
"""FULL: a batch that was answered must outlive a power failure."""


def sqlite_database(path: Path) -> dict[str, Any]:  # Any: as Django has it
    """The entry of DATABASES for a file."""
    return {
        "ENGINE": "samsyn.webkit.sqlite_backend",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": BUSY_S,
            "transaction_mode": "IMMEDIATE",
            "init_command": ";".join(f"PRAGMA {pragma}" for pragma in PRAGMAS),
        },
    }
