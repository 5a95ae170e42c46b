"""Unique values and references that collide: nothing stops, nothing is lost, each fix works (FM13, FM14)."""

from __future__ import annotations

import pytest

from samsyn.core.cells import Cell
from samsyn.protocol.messages import FixOrder
from samsyn.records import clinic_list
from tests.sync.conftest import MakeWorld, OpenStore, OpenWorld
from tests.sync.offices import Office, connected
from tests.sync.test_clinic import entry_of, fixes, healed, mended
from tests.sync.world import World

SCHEMA = """
CREATE TABLE item (id serial, no varchar(20) UNIQUE, email varchar(40) UNIQUE, note varchar(40));
CREATE TABLE part (code varchar(20) PRIMARY KEY, item integer NOT NULL REFERENCES item, note varchar(40));
CREATE TABLE node (id serial, name varchar(20) NOT NULL CHECK (name <> 'bad'), up integer REFERENCES node);
INSERT INTO item (no, email, note) VALUES ('1', 'a@x', 'first'), ('2', 'b@x', 'second');
INSERT INTO part VALUES ('P1', 1, 'office');
INSERT INTO node (name) VALUES ('root')
"""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Two items with two unique values each, at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def quarantined(world: World) -> dict[str, str]:
    """Code by record, the same on both sides."""
    world.settle()
    told = {entry.record: entry.code for entry in world.quarantine()}
    assert {e.record: e.code for e in clinic_list.entries(world.tenant)} == told
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    return told


# --- FM13 --------------------------------------------------------------------------------


@pytest.mark.parametrize("fix", ["merge_with", "new_key", "skip"])
def test_the_same_natural_key_on_both_sides_fm13(world: World, fix: str) -> None:
    """A key that people give: both sides make P2, the office's stands and the other waits."""
    world.office("INSERT INTO part VALUES ('P2', 2, NULL)")
    mine = world.create("part", code="P2", item=world.id_of("item", 1), note="online")
    assert quarantined(world) == {mine: "UNIQUE_TAKEN"}
    (holder,) = entry_of(world, mine).holders
    assert (holder.record, holder.fields) == (world.id_of("part", "P2"), ("code",))
    more = {"fields": {"code": "P3"}} if fix == "new_key" else {}
    mended(world, mine, fix, **more)
    healed(world)
    rows = dict(world.office("SELECT code, note FROM part WHERE code <> 'P1' ORDER BY code"))
    assert (
        rows
        == {
            "merge_with": {"P2": "online"},
            "new_key": {"P2": None, "P3": "online"},
            "skip": {"P2": None},
        }[fix]
    )
    if fix == "merge_with":
        assert [(c.field, c.outcome) for c in world.conflicts()] == [
            (None, "merged"),
            ("item", "merged"),
        ]


def test_a_swap_against_what_the_office_swaps_fm13(world: World) -> None:
    """Online swaps two values while the office swaps them too: the office wins, no false stop."""
    one, two = world.id_of("item", 1), world.id_of("item", 2)
    world.edit_all({one: {"no": "2"}, two: {"no": "1"}})
    world.office("UPDATE item SET no = '3' WHERE id = 1")
    world.office("UPDATE item SET no = '1' WHERE id = 2")
    world.office("UPDATE item SET no = '2' WHERE id = 1")
    healed(world)
    assert world.office("SELECT no FROM item ORDER BY id") == [("2",), ("1",)]
    assert not world.conflicts()


def test_a_swap_in_three_steps_fm13(world: World) -> None:
    world.office("INSERT INTO item (no, email) VALUES ('3', 'c@x')")
    world.settle()
    turn = {world.id_of("item", n): {"no": str(n % 3 + 1)} for n in (1, 2, 3)}
    world.edit_all(turn)
    healed(world)
    assert world.office("SELECT no FROM item ORDER BY id") == [("2",), ("3",), ("1",)]


@pytest.mark.parametrize("first", [0, 1])
def test_a_row_that_hits_two_unique_indexes_fm13(world: World, first: int) -> None:
    """It becomes one with either; what collides with the other is left in the conflict log."""
    both: dict[str, Cell] = {"no": "1", "email": "b@x", "note": "online"}
    mine = world.create("item", None, **both)
    assert quarantined(world) == {mine: "UNIQUE_TAKEN"}
    holders = {h.record: h.fields for h in entry_of(world, mine).holders}
    items = (world.id_of("item", 1), world.id_of("item", 2))
    assert holders == {items[0]: ("no",), items[1]: ("email",)}
    assert fixes(world, mine) == ["merge_with", "merge_with", "new_key", "skip", "retry"]
    mended(world, mine, "merge_with", record=items[first])
    healed(world)
    assert world.office("SELECT no, email, note FROM item ORDER BY id") == [
        ("1", "a@x", "first"),
        ("2", "b@x", "second"),
    ]
    lost = {(c.record, c.field): c.online for c in world.conflicts() if c.field}
    assert lost == {
        (items[first], ("email", "no")[first]): ("b@x", "1")[first],
        (items[first], "note"): "online",
    }


