"""What was deleted at the office comes back as the record that it was, whoever has had its keys since."""

from __future__ import annotations

import pytest

from samsyn.agent import holding
from samsyn.companydb import books, held
from samsyn.companydb.held import Held, Side
from samsyn.core.brakes import BrakeLimits
from tests.sync.conftest import MakeWorld
from tests.sync.world import AT, World

SCHEMA = """
CREATE TABLE product (code varchar(40) PRIMARY KEY, f varchar(40));
INSERT INTO product (code, f) VALUES ('A', 'axle'), ('B', 'bolt')
"""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Two products with keys that people give; a deletion of one of them is held."""
    made = make_world(SCHEMA)
    made.settle()
    holding.set_limits(made.db, "product", BrakeLimits(few=0, share=0.1))
    return made


def _undone(world: World) -> dict[object, str]:
    """All is put back, and both sides are equal; what stands under which key."""
    holding.undo(world.db, "product")
    world.settle()
    world.settle()
    assert not holding.listed(world.db)
    assert world.certificate().identical
    assert not world.conflicts()
    return dict(world.office("SELECT code, f FROM product"))


def test_it_comes_back_under_the_key_given_online_that_another_had_for_a_while_fm25_fm15_g4(
    world: World,
) -> None:
    """It was taken for the other, which had been deleted: it was deleted online, and told as a new one."""
    record = world.id_of("product", "A")
    world.office("DELETE FROM product WHERE code = 'A'")
    world.settle()
    world.office("INSERT INTO product (code, f) VALUES ('C', 'short')")
    world.office("DELETE FROM product WHERE code = 'C'")
    world.edit(record, code="C", f="online")
    assert _undone(world) == {"B": "bolt", "C": "online"}
    assert world.id_of("product", "C") == record


def test_it_comes_back_under_the_key_given_online_that_another_has_left_fm25_fm15_g4(
    world: World,
) -> None:
    """The other row went on under its name, and its values were told as this one's."""
    record = world.id_of("product", "A")
    world.office("DELETE FROM product WHERE code = 'A'")
    world.settle()
    world.office("INSERT INTO product (code, f) VALUES ('C', 'new')")
    world.office("UPDATE product SET code = 'D' WHERE code = 'C'")
    world.edit(record, code="C", f="online")
    assert _undone(world) == {"B": "bolt", "C": "online", "D": "new"}
    assert world.id_of("product", "C") == record


def test_it_comes_back_under_the_key_of_a_record_that_has_moved_fm25_fm15_g4(world: World) -> None:
    """The database refused it, for an identity that was still noted under that key."""
    record, other = world.id_of("product", "A"), world.id_of("product", "B")
    world.office("DELETE FROM product WHERE code = 'A'")
    world.office("UPDATE product SET code = 'D' WHERE code = 'B'")
    world.settle()
    world.edit(record, code="B", f="online")
    assert _undone(world) == {"B": "online", "D": "bolt"}
    assert (world.id_of("product", "B"), world.id_of("product", "D")) == (record, other)


def test_two_come_back_whose_keys_were_exchanged_online_fm25_fm15_g4(world: World) -> None:
    """Each was refused for the other's identity."""
    first, second = world.id_of("product", "A"), world.id_of("product", "B")
    world.office("DELETE FROM product")
    world.settle()
    world.edit_all({first: {"code": "B"}, second: {"code": "A"}})
    assert _undone(world) == {"A": "bolt", "B": "axle"}
    assert (world.id_of("product", "B"), world.id_of("product", "A")) == (first, second)


def test_a_row_that_had_its_key_since_is_told_when_it_comes_back_fm25_fm15_g1(world: World) -> None:
    """With the deletion the journal forgot whoever had had the key after it: that row was told to nobody."""
    record = world.id_of("product", "A")
    world.office("DELETE FROM product WHERE code = 'A'")
    world.settle()
    world.office("INSERT INTO product (code, f) VALUES ('A', 'other')")
    world.office("UPDATE product SET code = 'D' WHERE code = 'A'")
    assert _undone(world) == {"A": "axle", "B": "bolt", "D": "other"}
    assert world.id_of("product", "A") == record


