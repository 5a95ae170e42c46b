"""The one place where the agent reads the clock; times are shown, never compared."""

from __future__ import annotations

from datetime import UTC, datetime


def now_text() -> str:
    """The moment in UTC, as ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
