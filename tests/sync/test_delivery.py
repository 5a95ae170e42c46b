"""Delivery: exactly one effect, whatever is lost, repeated, killed, locked or full.

FM6 lost acknowledgement, FM7 racing create, FM8 two agents, FM9 retry without help; and the
trouble that a machine makes: a locked database, a locked row, a full disk.
"""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import apsw
import psycopg
import pytest
from django.db import connection

from samsyn.agent import lease
from samsyn.agent.lease import Computer, LeaseHeld, LeaseLost
from samsyn.agent.service import ServiceRefused, ServiceTrouble
from samsyn.companydb import books
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.opening import DatabaseBusy, DatabaseFull
from samsyn.companydb.urls import PostgresUrl, SqliteUrl
from samsyn.protocol import wire
from samsyn.records.errors import RecordExists
from tests.sync.conftest import MakeWorld
from tests.sync.world import Killed, Network, World

SCHEMA = """
CREATE TABLE item (id serial, name varchar(40), note varchar(40));
INSERT INTO item (name) VALUES ('one'), ('two')
"""

on_postgresql = pytest.mark.parametrize("engine", ["postgresql"])
on_sqlite = pytest.mark.parametrize("engine", ["sqlite"])


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Two items, loaded and at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def work(world: World) -> None:
    """A conflict, an edit of another field, and a new record on each side."""
    one = world.id_of("item", 1)
    world.office("UPDATE item SET name = 'office' WHERE id = 1")
    world.edit(one, name="online", note="kept")
    world.office("INSERT INTO item (name) VALUES ('up')")
    world.create("item", name="down")


def check_once(world: World) -> None:
    """The work has had its effect, once."""
    assert world.certificate().identical
    rows = world.office("SELECT name, note FROM item ORDER BY name")
    assert rows == [("down", None), ("office", "kept"), ("two", None), ("up", None)]
    assert [(lost.online, lost.office) for lost in world.conflicts()] == [("online", "office")]
    assert [c.lost.online for c in books.conflicts(world.db)] == ["online"]
    assert world.ledger_difference() == 0


# --- FM6 ---------------------------------------------------------------------------------

FATES = ("lost", "unanswered", "repeated", "delivered")


@pytest.mark.parametrize("place", range(8))
@pytest.mark.parametrize("fate", ["lost", "unanswered", "repeated"])
def test_any_one_request_lost_or_repeated_changes_nothing_fm6(
    world: World, fate: str, place: int
) -> None:
    work(world)
    world.network.suffer(*["delivered"] * place, fate)
    world.settle()
    world.network.suffer()
    check_once(world)


@pytest.mark.parametrize("seed", range(4))
def test_every_request_delivered_none_to_three_times_fm6(world: World, seed: int) -> None:
    print(f"seed {seed}")  # noqa: T201  # to repeat it
    rng = random.Random(seed)
    work(world)
    world.network.suffer(*(rng.choice(FATES) for _ in range(40)))
    world.settle()
    world.network.suffer()
    check_once(world)


def test_a_batch_whose_answer_is_lost_again_and_again_has_one_effect_fm6(world: World) -> None:
    work(world)
    world.network.suffer("delivered", "unanswered", "delivered", "unanswered", "unanswered")
    world.settle()
    check_once(world)


# --- FM7 ---------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("commit", range(1, 5))
def test_a_record_created_online_exists_once_wherever_the_agent_dies_fm7(
    world: World, commit: int, before: bool
) -> None:
    record = world.create("item", name="down")
    with world.killed_at(commit, before=before):
        try:
            world.sync()
        except Killed:
            world.restart()
    world.settle()
    ((number,),) = world.office("SELECT id FROM item WHERE name = 'down'")
    assert world.id_of("item", number) == record
    assert len(world.online_records("item")) == 3
    assert world.certificate().identical


