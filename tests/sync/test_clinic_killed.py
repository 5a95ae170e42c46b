"""Each fix of the quarantine clinic has one effect, wherever the agent dies and whatever answer is lost (G4)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import msgspec
import pytest

from samsyn.core.cells import Cell
from samsyn.core.errors import SamsynError
from samsyn.protocol.messages import FixOrder
from tests.sync.conftest import MakeWorld
from tests.sync.test_clinic import SCHEMA, entry_of, healed, refused_edit, refused_new
from tests.sync.world import Killed, World


class Case(msgspec.Struct, frozen=True):
    """What is refused, the fix, the rows of all customers afterwards, and how many conflicts that leaves."""

    fix: str
    refused: Callable[[World], str]
    rows: list[tuple[object, ...]]
    conflicts: int = 0
    more: dict[str, object] = {}
    office: tuple[str, ...] = ()
    """What the office does before, so that the fix can help."""


ANNA, BO = ("Anna", "anna@x", "1", 5), ("Bo", "bo@x", None, 5)


def edited(**fields: Cell) -> Callable[[World], str]:
    """An online edit of Anna that is refused."""
    return lambda world: refused_edit(world, **fields)


def with_child(world: World) -> str:
    """A new customer that is refused, with an order that waits behind it."""
    new = refused_new(world, phone="99")
    world.create("orders", no="N1", customer=new)
    world.settle()
    return new


CASES = [
    Case(
        "edit", edited(credit=-1), [("Anna", "anna@x", "1", 7), BO], more={"fields": {"credit": 7}}
    ),
    Case("take_office", edited(credit=-1, phone="2"), [ANNA, BO], 2),
    Case(
        "retry",
        edited(email="bo@x"),
        [("Anna", "bo@x", "1", 5), ("Bo", "bo.bo@x", None, 5)],
        office=("UPDATE customer SET email = 'bo.bo@x' WHERE id = 2",),
    ),
    Case("merge_with", with_child, [ANNA, BO], 3),
    Case(
        "new_key",
        with_child,
        [ANNA, BO, ("Anna N", "new@x", "99", None)],
        more={"fields": {"email": "new@x"}},
    ),
    Case("skip", refused_new, [ANNA, BO], 1),
]


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fix)
def test_a_fix_has_one_effect_wherever_the_agent_dies_g4_fm12_fm13(
    make_world: MakeWorld, case: Case, before: bool
) -> None:
    world = make_world(SCHEMA)
    world.settle()
    whose = case.refused(world)
    for statement in case.office:
        world.office(statement)
    order = FixOrder(entry_of(world, whose).id, case.fix, **case.more)  # type: ignore[arg-type]  # by name
    for fate in ("lost", "unanswered", "repeated"):
        world.network.suffer(fate)
        with suppress(SamsynError):
            world.service.mend(order)
    for commit in range(1, 50):
        with world.killed_at(commit, before=before), suppress(Killed):
            world.sync()
            break
        world.restart()
    assert commit > 1
    healed(world)
    assert world.office("SELECT name, email, phone, credit FROM customer ORDER BY id") == case.rows
    assert len(world.conflicts()) == case.conflicts
    assert len(world.online_records("customer")) == len(case.rows)
