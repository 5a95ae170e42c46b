"""When a message that was not taken is tried again, and when a hook is given up."""

from __future__ import annotations

import datetime as dt

PAUSES_S = (5, 30, 120, 600, 1_800, 3_600, 2 * 3_600, 4 * 3_600, 8 * 3_600)
LAST_PAUSE_S = 12 * 3_600
GIVE_UP = dt.timedelta(days=5)
GONE = 410
"""The status by which a receiver says that it wants no more."""


def next_try(attempts: int, now: str) -> str:
    """The moment of the next attempt after so many that failed."""
    pause = PAUSES_S[attempts - 1] if 0 < attempts <= len(PAUSES_S) else LAST_PAUSE_S
    return later(now, pause)


def is_over(failing_since: str, now: str) -> bool:
    """Whether it has failed for so long that the hook is switched off."""
    return dt.datetime.fromisoformat(now) - dt.datetime.fromisoformat(failing_since) > GIVE_UP


def later(now: str, seconds: float) -> str:
    """A moment so many seconds on, as the store writes moments: as texts they compare as moments."""
    moment = dt.datetime.fromisoformat(now) + dt.timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
