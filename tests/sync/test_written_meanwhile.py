"""What the company's program commits after the agent has claimed, and before it writes.

On PostgreSQL a claim sees what was committed then, and the rows are locked afterwards: in
between, a program may commit. SQLite has no such moment, since a write transaction holds the file.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from samsyn.companydb.urls import PostgresUrl
from tests.sync.conftest import MakeWorld
from tests.sync.world import World
from tests.waiting import until

pytestmark = pytest.mark.parametrize("engine", ["postgresql"])

SCHEMA = """
CREATE TABLE item (id serial, name varchar(40), note varchar(40));
CREATE TABLE part (id serial, item integer REFERENCES item(id) ON DELETE CASCADE, name varchar(40));
INSERT INTO item (name) VALUES ('one'), ('two');
INSERT INTO part (item, name) VALUES (1, 'p'), (2, 'q')
"""
WAITS_FOR_A_LOCK = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid = %s"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Two items with a part each, loaded and at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


@contextmanager
def committed_once_the_agent_waits(world: World, sql: str) -> Iterator[None]:
    """A program has written and not committed; it commits when the agent waits for its row."""
    assert isinstance(world.url, PostgresUrl)
    ((agent,),) = world.db.rows("SELECT pg_backend_pid()")
    with (
        psycopg.connect(world.url.conninfo) as program,
        psycopg.connect(world.url.conninfo, autocommit=True) as watch,
    ):
        program.execute(sql.encode())

        def commit() -> None:
            until(lambda: watch.execute(WAITS_FOR_A_LOCK, (agent,)).fetchall())
            program.commit()

        thread = threading.Thread(target=commit)
        thread.start()
        yield
        thread.join()


def logged(world: World) -> str:
    """Everything that the change log holds, as text."""
    found = world.tenant.rows(
        "SELECT fields, whole FROM records_change WHERE company_id = %(company)s ORDER BY seq"
    )
    return "\n".join(map(str, found))


def test_a_row_deleted_online_lives_on_with_what_was_written_meanwhile_g2_g3_fm18(
    world: World,
) -> None:
    record = world.id_of("item", 1)
    world.delete(record)
    with committed_once_the_agent_waits(world, "UPDATE item SET note = 'kept' WHERE id = 1"):
        world.settle()
    assert world.office("SELECT note FROM item WHERE id = 1") == [("kept",)]
    assert world.online(record).alive
    assert world.online(record).fields["note"] == "kept"
    assert [lost.outcome for lost in world.conflicts()] == ["deletion_undone"]
    assert world.certificate().identical
    assert world.ledger_difference() == 0


def test_a_child_written_meanwhile_is_told_before_its_parent_takes_it_along_g3_fm14(
    world: World,
) -> None:
    world.delete(world.id_of("item", 1))
    sql = "INSERT INTO part (item, name) VALUES (1, 'born meanwhile')"
    with committed_once_the_agent_waits(world, sql):
        world.settle()
    assert "born meanwhile" in logged(world)
    assert world.certificate().identical
    assert world.ledger_difference() == 0


def test_what_a_cascade_takes_along_is_told_as_it_was_written_meanwhile_g3_fm14(
    world: World,
) -> None:
    world.delete(world.id_of("item", 1))
    sql = "UPDATE part SET name = 'renamed meanwhile' WHERE item = 1"
    with committed_once_the_agent_waits(world, sql):
        world.settle()
    assert "renamed meanwhile" in logged(world)
    assert world.certificate().identical
    assert world.ledger_difference() == 0


def test_another_field_written_meanwhile_stands_beside_the_online_one_g2(world: World) -> None:
    record = world.id_of("item", 1)
    world.edit(record, name="online")
    with committed_once_the_agent_waits(world, "UPDATE item SET note = 'office' WHERE id = 1"):
        world.settle()
    assert world.office("SELECT name, note FROM item WHERE id = 1") == [("online", "office")]
    assert world.certificate().identical
    assert world.conflicts() == []
