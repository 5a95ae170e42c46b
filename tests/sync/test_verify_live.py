"""The verifier ends, and is right, while both sides write all the time; FM24, G6, G10."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connections

from samsyn.agent.repairing import Repairer
from samsyn.agent.session import new_record_id
from samsyn.agent.verify import ATTEMPTS, Certificate, verify
from samsyn.companydb.opening import DatabaseBusy, opened
from samsyn.core.errors import SamsynError
from samsyn.protocol.messages import Compare, Compared, Digests
from samsyn.records.pull import online_head
from tests.sync.blind import blind
from tests.sync.conftest import MakeWorld
from tests.sync.world import AT, DirectService, World

ROWS = 1_500
UNSEEN = 12
"""Records that only we touch, behind the triggers' back; the programs write all others."""
BURST = 10
"""How much the programs do between two steps of the verifier."""
SCHEMA = """
CREATE TABLE customer (id serial, name varchar(40), note varchar(40));
CREATE TABLE letter (id serial, customer integer REFERENCES customer(id), text varchar(40))
"""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Many customers with a letter each, at rest."""
    world = make_world(SCHEMA)
    world.office("INSERT INTO customer (name) VALUES " + ", ".join(f"('{n}')" for n in range(ROWS)))
    world.office("INSERT INTO letter (customer, text) SELECT id, name FROM customer")
    world.settle()
    return world


@contextmanager
def traffic(
    permits: threading.Semaphore, *programs: Callable[[random.Random], None]
) -> Iterator[list[int]]:
    """Programs in threads of their own, as busy as they are let; gives how much each has done."""
    ended = threading.Event()
    done = [0] * len(programs)
    failed: list[BaseException] = []

    def run(place: int, program: Callable[[random.Random], None]) -> None:
        rng = random.Random(place)
        try:
            while not ended.is_set():
                if permits.acquire(timeout=0.05):
                    program(rng)
                    done[place] += 1
        except BaseException as error:  # noqa: BLE001  # told by the test, not by a thread
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(programs)]
    for thread in threads:
        thread.start()
    try:
        yield done
    finally:
        ended.set()
        for thread in threads:
            thread.join(60)
    assert not failed, failed


def office_program(world: World) -> Callable[[random.Random], None]:
    """Edits, creates and deletes at the office, on a connection of the thread's own."""
    local = threading.local()

    def once(rng: random.Random) -> None:
        if not hasattr(local, "session"):
            local.opening = opened(world.url, writing=True)
            local.session = local.opening.__enter__()
            if world.db.engine == "postgresql":
                local.session.run("RESET search_path")
        some = rng.randrange(UNSEEN + 1, ROWS)
        match rng.randrange(4):
            case 0:
                sql = f"INSERT INTO letter (customer, text) VALUES ({some}, 'new')"
            case 1:
                sql = f"DELETE FROM letter WHERE id = {some}"
            case _:
                sql = f"UPDATE customer SET name = 'office {rng.random()}' WHERE id = {some}"
        try:
            with local.session.transaction():
                local.session.run(sql)
        except DatabaseBusy:
            return

    return once


def online_program(world: World, ids: dict[int, str]) -> Callable[[random.Random], None]:
    """Edits online; the store may be busy, as any may be."""

    def once(rng: random.Random) -> None:
        record = ids[rng.randrange(UNSEEN + 1, ROWS)]
        try:
            world.edit(record, note=f"online {rng.random()}")
        except SamsynError:
            return

    return once


class BusyService(DirectService):
    """A service that is asked while others write: something happens at each reading."""

    def __init__(self, world: World, happens: Callable[[], object]) -> None:
        super().__init__(world.caller, world.network)
        self._happens = happens

    def digests(self, type_name: str) -> Digests:
        self._happens()
        return super().digests(type_name)

    def compare(self, asked: Compare) -> Compared:
        self._happens()
        return super().compare(asked)


def verified(world: World, happens: Callable[[], object]) -> Certificate:
    """By an agent that goes on syncing, one turn at a time."""
    service = BusyService(world, happens)
    repairer = Repairer(world.db, service, world.session.continuity, new_record_id)

    def turn() -> None:
        happens()
        world.session.online_head = online_head(world.tenant)
        world.session.exchange(at_most=1)

    return verify(world.db, service, turn, AT, repairer)


def test_with_live_traffic_every_difference_is_found_and_nothing_else_fm24_g6(
    world: World,
) -> None:
    ids = {int(str(key[0])): record for key, record in world.ids("customer").items()}
    with blind(world, "customer"), blind(world, "letter"):
        world.office("UPDATE customer SET note = 'unseen' WHERE id <= 4")
        world.office("DELETE FROM letter WHERE id IN (5, 6)")
        world.office("INSERT INTO letter (id, text) VALUES (9001, 'unseen')")
    permits = threading.Semaphore(0)
    with traffic(permits, office_program(world), online_program(world, ids)) as done:
        told = verified(world, lambda: permits.release(BURST))
        during = list(done)
    assert min(during) > 0
    told_of = sorted((d.type, d.what) for d in told.repaired)
    assert told_of == [
        *[("customer", "differs")] * 4,
        ("letter", "no_identity"),
        *[("letter", "online_only")] * 2,
    ]
    assert {d.what for d in told.differences} <= {"never_at_rest", "waits"}
    world.settle()
    assert world.certificate().identical
    assert world.ledger_difference() == 0


def test_who_writes_one_record_all_the_time_keeps_nobody_from_the_rest_g10(world: World) -> None:
    """It writes between any two readings, waits for nobody, and its record is told as restless."""
    written: list[int] = []

    def write() -> None:
        world.office(f"UPDATE customer SET name = 'between {len(written)}' WHERE id = 20")
        written.append(1)

    told = verified(world, write)
    assert [d.record for d in told.differences] == [world.id_of("customer", 20)]
    assert [d.what for d in told.differences] == ["never_at_rest"]
    assert len(written) > ATTEMPTS
    world.settle()
    assert world.certificate().identical