def test_a_value_that_frees_only_one_of_two_stays_fm13(world: World) -> None:
    mine = world.create("item", no="1", email="b@x")
    quarantined(world)
    mended(world, mine, "new_key", fields={"no": "9"})
    assert quarantined(world) == {mine: "UNIQUE_TAKEN"}
    assert [h.fields for h in entry_of(world, mine).holders] == [("email",)]
    mended(world, mine, "new_key", fields={"email": "c@x"})
    healed(world)


def test_a_merge_into_what_has_moved_on_loses_nothing_fm13(world: World) -> None:
    """The office gives the free field a value while the merge is on its way: the office wins, logged."""
    world.office("UPDATE item SET note = NULL WHERE id = 1")
    world.settle()
    mine = world.create("item", no="1", note="online")
    quarantined(world)
    mended(world, mine, "merge_with")
    world.office("UPDATE item SET note = 'office' WHERE id = 1")
    healed(world)
    assert world.office("SELECT note FROM item WHERE id = 1") == [("office",)]
    assert ("note", "office_value") in [(c.field, c.outcome) for c in world.conflicts()]


def test_a_merge_into_what_the_office_deletes_loses_nothing_fm13(world: World) -> None:
    mine = world.create("item", no="2", note="online")
    quarantined(world)
    entry = entry_of(world, mine)
    world.office("DELETE FROM item WHERE id = 2")
    world.service.mend(FixOrder(entry.id, "merge_with"))
    healed(world)
    assert not world.online(mine).alive
    assert world.office("SELECT count(*) FROM item") == [(1,)]


@pytest.mark.parametrize("fix", ["merge_with", "new_key"])
def test_values_that_differ_in_case_alone_fm13(
    office: Office, open_store: OpenStore, open_world: OpenWorld, fix: str
) -> None:
    """The office's own collation or index says that they are the same; online they are two."""
    sqlite = office.engine == "sqlite"
    office.run(
        "CREATE TABLE item (id integer PRIMARY KEY, email varchar(40) COLLATE NOCASE UNIQUE)"
        if sqlite
        else "CREATE TABLE item (id serial PRIMARY KEY, email varchar(40))",
        "SELECT 1" if sqlite else "CREATE UNIQUE INDEX item_email ON item (lower(email))",
        "INSERT INTO item (email) VALUES ('Anna@X.se')",
    )
    world = connected(office, open_store, open_world)
    mine = world.create("item", email="anna@x.se")
    assert quarantined(world) == {mine: "UNIQUE_TAKEN"}
    (holder,) = entry_of(world, mine).holders
    assert (holder.record, holder.fields) == (world.id_of("item", 1), ("email",))
    mended(world, mine, fix, **({"fields": {"email": "b@x.se"}} if fix == "new_key" else {}))
    healed(world)
    if fix == "merge_with":
        assert world.office("SELECT email FROM item") == [("Anna@X.se",)]
        assert ("email", "anna@x.se") in [(c.field, c.online) for c in world.conflicts()]


