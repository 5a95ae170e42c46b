"""FM15, FM17, G1, G4: what is written online of rows to which a foreign key gives another key in the same page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sync.conftest import MakeWorld
from tests.sync.world import World

SCHEMA = (
    "CREATE TABLE part (code text PRIMARY KEY, name text);"
    "CREATE TABLE line (part text REFERENCES part ON UPDATE CASCADE ON DELETE CASCADE, no integer,"
    " words text, PRIMARY KEY (part, no));"
    "CREATE TABLE detail (part text PRIMARY KEY REFERENCES part ON UPDATE CASCADE, words text);"
    "CREATE TABLE note (detail text REFERENCES detail ON UPDATE CASCADE, no integer,"
    " words text CHECK (words <> 'refused'), PRIMARY KEY (detail, no));"
    "CREATE TABLE kind (code text PRIMARY KEY, brand text, nr integer, UNIQUE (brand, nr));"
    "CREATE TABLE stock (brand text, nr integer, no integer, words text, PRIMARY KEY (brand, nr, no),"
    " FOREIGN KEY (brand, nr) REFERENCES kind (brand, nr) ON UPDATE CASCADE)"
)
Deed = Callable[[World], object]
LINES = "SELECT part, no, words FROM line ORDER BY part, no"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    made = make_world(SCHEMA)
    made.office("INSERT INTO part VALUES ('a', 'one'), ('b', 'two')")
    made.office("INSERT INTO line VALUES ('a', 1, 'of a'), ('b', 1, 'of b')")
    made.office("INSERT INTO detail VALUES ('a', 'of a')")
    made.office("INSERT INTO note VALUES ('a', 1, 'of a')")
    made.office("INSERT INTO kind VALUES ('k', 'b', 1)")
    made.office("INSERT INTO stock VALUES ('b', 1, 1, 'one'), ('b', 1, 2, 'two')")
    made.settle()
    return made


def is_sound(world: World) -> None:
    """At rest both sides are equal, every write is accounted for, and nothing was in conflict or refused."""
    world.settle()
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    assert world.conflicts() == []


def line(world: World, part: str) -> str:
    """A line, named by its part's code at the office."""
    return world.id_of("line", part, 1)


def renaming(**codes: str) -> Deed:
    """Online, parts get other codes."""

    def deed(world: World) -> None:
        for part, code in codes.items():
            world.edit(world.id_of("part", part), code=code)

    return deed


def saying(**words: str) -> Deed:
    """Online, lines get other words."""

    def deed(world: World) -> None:
        for part, told in words.items():
            world.edit(line(world, part), words=told)

    return deed


@pytest.mark.parametrize(
    ("that", "online", "lines"),
    [
        ("a line of a part that is renamed",
         [renaming(a="c"), saying(a="new")], [("b", 1, "of b"), ("c", 1, "new")]),
        ("whichever was written first",
         [saying(a="new"), renaming(a="c")], [("b", 1, "of b"), ("c", 1, "new")]),
        ("lines of parts of which one gets the code that the other had",
         [renaming(b="c", a="b"), saying(a="new a", b="new b")], [("b", 1, "new a"), ("c", 1, "new b")]),
        ("lines of parts that exchange their codes",
         [renaming(a="x"), renaming(b="y"), saying(a="new a", b="new b"), renaming(a="b", b="a")],
         [("a", 1, "new b"), ("b", 1, "new a")]),
        ("a line that is deleted",
         [renaming(a="c"), lambda w: w.delete(line(w, "a"))], [("b", 1, "of b")]),
        ("a line of a new part under the code of before",
         [renaming(a="c"), saying(a="new"),
          lambda w: w.create("line", part=w.create("part", code="a"), no=1, words="another")],
         [("a", 1, "another"), ("b", 1, "of b"), ("c", 1, "new")]),
        ("a line whose number changes too",
         [renaming(a="c"), lambda w: w.edit(line(w, "a"), no=2, words="new")],
         [("b", 1, "of b"), ("c", 2, "new")]),
        ("a line that goes to another part",
         [renaming(a="c"), lambda w: w.edit(line(w, "a"), part=w.id_of("part", "b"), no=2)],
         [("b", 1, "of b"), ("b", 2, "of a")]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("apart", [False, True], ids=["together", "apart"])
def test_what_is_written_of_a_row_that_a_foreign_key_moves_is_written_there_fm15_fm17_g1_g4(
    world: World,
    that: str,
    online: list[Deed],
    lines: list[tuple[object, ...]],
    *,
    apart: bool,
) -> None:
    """It was looked for under its old key: not found, and lost; or it was another row's by then."""
    refused = world.id_of("note", "a", 1)
    if apart:
        world.edit(refused, words="refused")
    for deed in online:
        deed(world)
    world.settle()
    if apart:
        assert [one.record for one in world.quarantine()] == [refused]
        world.edit(refused, words="taken")
    is_sound(world)
    assert world.office(LINES) == lines, that


def test_what_refers_to_a_row_that_moved_with_its_own_parent_moves_along_fm15_fm17_g1(
    world: World,
) -> None:
    detail, note = world.id_of("detail", "a"), world.id_of("note", "a", 1)
    renaming(a="c")(world)
    world.edit(detail, words="new")
    world.edit(note, words="new")
    is_sound(world)
    assert world.office("SELECT * FROM detail") == [("c", "new")]
    assert world.office("SELECT * FROM note") == [("c", 1, "new")]
    assert (world.id_of("detail", "c"), world.id_of("note", "c", 1)) == (detail, note)
    renaming(c="d")(world)
    world.edit(note, words="newer")
    is_sound(world)
    assert world.office("SELECT * FROM note") == [("d", 1, "newer")]
    assert world.id_of("note", "d", 1) == note


def test_what_moves_by_a_key_of_several_columns_is_found_where_it_is_fm15_fm17_g1_g4(
    world: World,
) -> None:
    """Nobody knows before that these columns move others: the rows are looked for when they are not found."""
    one, two = (world.id_of("stock", "b", 1, no) for no in (1, 2))
    world.edit(world.id_of("kind", "k"), nr=9)
    world.edit(one, words="new")
    world.delete(two)
    is_sound(world)
    assert world.office("SELECT * FROM stock") == [("b", 9, 1, "new")]
    assert list(world.ids("stock").values()) == [one]
