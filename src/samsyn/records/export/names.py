"""Names of files in an export: readable, and good on every system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_BAD = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
MAX_NAME = 100


def file_names(names: Iterable[str]) -> dict[str, str]:
    """A file name for each name; no two are alike, not even in capitals and small letters."""
    given: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        plain = file_name(name)
        chosen, number = plain, 2
        while chosen.casefold() in taken:
            chosen, number = f"{plain}-{number}", number + 1
        taken.add(chosen.casefold())
        given[name] = chosen
    return given


def file_name(name: str) -> str:
    """The name without what a file system or a spreadsheet stumbles over."""
    plain = _BAD.sub("_", unicodedata.normalize("NFC", name)).strip(" .")[:MAX_NAME]
    return f"_{plain}" if not plain or _DEVICES.match(plain) else plain
