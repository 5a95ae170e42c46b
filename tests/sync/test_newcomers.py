"""FM21, FM25, G7: a database that does not know how far the company's had come is brought up to date, and overrides nothing unheard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from samsyn.agent import holding
from samsyn.companydb import held
from samsyn.companydb.opening import opened
from samsyn.companydb.urls import parse
from tests.sync.conftest import OpenStore, OpenWorld
from tests.sync.resting import rests
from tests.sync.world import World

Content = Mapping[str, Sequence[tuple[object, ...]]]
NewOffice = Callable[..., str]
BEFORE: Content = {
    "item": [(1, "one", "a"), (2, "two", "b"), (3, "three", "c")],
    "code": [("A", 1, "first"), ("B", None, "second")],
}


@pytest.fixture
def new_office(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> NewOffice:
    """Makes a database as it was before it was attached first."""

    def made(content: Content = BEFORE) -> str:
        sqlite = engine == "sqlite"
        text = str(tmp_path / "before.db") if sqlite else request.getfixturevalue("new_pg")()
        if sqlite:
            Path(text).unlink(missing_ok=True)
            Path(text).touch()
        key = "INTEGER PRIMARY KEY" if sqlite else "serial PRIMARY KEY"
        numbers = "SELECT 1" if sqlite else "SELECT setval('item_id_seq', 50)"
        with opened(parse(text), writing=True) as session:
            session.run("PRAGMA journal_mode = DELETE" if sqlite else "RESET search_path")
            session.run(f"CREATE TABLE item (id {key}, name text, note text)")
            session.run(
                "CREATE TABLE code (code text PRIMARY KEY, item integer REFERENCES item, name text)"
            )
            for type_, table in content.items():
                for row in table:
                    values = ", ".join(f"${n}" for n in range(1, len(row) + 1))
                    session.run(f"INSERT INTO {type_} VALUES ({values})", *row)
            session.run(numbers)
        return text

    return made


@pytest.fixture
def world(
    engine: str, open_store: OpenStore, open_world: OpenWorld, new_office: NewOffice
) -> World:
    """The company's first database, told and at rest."""
    open_store(engine)
    text = new_office()
    world = open_world(_kept(text))
    world.settle()
    return world


def _kept(text: str) -> str:
    """A place of its own for the first database: the next one is made where it was."""
    path = Path(text)
    return str(path.rename(path.with_name("first.db"))) if path.exists() else text


def works(world: World) -> None:
    """What both sides do after the backup, told and at rest."""
    world.office("UPDATE item SET name = 'office' WHERE id = 1")
    world.office("INSERT INTO item (name) VALUES ('new at office')")
    world.office("INSERT INTO code VALUES ('N', 2, 'new at office')")
    world.edit(world.id_of("item", 2), note="online")
    world.edit(world.id_of("code", "A"), name="online")
    world.create("item", name="new online")
    world.create("code", code="M", name="new online")
    world.settle()


def rows(world: World) -> dict[str, set[tuple[object, ...]]]:
    """What the database holds, without the numbers that it gives."""
    return {
        "item": set(world.office("SELECT name, note FROM item")),
        "code": set(world.office("SELECT code, name FROM code")),
    }


def is_whole(world: World) -> None:
    """Both sides are the same, every write is accounted for, and every record has its key."""
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    for type_ in ("item", "code"):
        known = {key: record for record, key in _keys(world, type_).items()}
        assert {tuple(map(str, k)): r for k, r in world.ids(type_).items()} == known


def _keys(world: World, type_: str) -> dict[str, tuple[str, ...]]:
    return {r.id: tuple(map(str, r.key or ())) for r in world.online_records(type_)}


def test_a_backup_from_before_the_first_connection_is_brought_up_to_date_fm21_g7(
    world: World, open_world: OpenWorld, new_office: NewOffice
) -> None:
    works(world)
    expected = rows(world)
    again = open_world(new_office())
    rests(again)
    assert rows(again) == expected
    assert again.conflicts() == []
    is_whole(again)


def test_what_nobody_knows_in_it_is_the_offices_work_and_wins_with_a_conflict_fm21_g2_g3(
    world: World, open_world: OpenWorld, new_office: NewOffice
) -> None:
    works(world)
    again = open_world(new_office())
    again.office("UPDATE item SET note = 'since', name = 'since' WHERE id = 2")
    again.office("UPDATE item SET note = 'new' WHERE id = 3")
    rests(again)
    [lost] = again.conflicts()
    assert (lost.field, lost.office, lost.online, lost.online_by) == (
        "note", "since", "online", "Maria",
    )  # fmt: skip
    assert {("since", "since"), ("three", "new"), ("office", "a")} < rows(again)["item"]
    is_whole(again)


def test_the_same_database_attached_anew_doubles_nothing_and_hears_nothing_fm22(
    world: World, open_world: OpenWorld, new_office: NewOffice
) -> None:
    works(world)
    content = {t: world.office(f"SELECT * FROM {t} ORDER BY 1") for t in BEFORE}
    again = open_world(new_office(content))
    rests(again)
    assert {t: again.office(f"SELECT * FROM {t} ORDER BY 1") for t in content} == content
    assert again.conflicts() == []
    is_whole(again)


@pytest.mark.parametrize("decide", [holding.release, holding.undo], ids=["release", "undo"])
def test_what_it_lacks_is_held_however_little_it_is_fm25_g7(
    world: World,
    open_world: OpenWorld,
    new_office: NewOffice,
    decide: Callable[..., None],
) -> None:
    again = open_world(new_office())
    again.office("DELETE FROM item WHERE id = 3")
    again.settle()
    [told] = held.held(again.db).values()
    assert (told.type, told.code, told.count) == ("item", "MISSING", 1)
    assert len(again.online_records("item")) == 3
    decide(again.db, "item")
    rests(again)
    assert len(again.online_records("item")) == (2 if decide is holding.release else 3)
    is_whole(again)


def test_the_number_of_what_came_since_may_be_another_ones_by_now_fm21_fm15(
    world: World, open_world: OpenWorld, new_office: NewOffice
) -> None:
    """Both rows are there afterwards where they can be told apart; a row under the number of a record is that record."""
    works(world)
    again = open_world(new_office())
    again.office("INSERT INTO item (id, name) VALUES (77, 'another')")
    rests(again)
    names = [row[0] for row in again.office("SELECT name FROM item")]
    assert sorted(names) == sorted(
        ["office", "two", "three", "new at office", "new online", "another"]
    )
    is_whole(again)
