"""Fields that the office has dropped: what was written there online, and never arrived, is told. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from samsyn.core.cells import Cell, same
from samsyn.core.changes import Lost
from samsyn.core.losing import Values, lost_value
from samsyn.core.merge import Action, Decision, Status
from samsyn.core.record import Record, settled

FIELD_GONE = "field_gone"


def without_fields(record: Record, names: Iterable[str], seq: int, floor: int) -> Decision:
    """The office no longer has these fields, so what waits there for it can never arrive.

    Each value that waits is a conflict that the office won (G3), also of a record whose deletion
    waits with it: the office may keep that one. What the office has taken, and what it wrote
    itself, went with its own column and stays in the change log.
    """
    now = settled(record, floor)
    pending, fields = dict(now.pending), dict(now.fields)
    written: dict[str, tuple[Cell, Cell]] = {}
    lost: list[Lost] = []
    stands = now.alive or now.died is not None
    for name in names:
        waiting, online = pending.pop(name, None), fields.get(name)
        base = waiting.base if waiting is not None else None
        by = now.born or waiting
        if by is None or not stands:
            continue
        if same(online, base):
            if waiting is not None:
                written[name] = (online, online)  # written back to what the office had
            continue
        lost.append(lost_value(now, name, Values(base, None, online), waiting or by, FIELD_GONE))
        fields[name] = None
        written[name] = (online, None)
    after = replace(now, fields=fields, pending=pending)
    if not written:
        return Decision(after, Status.UNCHANGED)
    return Decision(
        replace(after, version=seq), action=Action.UPDATE, written=written, lost=tuple(lost)
    )
