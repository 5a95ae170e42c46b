"""Brakes in a world of two sides: one type is held, the rest goes on, a person releases or undoes it.

FM25: mass changes from either side.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from samsyn.agent import holding
from samsyn.companydb import held
from samsyn.companydb.held import Held
from samsyn.core.brakes import BrakeLimits
from samsyn.records.held import held_types
from tests.sync.conftest import MakeWorld
from tests.sync.resting import rests, the_rest_goes_on
from tests.sync.world import Killed, World

MANY = 60
SCHEMA = (
    "CREATE TABLE customer (id serial, name varchar(40), city varchar(40));"
    "CREATE TABLE remark (id serial, customer integer REFERENCES customer (id), text varchar(40));"
    "INSERT INTO remark (text) VALUES ('one'), ('two');"
    "INSERT INTO customer (name, city) VALUES "
    + ", ".join(f"('customer {n}', 'town {n}')" for n in range(1, MANY + 1))
)


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Sixty customers and two remarks, loaded and at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def held_type(world: World, name: str = "customer") -> Held:
    """Why the type is held."""
    return next(told for told in held.held(world.db).values() if told.type == name)


def names(world: World) -> set[object]:
    """Of the customers at the office."""
    return {name for (name,) in world.office("SELECT name FROM customer")}


def online_names(world: World) -> set[object]:
    """Of the customers online."""
    return {r.fields["name"] for r in world.online_records("customer")}


# --- from the office ----------------------------------------------------------------------


def emptied(world: World) -> None:
    """The whole table at once, as each engine does it."""
    world.office(
        "DELETE FROM customer" if world.db.engine == "sqlite" else "TRUNCATE customer CASCADE"
    )


def test_an_emptied_table_is_held_and_released_fm25(world: World) -> None:
    world.office("DELETE FROM customer")
    world.settle()
    told = held_type(world)
    assert (told.code, told.side, told.count, told.records) == (
        "TABLE_EMPTIED",
        held.Side.OFFICE,
        MANY,
        MANY,
    )
    assert len(online_names(world)) == MANY
    [online] = held_types(world.tenant)
    assert (online.type, online.side, online.code) == ("customer", "office", "TABLE_EMPTIED")
    the_rest_goes_on(world)
    holding.release(world.db, "customer")
    rests(world)
    assert not online_names(world)


def test_an_emptied_table_is_put_back_fm25(world: World) -> None:
    ids = world.ids("customer")
    world.office("DELETE FROM customer")
    world.edit(ids[next(iter(ids))], city="edited online meanwhile")
    world.settle()
    the_rest_goes_on(world)
    holding.undo(world.db, "customer")
    rests(world)
    assert len(names(world)) == len(online_names(world)) == MANY
    assert world.ids("customer") == ids
    assert not world.conflicts()
    assert world.office("SELECT count(*) FROM customer WHERE city = 'edited online meanwhile'") == [
        (1,)
    ]


def test_a_truncated_table_is_held_with_what_it_took_along_fm25(world: World) -> None:
    """TRUNCATE … CASCADE empties the small table too: that one goes."""
    emptied(world)
    world.settle()
    assert held_type(world).code == "TABLE_EMPTIED"
    assert len(online_names(world)) == MANY
    holding.undo(world.db, "customer")
    rests(world)
    assert len(names(world)) == MANY


def test_many_deleted_is_held_and_put_back_beside_other_work_fm25(world: World) -> None:
    """What else was written in the table meanwhile stays."""
    world.office("DELETE FROM customer WHERE id <= 30")
    world.office("UPDATE customer SET city = 'moved' WHERE id = 40")
    world.office("INSERT INTO customer (name) VALUES ('brand new')")
    world.settle()
    told = held_type(world)
    assert (told.code, told.count, told.records) == ("MANY_DELETED", 30, MANY)
    holding.undo(world.db, "customer")
    rests(world)
    assert len(names(world)) == MANY + 1
    assert "brand new" in online_names(world)
    assert world.online(world.id_of("customer", 40)).fields["city"] == "moved"


def test_a_loop_of_single_deletions_is_held_fm25(world: World) -> None:
    for number in range(1, MANY + 1):
        world.office("DELETE FROM customer WHERE id = $1", number)
        world.settle()
    told = held_type(world)
    assert told.code == "MANY_DELETED"
    assert len(online_names(world)) == MANY - 20
    holding.undo(world.db, "customer")
    rests(world)
    assert len(names(world)) == MANY - 20
    world.office("DELETE FROM customer WHERE id = 60")
    rests(world)


@pytest.mark.parametrize("decide", [holding.release, holding.undo], ids=["release", "undo"])
def test_a_large_table_emptied_at_once_fm25(
    make_world: MakeWorld, decide: Callable[..., None]
) -> None:
    """More than one claim takes, and more than one page brings back."""
    world = make_world("CREATE TABLE customer (id serial, name varchar(40))")
    world.settle()
    for n in range(0, 2500, 500):
        values = ", ".join(f"('customer {m}')" for m in range(n, n + 500))
        world.office(f"INSERT INTO customer (name) VALUES {values}")
    world.settle()
    world.office("DELETE FROM customer" if world.db.engine == "sqlite" else "TRUNCATE customer")
    world.settle()
    assert held_type(world).count == 2500
    decide(world.db, "customer")
    rests(world)
    assert len(names(world)) == (0 if decide is holding.release else 2500)


def test_what_was_let_through_makes_no_brake_blind_fm25(world: World) -> None:
    """The journal's numbers begin anew when it has been emptied."""
    world.office("UPDATE customer SET city = name")
    rests(world)
    world.office("DELETE FROM customer WHERE id <= 40")
    world.settle()
    assert held_type(world).code == "MANY_DELETED"


