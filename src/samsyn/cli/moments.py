"""Moments as people at this computer read them."""

from __future__ import annotations

import datetime as dt


def local(at: str) -> str:
    """A moment of ours in the computer's own time; anything else as it is."""
    try:
        moment = dt.datetime.fromisoformat(at)
    except ValueError:
        return at
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")
