"""What online work amounts to for the office: net changes since its cursor, in an order that keys allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from samsyn.core.cells import Cell
from samsyn.core.changes import OnlineChange, Operation
from samsyn.core.record import Record, settled


def net_change(record: Record, since: int, upto: int, floor: int) -> OnlineChange | None:
    """The net effect for an office that has applied everything up to `since`.

    Nothing newer than `upto` is told; a record that is new to the office is
    told whole, as it stood then. None where nothing is left to tell.
    """
    now = settled(record, floor)
    known = now.born is None or (now.born.seq <= since and not now.born.held)
    if not now.alive:
        died = now.died
        if not known or died is None or died.seq > upto:
            return None
        return OnlineChange(Operation.DELETE, now.type, now.id, by=died.by, at=died.at)
    if not known:
        assert now.born is not None
        if now.born.seq > upto:
            return None
        fields = _fields_at(now, upto)
        return OnlineChange(
            Operation.INSERT, now.type, now.id, fields, by=now.born.by, at=now.born.at
        )
    return _update(now, since, upto)


def _fields_at(now: Record, upto: int) -> dict[str, Cell]:
    """The fields without the online writes that are newer than `upto`."""
    older = {f: p.expected_at(upto) for f, p in now.pending.items() if p.seq > upto}
    return {**now.fields, **older}


def _update(now: Record, since: int, upto: int) -> OnlineChange | None:
    fields: dict[str, Cell] = {}
    expected: dict[str, Cell] = {}
    last = None
    for field, pending in now.pending.items():
        if since < pending.seq <= upto:
            fields[field] = now.fields.get(field)
            expected[field] = pending.expected_at(since)
            last = pending if last is None or pending.seq > last.seq else last
    if last is None:
        return None
    return OnlineChange(
        Operation.UPDATE, now.type, now.id, fields, expected, by=last.by, at=last.at
    )


def parents_first(types: Mapping[str, Iterable[str]]) -> list[str]:
    """Record types ordered so that referred types come before those that refer to them.

    `types` gives for each type the types it refers to; rings are cut where
    the walk meets itself.
    """
    ordered: list[str] = []
    state: dict[str, bool] = {}

    def visit(name: str) -> None:
        if name in state:
            return
        state[name] = False
        for parent in sorted(types.get(name, ())):
            if parent in types:
                visit(parent)
        ordered.append(name)

    for name in sorted(types):
        visit(name)
    return ordered
