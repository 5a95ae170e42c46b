"""FM21, FM22, G4, G7: taking a connection up again, where an agent dies, messages come late, or another backup is put back meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from samsyn.agent import resync
from samsyn.agent.restoring import carry_out, told
from samsyn.agent.resync import Wanted, Why
from samsyn.agent.service import ServiceRefused
from samsyn.agent.underway import Choice, Underway, give_up, remember, underway
from samsyn.companydb import books
from samsyn.protocol.restoring import Begin, Rejoin, Standing
from tests.sync.backups import backup, service_backup
from tests.sync.conftest import MakeWorld
from tests.sync.world import Killed, World

ROWS = "SELECT id, f FROM item WHERE id > 2 ORDER BY id"
NOTED = 3
"""The commit of an update by which a page is noted; what is noted is told next."""


@pytest.fixture
def engine() -> str:
    """One is enough: the steps are the same on each, and test_restore.py takes them on both."""
    return "sqlite"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    made = make_world("CREATE TABLE item (id serial, f text)")
    made.office("INSERT INTO item (f) VALUES ('one'), ('two')")
    made.settle()
    return made


def sent_after_a_backup(world: World, folder: Path) -> Callable[[], None]:
    """A row lies unsent in a backup, and is sent after it; what is given puts the backup back."""
    world.office("INSERT INTO item (f) VALUES ('new')")
    put_back = backup(world.url, folder)
    world.settle()
    return put_back


def killed(world: World, commit: int, *, before: bool) -> None:
    """The update is begun, and the agent dies at a commit."""
    with world.killed_at(commit, before=before), suppress(Killed):
        carry_out(world.db, world.service, world.fence, Choice.BRING_BACK)
    world.restart()


@pytest.mark.parametrize(
    ("commit", "before"), [(NOTED, False), (NOTED + 1, True), (NOTED + 1, False)]
)
@pytest.mark.parametrize(
    ("since", "left"),
    [
        ("UPDATE item SET f = 'since' WHERE id = 3", [(3, "since")]),
        ("UPDATE item SET id = 4 WHERE id = 3", [(4, "new")]),
        ("DELETE FROM item WHERE id = 3", []),
        ("DELETE FROM item WHERE id = 3; INSERT INTO item VALUES (3, 'other')", [(3, "other")]),
    ],
)
def test_a_row_recognised_in_a_backup_is_so_whatever_is_written_meanwhile_fm21_g7_g1(
    world: World,
    tmp_path: Path,
    since: str,
    left: list[tuple[int, str]],
    commit: int,
    *,
    before: bool,
) -> None:
    """The service takes a page in once; the row became another record beside its own (seed 64475)."""
    put_back = sent_after_a_backup(world, tmp_path)
    put_back()
    world.restart()
    killed(world, commit, before=before)
    for statement in since.split("; "):
        world.office(statement)
    world.update(Choice.BRING_BACK)
    world.settle()
    assert world.certificate().identical
    assert world.office(ROWS) == left
    assert len(world.online_records("item")) == 2 + len(left)
    assert world.ledger_difference() == 0


def test_a_row_written_while_its_page_is_told_is_recognised_fm21_g7_g1(
    world: World, tmp_path: Path
) -> None:
    """Nobody dies: the program writes while the message is on its way."""
    sent_after_a_backup(world, tmp_path)()
    world.restart()

    def written() -> None:
        now = underway(world.db)
        if now is not None and now.page:
            world.office("UPDATE item SET f = 'meanwhile' WHERE id = 3")

    world.network.watch = written
    world.update(Choice.BRING_BACK)
    world.network.watch = lambda: None
    world.settle()
    assert world.certificate().identical
    assert world.office(ROWS) == [(3, "meanwhile")]
    assert len(world.online_records("item")) == 3


@pytest.mark.parametrize("asked_again", [False, True])
def test_what_was_recognised_is_told_where_the_service_is_put_back_meanwhile_fm21_fm22_g7_g1(
    world: World, tmp_path: Path, *, asked_again: bool
) -> None:
    """Both stand as they did before: the row has its identity, is in no journal, and the service never heard of it."""
    service_put_back = service_backup()
    sent_after_a_backup(world, tmp_path)()
    world.restart()
    killed(world, NOTED, before=False)
    service_put_back()
    if asked_again:
        assert world.update(Choice.BRING_BACK) is Standing.SAME
    world.settle()
    assert underway(world.db) is None
    assert world.certificate().identical
    assert len(world.online_records("item")) == 3


def test_what_was_recognised_is_told_where_the_service_knows_of_no_update_fm21_fm22_g7_g1(
    world: World, tmp_path: Path
) -> None:
    """The service is put back to before the row came, and the office is behind it all the same."""
    put_back = sent_after_a_backup(world, tmp_path)
    world.restart()
    world.ready()
    later = service_backup()
    put_back()
    world.restart()
    killed(world, NOTED + 1, before=False)
    later()
    assert world.update(Choice.BRING_BACK) is Standing.OFFICE_BACK
    world.settle()
    assert world.certificate().identical
    assert world.office(ROWS) == [(3, "new")]
    assert len(world.online_records("item")) == 3


def test_a_pull_that_comes_late_tells_nothing_of_an_office_that_was_put_back_fm21_g7(
    world: World, tmp_path: Path
) -> None:
    """It was sent by the database that is gone; nobody could say hello any more (seed 1176)."""
    put_back = backup(world.url, tmp_path)
    world.edit(world.id_of("item", 1), f="online")
    world.settle()
    late, fence = books.marked_cursor(world.db), world.fence
    put_back()
    world.restart()
    world.update(Choice.BRING_BACK)
    world.service.pull(late, late.number, 100, fence)
    world.settle()
    assert world.office("SELECT f FROM item WHERE id = 1") == [("online",)]
    assert world.certificate().identical


def test_a_begin_that_was_given_up_and_comes_late_begins_nothing_fm21_g7(
    world: World, tmp_path: Path
) -> None:
    sent_after_a_backup(world, tmp_path)()
    world.restart()
    late = Begin(told(world.db), "given up", "bring_back", "a link", world.fence)
    world.update(Choice.BRING_BACK)
    with pytest.raises(ServiceRefused) as refused:
        world.service.begin(late)
    assert refused.value.problem == "UPDATE_STALE"
    world.settle()
    assert world.certificate().identical


def test_a_rejoin_that_was_given_up_and_comes_late_sets_nothing_back_fm22_g7(world: World) -> None:
    put_back = service_backup()
    world.office("INSERT INTO item (f) VALUES ('new')")
    world.settle()
    put_back()
    world.restart()
    late = Rejoin(told(world.db), "given up", "a link", world.fence)
    world.update(Choice.BRING_BACK)
    with pytest.raises(ServiceRefused) as refused:
        world.service.rejoin(late)
    assert refused.value.problem == "UPDATE_STALE"
    world.settle()
    assert world.certificate().identical


def test_an_update_that_is_given_up_asks_for_what_is_there_still_fm21_fm24_g7(world: World) -> None:
    """A table of which something was recognised may have been dropped since."""
    begun = Underway("op", Choice.BRING_BACK, "a link", told(world.db), recognised=("gone", "item"))
    with world.db.transaction():
        remember(world.db, begun)
        assert books.fact(world.db, "update", Underway, None) == begun, "also for a later version"
        give_up(world.db)
    assert underway(world.db) is None
    assert resync.wanted(world.db) == {world.type("item").no: Wanted(Why.RESTORED)}
