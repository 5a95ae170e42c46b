"""A program's home: the folder with its own database and its secret key."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

KEY_FILE = "secret.key"


def told_or_own(variable: str, program: str) -> Path:
    """The folder that the environment names, else the one below the user's data."""
    told = os.environ.get(variable)
    if told:
        return Path(told).expanduser().absolute()
    data = os.environ.get("XDG_DATA_HOME")
    above = Path(data) if data else Path.home() / ".local" / "share"
    return above / "samsyn" / program


def prepare(folder: Path) -> None:
    """Make the folder and its secret key where they are missing; harmless to repeat.

    The key is linked into place whole, so that of several starts at once one
    wins and no one reads half a key.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / KEY_FILE
    if target.exists():
        return
    draft = folder / f".{KEY_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, target)
        except FileExistsError:
            return
    finally:
        draft.unlink()


def secret_key(folder: Path) -> str:
    """The key of the home, or one for this process alone where there is none yet."""
    try:
        return (folder / KEY_FILE).read_text().strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(50)
