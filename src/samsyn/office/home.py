"""The office program's home: its system database, its key, and the company databases that it makes."""

from __future__ import annotations

from pathlib import Path

from samsyn.webkit.home import told_or_own

HOME_VARIABLE = "SAMSYN_OFFICE_HOME"
SYSTEM_FILE = "system.sqlite"
COMPANIES = "companies"


def home() -> Path:
    """The folder that the environment names, else the one below the user's data."""
    return told_or_own(HOME_VARIABLE, "office")


def at_most(told: str) -> int | None:
    """A number that the environment tells as a limit; None where it tells none."""
    return int(told) if told.isdigit() else None


def companies_folder() -> Path:
    """Where company databases that are made here lie."""
    folder = home() / COMPANIES
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