REFERRED = """
CREATE TABLE product (code varchar(40) PRIMARY KEY, f varchar(40));
CREATE TABLE line (id serial, product varchar(40) REFERENCES product (code) ON DELETE SET NULL);
INSERT INTO product (code, f) VALUES ('A', 'axle'), ('B', 'bolt');
INSERT INTO line (id, product) VALUES (1, 'A'), (2, NULL)
"""


def test_what_referred_to_its_old_key_is_told_when_it_comes_back_under_another_fm25_fm14_g1(
    make_world: MakeWorld,
) -> None:
    """SQLite let the reference lead nowhere; online it went on leading to the record."""
    world = make_world(REFERRED)
    world.settle()
    holding.set_limits(world.db, "product", BrakeLimits(few=0, share=0.1))
    record = world.id_of("product", "A")
    world.office("DELETE FROM product WHERE code = 'A'")
    world.settle()
    world.edit(record, code="C")
    assert _undone(world) == {"B": "bolt", "C": "axle"}
    assert world.id_of("product", "C") == record


LINKED = """
CREATE TABLE tag (id serial, f varchar(40));
CREATE TABLE day (id date PRIMARY KEY, f varchar(40));
CREATE TABLE tagged (tag integer REFERENCES tag (id), other integer REFERENCES tag (id), f varchar(40),
    PRIMARY KEY (tag, other));
INSERT INTO tag (id, f) VALUES (1, 'one'), (2, 'two');
INSERT INTO day (id, f) VALUES ('2026-01-01', 'first'), ('2026-01-02', 'second');
INSERT INTO tagged (tag, other, f) VALUES (1, 2, 'first'), (2, 1, 'second')
"""


@pytest.mark.parametrize(
    ("type_", "gone", "again"),
    [
        ("tagged", "tag = 1", "(tag, other, f) VALUES (1, 2, 'short')"),
        ("day", "id = '2026-01-01'", "(id, f) VALUES ('2026-01-01', 'short')"),
    ],
)
def test_it_comes_back_though_its_key_was_given_again_and_again_fm25_fm15_g4(
    make_world: MakeWorld, type_: str, gone: str, again: str
) -> None:
    """Whatever the kinds of its key: a number of another record, or a date, for which nothing stands in."""
    world = make_world(LINKED)
    world.settle()
    holding.set_limits(world.db, type_, BrakeLimits(few=0, share=0.1))
    ids = world.ids(type_)
    world.office(f"DELETE FROM {type_} WHERE {gone}")
    world.settle()
    world.office(f"INSERT INTO {type_} {again}")
    world.office(f"DELETE FROM {type_} WHERE {gone}")
    holding.undo(world.db, type_)
    world.settle()
    assert world.office(f"SELECT f FROM {type_} ORDER BY f") == [("first",), ("second",)]
    assert world.ids(type_) == ids
    assert world.certificate().identical
    assert not world.conflicts()


def test_it_comes_back_with_what_it_had_where_the_office_refused_other_values_fm25_fm12_fm15(
    make_world: MakeWorld,
) -> None:
    """It came back under the key that was refused for the other, which then could not come back (seed 102307)."""
    world = make_world(SCHEMA)
    world.settle()
    record, other = world.id_of("product", "A"), world.id_of("product", "B")
    world.edit(record, code="B", f="with the key")
    world.create("product", code="B", f="refused as a whole")
    world.settle()
    holding.set_limits(world.db, "product", BrakeLimits(few=0, share=0.1))
    world.office("DELETE FROM product")
    world.settle()
    holding.undo(world.db, "product")
    world.settle()
    world.settle()
    assert not holding.listed(world.db)
    assert dict(world.office("SELECT code, f FROM product")) == {"A": "axle", "B": "bolt"}
    assert (world.id_of("product", "A"), world.id_of("product", "B")) == (record, other)
    assert len(world.quarantine()) == 2
    assert not world.conflicts()


