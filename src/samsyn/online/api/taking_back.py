"""Undo and re-apply for other programs: what is asked for, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from samsyn.online.api.errors import BadShape
from samsyn.online.api.reading import shown
from samsyn.online.api.received import mapping
from samsyn.online.grants import Access
from samsyn.protocol.undo import Choice, Undo
from samsyn.records import clock, history, reapply, undo
from samsyn.records.catalogs import types
from samsyn.records.errors import UnknownConflict
from samsyn.records.tenant import Tenant
from samsyn.webkit.registers.book import May

MEMBERS = frozenset({"by", "batch", "hour"})


def choice(body: object) -> Choice:
    """What to undo, from a body; BadShape."""
    told = mapping(body, "body")
    unknown = sorted(set(told) - MEMBERS)
    if unknown:
        raise BadShape(where=unknown[0][:200], expected=f"one of {sorted(MEMBERS)}")
    batch = told.get("batch")
    if (
        isinstance(batch, bool)
        or not isinstance(batch, int | None)
        or not -1 < (batch or 0) < 2**62
    ):
        raise BadShape(where="batch", expected="a whole number")
    for member in ("by", "hour"):
        text = told.get(member)
        if not isinstance(text, str | None) or "\0" in (text or ""):
            raise BadShape(where=member, expected="a string")
    return Choice(told.get("by"), batch, told.get("hour"))


def planned(access: Access, wanted: Choice) -> dict[str, Any]:
    """What an undo would do; MissingScope, RoleTooLow, UnknownType."""

    def plan(tenant: Tenant) -> Undo:
        told = undo.planned_undo(tenant, wanted, clock.now())
        _check_registers(access, told, May.READ)
        return told

    return _shape(access, plan)


def undone(access: Access, wanted: Choice) -> dict[str, Any]:
    """Online work taken back, in the name of the token's person; MissingScope, RoleTooLow, UnknownType."""
    return _shape(
        access,
        lambda tenant: undo.undo(
            tenant,
            wanted,
            access.by,
            clock.now(),
            lambda plan: _check_registers(access, plan, May.WRITE),
        ),
    )


def _check_registers(access: Access, plan: Undo, level: May) -> None:
    """Refuse as a whole what touches a register where the token may not do so much.

    Taking back half of what belongs together would be worse than nothing.
    """
    for step in plan.steps:
        goes = step.operation == "delete" and level is May.WRITE
        access.need(step.type, May.FULL if goes else level)


def anyway(body: object) -> bool:
    """Whether a value is written over what came since the conflict; BadShape."""
    told = mapping(body, "body")
    unknown = sorted(set(told) - {"anyway"})
    if unknown:
        raise BadShape(where=unknown[0][:200], expected="anyway")
    wanted = told.get("anyway", False)
    if not isinstance(wanted, bool):
        raise BadShape(where="anyway", expected="true or false")
    return wanted


def reapplied(access: Access, conflict: str, over: bool) -> dict[str, Any]:
    """The losing value of a conflict, written once more in the name of the token's person."""
    tenant = Tenant(access.company)
    one = history.conflict(tenant, conflict[:40])
    if one is not None:
        if not access.sees(one.type):
            raise UnknownConflict(conflict=conflict[:40])
        deletes = one.outcome in reapply.DELETION_LOST
        access.need(one.type, May.FULL if deletes else May.WRITE)
    done = reapply.reapply(tenant, conflict[:40], access.by, clock.now(), anyway=over)
    told: dict[str, Any] = msgspec.to_builtins(done)
    return told


def _shape(access: Access, work: Callable[[Tenant], Undo]) -> dict[str, Any]:
    tenant = Tenant(access.company)
    found = work(tenant)
    known = {name: state.type for name, state in types(tenant).items()}
    return {
        **msgspec.to_builtins(found),
        "steps": [
            {
                **msgspec.to_builtins(step),
                "now": shown(known.get(step.type), step.field, step.now),
                "back": shown(known.get(step.type), step.field, step.back),
            }
            for step in found.steps
        ],
    }
