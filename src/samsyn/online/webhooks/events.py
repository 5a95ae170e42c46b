"""The events of which a webhook can be told, and the bodies that tell them."""

from __future__ import annotations

from typing import Any

import msgspec

Json = dict[str, Any]  # Any: JSON
OF_RECORDS = ("record.created", "record.changed", "record.deleted")
CHOSEN = (
    *OF_RECORDS,
    "conflict.recorded",
    "quarantine.added",
    "quarantine.settled",
    "sync.changed",
)
TEST = "webhook.test"
TRIMMED = "log.trimmed"
"""Told to every hook that was away for so long that changes are gone: it reads the records anew."""
BY_ACTION = {
    "insert": "record.created",
    "revive": "record.created",
    "update": "record.changed",
    "reopen": "record.changed",
    "delete": "record.deleted",
}
LARGEST_BODY = 256 * 1024


def body_of(event: str, at: str, company: str, data: Json) -> str:
    """The body of a message; values that would make it too large are left out, and that is said."""
    told = _encoded(event, at, {"company": company, **data})
    if len(told) <= LARGEST_BODY:
        return told
    small = {name: value for name, value in data.items() if _is_small(value)}
    return _encoded(
        event, at, {"company": company, **small, "left_out": sorted(data.keys() - small)}
    )


def _encoded(event: str, at: str, data: Json) -> str:
    return msgspec.json.encode({"type": event, "timestamp": at, "data": data}).decode()


def _is_small(value: object) -> bool:
    return len(msgspec.json.encode(value)) <= LARGEST_BODY // 64
