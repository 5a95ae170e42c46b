"""The database's own triggers, rules and keys go on as before, and what they change is synced (G10, FM19)."""

from __future__ import annotations

from pathlib import Path

import apsw
import psycopg

from tests.sync.conftest import OpenStore, OpenWorld
from tests.sync.offices import ITEM, Office, Trigger, connected, rests
from tests.sync.world import World

UPPER = Trigger(
    "item",
    ("AFTER UPDATE OF code", "UPDATE item SET code = upper(NEW.code) WHERE id = NEW.id;"),
    ("BEFORE INSERT OR UPDATE", "NEW.code := upper(NEW.code); RETURN NEW;"),
)
UPPER_NEW = Trigger(
    "item",
    ("AFTER INSERT", "UPDATE item SET code = upper(NEW.code) WHERE id = NEW.id;"),
    ("AFTER DELETE", "RETURN NULL;"),
)
ROUND = Trigger(
    "item",
    ("AFTER UPDATE OF price", "UPDATE item SET price = round(NEW.price, 1) WHERE id = NEW.id;"),
    ("BEFORE INSERT OR UPDATE", "NEW.price := round(NEW.price, 1); RETURN NEW;"),
)
TOUCHED = Trigger(
    "item",
    (
        "AFTER UPDATE OF code, price, v",
        "UPDATE item SET touched = coalesce(touched, 0) + 1 WHERE id = NEW.id;",
    ),
    ("BEFORE UPDATE", "NEW.touched := coalesce(OLD.touched, 0) + 1; RETURN NEW;"),
)


def price(world: World, text: str) -> str | float:
    """An amount as the engine's cell."""
    return text if world.db.engine == "postgresql" else float(text)