def test_a_mass_deletion_while_a_long_journal_is_claimed_is_held_fm25(
    make_world: MakeWorld,
) -> None:
    world = make_world("CREATE TABLE customer (id serial, name varchar(40), city varchar(40))")
    world.settle()
    for n in range(0, 6000, 1000):
        values = ", ".join(f"('customer {m}')" for m in range(n, n + 1000))
        world.office(f"INSERT INTO customer (name) VALUES {values}")
    world.settle()
    world.limits = world.limits.__class__(batch_changes=1000)
    world.restart()
    world.settle()
    world.office("UPDATE customer SET city = name")
    requests = world.network.requests

    def strike() -> None:
        if world.network.requests == requests + 3:
            world.office("DELETE FROM customer WHERE id > 3000")

    world.network.watch = strike
    world.settle()
    assert held_type(world).code == "MANY_DELETED"
    assert len(online_names(world)) == 6000


def test_few_deletions_are_never_held_fm25(world: World) -> None:
    world.office("DELETE FROM customer WHERE id <= 20")
    rests(world)
    assert len(online_names(world)) == MANY - 20


def test_rows_that_are_written_anew_are_not_held_fm25(world: World) -> None:
    """As a program does that deletes and inserts at each save."""
    for turn in range(5):
        world.office("DELETE FROM customer WHERE id <= 30")
        for n in range(1, 31):
            world.office("INSERT INTO customer (id, name) VALUES ($1, $2)", n, f"again {turn} {n}")
        rests(world)


def test_a_field_that_gets_one_value_everywhere_is_held_and_put_back_fm25(world: World) -> None:
    world.office("UPDATE customer SET city = 'Lund'")
    world.office("UPDATE customer SET name = 'renamed' WHERE id = 7")
    world.settle()
    told = held_type(world)
    assert (told.code, told.fields, told.value, told.count) == (
        "ONE_VALUE",
        ("city",),
        '"Lund"',
        MANY,
    )
    the_rest_goes_on(world)
    holding.undo(world.db, "customer")
    rests(world)
    assert world.office("SELECT city FROM customer WHERE id = 7") == [("town 7",)]
    assert world.online(world.id_of("customer", 7)).fields["name"] == "renamed"
    assert not world.conflicts()


def test_a_field_that_gets_one_value_everywhere_is_released_fm25(world: World) -> None:
    world.office("UPDATE customer SET city = 'Lund'")
    world.settle()
    assert held_type(world).code == "ONE_VALUE"
    holding.release(world.db, "customer")
    rests(world)
    assert {r.fields["city"] for r in world.online_records("customer")} == {"Lund"}


