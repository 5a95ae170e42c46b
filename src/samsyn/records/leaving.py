"""What would become of the copy online if an office ended its connection now."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from samsyn.protocol.messages import Leaving
from samsyn.records import connections
from samsyn.records.connections import Caller
from samsyn.records.pull import waiting_down
from samsyn.records.tenant import snapshot

End = Callable[[str, str, str], str | None]
"""For a company, a connection and the time now: when the company would be deleted without that connection."""


def leaving(caller: Caller, cursor: int, now: str) -> Leaving:
    """The date as the program around the store keeps it (setting RECORDS_END_IF_LEFT)."""
    end: End = import_string(settings.RECORDS_END_IF_LEFT)
    with snapshot():
        connections.state(caller)  # a connection that has ended is told nothing
        return Leaving(
            end(caller.tenant.company, caller.connection, now), waiting_down(caller.tenant, cursor)
        )
