"""Writers that no trigger sees: the ways past capture on each engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from tests.sync.world import World


@contextmanager
def triggers_dropped(world: World, table: str) -> Iterator[None]:
    """Our triggers of a table are gone for a while, as after a program's own upgrade."""
    made = world.office(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = $1"
        " AND name LIKE 'samsyn%'",
        table,
    )
    for name, _ in made:
        world.office(f"DROP TRIGGER {name}")
    yield
    for _, sql in made:
        world.office(sql)


@contextmanager
def triggers_disabled(world: World, table: str) -> Iterator[None]:
    """ALTER TABLE … DISABLE TRIGGER, as a bulk load does; keys are not enforced either."""
    world.office(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    yield
    world.office(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
    for (name,) in _ours(world, table):
        world.office(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def blind(world: World, table: str) -> AbstractContextManager[None]:
    """A block in which nothing sees what is written to the table."""
    way = triggers_dropped if world.db.engine == "sqlite" else triggers_disabled
    return way(world, table)


@contextmanager
def schema_rewritten(world: World, table: str) -> Iterator[None]:
    """PRAGMA writable_schema: the triggers are struck out of the schema itself."""
    made = world.office(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = $1", table
    )
    world.office("PRAGMA writable_schema = ON")
    world.office("DELETE FROM sqlite_master WHERE type = 'trigger' AND tbl_name = $1", table)
    world.office("PRAGMA writable_schema = RESET")
    yield
    for _, sql in made:
        world.office(sql)


@contextmanager
def table_made_anew(world: World, table: str) -> Iterator[None]:
    """A program rebuilds the table; its triggers go with the old one."""
    ((create,),) = world.office("SELECT sql FROM sqlite_master WHERE name = $1", table)
    made = world.office(
        "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = $1", table
    )
    world.office("PRAGMA foreign_keys = OFF")
    world.office(f"CREATE TABLE kept AS SELECT * FROM {table}")
    world.office(f"DROP TABLE {table}")
    world.office(create)
    world.office(f"INSERT INTO {table} SELECT * FROM kept")
    world.office("DROP TABLE kept")
    yield
    for (sql,) in made:
        world.office(sql)


@contextmanager
def replica_role(world: World, table: str) -> Iterator[None]:
    """session_replication_role = replica, where our triggers do not fire always."""
    for (name,) in _ours(world, table):
        world.office(f"ALTER TABLE {table} ENABLE TRIGGER {name}")
    world.office("SET session_replication_role = replica")
    yield
    world.office("RESET session_replication_role")
    for (name,) in _ours(world, table):
        world.office(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


@contextmanager
def triggers_dropped_by_others(world: World, table: str) -> Iterator[None]:
    """DROP TRIGGER on PostgreSQL."""
    made = world.office(
        "SELECT tgname::text, pg_get_triggerdef(oid) FROM pg_trigger"
        " WHERE tgrelid = $1::text::regclass AND tgname LIKE 'samsyn%'",
        table,
    )
    for name, _ in made:
        world.office(f"DROP TRIGGER {name} ON {table}")
    yield
    for name, sql in made:
        world.office(sql)
        world.office(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def _ours(world: World, table: str) -> list[tuple[str]]:
    return world.office(
        "SELECT tgname::text FROM pg_trigger WHERE tgrelid = $1::text::regclass"
        " AND tgname LIKE 'samsyn%'",
        table,
    )


WAYS = {
    "sqlite": (triggers_dropped, schema_rewritten, table_made_anew),
    "postgresql": (triggers_disabled, replica_role, triggers_dropped_by_others),
}
