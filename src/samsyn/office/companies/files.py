"""Looks for database files on this computer, for people who do not know a path by heart."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import msgspec

MAGIC = b"SQLite format 3\0"
MOST = 200
"""Entries of a folder that are shown."""


class Folder(msgspec.Struct, frozen=True):
    """A folder: those in it, and the databases in it that are not here yet."""

    path: str
    above: str
    folders: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]
    readable: bool = True


def look_in(told: str, taken: Collection[str]) -> Folder:
    """The folder of that path; the user's own where none is told, or it cannot be read."""
    path = Path(told).expanduser() if told and "\0" not in told else Path.home()
    try:
        path = path.resolve()
        entries = sorted(path.iterdir(), key=lambda one: one.name.casefold())[: MOST * 5]
    except (OSError, RuntimeError):
        return Folder(str(path), str(path.parent), (), (), readable=False)
    shown = [one for one in entries if not one.name.startswith(".")][:MOST]
    folders = tuple((one.name, str(one)) for one in shown if _is_folder(one))
    files = tuple((o.name, str(o)) for o in shown if str(o) not in taken and _is_database(o))
    return Folder(str(path), str(path.parent) if path.parent != path else "", folders, files)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_database(path: Path) -> bool:
    """By its first bytes: a business program calls its file what it likes."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False
