"""Keys that change owners online arrive at the office as they are, whatever refers to them (FM13, FM15)."""

from __future__ import annotations

import pytest

from tests.sync.conftest import MakeWorld
from tests.sync.world import World

SCHEMA = """
CREATE TABLE article (code varchar(20) PRIMARY KEY, name varchar(40) NOT NULL, note varchar(80));
CREATE TABLE line (
    id serial, article varchar(20) REFERENCES article ON UPDATE CASCADE, note varchar(40)
);
INSERT INTO article VALUES ('A', 'bolt', NULL), ('B', 'nut', NULL), ('C', 'washer', NULL);
INSERT INTO line (article, note) VALUES ('A', 'of the bolt'), ('B', 'of the nut')
"""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Three articles with codes of their own, and lines that refer to them, at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def articles(world: World) -> list[tuple[str, str]]:
    return world.office("SELECT code, name FROM article ORDER BY code")


def lines(world: World) -> list[tuple[str, str]]:
    return world.office("SELECT article, note FROM line ORDER BY id")


def at_rest(world: World) -> None:
    """All is equal, nothing waits for a person, nobody lost anything."""
    world.settle()
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    assert not world.quarantine()
    assert not world.conflicts()
    assert world.db.journal_size() == 0


def test_two_that_swap_their_codes_keep_their_lines_fm13_fm15(world: World) -> None:
    bolt, nut = world.id_of("article", "A"), world.id_of("article", "B")
    world.edit_all({bolt: {"code": "B"}, nut: {"code": "A", "note": "was B"}})
    at_rest(world)
    assert articles(world) == [("A", "nut"), ("B", "bolt"), ("C", "washer")]
    assert lines(world) == [("B", "of the bolt"), ("A", "of the nut")]
    assert (world.id_of("article", "B"), world.id_of("article", "A")) == (bolt, nut)


def test_three_codes_in_a_ring_fm13(world: World) -> None:
    codes = "ABC"
    ids = [world.id_of("article", code) for code in codes]
    world.edit_all({ids[n]: {"code": codes[(n + 1) % 3]} for n in range(3)})
    at_rest(world)
    assert articles(world) == [("A", "washer"), ("B", "bolt"), ("C", "nut")]
    assert lines(world) == [("B", "of the bolt"), ("C", "of the nut")]


def test_a_swap_beside_other_work_of_one_page_fm13(world: World) -> None:
    bolt, nut = world.id_of("article", "A"), world.id_of("article", "B")
    world.create("line", article=bolt, note="new")
    world.edit_all({bolt: {"code": "B"}, nut: {"code": "A"}})
    world.edit(world.id_of("line", 2), note="edited", article=bolt)
    world.create("article", code="D", name="pin")
    at_rest(world)
    assert articles(world) == [("A", "nut"), ("B", "bolt"), ("C", "washer"), ("D", "pin")]
    assert lines(world) == [("B", "of the bolt"), ("B", "edited"), ("B", "new")]


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_killed_at_any_commit_of_a_swap_fm13_g4(world: World, before: bool) -> None:
    """Back and forth, with a kill at another commit each time."""
    for commit in range(1, 6):
        bolt, nut = (
            next(r.id for r in world.online_records("article") if r.fields["name"] == name)
            for name in ("bolt", "nut")
        )
        codes = {r.id: r.fields["code"] for r in world.online_records("article")}
        world.edit_all({bolt: {"code": codes[nut]}, nut: {"code": codes[bolt]}})
        with world.killed_at(commit, before=before):
            world.settle()
        at_rest(world)
        assert dict(articles(world)) == {codes[nut]: "bolt", codes[bolt]: "nut", "C": "washer"}


def test_what_the_office_has_changed_of_a_swap_stands_g2_fm13(world: World) -> None:
    """The office gives one of the two a code of its own: the other gets the one that is free."""
    bolt, nut = world.id_of("article", "A"), world.id_of("article", "B")
    world.edit_all({bolt: {"code": "B"}, nut: {"code": "A"}})
    world.office("UPDATE article SET code = 'X' WHERE code = 'A'")
    world.settle()
    assert articles(world) == [("A", "nut"), ("C", "washer"), ("X", "bolt")]
    assert world.certificate().identical
    assert [(lost.record, lost.field, lost.online) for lost in world.conflicts()] == [
        (bolt, "code", "B")
    ]


def test_a_trigger_that_looks_at_the_code_is_told_of_what_it_made_of_it_fm13_fm19(
    world: World,
) -> None:
    """What a trigger derives while a code is lent for a moment is the office's news as it ends."""
    body = "UPDATE article SET note = 'is ' || NEW.code WHERE code = NEW.code"
    if world.db.engine == "sqlite":
        world.office(f"CREATE TRIGGER shown AFTER UPDATE OF code ON article BEGIN {body}; END")
    else:
        world.office(
            "CREATE FUNCTION shown() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {body}; RETURN NULL; END $$"
        )
        world.office(
            "CREATE TRIGGER shown AFTER UPDATE OF code ON article"
            " FOR EACH ROW EXECUTE FUNCTION shown()"
        )
    bolt, nut = world.id_of("article", "A"), world.id_of("article", "B")
    world.edit_all({bolt: {"code": "B"}, nut: {"code": "A"}})
    at_rest(world)
    assert world.office("SELECT code, name, note FROM article ORDER BY code") == [
        ("A", "nut", "is A"),
        ("B", "bolt", "is B"),
        ("C", "washer", None),
    ]
