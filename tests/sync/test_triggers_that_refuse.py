"""The database's own triggers refuse, ignore or undo what comes from online (G5, FM12)."""

from __future__ import annotations

from pathlib import Path

from tests.sync.conftest import OpenStore, OpenWorld
from tests.sync.offices import ITEM, Office, Trigger, connected, rests

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


def test_rules_of_a_postgresql_database_go_on_as_before_g10(
    new_pg: object, open_store: OpenStore, open_world: OpenWorld
) -> None:
    assert callable(new_pg)
    office = Office("postgresql", str(new_pg()))
    office.run(
        ITEM,
        "CREATE TABLE log (v text)",
        "CREATE RULE told AS ON UPDATE TO item DO ALSO INSERT INTO log VALUES (NEW.v)",
        "CREATE TABLE kept (id integer PRIMARY KEY, v text)",
        "CREATE RULE kept AS ON DELETE TO kept DO INSTEAD NOTHING",
        "INSERT INTO item (id, v) VALUES (1, 'a')",
        "INSERT INTO kept VALUES (1, 'a'), (2, 'b')",
    )
    world = connected(office, open_store, open_world)
    kept = world.id_of("kept", 1)
    world.edit(world.id_of("item", 1), v="online")
    world.delete(kept)
    world.edit(world.id_of("kept", 2), v="fine")
    rests(world)
    assert world.office("SELECT v FROM log") == [("online",)]
    assert world.office("SELECT v FROM kept ORDER BY id") == [("a",), ("fine",)]
    assert world.online(kept).alive
    assert [lost.outcome for lost in world.conflicts()] == ["delete_refused"]