def test_what_a_trigger_makes_of_an_online_value_comes_back_fm19(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    triggers = (UPPER, UPPER_NEW, ROUND, TOUCHED)
    office.run(
        ITEM,
        *(trigger.on(office.engine, n) for n, trigger in enumerate(triggers)),
        "INSERT INTO item (id, code, price) VALUES (1, 'a', 1.5)",
    )
    world = connected(office, open_store, open_world)
    one = world.id_of("item", 1)
    world.edit(one, code="lower", price=price(world, "2.25"))
    two = world.create("item", id=2, code="new", price=price(world, "3.14"))
    assert world.sync()
    rests(world)
    here = world.office("SELECT code FROM item ORDER BY id")
    assert here == [("LOWER",), ("NEW",)]
    assert [world.online(r).fields["code"] for r in (one, two)] == ["LOWER", "NEW"]
    touched = world.office("SELECT touched FROM item WHERE id = 1")[0][0]
    assert touched >= 1
    assert world.online(one).fields["touched"] == touched
    world.office("UPDATE item SET v = 'office' WHERE id = 1")
    rests(world)
    assert world.online(one).fields["touched"] == touched + 1
    assert not world.conflicts()
    assert not world.quarantine()


TOTAL = "UPDATE head SET total = (SELECT coalesce(sum(amount), 0) FROM line WHERE head = {0}) WHERE id = {0};"
TOTALS = (
    Trigger(
        "line",
        ("AFTER INSERT", TOTAL.format("NEW.head")),
        ("AFTER INSERT", TOTAL.format("NEW.head") + " RETURN NULL;"),
    ),
    Trigger(
        "line",
        ("AFTER UPDATE", TOTAL.format("NEW.head") + TOTAL.format("OLD.head")),
        ("AFTER UPDATE", TOTAL.format("NEW.head") + TOTAL.format("OLD.head") + " RETURN NULL;"),
    ),
    Trigger(
        "line",
        ("AFTER DELETE", TOTAL.format("OLD.head")),
        ("AFTER DELETE", TOTAL.format("OLD.head") + " RETURN NULL;"),
    ),
)


def test_totals_kept_in_the_parent_are_synced(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    office.run(
        "CREATE TABLE head (id integer PRIMARY KEY, name varchar(20), total integer)",
        "CREATE TABLE line (id integer PRIMARY KEY, head integer NOT NULL REFERENCES head, amount integer)",
        *(trigger.on(office.engine, n) for n, trigger in enumerate(TOTALS)),
        "INSERT INTO head VALUES (1, 'a', 0), (2, 'b', 0)",
        "INSERT INTO line VALUES (1, 1, 10), (2, 1, 5), (3, 2, 1)",
    )
    world = connected(office, open_store, open_world)
    one, two = world.id_of("head", 1), world.id_of("head", 2)
    world.edit(world.id_of("line", 1), amount=20)
    world.edit(world.id_of("line", 2), head=two)
    world.delete(world.id_of("line", 3))
    world.create("line", id=9, head=one, amount=100)
    world.edit(one, name="renamed")
    three = world.create("head", id=3, name="new", total=None)
    world.create("line", id=10, head=three, amount=7)
    rests(world)
    four = world.create("head", id=4, name="goes", total=None)
    line = world.create("line", id=11, head=four, amount=7)
    rests(world)
    world.delete(line)
    world.delete(four)
    rests(world)
    assert world.office("SELECT id, name, total FROM head ORDER BY id") == [
        (1, "renamed", 120),
        (2, "b", 5),
        (3, "new", 7),
    ]
    assert [world.online(r).fields["total"] for r in (one, two, three)] == [120, 5, 7]
    assert not world.quarantine()
    assert not world.conflicts()


def test_cascades_of_an_online_change_are_synced(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    office.run(
        "CREATE TABLE a (code varchar(9) PRIMARY KEY, v varchar(9))",
        "CREATE TABLE b (id integer PRIMARY KEY, a varchar(9) REFERENCES a ON DELETE CASCADE ON UPDATE CASCADE)",
        "CREATE TABLE c (id integer PRIMARY KEY, b integer REFERENCES b ON DELETE SET NULL, n integer)",
        "CREATE TABLE d (a varchar(9) REFERENCES a ON DELETE CASCADE ON UPDATE CASCADE, n integer, PRIMARY KEY (a, n))",
        "INSERT INTO a VALUES ('x', ''), ('y', '')",
        "INSERT INTO b VALUES (1, 'x'), (2, 'x'), (3, 'y')",
        "INSERT INTO c VALUES (1, 1, 0), (2, 3, 0)",
        "INSERT INTO d VALUES ('x', 1), ('y', 1), ('y', 2)",
    )
    world = connected(office, open_store, open_world)
    y = world.id_of("a", "y")
    kept = world.id_of("d", "y", 2)
    world.delete(world.id_of("a", "x"))
    world.edit(y, code="z")
    rests(world)
    assert world.office("SELECT id, a FROM b") == [(3, "z")]
    assert world.office("SELECT id, b FROM c ORDER BY id") == [(1, None), (2, 3)]
    assert world.office("SELECT a, n FROM d ORDER BY n") == [("z", 1), ("z", 2)]
    assert world.id_of("d", "z", 2) == kept
    assert not world.quarantine()
    world.office("PRAGMA foreign_keys = ON" if office.engine == "sqlite" else "SELECT 1")
    world.office("UPDATE a SET code = 'w' WHERE code = 'z'")
    rests(world)
    assert world.id_of("d", "w", 2) == kept
    world.office("DELETE FROM a")
    rests(world)
    assert [len(world.online_records(name)) for name in "abcd"] == [0, 0, 2, 0]
    assert not world.conflicts()


AUDIT = (
    Trigger(
        "item",
        ("AFTER UPDATE", "INSERT INTO audit VALUES (NEW.id, NEW.v);"),
        ("AFTER UPDATE", "INSERT INTO audit VALUES (NEW.id, NEW.v); RETURN NULL;"),
    ),
)


def test_an_audit_table_without_a_key_is_refused_and_still_written(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    office.run(
        ITEM,
        "CREATE TABLE audit (item integer, v varchar(20))",
        *(trigger.on(office.engine, n) for n, trigger in enumerate(AUDIT)),
        "INSERT INTO item (id, v) VALUES (1, 'a')",
    )
    world = connected(office, open_store, open_world)
    assert {t.name for t in world.db.types.values()} == {"item"}
    world.edit(world.id_of("item", 1), v="online")
    rests(world)
    world.office("UPDATE item SET v = 'office'")
    rests(world)
    assert world.office("SELECT v FROM audit") == [("online",), ("office",)]


DELETING = Trigger(
    "item",
    ("AFTER UPDATE OF v", "DELETE FROM item WHERE id = NEW.id AND NEW.v = 'done';"),
    (
        "AFTER UPDATE",
        "IF NEW.v = 'done' THEN DELETE FROM item WHERE id = NEW.id; END IF; RETURN NULL;",
    ),
)
MOVING = Trigger(
    "item",
    ("AFTER UPDATE OF v", "UPDATE item SET id = id + 100 WHERE id = NEW.id AND NEW.v = 'move';"),
    (
        "AFTER UPDATE",
        "IF NEW.v = 'move' AND NEW.id < 100 THEN UPDATE item SET id = id + 100 WHERE id = NEW.id; END IF; RETURN NULL;",
    ),
)


def test_a_trigger_that_deletes_or_moves_the_row_is_followed(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    office.run(
        ITEM,
        *(trigger.on(office.engine, n) for n, trigger in enumerate((DELETING, MOVING))),
        "INSERT INTO item (id, v) VALUES (1, 'a'), (2, 'b'), (3, 'c')",
    )
    world = connected(office, open_store, open_world)
    one, two = world.id_of("item", 1), world.id_of("item", 2)
    world.edit(one, v="done")
    world.edit(two, v="move")
    rests(world)
    assert world.office("SELECT id, v FROM item ORDER BY id") == [(3, "c"), (102, "move")]
    assert not world.online(one).alive
    assert world.id_of("item", 102) == two
    assert world.online(two).fields["id"] == 102


def test_computed_columns_are_sent_and_never_written(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    virtual = ", w integer GENERATED ALWAYS AS (n * 3) VIRTUAL" if office.engine == "sqlite" else ""
    office.run(
        "CREATE TABLE item (id integer PRIMARY KEY, n integer, m integer GENERATED ALWAYS AS (n * 2)"
        f" STORED{virtual})",
        "INSERT INTO item (id, n) VALUES (1, 5), (2, 6)",
    )
    world = connected(office, open_store, open_world)
    one, two = world.id_of("item", 1), world.id_of("item", 2)
    assert world.online(one).fields["m"] == 10
    world.edit(one, n=7)
    world.office("UPDATE item SET n = 8 WHERE id = 2")
    new = world.create("item", id=3, n=9)
    rests(world)
    assert [world.online(r).fields["m"] for r in (one, two, new)] == [14, 16, 18]
    assert world.office("SELECT m FROM item ORDER BY id") == [(14,), (16,), (18,)]
    assert not world.conflicts()
    assert not world.quarantine()


def test_numbers_that_the_database_always_gives(
    new_pg: object, open_store: OpenStore, open_world: OpenWorld
) -> None:
    assert callable(new_pg)
    office = Office("postgresql", str(new_pg()))
    office.run(
        "CREATE TABLE item (id bigint GENERATED ALWAYS AS IDENTITY (START 10) PRIMARY KEY, v text,"
        " no integer GENERATED BY DEFAULT AS IDENTITY, at timestamptz DEFAULT now())",
        "CREATE TABLE part (id serial PRIMARY KEY, item bigint REFERENCES item)",
        "INSERT INTO item (v) VALUES ('a')",
    )
    world = connected(office, open_store, open_world)
    item = world.create("item", v="new")
    world.create("part", item=item)
    world.edit(world.id_of("item", 10), v="b")
    rests(world)
    assert world.office("SELECT id, v, no FROM item ORDER BY id") == [(10, "b", 1), (11, "new", 2)]
    assert world.office("SELECT id, item FROM part") == [(1, 11)]
    assert world.online(item).key == (11,)
    assert world.online(item).fields["at"] is not None
    assert not world.quarantine()


def test_a_program_that_replaces_sqlites_functions_writes_as_before_g10(
    tmp_path: Path, open_store: OpenStore, open_world: OpenWorld
) -> None:
    office = Office("sqlite", str(tmp_path / "office.db"))
    office.run(
        ITEM,
        "CREATE TABLE part (id INTEGER PRIMARY KEY, item INTEGER REFERENCES item ON DELETE CASCADE, v)",
        "INSERT INTO item (id, code, v) VALUES (1, 'a', 'a'), (2, 'b', 'b')",
    )
    world = connected(office, open_store, open_world)
    program = apsw.Connection(office.text)

    def broken(*_: object) -> None:
        raise ValueError("this program has no such function")

    names = {row[0] for row in program.execute("SELECT name FROM pragma_function_list")}
    for name in names - {"match", "->", "->>"}:
        program.create_scalar_function(name, broken)
    program.execute("PRAGMA foreign_keys = ON")
    program.execute("PRAGMA trusted_schema = OFF")
    program.execute("INSERT INTO item (id, code, v) VALUES (3, 'c', 'new')")
    program.execute("UPDATE item SET v = 'changed' WHERE id = 1")
    program.execute("UPDATE item SET id = 20 WHERE id = 3")
    program.execute("INSERT OR REPLACE INTO item (id, code, v) VALUES (5, 'b', 'replaced')")
    program.execute("INSERT INTO part VALUES (1, 1, 1.5), (2, 20, x'00')")
    program.execute("UPDATE part SET v = 1 WHERE id = 1")
    program.execute("DELETE FROM item WHERE id = 20")
    program.close()
    rests(world)
    assert {(r.key, r.fields["v"]) for r in world.online_records("item")} == {
        ((1,), "changed"),
        ((5,), "replaced"),
    }
    assert [r.key for r in world.online_records("part")] == [(1,)]


def test_a_role_that_knows_nothing_of_ours_writes_as_before_g10(
    new_pg: object, open_store: OpenStore, open_world: OpenWorld
) -> None:
    assert callable(new_pg)
    office = Office("postgresql", str(new_pg()))
    office.run(
        ITEM,
        "INSERT INTO item (id, v) VALUES (1, 'a')",
        "DROP ROLE IF EXISTS clerk",
        "CREATE ROLE clerk",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON item TO clerk",
    )
    world = connected(office, open_store, open_world)
    with psycopg.connect(office.text, autocommit=True) as program:
        program.execute("SET ROLE clerk")
        program.execute("SET search_path = pg_temp")
        program.execute("UPDATE public.item SET v = 'clerk'")
        program.execute("INSERT INTO public.item (id, v) VALUES (2, 'b')")
        program.execute("DELETE FROM public.item WHERE id = 2")
    rests(world)
    assert world.online(world.id_of("item", 1)).fields["v"] == "clerk"
    world.office("DROP OWNED BY clerk")
    world.office("DROP ROLE clerk")
