"""Stale forms: a save that puts back, among other fields, what an online change had replaced. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from samsyn.core.cells import Cell, same
from samsyn.core.changes import Lost, Put
from samsyn.core.losing import Values, lost_value

STALE_FORM = "stale_form"


class Replaced(msgspec.Struct, frozen=True):
    """The last online write of a field, and the values that online work has replaced there lately."""

    seq: int
    value: Cell
    before: tuple[Cell, ...]
    by: str | None
    at: str | None


def may_be_stale(put: Put, written: Mapping[str, tuple[Cell, Cell]]) -> bool:
    """Whether somebody changed at least two fields at once, as a form does."""
    return len(_own(put, written)) > 1


def stale_fields(
    put: Put, written: Mapping[str, tuple[Cell, Cell]], replaced: Mapping[str, Replaced]
) -> tuple[Lost, ...]:
    """The fields that a form put back to what it had shown; the office's values stand (G2).

    The office had seen the online value, so this is no conflict by the rule.
    But a save that changes other fields, and puts this one back to exactly
    what online work had replaced, was most likely opened before that work came.
    """
    own = _own(put, written)
    back = [name for name in own if name in replaced and _puts_back(put, name, own, replaced)]
    if len(back) == len(own):
        return ()
    return tuple(
        lost_value(put, name, Values(new, new, old), replaced[name], STALE_FORM)
        for name in back
        for old, new in [own[name]]
    )


def _own(put: Put, written: Mapping[str, tuple[Cell, Cell]]) -> dict[str, tuple[Cell, Cell]]:
    """What somebody at the office changed."""
    return {
        name: (old, new)
        for name, (old, new) in written.items()
        if name not in put.derived and not same(old, new)
    }


def _puts_back(
    put: Put, name: str, own: Mapping[str, tuple[Cell, Cell]], replaced: Mapping[str, Replaced]
) -> bool:
    last = replaced[name]
    old, new = own[name]
    seen = put.seen_of(name) >= last.seq and same(old, last.value)
    return seen and any(same(new, cell) for cell in last.before)
