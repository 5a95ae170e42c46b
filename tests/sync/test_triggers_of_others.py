"""The database's own triggers, rules and keys go on as before, and what they change is synced (G10, FM19)."""

from __future__ import annotations

from pathlib import Path

import apsw
import psycopg
import pytest

from tests.sync.conftest import OpenStore, OpenWorld
from tests.sync.test_names import Office, connected
from tests.sync.world import World


@pytest.fixture
def office(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    """An empty database of each engine."""
    if engine == "sqlite":
        return Office(engine, str(tmp_path / "office.db"))
    return Office(engine, request.getfixturevalue("new_pg")())


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
ITEM = (
    "CREATE TABLE item (id integer PRIMARY KEY, code varchar(20) UNIQUE, price numeric,"
    " touched integer, v varchar(20))"
)


def price(world: World, text: str) -> str | float:
    """An amount as the engine's cell."""
    return text if world.db.engine == "postgresql" else float(text)


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


REFUSING = Trigger(
    "item",
    ("BEFORE UPDATE", "SELECT RAISE(ABORT, 'Låst: fråga Karin') WHERE NEW.v = 'forbidden';"),
    (
        "BEFORE UPDATE",
        "IF NEW.v = 'forbidden' THEN RAISE 'Låst: fråga Karin'; END IF; RETURN NEW;",
    ),
)
KEEPING = Trigger(
    "item",
    ("BEFORE DELETE", "SELECT RAISE(ABORT, 'Får inte raderas') WHERE OLD.id = 1;"),
    ("BEFORE DELETE", "IF OLD.id = 1 THEN RAISE 'Får inte raderas'; END IF; RETURN OLD;"),
)


def test_a_triggers_refusal_is_told_in_its_own_words_g5(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    office.run(
        ITEM,
        *(trigger.on(office.engine, n) for n, trigger in enumerate((REFUSING, KEEPING))),
        "INSERT INTO item (id, v) VALUES (1, 'a'), (2, 'b'), (3, 'c')",
    )
    world = connected(office, open_store, open_world)
    world.edit(world.id_of("item", 2), v="forbidden")
    world.edit(world.id_of("item", 3), v="fine")
    world.delete(world.id_of("item", 1))
    rests(world)
    (entry,) = world.quarantine()
    assert (entry.code, entry.record) == ("REFUSED_BY_TRIGGER", world.id_of("item", 2))
    assert "Låst: fråga Karin" in entry.reason
    assert world.office("SELECT v FROM item ORDER BY id") == [("a",), ("b",), ("fine",)]
    assert [lost.outcome for lost in world.conflicts()] == ["delete_refused"]
    assert world.online(world.id_of("item", 1)).alive


SILENT = Trigger(
    "item",
    ("BEFORE UPDATE OF v", "SELECT RAISE(IGNORE) WHERE NEW.v = 'ignored';"),
    ("BEFORE UPDATE", "IF NEW.v = 'ignored' THEN RETURN NULL; END IF; RETURN NEW;"),
)
SILENT_NEW = Trigger(
    "item",
    ("BEFORE INSERT", "SELECT RAISE(IGNORE) WHERE NEW.v = 'ignored';"),
    ("BEFORE INSERT", "IF NEW.v = 'ignored' THEN RETURN NULL; END IF; RETURN NEW;"),
)
SILENT_DELETE = Trigger(
    "item",
    ("BEFORE DELETE", "SELECT RAISE(IGNORE) WHERE OLD.id = 1;"),
    ("BEFORE DELETE", "IF OLD.id = 1 THEN RETURN NULL; END IF; RETURN OLD;"),
)


def test_a_trigger_that_ignores_a_write_stops_nobody_g5(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    office.run(
        ITEM,
        *(
            trigger.on(office.engine, n)
            for n, trigger in enumerate((SILENT, SILENT_NEW, SILENT_DELETE))
        ),
        "INSERT INTO item (id, v) VALUES (1, 'a'), (2, 'b'), (3, 'c')",
    )
    world = connected(office, open_store, open_world)
    two = world.id_of("item", 2)
    world.edit(two, v="ignored")
    new = world.create("item", id=9, v="ignored")
    world.delete(world.id_of("item", 1))
    world.edit(world.id_of("item", 3), v="fine")
    rests(world)
    assert world.office("SELECT v FROM item ORDER BY id") == [("a",), ("b",), ("fine",)]
    assert {entry.record for entry in world.quarantine()} == {two, new}
    assert world.online(world.id_of("item", 1)).alive


def test_a_trigger_that_rolls_back_everything_stops_nobody_g5(
    tmp_path: Path, open_store: OpenStore, open_world: OpenWorld
) -> None:
    """The triggers that emulated foreign keys before SQLite had them do this."""
    office = Office("sqlite", str(tmp_path / "office.db"))
    office.run(
        ITEM,
        "CREATE TRIGGER own BEFORE UPDATE ON item BEGIN"
        " SELECT RAISE(ROLLBACK, 'Låst: fråga Karin') WHERE NEW.v = 'forbidden'; END",
        "CREATE TABLE part (id INTEGER PRIMARY KEY, v TEXT UNIQUE ON CONFLICT ROLLBACK)",
        "INSERT INTO item (id, v) VALUES (1, 'a'), (2, 'b'), (3, 'c')",
        "INSERT INTO part VALUES (1, 'taken')",
    )
    world = connected(office, open_store, open_world)
    one, two = world.id_of("item", 1), world.id_of("item", 2)
    three = world.create("part", v="taken")
    world.edit(one, v="forbidden")
    world.edit(two, v="forbidden")
    world.edit(world.id_of("item", 3), v="fine")
    world.office("UPDATE part SET id = 7")
    rests(world)
    assert {e.record: e.code for e in world.quarantine()} == {
        one: "REFUSED_BY_TRIGGER",
        two: "REFUSED_BY_TRIGGER",
        three: "UNIQUE_TAKEN",
    }
    assert world.office("SELECT v FROM item ORDER BY id") == [("a",), ("b",), ("fine",)]
    world.edit(one, v="allowed")
    world.edit(world.id_of("item", 3), v="finer")
    rests(world)
    assert world.office("SELECT v FROM item ORDER BY id") == [("allowed",), ("b",), ("finer",)]
    assert {e.record for e in world.quarantine()} == {two, three}


CODED = Trigger(
    "item",
    ("BEFORE UPDATE", "SELECT RAISE(FAIL, 'nej') WHERE NEW.v = 'forbidden';"),
    (
        "BEFORE UPDATE",
        "IF NEW.v = 'forbidden' THEN RAISE 'nej' USING ERRCODE = 'QX001'; END IF; RETURN NEW;",
    ),
)
TWICE = Trigger(
    "item",
    ("BEFORE DELETE", "SELECT RAISE(FAIL, 'nej') WHERE OLD.v = 'b';"),
    (
        "BEFORE UPDATE",
        "IF NEW.v = 'twice' THEN UPDATE item SET touched = 1 WHERE id = NEW.id; END IF; RETURN NEW;",
    ),
)


def test_any_code_that_a_trigger_makes_up_is_a_refusal_g5(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    office.run(
        ITEM,
        *(trigger.on(office.engine, n) for n, trigger in enumerate((CODED, TWICE))),
        "INSERT INTO item (id, v) VALUES (1, 'a'), (2, 'b'), (3, 'c')",
    )
    world = connected(office, open_store, open_world)
    one, two = world.id_of("item", 1), world.id_of("item", 2)
    world.edit(one, v="forbidden")
    world.edit(two, v="twice" if office.engine == "postgresql" else "forbidden")
    world.edit(world.id_of("item", 3), v="fine")
    rests(world)
    assert {e.record: e.code for e in world.quarantine()} == {
        one: "REFUSED_BY_TRIGGER",
        two: "REFUSED_BY_TRIGGER",
    }
    assert world.office("SELECT v FROM item ORDER BY id") == [("a",), ("b",), ("fine",)]


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
