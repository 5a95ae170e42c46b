"""Passwords that have leaked somewhere, looked up in a file of the operator's own: nothing of a password is sent away."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LINE = re.compile(rb"([0-9A-F]{40})(:\d+)?\r?\n?")
"""SHA-1 in capitals, and how often it was seen: as the lists of leaked passwords come, in the order of the hashes."""
LONGEST = 64
"""Bytes of a line, at most."""


class Leaked:
    """Refuses a password whose hash stands in the file: by halving, so that its size does not matter."""

    def __init__(self, file: str) -> None:
        self._file = Path(file)

    def validate(self, password: str, user: object | None = None) -> None:
        """Raises ValidationError."""
        # The list's own hash: nothing is protected by it.
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        if stands_in(self._file, wanted.encode()):
            raise ValidationError(self.get_help_text(), code="password_leaked")

    def get_help_text(self) -> str:
        """The rule, in words."""
        return _(
            "This password has leaked from some service, and is tried first. Take another one."
        )


def is_list(file: Path) -> bool:
    """Whether a file begins as such a list does."""
    try:
        with file.open("rb") as opened:
            return LINE.fullmatch(opened.readline(LONGEST)) is not None
    except OSError:
        return False


def stands_in(file: Path, wanted: bytes) -> bool:
    """Whether a line of the file has the hash."""
    with file.open("rb") as opened:
        low, high = 0, os.fstat(opened.fileno()).st_size
        while low < high:
            middle = (low + high) // 2
            found = _hash_after(opened, middle)
            if found is None or found >= wanted:
                high = middle
            else:
                low = middle + 1
        return _hash_after(opened, low) == wanted


def _hash_after(opened: BinaryIO, place: int) -> bytes | None:
    """The hash of the first line that begins at a place or after it; None at the end."""
    opened.seek(max(0, place - 1))
    if place > 0:
        opened.readline(LONGEST)
    line = opened.readline(LONGEST)
    return line[:40] if line else None
