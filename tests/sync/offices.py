"""What the tests of names, triggers and references share: office databases made by statements."""

from __future__ import annotations

from collections.abc import Callable

import apsw
import psycopg

from samsyn.companydb import urls
from samsyn.companydb.dump import schema_dump
from samsyn.companydb.opening import opened
from tests.sync.world import World

ITEM = (
    "CREATE TABLE item (id integer PRIMARY KEY, code varchar(20) UNIQUE, price numeric,"
    " touched integer, v varchar(20))"
)
"""A table that many a trigger works on."""


class Office:
    """An empty office database of one engine, to be given a schema."""

    def __init__(self, engine: str, text: str) -> None:
        self.engine, self.text = engine, text

    def run(self, *statements: str) -> None:
        """The company makes its tables."""
        if self.engine == "sqlite":
            connection = apsw.Connection(self.text)
            for statement in statements:
                connection.execute(statement)
            connection.close()
            return
        with psycopg.connect(self.text, autocommit=True) as postgres:
            for statement in statements:
                postgres.execute(statement.encode())

    def dump(self) -> object:
        """The schema as the engine tells it."""
        with opened(urls.parse(self.text), writing=False) as session:
            return schema_dump(session)


class Trigger:
    """A trigger's text on each engine: SQLite's body, and PL/pgSQL's."""

    def __init__(self, table: str, sqlite: tuple[str, str], postgres: tuple[str, str]) -> None:
        self.table, self.sqlite, self.postgres = table, sqlite, postgres

    def on(self, engine: str, number: int) -> str:
        """Its CREATE statements."""
        if engine == "sqlite":
            event, body = self.sqlite
            return f"CREATE TRIGGER own_{number} {event} ON {self.table} BEGIN {body} END"
        event, body = self.postgres
        return (
            f"CREATE FUNCTION own_{number}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$;"
            f" CREATE TRIGGER own_{number} {event} ON {self.table} FOR EACH ROW"
            f" EXECUTE FUNCTION own_{number}()"
        )


def connected(
    office: Office, open_store: Callable[[str], None], open_world: Callable[..., World]
) -> World:
    """Attached, loaded and at rest, with a store of the same engine."""
    open_store(office.engine)
    world = open_world(office.text)
    world.settle()
    return world


def rests(world: World) -> None:
    """Both sides are equal and nothing moves any more, the next time either."""
    world.settle()
    assert world.certificate().identical
    before = world.network.requests
    assert not world.sync()
    assert world.db.journal_size() == 0
    for record_type in world.db.types.values():
        assert not world.db.vanished(record_type, 10), "an identity without a row"
    assert world.network.requests - before <= 1, "at rest there is no further traffic"