@pytest.mark.parametrize("engine", ["sqlite"])
def test_one_value_in_more_rows_than_are_read_is_held_fm25(make_world: MakeWorld) -> None:
    world = make_world("CREATE TABLE customer (id serial, name varchar(40), city varchar(40))")
    world.office(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45000)"
        " INSERT INTO customer (name) SELECT 'customer ' || i FROM n"
    )
    world.settle()
    world.office("UPDATE customer SET city = 'Lund'")
    world.settle()
    assert (held_type(world).code, held_type(world).count) == ("ONE_VALUE", 45000)


def test_a_field_that_gets_unlike_values_is_not_held_fm25(world: World) -> None:
    world.office("UPDATE customer SET city = name")
    rests(world)


def test_an_edit_online_while_the_type_is_held_is_a_conflict_exactly_when_it_is_fm25_g2(
    world: World,
) -> None:
    """What the office wrote while the type was held had not seen what came online meanwhile."""
    one, two = world.id_of("customer", 1), world.id_of("customer", 2)
    world.office("DELETE FROM customer WHERE id > 30")
    world.settle()
    world.edit(one, city="online")
    world.edit(two, city="online alone")
    the_rest_goes_on(world)
    world.office("UPDATE customer SET city = 'office' WHERE id = 1")
    the_rest_goes_on(world)
    holding.release(world.db, "customer")
    rests(world)
    assert [(c.record, c.online, c.office) for c in world.conflicts()] == [
        (one, "online", "office")
    ]
    assert world.office("SELECT city FROM customer WHERE id < 3 ORDER BY id") == [
        ("office",),
        ("online alone",),
    ]


# --- from online --------------------------------------------------------------------------


def delete_online(world: World, count: int) -> None:
    for record in list(world.ids("customer").values())[:count]:
        world.delete(record)


@pytest.mark.parametrize("limit", [2000, 7], ids=["one_page", "pages"])
def test_the_office_is_never_emptied_by_a_mistake_online_fm25(world: World, limit: int) -> None:
    world.limits = world.limits.__class__(pull_records=limit)
    world.restart()
    delete_online(world, MANY)
    world.settle()
    told = held_type(world)
    assert (told.code, told.side) == ("TABLE_EMPTIED", held.Side.ONLINE)
    assert len(names(world)) == MANY
    the_rest_goes_on(world)
    holding.release(world.db, "customer")
    rests(world)
    assert not names(world)


def test_many_deleted_online_come_back_and_are_told_fm25(world: World) -> None:
    delete_online(world, 30)
    keep = world.id_of("customer", 50)
    world.edit(keep, city="edited online")
    world.settle()
    assert held_type(world).count == 30
    the_rest_goes_on(world)
    holding.undo(world.db, "customer")
    rests(world)
    assert len(names(world)) == len(online_names(world)) == MANY
    assert [c.outcome for c in world.conflicts()] == ["delete_refused"] * 30
    assert world.office("SELECT city FROM customer WHERE id = 50") == [("edited online",)]


def test_one_value_everywhere_online_is_undone_and_told_fm25(world: World) -> None:
    world.edit_all({record: {"city": "Lund"} for record in world.ids("customer").values()})
    world.edit(world.id_of("customer", 7), name="renamed online")
    world.settle()
    told = held_type(world)
    assert (told.code, told.side, told.fields) == ("ONE_VALUE", held.Side.ONLINE, ("city",))
    assert world.office("SELECT city FROM customer WHERE id = 7") == [("town 7",)]
    holding.undo(world.db, "customer")
    rests(world)
    assert world.online(world.id_of("customer", 7)).fields["city"] == "town 7"
    assert world.office("SELECT name FROM customer WHERE id = 7") == [("renamed online",)]
    assert {(c.outcome, c.online) for c in world.conflicts()} == {("office_value", "Lund")}
    assert len(world.conflicts()) == MANY


