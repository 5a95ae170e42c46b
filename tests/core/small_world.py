"""A small world of two sides around the pure rules, and a naive oracle that counts who had seen what.

The office is a model of a few lines (journal with `seen`, batches, cursor, floor); merge,
net changes and plans are the real functions. A world is a value; a step gives the next one.
The oracle knows no numbers of the log, masks or cursors: for each field, it counts the writes of
each side and how many of the other side's writes each had seen.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

import msgspec

from samsyn.core import merge
from samsyn.core.changes import (
    Delete,
    Lost,
    OfficeChange,
    OnlineChange,
    Operation,
    Put,
    Refused,
    Taken,
)
from samsyn.core.merge import Decision, Status
from samsyn.core.net import net_change
from samsyn.core.plan import plan_step, what_is_wanted, without_deletion
from samsyn.core.record import Record, settled

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

    def expected(self, before: str) -> str | None:
        """What must stand on both sides in the end: the office's unless online had seen it."""
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


def begun(existing: int, slots: int, *, referred: bool = False) -> World:
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


@functools.cache
def _decided(record: bytes | None, change: bytes, seq: int, floor: int) -> Decision:
    (what,) = office_changes_in(change)
    now = None if record is None else record_in(record)
    match what:
        case Put():
            return merge.office_put(now, what, seq, floor)
        case Delete():
            return merge.office_delete(now, what, seq, floor)
        case Refused():
            return merge.office_refused(now, what, seq)
        case _:
            return merge.office_taken(now, what)


@functools.cache
def _net(record: bytes, since: int, upto: int, floor: int) -> OnlineChange | None:
    return net_change(record_in(record), since, upto, floor)


def placed(values: tuple[T, ...], place: int, value: T) -> tuple[T, ...]:
    """The tuple with another value at a place."""
    return (*values[:place], value, *values[place + 1 :])


# --- people write -----------------------------------------------------------------------


def office_edit(world: World, slot: int, field: int, value: str) -> World | None:
    """The company's program writes a field; None where that changes nothing."""
    row = world.rows[slot]
    if row is None or row[field] == value:
        return None
    world, write = _office_write(world, slot, field, value)
    rows = placed(world.rows, slot, placed(row, field, value))
    return _journaled(world._replace(rows=rows), slot, (field,), (write,))


def office_create(world: World, slot: int) -> World:
    """The company's program makes a record."""
    writes = []
    for field in range(len(NAMES)):
        world, write = _office_write(world, slot, field, "made")
        writes.append(write)
    row = tuple("made" for _ in NAMES)
    world = world._replace(rows=placed(world.rows, slot, row))
    return _journaled(world, slot, range(len(NAMES)), tuple(writes), new=True)


def office_delete(world: World, slot: int) -> World | None:
    """The company's program deletes a record."""
    if world.rows[slot] is None:
        return None
    knew = tuple(f.known for f in world.fields[slot])
    write = OfficeWrite(slot, None, 0, None, knew)
    world = world._replace(rows=placed(world.rows, slot, None))
    return _journaled(world, slot, (), (write,), gone=True)


def online_edit(world: World, slot: int, field: int, value: str) -> World | None:
    """Somebody edits a field online; None where that changes nothing."""
    record = _online(world, slot)
    if record is None or not record.alive or record.fields[NAMES[field]] == value:
        return None
    changed = {NAMES[field]: value}
    decision = merge.online_edit(record, changed, world.head + 1, world.floor, None, None)
    world = _online_write(world, slot, field, value)
    which = (slot, field, world.fields[slot][field].online_writes)
    return _taken(world, slot, decision, (which,))


def online_create(world: World, slot: int) -> World:
    """Somebody makes a record online."""
    new = Record(str(slot), "t", dict.fromkeys(NAMES, "made"))
    decision = merge.online_create(new, world.head + 1, None, None)
    for field in range(len(NAMES)):
        world = _online_write(world, slot, field, "made")
    return _taken(world, slot, decision, tuple((slot, f, 1) for f in range(len(NAMES))))


def online_delete(world: World, slot: int) -> World | None:
    """Somebody deletes a record online."""
    record = _online(world, slot)
    if record is None or not record.alive:
        return None
    decision = merge.online_delete(record, world.head + 1, world.floor, None, None)
    world = world._replace(deleted=placed(world.deleted, slot, "online"))
    return _taken(world, slot, decision, ())


