"""Records that refer to each other in a ring come and go together (FM14)."""

from __future__ import annotations

from tests.sync.conftest import OpenStore, OpenWorld
from tests.sync.offices import Office, connected, rests


def test_a_ring_of_references_arrives_together_fm14(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    office.run(
        "CREATE TABLE a (id integer PRIMARY KEY, b integer NOT NULL)"
        if office.engine == "postgresql"
        else "CREATE TABLE a (id integer PRIMARY KEY, b integer NOT NULL REFERENCES b DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TABLE b (id integer PRIMARY KEY, a integer NOT NULL REFERENCES a DEFERRABLE INITIALLY DEFERRED)",
        "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b DEFERRABLE"
        if office.engine == "postgresql"
        else "SELECT 1",
        "CREATE TABLE boss (id integer PRIMARY KEY, boss integer REFERENCES boss, deputy integer REFERENCES boss)",
        "BEGIN; INSERT INTO a VALUES (1, 1); INSERT INTO b VALUES (1, 1); COMMIT"
        if office.engine == "sqlite"
        else "BEGIN; SET CONSTRAINTS ALL DEFERRED; INSERT INTO a VALUES (1, 1); INSERT INTO b VALUES (1, 1); COMMIT",
        "INSERT INTO boss VALUES (1, 1, NULL), (2, 1, 1)",
    )
    world = connected(office, open_store, open_world)
    assert world.online(world.id_of("a", 1)).fields["b"] == world.id_of("b", 1)
    a, b = "a" * 32, "b" * 32
    if office.engine == "sqlite":
        world.create("a", a, id=2, b=b)
        world.create("b", b, id=2, a=a)
    else:
        world.create("a", a, id=2, b=b)
        world.create("b", b, id=2, a=a)
    me, you = "c" * 32, "d" * 32
    world.create("boss", me, id=3, boss=me, deputy=you)
    world.create("boss", you, id=4, boss=me, deputy=you)
    world.edit(world.id_of("boss", 1), boss=you)
    rests(world)
    assert not world.quarantine()
    assert world.office("SELECT a.b, b.a FROM a JOIN b ON a.id = b.id ORDER BY a.id") == [
        (1, 1),
        (2, 2),
    ]
    keys = world.db.keys_of(world.type("boss"), [me, you])
    mine, yours = (int(str(keys[record][0])) for record in (me, you))
    assert world.office("SELECT boss, deputy FROM boss WHERE id > 2") == [(mine, yours)] * 2
    assert world.office("SELECT boss FROM boss WHERE id = 1") == [(yours,)]
    world.delete(a)
    world.delete(b)
    rests(world)
    assert world.office("SELECT count(*) FROM a") == [(1,)]
    for record in (me, you, world.id_of("boss", 1), world.id_of("boss", 2)):
        world.delete(record)
    rests(world)
    assert world.office("SELECT count(*) FROM boss") == [(0,)]


def test_a_ring_whose_numbers_the_database_gives_arrives_together_fm14(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    key = "integer PRIMARY KEY" if office.engine == "sqlite" else "serial PRIMARY KEY"
    office.run(
        f"CREATE TABLE a (id {key}, b integer NOT NULL)"
        if office.engine == "postgresql"
        else f"CREATE TABLE a (id {key}, b integer NOT NULL REFERENCES b)",
        f"CREATE TABLE b (id {key}, a integer NOT NULL REFERENCES a DEFERRABLE)",
        "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b DEFERRABLE"
        if office.engine == "postgresql"
        else "SELECT 1",
    )
    world = connected(office, open_store, open_world)
    a, b = "a" * 32, "b" * 32
    world.create("a", a, b=b)
    world.create("b", b, a=a)
    rests(world)
    assert not world.quarantine()
    assert world.office("SELECT a.b, b.a FROM a JOIN b ON a.id = b.a AND b.id = a.b") == [(1, 1)]
    assert world.online(a).key == (1,)
