"""FM22, G7: the service is put back where nothing but the office's cursor knows it, and its numbers are given anew."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from samsyn.agent.chunks import out_chunk
from samsyn.agent.comparing import Candidates
from samsyn.agent.confirming import confirm
from samsyn.agent.service import ServiceRefused
from samsyn.agent.underway import Choice
from samsyn.companydb import books
from samsyn.protocol.messages import Cursor
from samsyn.protocol.restoring import Standing
from samsyn.records.pull import online_head
from tests.sync.backups import service_backup
from tests.sync.world import World


def given_anew(world: World, more: int = 0) -> None:
    """The office takes in two online changes, the service forgets them, and others have their numbers."""
    one, two = world.id_of("item", 1), world.id_of("item", 2)
    restore = service_backup()
    world.edit(one, note="taken by the office")
    world.edit(one, name="taken too")
    world.settle()
    cursor = books.cursor(world.db)
    restore()
    for turn in range(2 + more):
        world.edit(two, note=f"since the backup {turn}")
    assert online_head(world.tenant) == cursor + more


def told_as_it_stands(world: World) -> None:
    """A chunk without rows."""
    with world.db.transaction():
        chunk = out_chunk(
            world.db, world.fence, world.type("item"), msgspec.Raw(b"[]"), 1, last=False
        )
    world.service.load(chunk.body)


SPEAKS: dict[str, Callable[[World], object]] = {
    "hello": lambda world: world.session.hello(),
    "pull": lambda world: world.session._pull_page(),
    "push": lambda world: world.session._push(),
    "load": told_as_it_stands,
    "compare": lambda world: confirm(
        world.db,
        world.service,
        world.type("item"),
        Candidates((world.id_of("item", 2),), ()),
    ),
}


@pytest.mark.parametrize("more", [0, 3])
@pytest.mark.parametrize("asked", SPEAKS)
def test_whatever_the_agent_says_first_is_refused_fm22_g7(
    world: World, asked: str, more: int
) -> None:
    """Also in the session that was open: nothing but the numbers' marks has changed."""
    given_anew(world, more)
    if asked == "push":
        world.office("UPDATE item SET note = 'wins, if it were sent' WHERE id = 2")
    world.session.online_head = online_head(world.tenant) + 1
    before = [world.online(world.id_of("item", n)) for n in (1, 2)]
    rows = world.office("SELECT name, note FROM item ORDER BY id")
    with pytest.raises(ServiceRefused) as refused:
        SPEAKS[asked](world)
    assert refused.value.problem == "STATE_DIVERGED"
    assert refused.value.facts["what"] == "mark"
    assert [world.online(world.id_of("item", n)) for n in (1, 2)] == before
    assert world.office("SELECT name, note FROM item ORDER BY id") == rows


def test_what_is_taken_up_again_loses_nothing_fm22_g7(world: World) -> None:
    given_anew(world)
    assert world.update(Choice.BRING_BACK) is Standing.SERVICE_BACK
    world.settle()
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    assert world.office("SELECT name, note FROM item ORDER BY id") == [
        ("taken too", "taken by the office"),
        ("two", "since the backup 1"),
    ]


def test_a_cursor_without_a_mark_is_believed(world: World) -> None:
    """As of an older program, here or there."""
    given_anew(world, more=1)
    with world.db.transaction():
        books.set_fact(world.db, books.CURSOR, None)
    world.restart()
    world.settle()
    assert books.marked_cursor(world.db).mark


def test_a_mark_of_another_number_is_none(world: World) -> None:
    """As after an older program has moved the cursor alone."""
    world.edit(world.id_of("item", 1), note="taken")
    world.settle()
    was = books.marked_cursor(world.db)
    assert was.mark
    with world.db.transaction():
        books.set_fact(world.db, books.CURSOR, Cursor(was.number - 1, was.mark))
    assert books.marked_cursor(world.db) == Cursor(was.number)
