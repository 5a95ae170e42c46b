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
    ours = world.office(
        "SELECT tgname::text FROM pg_trigger WHERE tgrelid = $1::text::regclass"
        " AND tgname LIKE 'samsyn%'",
        table,
    )
    for (name,) in ours:
        world.office(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def blind(world: World, table: str) -> AbstractContextManager[None]:
    """A block in which nothing sees what is written to the table."""
    way = triggers_dropped if world.db.engine == "sqlite" else triggers_disabled
    return way(world, table)
