"""What a sync came to, told once for every command that syncs."""

from __future__ import annotations

from typing import Any

from samsyn.agent.syncing import Rest
from samsyn.cli.voice import ATTENTION, OK, Voice


def show_rest(rest: Rest, out: Voice, more: dict[str, Any] | None = None) -> int:
    """Tells what was moved and whether all is equal; the exit code."""
    moved = rest.moved
    all_equal = not (rest.quarantine or rest.held)
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
    else:
        told = "SYNC_MOVED" if moved else "SYNC_NOTHING"
        out.say(told if all_equal else f"{told}_REST", up=moved.up, down=moved.down)
    if moved.conflicts:
        out.say("SYNC_CONFLICTS", conflicts=moved.conflicts)
    if rest.quarantine:
        out.say("SYNC_QUARANTINE", quarantine=rest.quarantine)
    if rest.held:
        out.say("SYNC_HELD", types=rest.held)
    return OK if all_equal else ATTENTION
