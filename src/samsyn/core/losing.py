"""What is lost, as the conflict log tells it: an online value, or what was done online to a whole record."""

from __future__ import annotations

from typing import Protocol

import msgspec

from samsyn.core.cells import Cell
from samsyn.core.changes import Lost


class Named(Protocol):
    """What says which record it is about."""

    @property
    def type(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def key(self) -> tuple[Cell, ...] | None: ...


class Written(Protocol):
    """What says when and by whom something was written online."""

    @property
    def seq(self) -> int: ...
    @property
    def by(self) -> str | None: ...
    @property
    def at(self) -> str | None: ...


class Values(msgspec.Struct, frozen=True):
    """A field's value before, the office's, and the online one that does not stand."""

    base: Cell
    office: Cell
    online: Cell


def lost_value(of: Named, field: str, values: Values, written: Written, outcome: str) -> Lost:
    """An online value of a field that does not stand."""
    return _lost(of, field, values, written, outcome)


def lost_record(of: Named, written: Written, outcome: str, field: str | None = None) -> Lost:
    """What somebody did online to the whole record, and does not stand; `field` says for which one."""
    return _lost(of, field, Values(None, None, None), written, outcome)


def _lost(of: Named, field: str | None, values: Values, written: Written, outcome: str) -> Lost:
    return Lost(
        type=of.type,
        record=of.id,
        key=of.key,
        field=field,
        base=values.base,
        office=values.office,
        online=values.online,
        online_seq=written.seq,
        online_by=written.by,
        online_at=written.at,
        outcome=outcome,
    )