def test_one_made_online_whose_number_was_not_told_yet_comes_back_too_fm25_g4(
    make_world: MakeWorld,
) -> None:
    """It was left out, and deleted online with the next claim."""
    world = make_world("CREATE TABLE item (id serial, f text); INSERT INTO item (f) VALUES ('one')")
    world.settle()
    holding.set_limits(world.db, "item", BrakeLimits(few=0, share=0.1))
    made = world.create("item", f="online")
    world.pull()
    assert world.online(made).key is None, "the service has not heard of its number"
    world.office("DELETE FROM item")
    world.settle()
    assert len(holding.listed(world.db)) == 1
    holding.undo(world.db, "item")
    world.settle()
    world.settle()
    assert world.certificate().identical
    assert world.online(made).alive
    assert sorted(f for (f,) in world.office("SELECT f FROM item")) == ["one", "online"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_refers_to_a_row_that_moved_while_its_type_waits_comes_back_later_fm25_g5(
    make_world: MakeWorld,
) -> None:
    """The program leaves references that lead nowhere, and SQLite counts them for the whole commit: it failed, each time anew."""
    world = make_world(
        "CREATE TABLE parent (id INTEGER PRIMARY KEY);"
        "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id));"
        "CREATE TABLE line (id INTEGER PRIMARY KEY, child INTEGER REFERENCES child (id));"
        "INSERT INTO parent VALUES (1), (2);"
        "INSERT INTO child VALUES (1, 1), (2, 2);"
        "INSERT INTO line VALUES (1, 1), (2, 1), (3, 2)"
    )
    world.settle()
    world.office("PRAGMA foreign_keys = OFF")
    with world.db.transaction():
        for name, code in (("parent", "ONE_VALUE"), ("child", "MANY_DELETED")):
            told = Held(name, Side.OFFICE, code, AT, books.cursor(world.db))
            held.hold(world.db, world.type(name).no, told)
    world.office("UPDATE parent SET id = 7 WHERE id = 1")
    world.office("DELETE FROM child")
    holding.undo(world.db, "child")
    world.settle()
    assert world.office("SELECT id FROM child") == [(2,)]
    holding.release(world.db, "parent")
    world.settle()
    holding.undo(world.db, "child")
    world.settle()
    assert world.office("SELECT id, parent FROM child ORDER BY id") == [(1, 7), (2, 2)]
    assert world.certificate().identical


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_led_nowhere_is_left_out_and_holds_up_nothing_fm25_g5(make_world: MakeWorld) -> None:
    """Its broken reference was hidden by those of its own children, until the commit."""
    world = make_world(
        "CREATE TABLE parent (id INTEGER PRIMARY KEY);"
        "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id));"
        "CREATE TABLE line (id INTEGER PRIMARY KEY, child INTEGER REFERENCES child (id));"
        "INSERT INTO parent VALUES (1)"
    )
    world.office("PRAGMA foreign_keys = OFF")
    world.office("INSERT INTO child VALUES (1, 1), (2, 9)")
    world.office("INSERT INTO line VALUES (1, 1), (2, 2), (3, 2)")
    world.settle()
    with world.db.transaction():
        told = Held("child", Side.OFFICE, "MANY_DELETED", AT, books.cursor(world.db))
        held.hold(world.db, world.type("child").no, told)
    world.office("DELETE FROM child")
    holding.undo(world.db, "child")
    world.settle()
    assert world.office("SELECT id FROM child") == [(1,)]
    [(waits, _)] = holding.listed(world.db)
    assert (waits.code, waits.count) == ("UNDO_REFUSED", 1)
    world.office("INSERT INTO parent VALUES (9)")
    holding.undo(world.db, "child")
    world.settle()
    assert world.office("SELECT id, parent FROM child ORDER BY id") == [(1, 1), (2, 9)]
    assert world.certificate().identical


def test_a_row_that_refers_to_itself_comes_back_fm25_g5(make_world: MakeWorld) -> None:
    """What it refers to is there as soon as it is."""
    world = make_world(
        "CREATE TABLE person (id integer PRIMARY KEY, boss integer REFERENCES person (id));"
        "INSERT INTO person VALUES (1, 1), (2, 1)"
    )
    world.settle()
    with world.db.transaction():
        told = Held("person", Side.OFFICE, "MANY_DELETED", AT, books.cursor(world.db))
        held.hold(world.db, world.type("person").no, told)
    world.office("DELETE FROM person")
    holding.undo(world.db, "person")
    world.settle()
    assert world.office("SELECT id, boss FROM person ORDER BY id") == [(1, 1), (2, 1)]
    assert world.certificate().identical
