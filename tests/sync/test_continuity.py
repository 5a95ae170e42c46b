"""FM8, FM21, G7: an agent writes upon the database as it left it, and says hello from there."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec import structs

from samsyn.agent import lease
from samsyn.agent.continuity import Continuity
from samsyn.agent.greeting import NotConnected, connection_of, greet
from samsyn.agent.lease import Computer, DatabaseReplaced, Lease, LeaseLost
from samsyn.agent.service import ServiceRefused, ServiceUnreachable
from samsyn.agent.trace import no_trace
from samsyn.companydb import books
from samsyn.core.catalog import Catalog
from samsyn.protocol import VERSION, wire
from samsyn.protocol.messages import Chunks, Cursor, Hello, HelloAnswer
from tests.sync.backups import copied
from tests.sync.world import DirectService, Killed, World


@pytest.fixture
def engine() -> str:
    """One is enough: facts are compared, and test_restore_told.py takes both."""
    return "sqlite"


@pytest.fixture
def left(world: World) -> Continuity:
    """As the agent left the database: everything has been told once."""
    world.edit(world.id_of("item", 1), note="online")
    world.settle()
    with world.db.transaction():
        books.set_fact(world.db, books.CHUNKS, Chunks(5, 4))
    return Continuity(world.db, world.fence)


def fact(name: str, change: Callable[[World], object]) -> Callable[[World], None]:
    """Another database has another fact."""
    return lambda world: books.set_fact(world.db, name, change(world))


def another_link(world: World) -> object:
    return structs.replace(connection_of(world.db), link="another")


OTHERS: dict[str, Callable[[World], None]] = {
    "the cursor": lambda world: books.set_cursor(world.db, Cursor(books.cursor(world.db) - 1)),
    "its mark": fact(
        books.CURSOR, lambda world: structs.replace(books.marked_cursor(world.db), mark="another")
    ),
    "the last chunk read": fact(books.CHUNKS, lambda _: Chunks(4, 4)),
    "the last chunk taken": fact(books.CHUNKS, lambda _: Chunks(5, 3)),
    "the link": fact("connection", another_link),
    "the last batch taken": fact("taken", lambda _: books.Taken(9, "x")),
    "its hash": fact("taken", lambda world: structs.replace(books.taken(world.db), hash="another")),
    "the last batch claimed": fact("claimed", lambda _: books.Taken(9, "x")),
    "no batch": fact("taken", lambda _: None),
    "an older lease": fact("lease", lambda world: Lease(world.fence - 1, None)),
    "no lease": fact("lease", lambda _: None),
}


@pytest.mark.parametrize("other", OTHERS)
def test_a_database_that_has_another_place_is_another_one_fm21_g7(
    world: World, left: Continuity, other: str
) -> None:
    with world.db.transaction():
        OTHERS[other](world)
    with pytest.raises(DatabaseReplaced) as told:
        left.check()
    assert told.value.facts == {"url": world.url.text}
    with pytest.raises(DatabaseReplaced), left.transaction():
        raise AssertionError("nothing is written in it")


def test_what_the_agent_writes_itself_is_where_it_goes_on(world: World, left: Continuity) -> None:
    assert left.fence == world.fence
    with left.transaction():
        for change in ("the cursor", "the link", "the last batch claimed", "the last chunk read"):
            OTHERS[change](world)
    left.check()
    with suppress(Killed), left.transaction():
        OTHERS["the last batch taken"](world)
        raise Killed
    left.check()


def test_what_people_write_is_no_other_place(world: World, left: Continuity) -> None:
    world.office("UPDATE item SET name = 'since' WHERE id = 1")
    with world.db.transaction():
        books.set_fact(world.db, "connection", structs.replace(connection_of(world.db), secret="x"))
    left.check()


def test_another_file_at_the_path_is_another_database_fm21_g7(
    world: World, left: Continuity, tmp_path: Path
) -> None:
    """It is as the agent left it, to the last number."""
    path = world.url.text.removeprefix("sqlite:///")
    copied(path, str(tmp_path / "kept.db"))
    os.replace(tmp_path / "kept.db", path)
    for ask in (left.check, left.transaction().__enter__):
        with pytest.raises(DatabaseReplaced) as told:
            ask()
        assert told.value.facts == {"url": world.url.text}


def test_who_was_overtaken_is_told_by_whom_and_not_what_the_service_says_fm8(
    world: World, left: Continuity
) -> None:
    refusal = ServiceRefused(problem="STATE_DIVERGED")
    with pytest.raises(ServiceRefused) as told, left.as_holder():
        raise refusal
    assert told.value is refusal
    with world.db.transaction():
        taken = Lease(world.fence + 1, Computer("till", "TILL-2", 1, 0.0))
        books.set_fact(world.db, "lease", taken)
    with pytest.raises(LeaseLost) as lost, left.as_holder():
        raise refusal
    assert lost.value.facts == {"computer": "TILL-2"}
    with pytest.raises(LeaseLost):
        left.check()


def test_before_anybody_has_synced_there_is_nobody_to_overtake(world: World) -> None:
    with world.db.transaction():
        books.set_fact(world.db, "lease", None)
    assert lease.current(world.db) == lease.NOBODY
    Continuity(world.db, 0).check()


# --- hello -------------------------------------------------------------------------------


class Listening(DirectService):
    """A service that keeps the hellos it has heard."""

    def __init__(self, world: World) -> None:
        super().__init__(world.caller, world.network)
        self.heard: list[Hello] = []

    def hello(self, message: Hello) -> HelloAnswer:
        self.heard.append(message)
        return super().hello(message)


def test_a_hello_tells_how_far_the_database_has_come_fm21(world: World, left: Continuity) -> None:
    world.office("UPDATE item SET name = 'claimed' WHERE id = 1")
    with world.db.transaction():
        world.session._claim()
        books.set_fact(world.db, books.CHUNKS, Chunks(5, 0))
    before, service = connection_of(world.db), Listening(world)
    traced: list[tuple[str, dict[str, object]]] = []
    now = Continuity(world.db, world.fence)
    answer = greet(
        world.db, service, now, "TILL-2", lambda event, **facts: traced.append((event, facts))
    )
    (told,) = service.heard
    taken, cursor = books.taken(world.db), books.marked_cursor(world.db)
    assert taken.number > 0
    assert cursor.mark
    assert told == Hello(
        protocol=VERSION,
        link=before.link,
        next_link=told.next_link,
        fence=world.fence,
        computer="TILL-2",
        catalog=Catalog("sqlite", tuple(world.db.types.values())),
        cursor=cursor.number,
        batch=taken.number,
        batch_hash=taken.hash,
        claimed=taken.number + 1,
        mark=cursor.mark,
        chunks=Chunks(5, 0),
    )
    assert connection_of(world.db) == structs.replace(
        before,
        link=told.next_link,
        next_link=None,
        company_name="Nordlund & Söner AB",
        links=(*before.links, str(before.link)),
    )
    assert answer.batch == taken.number
    assert traced == [
        (
            "hello",
            {
                "sync": wire.session_name(told.next_link),
                "company": world.tenant.company,
                "online_head": answer.online_head,
            },
        )
    ]


def test_each_hello_takes_a_link_that_nobody_can_guess_fm22(world: World) -> None:
    service = Listening(world)
    for _ in range(3):
        greet(world.db, service, Continuity(world.db, world.fence), "DESK-1", no_trace)
    links = [told.next_link for told in service.heard]
    assert len(set(links)) == 3
    assert {len(bytes.fromhex(link)) for link in links} == {16}
    assert [told.link for told in service.heard[1:]] == links[:-1]


def test_a_link_is_noted_before_it_is_told_and_used_for_a_hello_alone_fm4_fm6_g4(
    world: World,
) -> None:
    """An agent that died after the service had heard it says the same again, and takes another at once."""
    service = Listening(world)
    world.network.suffer("unanswered")
    now = Continuity(world.db, world.fence)
    with suppress(ServiceUnreachable):
        greet(world.db, service, now, "DESK-1", no_trace)
    noted = connection_of(world.db).next_link
    assert noted == service.heard[0].next_link
    world.restart()
    world.network.suffer("delivered", "lost")
    with suppress(ServiceUnreachable):
        greet(world.db, service, Continuity(world.db, world.fence), "DESK-1", no_trace)
    first, second, third = service.heard
    assert (second.link, second.next_link) == (first.link, noted)
    between = connection_of(world.db)
    assert (between.link, between.next_link) == (noted, third.next_link)
    assert len({noted, third.next_link}) == 2, "it is noted with the answer"
    greet(world.db, service, Continuity(world.db, world.fence), "DESK-1", no_trace)
    after = connection_of(world.db)
    assert (after.link, after.next_link) == (service.heard[-1].next_link, None)


def test_the_link_of_the_hello_that_follows_is_noted_with_the_answer_fm4_g4(world: World) -> None:
    """Whoever is killed again and again right after the start gets on all the same."""
    with world.db.transaction():
        noted = structs.replace(connection_of(world.db), next_link="noted")
        books.set_fact(world.db, "connection", noted)
    now = Continuity(world.db, world.fence)
    with world.killed_at(1, before=False), suppress(Killed):
        greet(world.db, world.service, now, "DESK-1", no_trace)
    after = connection_of(world.db)
    assert after.link == "noted"
    assert after.next_link is not None


def test_a_database_without_connection_says_nothing(world: World) -> None:
    now = Continuity(world.db, world.fence)
    with world.db.transaction():
        books.set_fact(world.db, "connection", None)
    service = Listening(world)
    with pytest.raises(NotConnected) as told:
        greet(world.db, service, now, "DESK-1", no_trace)
    assert (told.value.code, service.heard) == ("NOT_CONNECTED", [])
