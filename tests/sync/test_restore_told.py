"""FM21, FM22, G7: a database that was put back, also under a running agent, or copied, is told first."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from samsyn.agent import computers, home
from samsyn.agent.continuity import Continuity
from samsyn.agent.home import DatabaseElsewhere
from samsyn.agent.lease import Computer, DatabaseReplaced
from samsyn.agent.service import ServiceRefused
from samsyn.companydb import books, urls
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.urls import SqliteUrl
from samsyn.protocol.messages import Cursor
from tests.sync.backups import backup, copied
from tests.sync.conftest import MakeWorld
from tests.sync.world import World

SCHEMA = "CREATE TABLE item (id serial, name text, note text)"
on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ME = Computer("desk", "DESK-1", 1, 0.0)
OTHER = Computer("till", "TILL-2", 1, 0.0)


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    made = make_world(SCHEMA)
    made.office("INSERT INTO item (id, name) VALUES (1, 'one'), (2, 'two')")
    made.settle()
    return made


def write_office(world: World) -> None:
    world.office("UPDATE item SET name = 'office' WHERE id = 1")


def write_online(world: World) -> None:
    world.edit(world.id_of("item", 2), note="online")


@pytest.mark.parametrize("write", [write_office, write_online])
def test_a_backup_put_back_within_a_session_is_told_before_anything_is_exchanged_fm21_g7(
    world: World, tmp_path: Path, write: object
) -> None:
    """Same link, same fencing number: only how far it had come tells the two apart."""
    assert callable(write)
    put_back = backup(world.url, tmp_path)
    write(world)
    world.settle()
    put_back()
    world.office("UPDATE item SET note = 'since' WHERE id = 1")
    world.edit(world.id_of("item", 2), name="later online")
    sent = world.network.requests
    with pytest.raises(DatabaseReplaced) as told:
        world.sync()
    assert told.value.transient, "a new session tells what it is"
    assert world.network.requests == sent
    world.restart()
    with pytest.raises(ServiceRefused) as refused:
        world.sync()
    assert refused.value.problem == "STATE_DIVERGED"


def test_a_backup_that_lacks_nothing_that_was_exchanged_goes_on_fm21_g7(
    world: World, tmp_path: Path
) -> None:
    put_back = backup(world.url, tmp_path)
    write_office(world)
    put_back()
    write_online(world)
    world.settle()
    assert world.certificate().identical


@on_sqlite
def test_another_file_at_the_path_is_noticed_before_anything_is_exchanged_fm21_g7(
    world: World, tmp_path: Path
) -> None:
    assert isinstance(world.url, SqliteUrl)
    copied(world.url.path, str(tmp_path / "kept.db"))
    write_office(world)
    world.settle()
    os.replace(tmp_path / "kept.db", world.url.path)
    write_online(world)
    sent = world.network.requests
    with pytest.raises(DatabaseReplaced):
        world.sync()
    with pytest.raises(DatabaseReplaced):
        world.session.check_place()
    assert world.network.requests == sent + 1, "a page was asked for, and thrown away"


@on_sqlite
def test_other_bytes_in_the_same_file_are_noticed_fm21_g7(world: World, tmp_path: Path) -> None:
    """A file-by-file restore while nobody writes."""
    assert isinstance(world.url, SqliteUrl)
    world.program.run("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = tmp_path / "kept.db"
    copied(world.url.path, str(kept))
    write_office(world)
    world.settle()
    world.close()
    with open(world.url.path, "r+b") as file:
        file.truncate(0)
        file.write(kept.read_bytes())
    world.open()
    with pytest.raises(ServiceRefused) as refused:
        world.sync()
    assert refused.value.problem == "STATE_DIVERGED"


def test_an_older_lease_is_an_older_database_and_no_other_agent_fm21(world: World) -> None:
    left = Continuity(world.db, world.fence + 1)
    with pytest.raises(DatabaseReplaced), left.transaction():
        pass


def test_a_pull_from_before_what_was_taken_is_refused_fm21_g7(world: World) -> None:
    write_online(world)
    world.settle()
    with pytest.raises(ServiceRefused) as refused:
        world.service.pull(Cursor(books.cursor(world.db) - 1), 0, 10, world.fence)
    assert refused.value.problem == "STATE_DIVERGED"


# --- home ----------------------------------------------------------------------------


@on_sqlite
def test_a_copy_started_elsewhere_is_refused_before_it_speaks_fm22_g7(
    world: World, tmp_path: Path
) -> None:
    """It has the newest link, so nobody but the database itself can tell."""
    assert isinstance(world.url, SqliteUrl)
    home.check(world.db, ME)
    copied(world.url.path, str(tmp_path / "copy.db"))
    with (
        closing(open_company_db(urls.parse(str(tmp_path / "copy.db")))) as copy,
        pytest.raises(DatabaseElsewhere) as told,
    ):
        home.check(copy, ME)
    assert told.value.facts["home"] == str(Path(world.url.path).resolve())
    with pytest.raises(DatabaseElsewhere):
        home.check(world.db, OTHER)
    home.check(world.db, ME)


@on_sqlite
def test_a_database_that_a_person_moved_is_at_home_there_fm22(world: World, tmp_path: Path) -> None:
    assert isinstance(world.url, SqliteUrl)
    home.check(world.db, ME)
    copied(world.url.path, str(tmp_path / "moved.db"))
    with closing(open_company_db(urls.parse(str(tmp_path / "moved.db")))) as moved:
        assert home.move(moved, ME) == str((tmp_path / "moved.db").resolve())
        home.check(moved, ME)


@on_sqlite
def test_a_computer_that_a_person_chose_is_at_home_fm22(world: World, tmp_path: Path) -> None:
    assert isinstance(world.url, SqliteUrl)
    home.check(world.db, ME)
    with world.db.transaction():
        computers.register(world.db, OTHER, "now")
    computers.choose(world.db, OTHER.id)
    home.check(world.db, OTHER)
    copied(world.url.path, str(tmp_path / "copy.db"))
    with (
        closing(open_company_db(urls.parse(str(tmp_path / "copy.db")))) as copy,
        pytest.raises(DatabaseElsewhere),
    ):
        home.check(copy, OTHER)


@on_sqlite
def test_another_name_of_the_same_file_is_the_same_home_fm22(world: World, tmp_path: Path) -> None:
    assert isinstance(world.url, SqliteUrl)
    home.check(world.db, ME)
    (tmp_path / "name.db").symlink_to(world.url.path)
    with closing(open_company_db(SqliteUrl(str(tmp_path / "name.db")))) as same:
        home.check(same, ME)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_postgresql_database_is_at_home_for_every_computer_but_not_under_another_name_fm22(
    world: World,
) -> None:
    home.check(world.db, ME)
    known = home.home_of(world.db)
    assert known is not None
    home.check(world.db, OTHER)
    with world.db.transaction():
        restored = msgspec.structs.replace(known, place=known.place + "_copy")
        books.set_fact(world.db, "home", restored)
    with pytest.raises(DatabaseElsewhere):
        home.check(world.db, ME)
