"""What the office does with an online change: pure, the caller writes."""

from __future__ import annotations

from collections.abc import Mapping, Set

import msgspec

from samsyn.core.cells import Cell, same
from samsyn.core.changes import OnlineChange, Operation
from samsyn.core.groups import Groups, together


class Step(msgspec.Struct, frozen=True):
    """What to write for one online change.

    `operation` None: nothing. `uncaptured` names fields whose value nobody
    captured: they are kept and sent, and the office wins there too.
    """

    change: OnlineChange
    operation: Operation | None
    fields: dict[str, Cell] = {}
    uncaptured: tuple[str, ...] = ()


def what_is_wanted(
    change: OnlineChange, unsent_fields: Set[str], *, is_here: bool = False
) -> OnlineChange:
    """The change as this office needs it.

    Of a deletion that the office's own edits undo, the edits before it; a
    record that came back before its deletion was heard of is merely edited.
    """
    if change.operation is Operation.DELETE and unsent_fields:
        return without_deletion(change)
    if change.operation is Operation.INSERT and is_here:
        news = {f: v for f, v in change.fields.items() if not same(v, change.expected.get(f))}
        return msgspec.structs.replace(change, operation=Operation.UPDATE, fields=news)
    return change


def without_deletion(change: OnlineChange) -> OnlineChange:
    """The edits that a deletion carries, for an office that keeps the record."""
    return msgspec.structs.replace(change, operation=Operation.UPDATE)


def plan_step(
    change: OnlineChange,
    row: Mapping[str, Cell] | None,
    unsent_fields: Set[str],
    deleted_here: bool,
    groups: Groups = (),
) -> Step:
    """The step for a change, given the row as it stands and the office's unsent changes.

    `row` is None where the office has no such record. A field with an unsent
    change of the office's own is left alone: the office wins (G2). So is what
    belongs to a group with a value that nobody captured.
    """
    if change.operation is Operation.DELETE:
        mine = row is None or bool(unsent_fields)
        return Step(change, None if mine else Operation.DELETE)
    if deleted_here:
        return Step(change, None)
    if row is None:
        insert = change.operation is Operation.INSERT
        return Step(change, Operation.INSERT if insert else None, dict(change.fields))
    fields: dict[str, Cell] = {}
    uncaptured: list[str] = []
    for field, value in change.fields.items():
        if field in unsent_fields or field not in row or same(row[field], value):
            continue
        if field in change.expected and not same(row[field], change.expected[field]):
            uncaptured.append(field)
        else:
            fields[field] = value
    for field in together(groups, uncaptured) & fields.keys():
        del fields[field]
        uncaptured.append(field)
    return Step(change, Operation.UPDATE if fields else None, fields, tuple(uncaptured))
