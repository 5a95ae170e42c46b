"""The service's home: the folder with its embedded store and its secret key (`webkit.home`)."""

from __future__ import annotations

from pathlib import Path

from samsyn.webkit.home import told_or_own

HOME_VARIABLE = "SAMSYN_ONLINE_HOME"
DATABASE_VARIABLE = "SAMSYN_ONLINE_DATABASE"
STORE_FILE = "online.sqlite"


def home() -> Path:
    """The folder that the environment names, else the one below the user's data."""
    return told_or_own(HOME_VARIABLE, "online")