def _online(world: World, slot: int) -> Record | None:
    body = world.records[slot]
    return None if body is None else record_in(body)


def _office_write(world: World, slot: int, field: int, value: str) -> tuple[World, OfficeWrite]:
    old = world.fields[slot][field]
    page = old._replace(office=value, office_writes=old.office_writes + 1)
    write = OfficeWrite(slot, field, page.office_writes, value, (page.known,))
    return _noted(world, slot, field, page), write


def _online_write(world: World, slot: int, field: int, value: str) -> World:
    old = world.fields[slot][field]
    page = old._replace(
        online=value,
        online_writes=old.online_writes + 1,
        online_knew=old.arrived,
        standing=True,
    )
    return _noted(world, slot, field, page)


def _noted(world: World, slot: int, field: int, page: Field) -> World:
    pages = placed(world.fields[slot], field, page)
    return world._replace(fields=placed(world.fields, slot, pages))


def _journaled(
    world: World,
    slot: int,
    fields: Iterator[int] | range | tuple[int, ...],
    writes: tuple[OfficeWrite, ...],
    *,
    new: bool = False,
    gone: bool = False,
) -> World:
    old = world.journal[slot] or Touched(False, False, (None,) * len(NAMES), FOREVER, ())
    seen = old.seen
    for field in fields:
        before = seen[field]
        seen = placed(seen, field, world.cursor if before is None else min(before, world.cursor))
    touched = Touched(
        old.new or new, gone, seen, min(old.least, world.cursor), (*old.writes, *writes)
    )
    return world._replace(journal=placed(world.journal, slot, touched))


# --- the agent --------------------------------------------------------------------------


def claim(world: World) -> World | None:
    """What waits at the office becomes a batch; None where nothing does."""
    if not world.reports and not any(world.journal):
        return None
    changes: list[OfficeChange] = [c for r in world.reports for c in office_changes_in(r)]
    writes: list[OfficeWrite] = []
    held = dict(world.held)
    for slot, touched in enumerate(world.journal):
        if touched is None or (touched.new and touched.gone):
            continue
        writes += touched.writes
        change = _change(world, slot, touched)
        changes.append(change)
        if slot in held:
            _override(held, slot, change)
    last = world.outbox[-1].number if world.outbox else world.taken
    floor = min([world.cursor, *_unknowing(changes)])
    batch = Batch(last + 1, floor, encoded(changes), tuple(writes))
    return world._replace(
        journal=(None,) * len(world.journal),
        reports=(),
        held=tuple(sorted(held.items())),
        outbox=(*world.outbox, batch) if changes else world.outbox,
        page=None,
    )


def _change(world: World, slot: int, touched: Touched) -> Put | Delete:
    row = world.rows[slot]
    if touched.gone or row is None:
        return Delete("t", str(slot), touched.least)
    told = [n for n, seen in enumerate(touched.seen) if touched.new or seen is not None]
    by_field = {
        NAMES[n]: seen
        for n, seen in enumerate(touched.seen)
        if not touched.new and seen is not None and seen != touched.least
    }
    fields = {NAMES[n]: row[n] for n in told}
    return Put("t", str(slot), (slot,), dict(fields), touched.least, by_field, touched.new)


def _override(held: dict[int, Held], slot: int, change: Put | Delete) -> None:
    """The office's own value stands in the place of what it had refused."""
    entry = held.pop(slot)
    (waiting,) = online_changes_in(entry.change)
    if isinstance(change, Put):
        left = {f: v for f, v in waiting.fields.items() if f not in change.fields}
        if left:
            kept = encoded((msgspec.structs.replace(waiting, fields=left),))
            held[slot] = entry._replace(change=kept)


def floor_of(world: World) -> int:
    """What the office tells with a pull; see `companydb.claim.floor`."""
    seen = [world.cursor, *(t.least for t in world.journal if t is not None)]
    for body in (*world.reports, *(batch.changes for batch in world.outbox)):
        seen += _unknowing(office_changes_in(body))
    return min(seen)


def _unknowing(changes: Iterable[OfficeChange]) -> list[int]:
    seen = [change.seen for change in changes if isinstance(change, Put | Delete)]
    return seen + [change.since for change in changes if isinstance(change, Refused)]


