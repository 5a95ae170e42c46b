"""What befell people's online work, told in the transaction that records it: to whoever keeps it for them."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence

import msgspec

from samsyn.core.record import Record
from samsyn.records.store import ConflictRow
from samsyn.records.tenant import Tenant


class Fate(enum.Enum):
    """What became of online work that does not stand as it was written."""

    OVERRIDDEN = "overridden"
    """The office had written there too, and its value stands."""
    DELETED = "deleted"
    """The office deleted the record that was edited."""
    REFUSED = "refused"
    """The office cannot take it; it lies in quarantine."""
    CAME_BACK = "came_back"
    """The record was deleted, and lives."""


class News(msgspec.Struct, frozen=True):
    """What befell the work of one person, who is named as the change log names him.

    `about` tells it from all other news of that fate: the number of the change
    that decided conflicts; of what was refused, the record and since when. The
    same news may be told again.
    """

    fate: Fate
    type: str
    record: str
    about: str
    by: str
    at: str


Listener = Callable[[Tenant, Sequence[News]], None]
_listeners: list[Listener] = []
_FATES = {
    "office_deleted": Fate.DELETED,
    "deletion_undone": Fate.CAME_BACK,
    "delete_refused": Fate.CAME_BACK,
}


def listen(listener: Listener) -> None:
    """Have a function called within each transaction that has news; what it raises undoes the transaction."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(tenant: Tenant, news: Iterable[News]) -> None:
    """Tell the listeners, each piece of news once."""
    told = list(dict.fromkeys(news))
    if told:
        for listener in _listeners:
            listener(tenant, told)


def of_conflicts(rows: Sequence[ConflictRow], decider: str | None) -> list[News]:
    """What conflicts mean to those whose work lost; who decided it himself knows."""
    news = []
    for row in rows:
        seq, _, type_, record, _, _, _, _, _, _, by, _, _, at, kept, outcome, _, _ = row
        if kept == "office" and by is not None and by != decider:
            fate = _FATES.get(outcome, Fate.OVERRIDDEN)
            news.append(News(fate, type_, record, str(seq), by, at))
    return news


def of_refused(record: Record, since: str, at: str, *, frozen: bool = False) -> list[News]:
    """What a refusal means to those who wrote what is held, or frozen."""
    held = [p for p in record.pending.values() if (p.frozen if frozen else p.held)]
    writers = [pending.by for pending in held]
    if record.born is not None and record.born.held and not frozen:
        writers.append(record.born.by)
    return [
        News(Fate.REFUSED, record.type, record.id, f"{record.id}:{since}", by, at)
        for by in writers
        if by is not None
    ]
