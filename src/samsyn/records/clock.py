"""The one place where the store reads the clock; times are shown, never compared to settle anything."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> str:
    """The time as ISO 8601 in UTC, with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now_s() -> int:
    """Seconds since 1970, for what expires."""
    return int(time.time())
