"""Every order of up to so many steps of a small world: it comes to rest as a naive oracle says.

G1, G2, G3, FM17, FM18, FM20. A crash is an order in which a step's other half never comes: a batch
delivered and not acknowledged, a page fetched and not applied. The losses that each delivery
records are compared with the oracle's at once, the values once everything rests.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator

import pytest

from tests.core import small_sync as sync
from tests.core import small_world as small
from tests.core.small_world import BAD, NAMES, World

Step = tuple[str, World | None]
Steps = Callable[[World], Iterator[Step]]

SHORTER = int(os.environ.get("SAMSYN_SMALL_WORLD_SHORTER", "0"))
"""So many steps fewer: for whoever runs this again and again."""


def agent(world: World) -> Iterator[Step]:
    """What the agent may do next; a page is a single change or all there is."""
    yield "claim", sync.claim(world)
    yield "deliver", sync.deliver(world)
    yield "acknowledge", sync.acknowledge(world)
    yield "fetch", sync.fetch(world)
    if world.online_head > world.cursor:
        yield "fetch 1", sync.fetch(world, 1)
    yield "apply", sync.apply(world)


def edits(world: World, slot: int) -> Iterator[Step]:
    """Each side writes something new."""
    for field in range(len(NAMES)):
        notes = world.fields[slot][field]
        office, online = f"office{notes.office_writes + 1}", f"online{notes.online_writes + 1}"
        yield f"office edits {slot} {field}", small.office_edit(world, slot, field, office)
        yield f"online edits {slot} {field}", small.online_edit(world, slot, field, online)
        if not used(world, slot, field):
            return  # fields that nobody has written are all alike


def used(world: World, slot: int, field: int) -> bool:
    """Whether anybody has written the field."""
    notes = world.fields[slot][field]
    return bool(notes.office_writes or notes.online_writes)


def two_records(world: World) -> Iterator[Step]:
    """Two records of two fields, edited by both sides."""
    yield from agent(world)
    for slot in range(2):
        yield from edits(world, slot)
        if not used(world, slot, 0):
            return


def equal_values(world: World) -> Iterator[Step]:
    """One record, and either side may write what the other shows."""
    yield from agent(world)
    yield from edits(world, 0)
    row, body = world.rows[0], world.records[0]
    assert row is not None, "nobody deletes"
    assert body is not None, "nobody deletes"
    shown = small.record_in(body).fields
    for field, name in enumerate(NAMES):
        if world.fields[0][field].online_writes:
            same = small.office_edit(world, 0, field, str(shown[name]))
            yield f"office copies 0 {field}", same
        if world.fields[0][field].office_writes:
            same = small.online_edit(world, 0, field, str(row[field]))
            yield f"online copies 0 {field}", same


def births_and_deaths(world: World) -> Iterator[Step]:
    """One record that is edited and deleted, and each side makes another."""
    yield from agent(world)
    yield from edits(world, 0)
    yield "office deletes 0", small.office_delete(world, 0)
    yield "online deletes 0", small.online_delete(world, 0)
    yield "online restores 0", small.online_restore(world, 0)
    for slot, make in ((1, small.office_create), (2, small.online_create)):
        if used(world, slot, 0):
            yield from edits(world, slot)
            yield f"office deletes {slot}", small.office_delete(world, slot)
            yield f"online deletes {slot}", small.online_delete(world, slot)
        else:
            yield f"makes {slot}", make(world, slot)


def restorations(world: World) -> Iterator[Step]:
    """One record that is edited, deleted and brought back."""
    yield from agent(world)
    yield from edits(world, 0)
    yield "office deletes 0", small.office_delete(world, 0)
    yield "online deletes 0", small.online_delete(world, 0)
    yield "online restores 0", small.online_restore(world, 0)


def a_group(world: World) -> Iterator[Step]:
    """One record whose two fields are decided together; either side may write what is there."""
    yield from equal_values(world)


def online_wins(world: World) -> Iterator[Step]:
    """One record of whose fields an unseen online write stands; it may be deleted."""
    yield from equal_values(world) if world.rows[0] and world.records[0] else agent(world)
    yield "online deletes 0", small.online_delete(world, 0)


def derivations(world: World) -> Iterator[Step]:
    """One record whose trigger at the office makes its own of what comes; it may be deleted."""
    yield from agent(world)
    yield from edits(world, 0)
    yield "online deletes 0", small.online_delete(world, 0)
    yield "online restores 0", small.online_restore(world, 0)
    row = world.rows[0]
    if row is not None and world.fields[0][0].online_writes:
        yield "online copies 0 0", small.online_edit(world, 0, 0, str(row[0]))


def refusals(world: World) -> Iterator[Step]:
    """One record that the office cannot delete, and a value that it cannot take."""
    yield from agent(world)
    yield from edits(world, 0)
    yield "online edits 0 0", small.online_edit(world, 0, 0, BAD)
    yield "online deletes 0", small.online_delete(world, 0)
    yield "online restores 0", small.online_restore(world, 0)


def refused_births(world: World) -> Iterator[Step]:
    """A record made online that the office cannot take until it is mended, and one beside it."""
    yield from agent(world)
    yield "office edits 0 0", small.office_edit(world, 0, 0, "office")
    if world.records[1] is None:
        yield "makes 1", small.online_create(world, 1, BAD)
    else:
        yield from edits(world, 1)
        yield "online deletes 1", small.online_delete(world, 1)


@pytest.mark.parametrize(
    ("steps", "start", "length"),
    [
        (two_records, small.begun(2, 2), 7),
        (equal_values, small.begun(1, 1), 6),
        (births_and_deaths, small.begun(1, 3), 5),
        (a_group, small.begun(1, 1, grouped=True), 6),
        (online_wins, small.begun(1, 1, yields=True), 6),
        (derivations, small.begun(1, 1, derives=True), 7),
        (restorations, small.begun(1, 1), 7),
        (refusals, small.begun(1, 1, referred=True), 7),
        (refused_births, small.begun(1, 2), 8),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_order_comes_to_rest_as_the_oracle_says_g1_g2_g3_fm17_fm18_fm20(
    steps: Steps, start: World, length: int
) -> None:
    length -= SHORTER
    gc.disable()  # states live on and hold no rings: looking for them takes a third of the time
    try:
        states, orders = explored(steps, start, length)
    finally:
        gc.enable()
    covered = f"{steps.__name__}: {states} states, {orders} orders of {length} steps"
    print(covered)  # noqa: T201  # how much was covered is the point


def explored(steps: Steps, start: World, length: int) -> tuple[int, int]:
    """Every state within so many steps, each checked at rest; and how many orders lead there."""
    worlds = Worlds(start)
    orders = {0: 1}
    for _ in range(length):
        following: dict[int, int] = {}
        for number, ways in orders.items():
            for found in worlds.after(number, steps):
                following[found] = following.get(found, 0) + ways
        orders = following
    return len(worlds.known), sum(orders.values())


class Worlds:
    """The states met so far, by number, and how each was first reached."""

    def __init__(self, start: World) -> None:
        self.known = [start]
        self._numbers = {start: 0}
        self._after: dict[int, list[int]] = {}
        self._from: dict[int, tuple[int, str]] = {}
        self._sound: set[World] = set()

    def after(self, number: int, steps: Steps) -> list[int]:
        """The numbers of the states one step on; new ones are checked."""
        if number not in self._after:
            self._after[number] = list(self._found(number, steps))
        return self._after[number]

    def _found(self, number: int, steps: Steps) -> Iterator[int]:
        try:
            for name, world in steps(self.known[number]):
                if world is not None:
                    yield self._number(world, number, name)
        except AssertionError as error:
            raise AssertionError(f"after {self._order(number)}: {error}") from error

    def _number(self, world: World, before: int, name: str) -> int:
        number = self._numbers.setdefault(world, len(self.known))
        if number == len(self.known):
            self.known.append(world)
            self._from[number] = (before, name)
            self._check(number)
        return number

    def _check(self, number: int) -> None:
        world: World | None = self.known[number]
        try:
            while world is not None and world not in self._sound:
                self._sound.add(world)
                before, world = world, sync.toward_rest(world)
                if world is None:
                    sync.check(before)
        except AssertionError as error:
            raise AssertionError(f"at rest after {self._order(number)}: {error}") from error

    def _order(self, number: int) -> str:
        names = []
        while number:
            number, name = self._from[number]
            names.append(name)
        return "; ".join(reversed(names))
