"""Tells the service who uses this program and what they may do here, for its list of members."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connections

from samsyn.agent.service import Service
from samsyn.core.errors import SamsynError
from samsyn.office.people.granting import rights_of
from samsyn.office.people.models import User
from samsyn.protocol.people import MAX_USERS, Level, OfficeUser, OfficeUsers
from samsyn.webkit.registers.book import May

LEVELS: dict[May, Level] = {
    May.NONE: "none",
    May.READ: "read",
    May.WRITE: "write",
    May.FULL: "full",
}


def users_told() -> tuple[OfficeUser, ...]:
    """Everybody who may sign in, with a level for each register; no passwords, and no more than the service takes."""
    active = User.objects.filter(is_active=True).select_related("template").order_by("key")
    return tuple(_told(user) for user in active[:MAX_USERS])


def _told(user: User) -> OfficeUser:
    rights = rights_of(user)
    levels = {name: LEVELS[may] for name, may in rights.registers.items()}
    return OfficeUser(str(user), user.email, rights.superuser, levels, LEVELS[rights.otherwise])


class TellUsers:
    """Says it once at the beginning, and again when something has changed.

    Called in the agent's thread between its steps. What the service does not
    take now, or does not know yet, is said at a later turn: it is no reason to stop a sync.
    """

    def __init__(self, listed: Callable[[], tuple[OfficeUser, ...]] = users_told) -> None:
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
        finally:
            connections.close_all()  # this thread asks seldom
