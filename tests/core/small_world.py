"""A small world of two sides around the pure rules, and a naive oracle that counts who had seen what.

The office is a model of a few lines (journal with `seen`, batches, cursor, floor); merge,
net changes and plans are the real functions. A world is a value; a step gives the next one.
The oracle knows no numbers of the log, masks or cursors: for each field, it counts the writes of
each side and how many of the other side's writes each had seen.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import NamedTuple, TypeVar

import msgspec

from samsyn.core import merge
from samsyn.core.changes import (
    OfficeChange,
    OnlineChange,
)
from samsyn.core.merge import Decision
from samsyn.core.record import Record

T = TypeVar("T")

NAMES = ("a", "b")
BAD = "bad"
"""A value that the office's own rules refuse."""
FOREVER = 10**6


class Field(NamedTuple):
    """The oracle's page for one field: writes are counted from 1, 0 is how it began."""

    office: str | None = None
    office_writes: int = 0
    arrived: int = 0
    """How many of them the service has."""
    online: str | None = None
    online_writes: int = 0
    online_knew: int = 0
    """How many office writes the last online write had seen."""
    standing: bool = False
    """The last online write is what the service shows."""
    known: int = 0
    """How many online writes the office has seen."""

    def expected(self, before: str, *, yields: bool = False) -> str | None:
        """What must stand on both sides in the end: the office's unless online had seen it."""
        if yields and self.standing:
            return self.online
        if self.online_writes and self.online_knew == self.office_writes:
            return self.online
        return self.office if self.office_writes else before


class OfficeWrite(NamedTuple):
    """An office write of a field (or, without one, the deletion) and what it had seen."""

    slot: int
    field: int | None
    number: int
    value: str | None
    knew: tuple[int, ...]


class Touched(NamedTuple):
    """What the journal says of a record."""

    new: bool
    gone: bool
    seen: tuple[int | None, ...]
    """By field, the smallest."""
    least: int
    writes: tuple[OfficeWrite, ...]
    own: frozenset[int] = frozenset()
    """The fields that somebody wrote; the others are the triggers' work."""


Write = tuple[int, int, int]
"""An online write: record, field, which."""


class Batch(NamedTuple):
    number: int
    floor: int
    changes: bytes
    writes: tuple[OfficeWrite, ...]


class Page(NamedTuple):
    since: int
    upto: int
    included: int
    """The last batch that the service had when it told the page."""
    changes: bytes
    covered: tuple[Write, ...]
    """Online writes in it."""


class Held(NamedTuple):
    """A change that the office has refused, and the online writes in it."""

    change: bytes
    covered: tuple[Write, ...]


class Entry(NamedTuple):
    """A row of the change log that the office is to be told."""

    seq: int
    slot: int
    writes: tuple[Write, ...]


class World(NamedTuple):
    """Both sides, what is on its way, and the oracle's notes."""

    rows: tuple[tuple[str | None, ...] | None, ...]
    records: tuple[bytes | None, ...]
    fields: tuple[tuple[Field, ...], ...]
    journal: tuple[Touched | None, ...]
    deleted: tuple[str, ...]
    """Per record, for the oracle: by whom the service has it deleted, or empty."""
    outbox: tuple[Batch, ...] = ()
    reports: tuple[bytes, ...] = ()
    cursor: int = 0
    taken: int = 0
    page: Page | None = None
    held: tuple[tuple[int, Held], ...] = ()
    """The office's quarantine, by record."""
    head: int = 0
    online_head: int = 0
    batch: int = 0
    floor: int = 0
    log: tuple[Entry, ...] = ()
    referred: bool = False
    """Something at the office refers to record 0, which can therefore not be deleted there."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Fields that are decided together."""
    yields: bool = False
    """An unseen online write stands over the office's."""
    derives: bool = False
    """A trigger at the office writes what comes from online in capitals."""


def begun(
    existing: int,
    slots: int,
    *,
    referred: bool = False,
    derives: bool = False,
    grouped: bool = False,
    yields: bool = False,
) -> World:
    """Both sides equal: so many records exist, and there is room for others."""
    row = tuple("0" for _ in NAMES)
    records = [encoded(Record(str(n), "t", dict.fromkeys(NAMES, "0"))) for n in range(existing)]
    return World(
        rows=tuple(row if n < existing else None for n in range(slots)),
        records=(*records, *[None] * (slots - existing)),
        fields=tuple(tuple(Field() for _ in NAMES) for _ in range(slots)),
        journal=(None,) * slots,
        deleted=("",) * slots,
        referred=referred,
        derives=derives,
        groups=(NAMES,) if grouped else (),
        yields=yields,
    )


# --- values as keys of a memory ---------------------------------------------------------

_encoder = msgspec.msgpack.Encoder(order="deterministic")


def encoded(value: object) -> bytes:
    """A value as a key; equal values give equal bytes."""
    return _encoder.encode(value)


@functools.cache
def record_in(body: bytes) -> Record:
    """The record in a key."""
    return msgspec.msgpack.decode(body, type=Record)


@functools.cache
def office_changes_in(body: bytes) -> tuple[OfficeChange, ...]:
    """The changes of a batch."""
    return msgspec.msgpack.decode(body, type=tuple[OfficeChange, ...])


@functools.cache
def online_changes_in(body: bytes) -> tuple[OnlineChange, ...]:
    """The changes of a page."""
    return msgspec.msgpack.decode(body, type=tuple[OnlineChange, ...])


def placed(values: tuple[T, ...], place: int, value: T) -> tuple[T, ...]:
    """The tuple with another value at a place."""
    return (*values[:place], value, *values[place + 1 :])


# --- people write -----------------------------------------------------------------------


