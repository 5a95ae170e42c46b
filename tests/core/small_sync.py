"""The office's agent and the service of the small world, step by step, and what must hold at rest."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

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
from samsyn.core.groups import together, with_seen
from samsyn.core.merge import Decision, Status
from samsyn.core.net import net_change
from samsyn.core.plan import plan_step, what_is_wanted, without_deletion
from samsyn.core.record import settled
from tests.core.small_world import (
    BAD,
    NAMES,
    Batch,
    Held,
    OfficeWrite,
    Page,
    Touched,
    World,
    Write,
    encoded,
    journaled,
    noted,
    office_changes_in,
    online_changes_in,
    online_record,
    placed,
    record_in,
    take,
)

FOREVER = 10**6


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
    own = {NAMES[n]: touched.seen[n] or 0 for n in touched.own}
    heard = {NAMES[n]: seen for n, seen in enumerate(touched.seen) if seen is not None}
    heard |= with_seen(world.groups, own)
    told = [n for n, name in enumerate(NAMES) if touched.new or name in heard]
    by_field = {f: s for f, s in heard.items() if not touched.new and s != touched.least}
    fields = {NAMES[n]: row[n] for n in told}
    decided = together(world.groups, own)
    derived = tuple(f for f in fields if f not in decided and not touched.new)
    key = (slot,)
    yields = tuple(f for f in fields if world.yields and f not in derived and not touched.new)
    return Put(
        "t", str(slot), key, dict(fields), touched.least, by_field, touched.new, derived, yields
    )


def _override(held: dict[int, Held], slot: int, change: Put | Delete) -> None:
    """The office's own value stands in the place of what it had refused."""
    entry = held.pop(slot)
    (waiting,) = online_changes_in(entry.change)
    if isinstance(change, Put):
        own = change.fields.keys() - set(change.derived)
        left = {f: v for f, v in waiting.fields.items() if f not in own}
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
        world = take(world, slot, decision)
    lost = [one for one in lost if one[1:] != (None, None, None, "office_deleted")]
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
        record = online_record(world, slot)
        died = None if record is None else record.died
        later = died is not None and died.seq > change.upto  # restored, and deleted once more
        if change.operation is Operation.DELETE and gone == "online" and not later:
            yield (change.id, None, None, None, "delete_refused")
        return
    if gone == "online" and isinstance(change, Put) and not change.is_derived:
        yield (change.id, None, None, None, "deletion_undone")
    last = {write.field: write for write in writes}
    for n, page in enumerate(world.fields[slot]):
        if isinstance(change, Delete) and not gone and page.standing:
            if last[None].knew[n] < page.online_writes:
                yield (change.id, NAMES[n], page.online, None, "office_deleted")
        elif isinstance(change, Put) and n in last and page.standing:
            write = last[n]
            if write.knew[0] < page.online_writes and write.value != page.online:
                outcome = "online_value" if world.yields else "office_value"
                yield (change.id, NAMES[n], page.online, write.value, outcome)


def _arrived(world: World, writes: list[OfficeWrite], slot: int, *, undone: bool) -> World:
    for write in writes:
        if write.field is None:
            world = world._replace(deleted=placed(world.deleted, slot, "office"))
        else:
            page = world.fields[slot][write.field]
            unseen = page.standing and write.knew[0] < page.online_writes
            page = page._replace(arrived=write.number, standing=world.yields and unseen)
            world = noted(world, slot, write.field, page)
    if undone and world.deleted[slot] == "online":
        world = world._replace(deleted=placed(world.deleted, slot, ""))
    return world


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
    own, derived, deleted, reported = _unsent(world, change.id, page)
    fields = own - derived
    change = what_is_wanted(change, own, is_here=world.rows[slot] is not None)
    if reported:
        change = msgspec.structs.replace(change, expected={})
    expected = {f: v for f, v in change.expected.items() if f not in derived}
    change = msgspec.structs.replace(change, expected=expected)
    if change.operation is Operation.UPDATE and slot in dict(world.held):
        change, covered = _with_held(dict(world.held)[slot], change, covered)
    row = world.rows[slot]
    now = None if row is None else dict(zip(NAMES, row, strict=True))
    mine = own if change.operation is Operation.DELETE else fields
    step = plan_step(change, now, mine, deleted, world.groups)
    assert not step.uncaptured, (change, row)
    if step.operation is Operation.DELETE and world.referred and slot == 0:
        world = _refused(world, change, covered, page)
        return _written(world, without_deletion(change), covered, page)
    if BAD in step.fields.values():
        return _refused(world, change, covered, page)
    held = dict(world.held)
    if held.pop(slot, None) is not None:
        others = {name: cell for name, cell in change.fields.items() if name not in fields}
        taken = encoded((Taken("t", change.id, page.upto, others),))
        world = world._replace(held=tuple(held.items()), reports=(*world.reports, taken))
    for _, field, which in covered:
        known = world.fields[slot][field]
        world = noted(world, slot, field, known._replace(known=max(known.known, which)))
    if step.operation is None:
        return world
    if step.operation is Operation.DELETE:
        return world._replace(rows=placed(world.rows, slot, None))
    after = tuple(str(step.fields.get(n, (now or {}).get(n))) for n in NAMES)
    world = world._replace(rows=placed(world.rows, slot, after))
    return _derived(world, slot, after, step.fields) if world.derives else world


