"""References that nobody declared, accepted at attach, are kept the same like declared ones; and those that lead nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from samsyn.companydb.attach import References
from tests.sync.conftest import MakeWorld, OpenStore, OpenWorld
from tests.sync.offices import Office
from tests.sync.world import World

SCHEMA = (
    "CREATE TABLE customers (id integer PRIMARY KEY, name varchar(20), parent_id integer)",
    "CREATE TABLE articles (artno varchar(9) NOT NULL PRIMARY KEY, name varchar(20))",
    "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer, note varchar(20))",
    "CREATE TABLE order_rows (order_id integer NOT NULL, row_no integer NOT NULL, artno varchar(9),"
    " amount integer, PRIMARY KEY (order_id, row_no))",
    "INSERT INTO customers VALUES (1, 'one', NULL), (2, 'two', 1), (3, 'three', 1)",
    "INSERT INTO articles VALUES ('A-1', 'x'), ('A-2', 'y')",
    "INSERT INTO orders VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 2, 'c')",
    "INSERT INTO order_rows VALUES (1, 1, 'A-1', 5), (1, 2, 'A-2', 6), (2, 1, 'A-1', 7)",
)


@pytest.fixture
def world(
    engine: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    open_store: OpenStore,
    open_world: OpenWorld,
) -> World:
    """A company database without a single foreign key, loaded and at rest."""
    sqlite = engine == "sqlite"
    text = str(tmp_path / "office.db") if sqlite else request.getfixturevalue("new_pg")()
    Office(engine, text).run(*SCHEMA)
    open_store(engine)
    made = open_world(text, References.SUGGESTED)
    made.settle()
    return made


def rests(world: World) -> None:
    """Both sides are equal and nothing moves any more."""
    world.settle()
    certificate = world.certificate()
    assert certificate.identical, certificate.differences
    assert not world.sync()


def test_the_evident_ones_are_found_and_travel_as_record_ids(world: World) -> None:
    found = {
        (t.name, f.name): f.reference.type
        for t in world.db.types.values()
        for f in t.fields
        if f.reference is not None
    }
    assert found == {
        ("customers", "parent_id"): "customers",
        ("orders", "customer_id"): "customers",
        ("order_rows", "order_id"): "orders",
        ("order_rows", "artno"): "articles",
    }
    row = world.online(world.id_of("order_rows", 1, 2)).fields
    assert row["order_id"] == world.id_of("orders", 1)
    assert row["artno"] == world.id_of("articles", "A-2")
    rests(world)


def test_a_whole_order_made_online_gets_the_offices_numbers(world: World) -> None:
    customer = world.create("customers", id=70, name="new")
    order = world.create("orders", id=71, customer_id=customer, note="new")
    world.create("order_rows", order_id=order, row_no=1, artno=world.id_of("articles", "A-2"))
    world.edit(world.id_of("orders", 3), customer_id=customer)
    rests(world)
    assert not world.quarantine()
    rows = world.office(
        "SELECT c.name, r.row_no, r.artno FROM customers c JOIN orders o ON o.customer_id = c.id"
        " JOIN order_rows r ON r.order_id = o.id WHERE o.note = 'new'"
    )
    assert rows == [("new", 1, "A-2")]
    assert world.office(
        "SELECT c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = 3"
    ) == [("new",)]


def test_a_reference_that_leads_nowhere_stays_as_it_is(world: World) -> None:
    world.office("UPDATE orders SET customer_id = 99 WHERE id = 1")
    world.office("INSERT INTO order_rows VALUES (55, 1, 'gone', 1)")
    rests(world)
    order = world.id_of("orders", 1)
    cell = world.online(order).fields["customer_id"]
    assert cell == {"$k": 99}
    world.edit(world.id_of("orders", 2), customer_id=cell)
    rests(world)
    assert world.office("SELECT customer_id FROM orders WHERE id = 2") == [(99,)]
    assert not world.quarantine()


def test_a_target_that_comes_later_is_found(world: World) -> None:
    world.office("UPDATE orders SET customer_id = 99 WHERE id = 1")
    rests(world)
    world.office("INSERT INTO customers VALUES (99, 'late', NULL)")
    rests(world)
    assert world.online(world.id_of("orders", 1)).fields["customer_id"] == world.id_of(
        "customers", 99
    )


def test_a_target_that_goes_leaves_its_key_behind(world: World) -> None:
    two = world.id_of("customers", 2)
    world.office("DELETE FROM customers WHERE id = 2")
    rests(world)
    assert not world.online(two).alive
    assert world.online(world.id_of("orders", 2)).fields["customer_id"] == {"$k": 2}
    world.office("INSERT INTO customers VALUES (2, 'again', NULL)")
    rests(world)
    again = world.id_of("customers", 2)
    assert again != two
    assert world.online(world.id_of("orders", 3)).fields["customer_id"] == again


def test_a_target_whose_key_changes_is_left_by_those_that_do_not_follow(world: World) -> None:
    article = world.id_of("articles", "A-1")
    world.office("UPDATE articles SET artno = 'B-1' WHERE artno = 'A-1'")
    world.office("UPDATE order_rows SET artno = 'B-1' WHERE order_id = 1 AND row_no = 1")
    rests(world)
    assert world.id_of("articles", "B-1") == article
    assert world.online(world.id_of("order_rows", 1, 1)).fields["artno"] == article
    assert world.online(world.id_of("order_rows", 2, 1)).fields["artno"] == {"$k": "A-1"}
    world.edit(article, artno="C-1")
    rests(world)
    assert world.office("SELECT artno FROM articles ORDER BY 1") == [("A-2",), ("C-1",)]


def test_a_target_deleted_online_goes_as_it_would_at_the_office(world: World) -> None:
    world.delete(world.id_of("customers", 2))
    world.delete(world.id_of("orders", 1))
    rests(world)
    assert world.office("SELECT id FROM customers ORDER BY id") == [(1,), (3,)]
    assert world.office("SELECT customer_id FROM orders ORDER BY id") == [(2,), (2,)]
    assert world.online(world.id_of("orders", 2)).fields["customer_id"] == {"$k": 2}
    assert not world.conflicts()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_declared_one_that_led_nowhere_is_told_once_its_parent_comes_fm14(
    make_world: MakeWorld,
) -> None:
    """A session may switch the checks off; what it leaves is told as on SQLite."""
    world = make_world(
        "CREATE TABLE parent (code text PRIMARY KEY);"
        " CREATE TABLE child (id serial, parent text REFERENCES parent (code))"
    )
    world.settle()
    world.office("SET session_replication_role = replica")
    world.office("INSERT INTO child (parent) VALUES ('c')")
    world.office("RESET session_replication_role")
    world.settle()
    assert world.online(world.id_of("child", 1)).fields["parent"] == {"$k": "c"}
    world.office("INSERT INTO parent VALUES ('c')")
    world.settle()
    told = world.online(world.id_of("child", 1)).fields["parent"]
    assert told == world.id_of("parent", "c")
