"""How far changes that were made online have come on their way to the office."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from samsyn.core.record import Record
from samsyn.records import progress
from samsyn.records.history import ChangeView, ConflictView
from samsyn.records.progress import Came
from samsyn.records.tenant import Tenant
from samsyn.webkit.registers.book import Fate, Way


def ways(
    tenant: Tenant,
    record: Record,
    changes: Sequence[ChangeView],
    lost: Sequence[ConflictView],
) -> dict[int, Way]:
    """The way of each online change among those, by number."""
    numbers = [one.seq for one in changes]
    if not numbers:
        return {}
    came = progress.came(tenant, record.id, min(numbers), max(numbers))
    overruled = {one.online_seq for one in lost if one.kept == "office"}
    refused = _refused(record)
    return {seq: _way(one, seq in refused, seq in overruled) for seq, one in came.items()}


def _refused(record: Record) -> Collection[int]:
    """The changes of which the office refuses something now."""
    held = {pending.seq for pending in record.pending.values() if pending.held}
    born = record.born
    return held | ({born.seq} if born is not None and born.held else set())


def _way(came: Came, refused: bool, overruled: bool) -> Way:
    if refused:
        return Way(Fate.REFUSED)
    if overruled:
        return Way(Fate.OVERRULED, came.at)
    return Way(Fate.TAKEN, came.at) if came.taken else Way(Fate.WAITING)