def test_two_workers_that_import_one_record_create_one_fm7(world: World) -> None:
    """Both name the record by the same id; the second hears that it is there."""
    refused: list[str] = []
    record = "0" * 31 + "7"

    def imported() -> None:
        try:
            world.create("item", record, name="imported")
        except RecordExists as error:
            refused.append(error.code)
        finally:
            connection.close()

    workers = [threading.Thread(target=imported) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    world.settle()
    assert refused == ["RECORD_EXISTS"]
    assert world.office("SELECT count(*) FROM item WHERE name = 'imported'") == [(1,)]
    assert world.certificate().identical


# --- FM8 ---------------------------------------------------------------------------------

OTHER = Computer("other", "DESK-2", 1, 0.0)


def test_a_second_agent_is_refused_while_the_first_one_beats_fm8(world: World) -> None:
    """The second watches; that the beat counts is all it needs, no clock is compared (G8)."""
    second = open_company_db(world.url)
    try:
        with pytest.raises(LeaseHeld) as refused:
            lease.acquire(second, OTHER, lambda seconds: lease.beat(world.db, world.fence))
        assert refused.value.facts == {"computer": "DESK-1"}
    finally:
        second.close()
    work(world)
    world.settle()
    check_once(world)


def test_of_two_agents_one_writes_and_the_old_one_is_refused_at_the_office_fm8(
    world: World,
) -> None:
    work(world)
    second = open_company_db(world.url)
    try:
        fence = lease.acquire(second, OTHER, lambda seconds: None)
        with pytest.raises(LeaseLost) as refused:
            world.sync()
        assert refused.value.facts == {"computer": "DESK-2"}
        assert world.office("SELECT count(*) FROM item") == [(3,)]
        lease.release(second, fence)
    finally:
        second.close()
    world.restart()
    world.settle()
    check_once(world)


def test_an_old_agent_that_wakes_up_is_refused_at_the_service_fm8(world: World) -> None:
    """It claimed a batch, slept, and another agent has spoken since."""
    work(world)
    world.network.suffer("lost")
    world.push()
    (batch,) = books.outbox(world.db)
    old = world.fence
    world.restart()
    world.settle()
    with pytest.raises(ServiceRefused) as refused:
        world.service.push(batch.body, old, books.marked_cursor(world.db))
    assert refused.value.problem == "FENCED"
    check_once(world)


# --- FM9 ---------------------------------------------------------------------------------


def test_after_trouble_the_backlog_drains_with_no_further_write_fm9(world: World) -> None:
    work(world)
    world.network.suffer(*["lost", "unanswered"] * 10)
    world.settle()
    assert world.network.requests > 20
    assert world.session.at_rest()
    check_once(world)


def test_after_a_kill_the_backlog_drains_with_no_further_write_fm9(world: World) -> None:
    work(world)
    for commit in itertools.cycle((1, 2, 3)):
        with world.killed_at(commit, before=False):
            try:
                world.sync()
            except Killed:
                world.restart()
                continue
        break
    world.settle()
    check_once(world)


# --- what a machine does -----------------------------------------------------------------


@on_sqlite
def test_a_file_that_another_program_holds_is_told_and_goes_on_later_g4(world: World) -> None:
    work(world)
    assert isinstance(world.url, SqliteUrl)
    world.program.run("BEGIN IMMEDIATE")
    with impatient(world), pytest.raises(DatabaseBusy) as told:
        world.sync()
    assert told.value.transient
    world.program.run("COMMIT")
    world.settle()
    check_once(world)


@contextmanager
def impatient(world: World) -> Iterator[None]:
    """The agent's connection does not wait for a lock, so that the test need not."""
    held: apsw.Connection = world.db.connection  # type: ignore[attr-defined]  # SQLite's own
    held.set_busy_timeout(20)
    try:
        yield
    finally:
        held.set_busy_timeout(10_000)


@on_postgresql
def test_a_row_that_another_program_holds_is_told_and_goes_on_later_g4(world: World) -> None:
    assert isinstance(world.url, PostgresUrl)
    work(world)
    with psycopg.connect(world.url.conninfo) as other:
        other.execute("SELECT 1 FROM item WHERE id = 1 FOR UPDATE")
        with pytest.raises(DatabaseBusy) as told:
            world.sync()
        assert told.value.transient
        assert [r.fields["name"] for r in world.online_records("item")].count("up") == 1
    world.settle()
    check_once(world)


@on_sqlite
def test_a_full_disk_is_told_and_goes_on_later_g4(world: World) -> None:
    """What does not fit is not half there, and what waits is not lost."""
    held: apsw.Connection = world.db.connection  # type: ignore[attr-defined]  # SQLite's own
    ((pages,),) = world.db.rows("PRAGMA page_count")
    work(world)
    blob = "x" * 40
    for _ in range(200):
        world.create("item", name=blob, note=blob)
    held.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DatabaseFull) as told:
        world.sync()
    assert told.value.transient
    held.execute("PRAGMA max_page_count = 1073741823")
    world.settle()
    assert world.certificate().identical
    assert world.office("SELECT count(*) FROM item WHERE name = $1", blob) == [(200,)]
    assert len(world.conflicts()) == 1


@on_postgresql
def test_a_lost_connection_is_told_and_goes_on_later_g4(world: World) -> None:
    work(world)
    ((backend,),) = world.db.rows("SELECT pg_backend_pid()")
    world.office("SELECT pg_terminate_backend($1)", backend)
    with pytest.raises(psycopg.OperationalError):
        world.sync()
    world.restart()
    world.settle()
    check_once(world)


# --- a refusal on its way ----------------------------------------------------------------


def test_what_is_taken_after_a_refusal_that_is_still_on_its_way_is_no_conflict_fm20(
    make_world: MakeWorld,
) -> None:
    """The service expects what it has heard; until then nothing there counts as uncaptured."""
    world = make_world(SCHEMA.replace("note varchar(40)", "note varchar(40) CHECK (note <> 'bad')"))
    world.settle()
    one = world.id_of("item", 1)
    world.edit(one, name="first", note="bad")
    world.pull()
    assert [entry.code for entry in world.quarantine()] == ["CHECK_FAILED"]
    world.edit(one, note="good")
    page = world.service.pull(books.marked_cursor(world.db), 0, 1000, world.fence)
    world.edit(one, name="second")
    world.session._apply(page)
    assert not world.quarantine()
    world.settle()
    assert world.office("SELECT name, note FROM item WHERE id = 1") == [("second", "good")]
    assert not world.conflicts()
    assert world.certificate().identical


class Mistaken(Network):
    """A way on which the next answer to a batch is that of another."""

    def __init__(self, wrong: dict[str, object]) -> None:
        super().__init__()
        self._wrong: dict[str, object] | None = wrong

    def call(self, work: Callable[[], Any]) -> Any:  # Any: whatever the service answers
        answer = super().call(work)
        if not isinstance(answer, bytes) or self._wrong is None:
            return answer
        wrong, self._wrong = self._wrong, None
        return wire.encode({**wire.decode(answer, dict[str, Any]), **wrong})


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 77},
        {"outcomes": [{"index": 5, "status": "unchanged"}]},
        {"refusals": [{"index": 9, "code": "BAD_CELL", "reason": "x"}]},
    ],
    ids=str,
)
def test_an_answer_that_belongs_to_another_batch_is_asked_for_again_fm6(
    world: World, wrong: dict[str, object]
) -> None:
    work(world)
    world.ready()
    world.network = world.service.network = Mistaken(wrong)
    with pytest.raises(ServiceTrouble):
        world.sync()
    assert books.outbox(world.db)
    world.settle()
    check_once(world)