def test_what_is_undone_of_a_row_whose_key_was_changed_online_too_is_told_fm25_fm15_g1(
    make_world: MakeWorld,
) -> None:
    """The change of the key is taken, so the row stands elsewhere when the office's value is told."""
    places = ", ".join(f"('P{n}', 'town {n}')" for n in range(1, MANY + 1))
    world = make_world(
        "CREATE TABLE place (code varchar(9) PRIMARY KEY, city varchar(40));"
        f"INSERT INTO place VALUES {places}"
    )
    world.settle()
    moved = world.id_of("place", "P7")
    world.edit_all({record: {"city": "Lund"} for record in world.ids("place").values()})
    world.edit(moved, code="Q7")
    world.settle()
    holding.undo(world.db, "place")
    rests(world)
    assert world.online(moved).fields == {"code": "Q7", "city": "town 7"}
    assert world.office("SELECT city FROM place WHERE code = 'Q7'") == [("town 7",)]


def test_a_loop_of_single_deletions_online_is_held_fm25(world: World) -> None:
    for record in list(world.ids("customer").values()):
        world.delete(record)
        world.settle()
    assert held_type(world).code == "MANY_DELETED"
    assert len(names(world)) == MANY - 20
    holding.release(world.db, "customer")
    rests(world)
    assert not names(world)


def test_a_child_of_a_held_parent_waits_for_it_fm25_g5(world: World) -> None:
    delete_online(world, 30)
    world.settle()
    new = world.create("customer", name="new online")
    remark = world.create("remark", customer=new, text="of the new one")
    world.settle()
    assert [entry.record for entry in world.quarantine()] == [remark]
    holding.release(world.db, "customer")
    rests(world)
    assert world.office("SELECT text FROM remark WHERE customer IS NOT NULL") == [
        ("of the new one",)
    ]


def test_a_child_of_a_parent_whose_creation_is_held_goes_with_it_fm25(world: World) -> None:
    world.office("DELETE FROM customer WHERE id <= 30")
    world.office("INSERT INTO customer (id, name) VALUES (900, 'new here')")
    world.settle()
    world.office("INSERT INTO remark (customer, text) VALUES (900, 'of the new one')")
    world.settle()
    holding.release(world.db, "customer")
    rests(world)
    [remark] = [r for r in world.online_records("remark") if r.fields["customer"] is not None]
    assert remark.fields["customer"] == world.id_of("customer", 900)


def test_the_other_types_are_compared_while_one_is_held_fm25(world: World) -> None:
    delete_online(world, 30)
    world.settle()
    the_rest_goes_on(world)
    assert held_type(world).code == "MANY_DELETED"
    told = world.certificate()
    assert told.identical
    assert 0 < told.records < MANY


# --- limits and kills ---------------------------------------------------------------------


def test_limits_that_a_person_has_set_hold_fm25(world: World) -> None:
    holding.set_limits(world.db, "customer", BrakeLimits(off=True))
    world.office("DELETE FROM customer")
    rests(world)


Mistake = Callable[[World], None]


def deleted_here(world: World) -> None:
    world.office("DELETE FROM customer WHERE id <= 40")


def one_value_here(world: World) -> None:
    world.office("UPDATE customer SET city = 'Lund'")


def deleted_there(world: World) -> None:
    delete_online(world, 40)


def one_value_there(world: World) -> None:
    world.edit_all({record: {"city": "Lund"} for record in world.ids("customer").values()})


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("decide", [holding.release, holding.undo], ids=["release", "undo"])
@pytest.mark.parametrize(
    "mistake",
    [deleted_here, one_value_here, deleted_there, one_value_there],
    ids=lambda f: f.__name__,
)
def test_killed_at_any_commit_of_a_release_or_undo_fm25_g4(
    make_world: MakeWorld, mistake: Mistake, decide: Callable[..., None], before: bool
) -> None:
    world = make_world(SCHEMA)
    world.limits = world.limits.__class__(pull_records=25)
    world.restart()
    world.settle()
    mistake(world)
    world.settle()
    conflicts = 0
    if (decide, mistake) == (holding.undo, deleted_there):
        conflicts = 40
    if (decide, mistake) == (holding.undo, one_value_there):
        conflicts = MANY
    decide(world.db, "customer")
    for commit in range(1, 100):
        with world.killed_at(commit, before=before), suppress(Killed):
            world.sync()
            break
        world.restart()
    rests(world)
    assert len(world.conflicts()) == conflicts
