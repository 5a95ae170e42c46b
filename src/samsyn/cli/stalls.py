"""A stall in words: what has not moved, since when, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from samsyn.agent.lines import What
from samsyn.agent.runlog import Noted
from samsyn.agent.stalling import STALL, STALL_OVER, Alarm
from samsyn.cli.moments import local
from samsyn.cli.voice import Voice


class _Told(msgspec.Struct, frozen=True):
    """An alarm as a line of the log of syncs has it."""

    what: What
    since: str
    why: str
    facts: dict[str, object]
    waiting: int = 0
    type: str = ""


def as_data(alarm: Alarm, out: Voice) -> dict[str, Any]:
    """An alarm for programs."""
    return {
        "code": _code(alarm.code, alarm.facts),
        "what": alarm.what.value,
        "type": alarm.type or None,
        "since": alarm.since or None,
        "waiting_up": alarm.waiting,
        "message": in_words(alarm, out),
    }


def in_words(alarm: Alarm, out: Voice) -> str:
    """An alarm for people."""
    told = _Told(alarm.what, alarm.since, alarm.code, alarm.facts, alarm.waiting, alarm.type)
    return f"{_what(told, out)} {_why(told.why, told.facts, out)}"


def in_the_log(noted: Noted, out: Voice) -> str:
    """What a line of the log says of an alarm; empty where it is of something else."""
    if noted.code not in (STALL, STALL_OVER):
        return ""
    told = msgspec.convert(noted.facts, _Told)
    if noted.code == STALL_OVER:
        return out.word(f"STALL_OVER_{told.what.name}", since=local(told.since), type=told.type)
    return f"{_what(told, out)} {_why(told.why, told.facts, out)}"


def _what(told: _Told, out: Voice) -> str:
    since = local(told.since)
    return out.word(f"STALL_{told.what.name}", since=since, waiting=told.waiting, type=told.type)


def _why(code: str, facts: Mapping[str, object], out: Voice) -> str:
    return out.word(_code(code, facts), **facts)


def _code(code: str, facts: Mapping[str, object]) -> str:
    """What the service refuses is told by the service's own code."""
    return str(facts.get("problem") or code)