def _derived(world: World, slot: int, row: tuple[str, ...], fields: Iterable[str]) -> World:
    """The office's trigger makes its own of what came, and that is news which nobody wrote."""
    places = [n for n, name in enumerate(NAMES) if name in fields]
    made = [n for n in places if row[n] != row[n].upper()]
    if not made:
        return world
    after = tuple(v.upper() if n in made else v for n, v in enumerate(row))
    world = world._replace(rows=placed(world.rows, slot, after))
    return journaled(world, slot, tuple(made), (), derived=True)


def _with_held(
    held: Held, change: OnlineChange, covered: tuple[Write, ...]
) -> tuple[OnlineChange, tuple[Write, ...]]:
    (waiting,) = online_changes_in(held.change)
    known = {name: cell for name, cell in waiting.expected.items() if name in waiting.fields}
    merged = msgspec.structs.replace(
        waiting,
        fields={**waiting.fields, **change.fields},
        expected={**change.expected, **known},
    )
    return merged, held.covered + covered


def _refused(world: World, change: OnlineChange, covered: tuple[Write, ...], page: Page) -> World:
    own, derived, _, _ = _unsent(world, change.id, page)
    mine = own - derived
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


def _unsent(world: World, record: str, page: Page) -> tuple[set[str], set[str], bool, bool]:
    fields, derived, deleted, reported = set[str](), set[str](), False, False
    for batch in world.outbox:
        if batch.number <= page.included:
            continue
        for change in office_changes_in(batch.changes):
            if change.id == record and isinstance(change, Put):
                fields |= change.fields.keys() - set(change.derived)
                derived |= {*change.derived, *change.yields}
            elif change.id == record and isinstance(change, Delete):
                deleted = True
            elif change.id == record and isinstance(change, Refused | Taken):
                reported = True
    return fields, derived, deleted, reported


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
        record = online_record(world, slot)
        if record is not None:
            record = settled(record, floor)
        if slot in held and record is not None and record.born is not None:
            assert record.alive, "a new record that was refused lives online"
            assert record.born.held, record
            assert row is None, "and not at the office"
            continue
        alive = record is not None and record.alive
        assert alive == (row is not None), (slot, row, record)
        assert alive == (record is not None and not world.deleted[slot]), (slot, world.deleted)
        if record is None or row is None:
            continue
        waiting = set[str]()
        if slot in held:
            (change,) = online_changes_in(held[slot].change)
            waiting = set(change.fields)
        pending = record.pending
        assert {f for f, p in pending.items() if p.held} == waiting, (slot, record, waiting)
        assert all(p.held for p in pending.values()), record
        for n, name in enumerate(NAMES):
            expected = world.fields[slot][n].expected("0", yields=world.yields)
            if world.derives:
                assert record.fields[name] == row[n], (slot, name, row, record)
                assert str(row[n]).upper() == str(expected).upper(), (slot, name, row, expected)
                continue
            assert record.fields[name] == expected, (slot, name, record, world.fields[slot][n])
            assert name in waiting or row[n] == expected, (slot, name, row, expected)
