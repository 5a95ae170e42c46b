"""A record as the service holds it, with what the office is not known to have taken."""

from __future__ import annotations

import msgspec

from samsyn.core.cells import Cell


class Step(msgspec.Struct, frozen=True, array_like=True):
    """An earlier online value of a field, replaced online before the office was heard."""

    seq: int
    value: Cell


class Pending(msgspec.Struct, frozen=True, array_like=True):
    """An online write of a field that the office is not known to have taken.

    `seq` is the number of the last online write, `base` what the office held
    before the first, `trail` the online values in between. `held` says that
    the office refused it: it stays pending whatever cursor the office tells.
    `frozen` (then it is held too): it is told to nobody until a person writes.
    """

    seq: int
    base: Cell
    by: str | None = None
    at: str | None = None
    held: bool = False
    trail: tuple[Step, ...] = ()
    frozen: bool = False

    def expected_at(self, since: int) -> Cell:
        """What the office holds once it has applied everything up to `since`."""
        if self.held:
            return self.base
        taken = [step.value for step in self.trail if step.seq <= since]
        return taken[-1] if taken else self.base

    def last_at(self, upto: int) -> int:
        """The number of the last online write that is not newer than `upto`; newer where none is."""
        if self.seq <= upto:
            return self.seq
        return max((step.seq for step in self.trail if step.seq <= upto), default=self.seq)


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """When and by whom a record was created or deleted online; `held` as in Pending.

    `again` says that it was deleted before and came back: the office may hold it still.
    """

    seq: int
    by: str | None = None
    at: str | None = None
    held: bool = False
    again: bool = False


class Record(msgspec.Struct, frozen=True):
    """A record of the online store.

    `version` is the number of its last change in the company's change log.
    `alive` is false for a deleted record; its fields stay until retention
    ends. `born` is set while the office is not known to have the record,
    `died` while it is not known to have deleted it.
    """

    id: str
    type: str
    fields: dict[str, Cell]
    key: tuple[Cell, ...] | None = None
    """The office's key as people and programs know it; None until it is given."""
    version: int = 0
    alive: bool = True
    pending: dict[str, Pending] = {}
    born: Mark | None = None
    died: Mark | None = None

    @property
    def at_rest(self) -> bool:
        """Nothing of it waits for the office."""
        return not self.pending and self.born is None and self.died is None


def settled(record: Record, floor: int) -> Record:
    """The record without what the office has taken in.

    `floor` is the number up to which every online change has been applied at
    the office *and* every office change written without knowing it has
    arrived. What the office refused stays.
    """
    if record.at_rest:
        return record
    return msgspec.structs.replace(
        record,
        pending={f: p for f, p in record.pending.items() if p.held or p.seq > floor},
        born=_unsettled(record.born, floor),
        died=_unsettled(record.died, floor),
    )


def frozen_fields(record: Record) -> frozenset[str]:
    """The fields of which nothing is told: two programs answer each other there (FM19)."""
    return frozenset(field for field, pending in record.pending.items() if pending.frozen)


def as_told(record: Record) -> Record:
    """The record as the office is to have it: in a frozen field what it has, whatever stands online."""
    frozen = frozen_fields(record)
    if not frozen:
        return record
    return msgspec.structs.replace(
        record,
        fields=record.fields | {field: record.pending[field].base for field in frozen},
        pending={field: p for field, p in record.pending.items() if field not in frozen},
    )


def refused(record: Record) -> dict[str, Cell]:
    """What the office has in the fields of which it refused the values that stand online."""
    return {field: p.base for field, p in record.pending.items() if p.held}


def was_taken(record: Record) -> bool:
    """Whether the office has not refused all of it."""
    return record.born is None or not record.born.held


def _unsettled(mark: Mark | None, floor: int) -> Mark | None:
    return mark if mark is not None and (mark.held or mark.seq > floor) else None


def awaited(record: Record) -> frozenset[int]:
    """The numbers of the changes by which the office is still to be told of the record."""
    marks = [mark.seq for mark in (record.born, record.died) if mark is not None]
    steps = [step.seq for pending in record.pending.values() for step in pending.trail]
    return frozenset([*marks, *steps, *(pending.seq for pending in record.pending.values())])
