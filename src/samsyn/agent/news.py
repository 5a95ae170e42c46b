"""What a sync has just moved, for whoever tells people about it."""

from __future__ import annotations

from typing import Protocol

import msgspec

from samsyn.core.changes import Lost, OfficeChange, OnlineChange


class News(msgspec.Struct, frozen=True):
    """One step: what the service has taken, or what the office has been given, and what was lost."""

    up: tuple[OfficeChange, ...] = ()
    down: tuple[OnlineChange, ...] = ()
    lost: tuple[Lost, ...] = ()


class Telling(Protocol):
    """Hears what was moved, after it is on both sides; it must not take long."""

    def __call__(self, news: News) -> None: ...


def told_nobody(news: News) -> None:
    """Forgets."""