def deliver(world: World) -> World | None:
    """The oldest batch reaches the service; again, if the answer was lost."""
    if not world.outbox:
        return None
    batch = world.outbox[0]
    world = world._replace(page=None)
    if batch.number == world.batch:
        return world
    assert batch.number == world.batch + 1, "batches come in order"
    floor, lost, expected = world.floor, list[tuple[object, ...]](), list[tuple[object, ...]]()
    for change in office_changes_in(batch.changes):
        slot = int(change.id)
        own = (
            [w for w in batch.writes if w.slot == slot] if isinstance(change, Put | Delete) else []
        )
        expected += _expected_losses(world, change, own)
        decision = _decided(world.records[slot], encoded((change,)), world.head + 1, floor)
        assert decision.status is not Status.UNKNOWN_RECORD, change
        lost += [_told(one) for one in decision.lost]
        undone = decision.action is merge.Action.REVIVE
        world = _arrived(world, own, slot, undone=undone)
        world = _taken(world, slot, decision)
    assert sorted(lost, key=repr) == sorted(expected, key=repr), (lost, expected)
    return world._replace(batch=batch.number, floor=max(world.floor, batch.floor))


def _told(lost: Lost) -> tuple[object, ...]:
    return (lost.record, lost.field, lost.online, lost.office, lost.outcome)


def _expected_losses(
    world: World, change: OfficeChange, writes: list[OfficeWrite]
) -> Iterator[tuple[object, ...]]:
    """By the oracle: which online values does this lose, that the office had not seen?"""
    slot = int(change.id)
    gone = world.deleted[slot]
    if isinstance(change, Refused):
        if change.operation is Operation.DELETE and gone == "online":
            yield (change.id, None, None, None, "delete_refused")
        return
    if gone == "online" and isinstance(change, Put):
        yield (change.id, None, None, None, "deletion_undone")
    last = {write.field: write for write in writes}
    for n, page in enumerate(world.fields[slot]):
        if isinstance(change, Delete) and not gone and page.standing:
            if last[None].knew[n] < page.online_writes:
                yield (change.id, NAMES[n], page.online, None, "office_deleted")
        elif isinstance(change, Put) and n in last and page.standing:
            write = last[n]
            if write.knew[0] < page.online_writes and write.value != page.online:
                yield (change.id, NAMES[n], page.online, write.value, "office_value")


def _arrived(world: World, writes: list[OfficeWrite], slot: int, *, undone: bool) -> World:
    for write in writes:
        if write.field is None:
            world = world._replace(deleted=placed(world.deleted, slot, "office"))
        else:
            page = world.fields[slot][write.field]
            page = page._replace(arrived=write.number, standing=False)
            world = _noted(world, slot, write.field, page)
    if undone and world.deleted[slot] == "online":
        world = world._replace(deleted=placed(world.deleted, slot, ""))
    return world


