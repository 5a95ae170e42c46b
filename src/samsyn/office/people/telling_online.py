"""Tells the service who uses this program and what they may do here, for its list of members."""

from __future__ import annotations

import threading
from collections.abc import Callable

from samsyn.agent.service import Service
from samsyn.core.errors import SamsynError
from samsyn.protocol.people import OfficeUser, OfficeUsers

Listed = Callable[[], tuple[OfficeUser, ...]]
"""Who opens the company in the program, as the service is told."""


class TellUsers:
    """Says it once at the beginning, and again when something has changed.

    Called in the agent's thread between its steps. What the service does not
    take now, or does not know yet, is said at a later turn: it is no reason to stop a sync.
    """

    def __init__(self, listed: Listed) -> None:
        self._listed = listed
        self._due = threading.Event()
        self._due.set()
        self._said: tuple[OfficeUser, ...] | None = None

    def again(self) -> None:
        """Users or their rights may have changed; may be called from anywhere."""
        self._due.set()

    def __call__(self, service: Service, fence: int) -> None:
        if not self._due.is_set():
            return
        self._due.clear()
        try:
            users = self._listed()
            if users != self._said:
                service.ask("users", OfficeUsers(fence, users), dict)
                self._said = users
        except SamsynError:
            self._due.set()
