"""The apps of both programs at once, for the type checker alone: no process runs with these."""

from __future__ import annotations

from samsyn.office import settings as office
from samsyn.online.settings import *  # noqa: F403  # its settings, with the other's apps besides
from samsyn.online.settings import INSTALLED_APPS as ONLINE

INSTALLED_APPS = list(dict.fromkeys([*ONLINE, *office.INSTALLED_APPS]))
SAMSYN_SERVICE: str = office.SAMSYN_SERVICE
SAMSYN_CONNECTED_AT_MOST: int | None = office.SAMSYN_CONNECTED_AT_MOST
