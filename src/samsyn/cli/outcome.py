"""What a sync came to, told once for every command that syncs."""

from __future__ import annotations

from typing import Any

from samsyn.agent.syncing import Rest
from samsyn.cli.voice import ATTENTION, OK, Voice


def show_rest(rest: Rest, out: Voice, more: dict[str, Any] | None = None) -> int:
    """Tells what was moved and whether all is equal; the exit code."""
    moved = rest.moved
    out.data(
        {
            **(more or {}),
            "state": "in_sync",
            "up": moved.up,
            "down": moved.down,
            "conflicts": moved.conflicts,
            "refused": moved.refused,
            "quarantine": rest.quarantine,
            "held": list(rest.held),
            "watched": rest.watched,
        }
    )
    if rest.watched:
        out.say("SYNC_WATCHED")
    elif moved:
        out.say("SYNC_MOVED", up=moved.up, down=moved.down)
    else:
        out.say("SYNC_NOTHING")
    if moved.conflicts:
        out.say("SYNC_CONFLICTS", conflicts=moved.conflicts)
    if rest.quarantine:
        out.say("SYNC_QUARANTINE", quarantine=rest.quarantine)
    if rest.held:
        out.say("SYNC_HELD", types=rest.held)
    return ATTENTION if rest.quarantine or rest.held else OK
