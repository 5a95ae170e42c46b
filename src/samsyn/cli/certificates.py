"""What the verifier says, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from samsyn.agent.certificates import Difference, Summary
from samsyn.agent.verify import Certificate
from samsyn.cli.moments import local
from samsyn.cli.voice import ATTENTION, OK, Voice

SHOWN = 20
"""Records named in words; --json names more."""


def show_new(found: Certificate, out: Voice) -> int:
    """A comparison that was just made; its exit code."""
    out.data(
        {
            "identical": found.identical,
            "records": found.records,
            "differences": _data(found.differences),
            "repaired": _data(found.repaired),
            "held_types": found.held,
            "quarantine": len(found.quarantine),
            "frozen": found.frozen,
            "at": found.at,
        }
    )
    mended = sum(one.repaired for one in found.types)
    if mended:
        out.say("VERIFY_REPAIRED", count=mended)
        _list(found.repaired, out)
    left = sum(one.left for one in found.types)
    if found.identical:
        out.say("VERIFIED", records=found.records, at=local(found.at))
    else:
        out.say("VERIFY_DIFFERS", count=left, records=found.records)
        _list(found.differences, out)
    if found.held:
        out.say("VERIFY_HELD", types=found.held)
    if found.quarantine:
        out.say("SYNC_QUARANTINE", quarantine=len(found.quarantine))
    if found.frozen:
        out.say("VERIFY_FROZEN", count=found.frozen)
    waits = found.quarantine or found.frozen or found.held
    return OK if found.identical and not waits else ATTENTION


def show(found: Summary, out: Voice) -> int:
    """What was said last; its exit code."""
    out.data(
        {
            **short(found),
            "types": [
                {
                    "type": one.type,
                    "at": one.at,
                    "records": one.records,
                    "found": one.found,
                    "repaired": one.repaired,
                    "left": one.left,
                }
                for one in found.types
            ],
        }
    )
    told = in_a_row(found, out)
    out.line(f"{told[0].upper()}{told[1:]}.")
    if found.types:
        out.table(
            ("COL_TYPE", "COL_TIME", "N_RECORDS", "N_FOUND", "N_REPAIRED", "N_LEFT"),
            [
                (one.type, local(one.at), one.records, one.found, one.repaired, one.left)
                for one in found.types
            ],
        )
    if found.held:
        out.say("VERIFY_HELD", types=list(found.held))
    if found.frozen:
        out.say("VERIFY_FROZEN", count=found.frozen)
    return OK if found.identical and not (found.frozen or found.held) else ATTENTION


def short(found: Summary) -> dict[str, Any]:
    """The certificates as one, for programs."""
    return {
        "identical": found.identical if found.complete else None,
        "records": found.records,
        "frozen": found.frozen,
        "held_types": list(found.held),
        "at": found.at,
    }


def in_a_row(found: Summary, out: Voice) -> str:
    """The certificates as one, in a line of the status."""
    return out.word(_state(found), records=found.records, at=_moment(found))


def _state(found: Summary) -> str:
    if not found.complete:
        return "VERIFIED_NOT_YET"
    return "VERIFIED_SINCE" if found.identical else "VERIFIED_DIFFERS"


def _moment(found: Summary) -> str:
    return local(found.at) if found.at else ""


def _data(found: Iterable[Difference]) -> list[dict[str, Any]]:
    return [{"type": d.type, "record": d.record or None, "what": d.what} for d in found]


def _list(found: list[Difference], out: Voice) -> None:
    for one in found[:SHOWN]:
        out.say(f"DIFFERENCE_{one.what.upper()}", type=one.type, record=one.record)