def _taken(
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


def acknowledge(world: World) -> World | None:
    """The answer to the oldest batch has come back."""
    if not world.outbox or world.batch < world.outbox[0].number:
        return None
    return world._replace(outbox=world.outbox[1:], taken=world.outbox[0].number, page=None)


def fetch(world: World, limit: int = FOREVER) -> World | None:
    """A page of net online changes is on its way, and the service has heard the office's floor."""
    if world.online_head <= world.cursor:
        return None
    floor = max(world.floor, floor_of(world))
    told = [e for e in world.log if e.seq > world.cursor][:limit]
    upto = told[-1].seq if len(told) == limit else world.online_head
    changes: list[OnlineChange] = []
    for slot in dict.fromkeys(e.slot for e in told):
        body = world.records[slot]
        assert body is not None
        change = _net(body, world.cursor, upto, floor)
        if change is not None:
            changes.append(msgspec.structs.replace(change, id=str(slot)))
    shown = {(int(change.id), name) for change in changes for name in change.fields}
    covered = tuple(w for e in told for w in e.writes if (w[0], NAMES[w[1]]) in shown)
    page = Page(world.cursor, upto, world.batch, encoded(changes), covered)
    return world._replace(page=page, floor=floor)


def apply(world: World) -> World | None:
    """The page becomes rows: one transaction with the claim of what waited, and the cursor."""
    page = world.page
    if page is None or page.since != world.cursor:
        return None
    log = tuple(entry for entry in world.log if entry.seq > page.upto)
    world = (claim(world) or world)._replace(cursor=page.upto, page=None, log=log)
    for change in online_changes_in(page.changes):
        covered = tuple(write for write in page.covered if write[0] == int(change.id))
        world = _written(world, change, covered, page)
    return world


def _written(world: World, change: OnlineChange, covered: tuple[Write, ...], page: Page) -> World:
    slot = int(change.id)
    fields, deleted = _unsent(world, change.id, page)
    change = what_is_wanted(change, fields)
    if change.operation is Operation.UPDATE and slot in dict(world.held):
        change, covered = _with_held(dict(world.held)[slot], change, covered)
    row = world.rows[slot]
    now = None if row is None else dict(zip(NAMES, row, strict=True))
    step = plan_step(change, now, fields, deleted)
    assert not step.uncaptured, (change, row)
    if step.operation is Operation.DELETE and world.referred and slot == 0:
        world = _refused(world, change, covered, page)
        return _written(world, without_deletion(change), covered, page)
    if BAD in step.fields.values():
        return _refused(world, change, covered, page)
    held = dict(world.held)
    if held.pop(slot, None) is not None:
        taken = encoded((Taken("t", change.id, page.upto),))
        world = world._replace(held=tuple(held.items()), reports=(*world.reports, taken))
    for _, field, which in covered:
        known = world.fields[slot][field]
        world = _noted(world, slot, field, known._replace(known=max(known.known, which)))
    if step.operation is None:
        return world
    if step.operation is Operation.DELETE:
        return world._replace(rows=placed(world.rows, slot, None))
    after = tuple(str(step.fields.get(n, (now or {}).get(n))) for n in NAMES)
    return world._replace(rows=placed(world.rows, slot, after))


def _with_held(
    held: Held, change: OnlineChange, covered: tuple[Write, ...]
) -> tuple[OnlineChange, tuple[Write, ...]]:
    (waiting,) = online_changes_in(held.change)
    merged = msgspec.structs.replace(
        waiting,
        fields={**waiting.fields, **change.fields},
        expected={**change.expected, **waiting.expected},
    )
    return merged, held.covered + covered


def _refused(world: World, change: OnlineChange, covered: tuple[Write, ...], page: Page) -> World:
    mine, _ = _unsent(world, change.id, page)
    if change.operation is Operation.UPDATE:
        left = {f: v for f, v in change.fields.items() if f not in mine}
        change = msgspec.structs.replace(change, fields=left)
    fields = tuple(change.fields) if change.operation is not Operation.DELETE else ()
    refused = Refused(
        "t", change.id, page.upto, change.operation, fields, "NO", "", since=page.since
    )
    held = dict(world.held)
    if change.operation is not Operation.DELETE:
        held[int(change.id)] = Held(encoded((change,)), covered)
    return world._replace(
        reports=(*world.reports, encoded((refused,))), held=tuple(sorted(held.items()))
    )


def _unsent(world: World, record: str, page: Page) -> tuple[set[str], bool]:
    fields, deleted = set[str](), False
    for batch in world.outbox:
        if batch.number <= page.included:
            continue
        for change in office_changes_in(batch.changes):
            if change.id == record and isinstance(change, Put):
                fields |= change.fields.keys()
            elif change.id == record and isinstance(change, Delete):
                deleted = True
    return fields, deleted


# --- rest -------------------------------------------------------------------------------


def toward_rest(world: World) -> World | None:
    """The agent's next step where nobody writes any more; None at rest."""
    if world.outbox:
        return acknowledge(world) or deliver(world)
    if world.page is not None:
        return apply(world) or world._replace(page=None)
    return claim(world) or fetch(world)


def check(world: World) -> None:
    """At rest: equal sides (G1), the values that the oracle expects (G2), nothing left waiting."""
    held = dict(world.held)
    floor = max(world.floor, floor_of(world))
    for slot, row in enumerate(world.rows):
        record = _online(world, slot)
        alive = record is not None and record.alive
        assert alive == (row is not None), (slot, row, record)
        assert alive == (record is not None and not world.deleted[slot]), (slot, world.deleted)
        if record is None or row is None:
            continue
        waiting = set[str]()
        if slot in held:
            (change,) = online_changes_in(held[slot].change)
            waiting = set(change.fields)
        now = settled(record, floor)
        assert {f for f, p in now.pending.items() if p.held} == waiting, (slot, now, waiting)
        assert all(p.held for p in now.pending.values()), now
        for n, name in enumerate(NAMES):
            expected = world.fields[slot][n].expected("0")
            assert record.fields[name] == expected, (slot, name, record, world.fields[slot][n])
            assert name in waiting or row[n] == expected, (slot, name, row, expected)