def test_an_index_over_some_rows_and_two_columns_names_who_is_in_the_way_fm13(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    office.run(
        "CREATE TABLE item (id integer PRIMARY KEY, no varchar(9), year integer, dead integer)",
        "CREATE UNIQUE INDEX living ON item (no, year) WHERE dead = 0",
        "INSERT INTO item VALUES (1, 'a', 1, 1), (2, 'a', 1, 0), (3, 'a', 2, 0)",
    )
    world = connected(office, open_store, open_world)
    three = world.id_of("item", 3)
    world.edit(three, year=1)
    assert quarantined(world) == {three: "UNIQUE_TAKEN"}
    (holder,) = entry_of(world, three).holders
    assert (holder.record, holder.fields) == (world.id_of("item", 2), ("no", "year"))
    assert fixes(world, three) == ["new_key", "take_office", "retry"]
    mended(world, three, "take_office")
    healed(world)


# --- FM14 --------------------------------------------------------------------------------


def refused_tree(world: World) -> tuple[str, str, str]:
    """A node that the office does not take, its child and its grandchild."""
    parent = world.create("node", name="bad", up=world.id_of("node", 1))
    child = world.create("node", name="child", up=parent)
    grandchild = world.create("node", name="grandchild", up=child)
    assert quarantined(world) == {
        parent: "CHECK_FAILED",
        child: "PARENT_MISSING",
        grandchild: "PARENT_MISSING",
    }
    return parent, child, grandchild


def test_dependants_follow_their_parent_by_themselves_fm14(world: World) -> None:
    parent, child, grandchild = refused_tree(world)
    assert fixes(world, child)[0] == "wait"
    assert entry_of(world, grandchild).waits_for == "child"
    mended(world, child, "wait")
    assert entry_of(world, child).state == "open"
    mended(world, parent, "edit", fields={"name": "good"})
    healed(world)
    assert world.office("SELECT count(*) FROM node") == [(4,)]


def test_dependants_of_a_parent_that_was_given_up_are_led_elsewhere_fm14(world: World) -> None:
    parent, child, grandchild = refused_tree(world)
    mended(world, parent, "skip")
    assert quarantined(world) == {child: "PARENT_MISSING", grandchild: "PARENT_MISSING"}
    assert fixes(world, child) == ["edit", "skip"]
    assert fixes(world, grandchild)[0] == "wait"
    mended(world, child, "edit", fields={"up": world.id_of("node", 1)})
    healed(world)
    assert world.office("SELECT count(*) FROM node") == [(3,)]


def test_a_ring_with_one_bad_record_waits_whole_and_goes_whole_fm14(world: World) -> None:
    one, two = "a" * 32, "b" * 32
    world.create("node", one, name="bad", up=two)
    world.create("node", two, name="two", up=one)
    world.edit(world.id_of("item", 1), note="passes")
    codes = quarantined(world)
    assert codes.keys() == {one, two}
    assert world.office("SELECT note FROM item WHERE id = 1") == [("passes",)]
    mended(world, one, "edit", fields={"name": "one"})
    healed(world)
    assert world.office("SELECT count(*) FROM node") == [(3,)]


@pytest.mark.parametrize("fix", ["edit", "skip"])
def test_a_parent_deleted_at_the_office_while_a_child_is_added_online_fm14(
    world: World, fix: str
) -> None:
    two = world.id_of("item", 2)
    world.office("DELETE FROM item WHERE id = 2")
    child = world.create("part", code="P9", item=two, note="online")
    assert quarantined(world) == {child: "PARENT_MISSING"}
    assert fixes(world, child) == ["edit", "skip"]
    more = {"fields": {"item": world.id_of("item", 1)}} if fix == "edit" else {}
    mended(world, child, fix, **more)
    healed(world)
    assert world.office("SELECT count(*) FROM part") == [(2 if fix == "edit" else 1,)]


def test_a_parent_deleted_online_while_a_child_is_added_at_the_office_fm14(world: World) -> None:
    """The office keeps the parent, so it comes back online, with the child."""
    two = world.id_of("item", 2)
    world.delete(two)
    world.office("INSERT INTO part VALUES ('P9', 2, 'office')")
    healed(world)
    assert world.online(two).alive
    assert [lost.outcome for lost in world.conflicts()] == ["delete_refused"]


def test_a_parent_edited_to_refer_to_a_refused_record_takes_the_offices_fm14(world: World) -> None:
    bad = world.create("node", name="bad")
    one = world.id_of("node", 1)
    world.edit(one, up=bad)
    assert quarantined(world) == {bad: "CHECK_FAILED", one: "PARENT_MISSING"}
    assert fixes(world, one) == ["wait", "edit", "take_office"]
    mended(world, one, "take_office")
    assert quarantined(world) == {bad: "CHECK_FAILED"}
    mended(world, bad, "skip")
    healed(world)


# --- what the service does not take (FM12) -----------------------------------------------


def refused_online(world: World) -> str:
    """An office value that the service does not take."""
    one = world.id_of("item", 1)
    limit = 33 * 1024 * 1024
    world.office("UPDATE item SET note = $1 WHERE id = 1", "x" * limit)
    world.settle()
    (entry,) = clinic_list.entries(world.tenant)
    assert (entry.side, entry.record, entry.code) == ("online", one, "TOO_LARGE")
    return one


def test_what_the_service_does_not_take_is_mended_at_the_office_fm12(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    office.run(
        "CREATE TABLE item (id integer PRIMARY KEY, note text, more text)",
        "INSERT INTO item VALUES (1, 'a', 'b')",
    )
    world = connected(office, open_store, open_world)
    one = refused_online(world)
    assert fixes(world, one) == ["edit_office", "send_again", "skip"]
    world.edit(one, more="online")
    mended(world, one, "send_again")
    world.settle()
    assert entry_of(world, one).state == "open", "it was sent again and refused again"
    assert world.ledger_difference() == 0
    mended(world, one, "skip")
    assert entry_of(world, one).state == "aside"
    world.office("UPDATE item SET note = 'short' WHERE id = 1")
    healed(world)
    assert not world.conflicts(), "what was sent again is the refused field alone"
    assert world.online(one).fields == {"id": 1, "note": "short", "more": "online"}
