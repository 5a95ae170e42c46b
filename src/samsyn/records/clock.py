"""The one place where the store reads the clock; times are shown, never compared to settle anything."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> str:
    """The time as ISO 8601 in UTC, with milliseconds."""
    return text_of(datetime.now(UTC))


def text_of(moment: datetime) -> str:
    """A moment as the store writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def text_of_s(seconds: float) -> str:
    """The same of seconds since 1970."""
    return text_of(datetime.fromtimestamp(seconds, UTC))


def now_s() -> int:
    """Seconds since 1970, for what expires."""
    return int(time.time())
