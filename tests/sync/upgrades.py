"""What the tests of schema drift share: a small company, and what a program's upgrade does to it."""

from __future__ import annotations

from collections.abc import Callable

from samsyn.companydb import attach
from tests.sync import resting
from tests.sync.world import World

SCHEMA = (
    "CREATE TABLE customer (id serial, no integer UNIQUE, name varchar(40), city varchar(40), credit numeric);"
    "CREATE TABLE remark (id serial, customer integer REFERENCES customer (id), text varchar(40));"
    "INSERT INTO customer (no, name, city, credit) VALUES (11, 'one', 'Lund', 100), (12, 'two', 'Kiruna', 5),"
    " (13, 'three', 'Lund', 7);"
    "INSERT INTO remark (customer, text) VALUES (1, 'first'), (2, 'second')"
)
Change = Callable[[World], None]


def run(world: World, *statements: str) -> None:
    """The program's upgrade."""
    for statement in statements:
        world.office(statement)


def attach_again(world: World) -> None:
    """What `samsyn attach --again` does, while the agent runs."""
    attach.attach(attach.plan(world.url))


def rests(world: World) -> None:
    """All is well, and nothing was a conflict."""
    resting.rests(world)
    assert not world.conflicts()


def dropped(world: World) -> None:
    run(world, "ALTER TABLE customer DROP COLUMN city")


def renamed(world: World) -> None:
    run(world, "ALTER TABLE customer RENAME COLUMN city TO town")


def retyped(world: World) -> None:
    if world.db.engine == "sqlite":
        made_anew(
            world, "id INTEGER PRIMARY KEY, no integer, name varchar(40), city blob, credit numeric"
        )
    else:
        run(world, "ALTER TABLE customer ALTER COLUMN credit TYPE double precision")


def table_renamed(world: World) -> None:
    run(world, "ALTER TABLE customer RENAME TO client")


def with_another_key(world: World) -> None:
    if world.db.engine == "sqlite":
        made_anew(
            world,
            "id integer UNIQUE, no integer NOT NULL PRIMARY KEY, name varchar(40), city varchar(40), credit numeric",
        )
    else:
        run(
            world,
            "ALTER TABLE remark DROP CONSTRAINT remark_customer_fkey",
            "ALTER TABLE customer DROP CONSTRAINT customer_pkey",
            "ALTER TABLE customer ADD PRIMARY KEY (no)",
        )


def made_anew(world: World, columns: str) -> None:
    """As SQLite's own page on ALTER TABLE says to do it: with foreign keys off."""
    run(
        world,
        "PRAGMA foreign_keys = OFF",
        f"CREATE TABLE customer_new ({columns})",
        "INSERT INTO customer_new (id, no, name, city, credit)"
        " SELECT id, no, name, city, credit FROM customer",
        "DROP TABLE customer",
        "ALTER TABLE customer_new RENAME TO customer",
    )
