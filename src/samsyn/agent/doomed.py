"""Work in the company database that a trigger of its own may undo as a whole: done again without the culprits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, TypeVar

from samsyn.companydb.rows import EverythingUndone, Refusal

Doomed: TypeAlias = dict[str, Refusal] | None
"""The records that are left out, each with the reason; None until everything has been undone once."""
T = TypeVar("T")


def without_doomed(work: Callable[[Doomed], T]) -> T:
    """What `work` gives once none of those that undo everything is among what it tries."""
    doomed: Doomed = None
    while True:
        try:
            return work(doomed)
        except EverythingUndone as error:
            doomed = _with(doomed, error)


def _with(known: Doomed, error: EverythingUndone) -> dict[str, Refusal]:
    """Nobody is left out yet where all were tried together."""
    if known is None:
        return {}
    assert not error.records <= known.keys(), "a record that is left out undoes nothing"
    return known | dict.fromkeys(error.records, error.refusal)