def office_edit(world: World, slot: int, field: int, value: str) -> World | None:
    """The company's program writes a field; None where that changes nothing."""
    row = world.rows[slot]
    if row is None or row[field] == value:
        return None
    row = placed(row, field, value)
    writes: list[OfficeWrite] = []
    for other in range(len(NAMES)):  # what is decided together counts as written with it
        if other == field or any({NAMES[field], NAMES[other]} <= set(g) for g in world.groups):
            world, write = _office_write(world, slot, other, str(row[other]))
            writes.append(write)
    rows = placed(world.rows, slot, row)
    return journaled(world._replace(rows=rows), slot, (field,), tuple(writes))


def office_create(world: World, slot: int) -> World:
    """The company's program makes a record."""
    writes = []
    for field in range(len(NAMES)):
        world, write = _office_write(world, slot, field, "made")
        writes.append(write)
    row = tuple("made" for _ in NAMES)
    world = world._replace(rows=placed(world.rows, slot, row))
    return journaled(world, slot, range(len(NAMES)), tuple(writes), new=True)


def office_delete(world: World, slot: int) -> World | None:
    """The company's program deletes a record."""
    if world.rows[slot] is None:
        return None
    knew = tuple(f.known for f in world.fields[slot])
    write = OfficeWrite(slot, None, 0, None, knew)
    world = world._replace(rows=placed(world.rows, slot, None))
    return journaled(world, slot, (), (write,), gone=True)


def online_edit(world: World, slot: int, field: int, value: str) -> World | None:
    """Somebody edits a field online; None where that changes nothing."""
    record = online_record(world, slot)
    if record is None or not record.alive or record.fields[NAMES[field]] == value:
        return None
    changed = {NAMES[field]: value}
    decision = merge.online_edit(record, changed, world.head + 1, world.floor, None, None)
    world = _online_write(world, slot, field, value)
    which = (slot, field, world.fields[slot][field].online_writes)
    return take(world, slot, decision, (which,))


def online_create(world: World, slot: int, value: str = "made") -> World:
    """Somebody makes a record online."""
    new = Record(str(slot), "t", dict.fromkeys(NAMES, value))
    decision = merge.online_create(new, world.head + 1, None, None)
    for field in range(len(NAMES)):
        world = _online_write(world, slot, field, value)
    return take(world, slot, decision, tuple((slot, f, 1) for f in range(len(NAMES))))


def online_delete(world: World, slot: int) -> World | None:
    """Somebody deletes a record online."""
    record = online_record(world, slot)
    if record is None or not record.alive:
        return None
    decision = merge.online_delete(record, world.head + 1, world.floor, None, None)
    world = world._replace(deleted=placed(world.deleted, slot, "online"))
    return take(world, slot, decision, ())


def online_restore(world: World, slot: int) -> World | None:
    """Somebody brings a deleted record back online, with the fields it had."""
    record = online_record(world, slot)
    if record is None or record.alive:
        return None
    decision = merge.online_restore(record, world.head + 1, world.floor, None, None)
    if world.deleted[slot] == "office":
        for field, name in enumerate(NAMES):  # what the office wrote and never told is gone
            old = world.fields[slot][field]
            page = old._replace(
                online=str(record.fields[name]),
                online_writes=max(old.online_writes, 1),
                online_knew=old.office_writes,
                arrived=old.office_writes,
                standing=False,
            )
            world = noted(world, slot, field, page)
    world = world._replace(deleted=placed(world.deleted, slot, ""))
    return take(world, slot, decision, ())


def online_record(world: World, slot: int) -> Record | None:
    body = world.records[slot]
    return None if body is None else record_in(body)


def _office_write(world: World, slot: int, field: int, value: str) -> tuple[World, OfficeWrite]:
    old = world.fields[slot][field]
    page = old._replace(office=value, office_writes=old.office_writes + 1)
    write = OfficeWrite(slot, field, page.office_writes, value, (page.known,))
    return noted(world, slot, field, page), write


def _online_write(world: World, slot: int, field: int, value: str) -> World:
    old = world.fields[slot][field]
    page = old._replace(
        online=value,
        online_writes=old.online_writes + 1,
        online_knew=old.arrived,
        standing=True,
    )
    return noted(world, slot, field, page)


def noted(world: World, slot: int, field: int, page: Field) -> World:
    """The oracle writes down what is true of a field now."""
    pages = placed(world.fields[slot], field, page)
    return world._replace(fields=placed(world.fields, slot, pages))


def journaled(
    world: World,
    slot: int,
    fields: Iterator[int] | range | tuple[int, ...],
    writes: tuple[OfficeWrite, ...],
    *,
    new: bool = False,
    gone: bool = False,
    derived: bool = False,
) -> World:
    old = world.journal[slot] or Touched(False, False, (None,) * len(NAMES), FOREVER, ())
    seen = old.seen
    for field in fields:
        before = seen[field]
        seen = placed(seen, field, world.cursor if before is None else min(before, world.cursor))
    touched = Touched(
        old.new or new,
        gone,
        seen,
        min(old.least, world.cursor),
        (*old.writes, *writes),
        old.own if derived else old.own | set(fields),
    )
    return world._replace(journal=placed(world.journal, slot, touched))


def take(
    world: World,
    slot: int,
    decision: Decision,
    writes: tuple[Write, ...] | None = None,
) -> World:
    """As the service's unit of work: number, record, and for online work a row for the office."""
    body = None if decision.record is None else encoded(decision.record)
    world = world._replace(records=placed(world.records, slot, body))
    if decision.action is None:
        return world
    head = world.head + 1
    if writes is None:
        return world._replace(head=head)
    log = (*world.log, Entry(head, slot, writes))
    return world._replace(head=head, online_head=head, log=log)
