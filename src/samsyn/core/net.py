"""What online work amounts to for the office: net changes since its cursor, in an order that keys allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from samsyn.core.cells import Cell
from samsyn.core.changes import OnlineChange, Operation
from samsyn.core.record import Pending, Record, settled


def net_change(record: Record, since: int, upto: int, floor: int) -> OnlineChange | None:
    """The net effect for an office that has applied everything up to `since`.

    Nothing newer than `upto` is told, and everything up to there is: a record
    that is new to the office whole, as it stood then, and a deletion with the
    edits before it, for an office whose own edits or rules keep the record.
    None where nothing is left to tell.
    """
    now = settled(record, floor)
    born, died = now.born, now.died
    known = born is None or born.seq <= since
    may_be_there = known or (born is not None and born.again)
    if not now.alive and (died is None or not may_be_there):
        return None
    if died is not None and died.seq <= upto:
        fields, expected, _ = _edits(now, since, upto)
        return OnlineChange(
            Operation.DELETE, now.type, now.id, fields, expected, by=died.by, at=died.at
        )
    if born is not None and (born.held or not known) and born.seq <= upto:
        fields = _fields_at(now, upto)
        expected = _held_by_office(now, since) if born.again else {}
        return OnlineChange(
            Operation.INSERT, now.type, now.id, fields, expected, by=born.by, at=born.at
        )
    fields, expected, last = _edits(now, since, upto)
    if last is None:
        return None
    return OnlineChange(
        Operation.UPDATE, now.type, now.id, fields, expected, by=last.by, at=last.at
    )


def _fields_at(now: Record, upto: int) -> dict[str, Cell]:
    """The fields without the online writes that are newer than `upto`."""
    return {**now.fields, **{f: _value_at(now, f, upto) for f in now.pending}}


def _held_by_office(now: Record, since: int) -> dict[str, Cell]:
    """What an office that has the record holds, as far as is known."""
    waiting = {f: p for f, p in now.pending.items() if p.held or p.seq > since}
    return {**now.fields, **{f: p.expected_at(since) for f, p in waiting.items()}}


def _value_at(now: Record, field: str, upto: int) -> Cell:
    pending = now.pending[field]
    if pending.frozen:
        return pending.base
    return now.fields.get(field) if pending.seq <= upto else pending.expected_at(upto)


def _edits(
    now: Record, since: int, upto: int
) -> tuple[dict[str, Cell], dict[str, Cell], Pending | None]:
    """Values, what the office has there, and the last write of them."""
    fields: dict[str, Cell] = {}
    expected: dict[str, Cell] = {}
    last = None
    for field, pending in now.pending.items():
        if not pending.frozen and since < pending.last_at(upto) <= upto:
            fields[field] = _value_at(now, field, upto)
            expected[field] = pending.expected_at(since)
            last = pending if last is None or pending.seq > last.seq else last
    return fields, expected, last


def parents_first(types: Mapping[str, Iterable[str]]) -> list[str]:
    """Record types ordered so that referred types come before those that refer to them.

    `types` gives for each type the types it refers to; rings are cut where
    the walk meets itself.
    """
    ordered: list[str] = []
    met: set[str] = set()

    def visit(name: str) -> None:
        if name in met:
            return
        met.add(name)
        for parent in sorted(types.get(name, ())):
            if parent in types:
                visit(parent)
        ordered.append(name)

    for name in sorted(types):
        visit(name)
    return ordered
