"""Oscillation: two programs that answer each other on one field without end. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from samsyn.core.cells import Cell, same

ROUNDS = 2
"""A round is an online write and the office's answer; one more of the same is held."""


class FieldWrite(msgspec.Struct, frozen=True):
    """A write of a field as the change log tells it; `by_person`: online, at a page."""

    by_office: bool
    by_person: bool
    value: Cell


def oscillates(newest_first: Iterable[FieldWrite], value: Cell) -> bool:
    """Whether a program online writes a value again to which the office has answered twice (FM19).

    The same value each time, each time something else from the office, and no
    person's write online between them: whoever writes another value goes on.
    """
    writes = iter(newest_first)
    for rounds, answer in enumerate(writes, start=1):
        told = next(writes, None)
        if told is None or not answer.by_office or same(answer.value, value):
            break
        if told.by_office or told.by_person or not same(told.value, value):
            break
        if rounds == ROUNDS:
            return True
    return False
