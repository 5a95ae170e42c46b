"""FM21, FM22, G7: both sides are put back together and go on; then the office is put back to a backup of the branch before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from samsyn.agent.restoring import told
from samsyn.agent.service import ServiceUnreachable
from samsyn.agent.underway import Choice
from samsyn.companydb import books
from samsyn.protocol.restoring import Look, Standing
from samsyn.protocol.undo import Choice as UndoChoice
from samsyn.records.undo import undo
from tests.sync.backups import PutBack, backup, service_backup
from tests.sync.blind import blind
from tests.sync.conftest import MakeWorld
from tests.sync.resting import rests
from tests.sync.world import AT, World

ROWS = "SELECT id, name, note FROM item ORDER BY id"


@pytest.fixture
def engine() -> str:
    """One is enough: what is compared are numbers."""
    return "sqlite"


def by_batch(world: World, row: int, name: str) -> None:
    """The office writes, and sends it."""
    world.office("UPDATE item SET name = ? WHERE id = ?", name, row)
    world.settle()


def by_chunk(world: World, row: int, name: str) -> None:
    """No trigger sees it; the verifier tells the row as it stands."""
    with blind(world, "item"):
        world.office("UPDATE item SET name = ? WHERE id = ?", name, row)
    assert world.repaired().repaired


def other_branch(
    world: World, folder: Path, before: Callable[[], None], since: Callable[[], None]
) -> PutBack:
    """`before` is done and undone by both backups, and `since` instead; what is given puts the office back to after `before`."""
    both = service_backup(), backup(world.url, folder)
    before()
    put_back = backup(world.url, folder)
    for restore in both:
        restore()
    world.restart()
    assert world.service.look(Look(told(world.db))).standing is Standing.SAME
    since()
    return put_back


@pytest.mark.parametrize("way", [by_batch, by_chunk])
def test_what_was_told_under_numbers_of_another_branch_comes_back_fm21_fm22_g7(
    world: World, tmp_path: Path, way: Callable[[World, int, str], None]
) -> None:
    """It was taken for what the backup had told itself, and stayed away from it."""

    def since() -> None:
        world.settle()
        way(world, 2, "since")
        world.office("INSERT INTO item (name) VALUES ('more')")
        world.settle()

    put_back = other_branch(world, tmp_path, lambda: way(world, 1, "before"), since)
    put_back()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.OFFICE_BACK
    world.settle()
    assert world.certificate().identical
    assert world.office(ROWS) == [(1, "before", "a"), (2, "since", "b"), (3, "more", None)]
    assert (world.conflicts(), world.ledger_difference()) == ([], 0)


def test_what_lay_claimed_in_another_branch_is_told_fm21_fm22_g7(
    world: World, tmp_path: Path
) -> None:
    """The service had a batch of that number from the branch that went on: the other was thrown away unsent."""

    def before() -> None:
        world.office("UPDATE item SET name = 'before' WHERE id = 1")
        with world.db.transaction():
            world.session._claim()
        assert books.outbox_numbers(world.db)

    def since() -> None:
        world.settle()
        by_batch(world, 2, "since")
        by_batch(world, 2, "since then")

    put_back = other_branch(world, tmp_path, before, since)
    put_back()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.OFFICE_BACK
    world.settle()
    assert world.certificate().identical
    assert world.office(ROWS) == [(1, "before", "a"), (2, "since then", "b")]
    assert (world.conflicts(), world.ledger_difference()) == ([], 0)


def test_what_was_taken_under_numbers_of_another_branch_is_taken_fm21_fm22_g7(
    world: World, tmp_path: Path
) -> None:
    """An online change of the branch that went on has a number that the backup has passed."""
    one, two = world.id_of("item", 1), world.id_of("item", 2)

    def before() -> None:
        world.edit(one, name="before")
        world.settle()

    def since() -> None:
        world.settle()
        for number in range(3):
            world.edit(two, name=f"since {number}")
        world.settle()

    put_back = other_branch(world, tmp_path, before, since)
    put_back()
    world.restart()
    world.update(Choice.BRING_BACK)
    world.settle()
    assert world.certificate().identical
    assert world.office(ROWS) == [(1, "before", "a"), (2, "since 2", "b")]
    assert world.ledger_difference() == 0


def test_what_another_restore_said_of_its_backup_is_not_said_of_this_one_fm21_g7(
    world: World, tmp_path: Path
) -> None:
    """Between the two the office was put back to an older backup, which held other values."""
    older = backup(world.url, tmp_path)
    one = world.id_of("item", 1)
    world.edit(one, name="between")
    world.settle()
    newer = backup(world.url, tmp_path)
    world.edit(one, name="after both")
    world.settle()
    older()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.OFFICE_BACK
    world.settle()
    world.edit(one, name="after the first")
    newer()
    world.office("UPDATE item SET id = 7 WHERE id = 1")  # the row is looked at whole
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.OFFICE_BACK
    world.settle()
    assert world.certificate().identical
    assert world.office(ROWS) == [(2, "two", "b"), (7, "after the first", "a")]
    assert (world.conflicts(), world.ledger_difference()) == ([], 0)


def test_a_link_that_was_noted_and_not_told_is_of_one_branch_alone_fm21_fm22_g7(
    world: World, tmp_path: Path
) -> None:
    """Both backups are taken just before the hello: either branch says it with the same link."""
    world.settle()
    world.network.suffer("lost")
    world.restart()
    with pytest.raises(ServiceUnreachable):
        world.session.hello()
    both = service_backup(), backup(world.url, tmp_path)
    by_batch(world, 1, "before")
    put_back = backup(world.url, tmp_path)
    for restore in both:
        restore()
    world.restart()
    by_batch(world, 2, "since")
    by_batch(world, 2, "since then")
    put_back()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.OFFICE_BACK
    world.settle()
    assert world.certificate().identical
    assert world.office(ROWS) == [(1, "before", "a"), (2, "since then", "b")]
    assert (world.conflicts(), world.ledger_difference()) == ([], 0)


def test_a_backup_of_another_branch_that_has_greeted_since_is_of_that_branch_fm21_fm22_g7(
    world: World, tmp_path: Path
) -> None:
    """The service has never heard of its link: it was taken for one that was put back itself, and its newer work for old."""

    def before() -> None:
        world.settle()
        world.restart()
        by_batch(world, 1, "before")

    def since() -> None:
        world.settle()
        by_batch(world, 2, "since")

    put_back = other_branch(world, tmp_path, before, since)
    put_back()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.OFFICE_BACK
    world.settle()
    assert world.certificate().identical
    assert world.office(ROWS) == [(1, "before", "a"), (2, "since", "b")]
    assert (world.conflicts(), world.ledger_difference()) == ([], 0)


def test_an_office_put_back_to_before_the_service_was_gets_what_came_since_fm21_fm22_g7(
    world: World, tmp_path: Path
) -> None:
    """The service was put back to before that backup, and has learnt of its link when the office joined it again."""
    service = service_backup()
    world.settle()
    world.restart()
    by_batch(world, 1, "before")
    put_back = backup(world.url, tmp_path)
    service()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.SERVICE_BACK
    world.settle()
    by_batch(world, 2, "since")
    world.edit(world.id_of("item", 1), note="online")
    world.settle()
    put_back()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.OFFICE_BACK
    world.settle()
    assert world.certificate().identical
    assert world.office(ROWS) == [(1, "before", "online"), (2, "since", "b")]
    assert (world.conflicts(), world.ledger_difference()) == ([], 0)


@pytest.mark.parametrize("choice", Choice)
def test_what_a_service_that_was_put_back_never_heard_of_is_told_fm21_fm22_g1_g7(
    make_world: MakeWorld, tmp_path: Path, choice: Choice
) -> None:
    """Its backup is from before the first load; a row that was gone when it was told all is in the office's."""
    world = make_world(
        "CREATE TABLE item (id serial, name text, note text);"
        "INSERT INTO item (name, note) VALUES ('one', 'a'), ('two', 'b')"
    )
    before = service_backup()
    world.settle()
    put_back = backup(world.url, tmp_path)
    world.office("DELETE FROM item WHERE id = 2")
    world.settle()
    before()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.SERVICE_BACK
    world.settle()
    put_back()
    world.restart()
    assert world.update(choice) is Standing.OFFICE_BACK
    world.settle()
    assert {r.fields["name"] for r in world.online_records("item")} == {"one", "two"}
    rests(world)


def test_what_a_load_told_since_is_taken_back_with_the_restore_fm21_fm22_g7(
    world: World, tmp_path: Path
) -> None:
    """The service had lost a record and got it back by a load, which keeps no values in the log."""
    service = service_backup()
    world.create("item", name="made online")
    world.settle()
    put_back = backup(world.url, tmp_path)
    service()
    world.office("UPDATE item SET name = 'since' WHERE id = 3")
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.SERVICE_BACK
    world.settle()
    put_back()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.OFFICE_BACK
    world.settle()
    assert world.office(ROWS)[-1] == (3, "since", None)
    undo(world.tenant, UndoChoice(restore=True), "Anna", AT)
    world.settle()
    assert world.certificate().identical
    assert world.office(ROWS)[-1] == (3, "made online", None)


def test_a_service_put_back_to_before_a_restore_of_the_office_is_the_one_that_was_fm21_fm22_g7(
    world: World, tmp_path: Path
) -> None:
    """It knows later links than the office's backup did; the office has heard of them when it was put back."""
    put_back = backup(world.url, tmp_path)
    by_batch(world, 1, "lost")
    world.restart()
    world.settle()
    service = service_backup()
    by_batch(world, 1, "lost too")
    put_back()
    world.restart()
    assert world.update(Choice.BACKUP_IS_TRUTH) is Standing.OFFICE_BACK
    world.settle()
    before = world.office(ROWS)
    service()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.SERVICE_BACK
    world.settle()
    assert world.certificate().identical
    assert world.office(ROWS) == before == [(1, "one", "a"), (2, "two", "b")]


def test_links_of_before_are_kept_in_bounds_and_the_newest_of_them_all() -> None:
    now = books.Connection("c", "s", "http://x", "co", "Co")
    for number in range(1000):
        now = books.linked(now, f"link-{number}")
    assert (now.link, len(now.links) <= books.LINKS) == ("link-999", True)
    assert now.links[-100:] == tuple(f"link-{number}" for number in range(899, 999))
    heard = books.linked(now, "link", heard=("link-998", "other", "link"))
    assert heard.links[-2:] == ("link-999", "other")


@pytest.mark.parametrize("since", [0, 5])
def test_a_cursor_without_a_mark_says_nothing_of_numbers_given_anew_fm22_fm21_g7(
    world: World, tmp_path: Path, since: int
) -> None:
    """It has none where it was set back to where a branch was left. It was believed by its number: what
    was online up to there stayed away, or the office was ahead for ever.
    """
    one, two = world.id_of("item", 1), world.id_of("item", 2)
    world.settle()
    service = service_backup()
    for number in range(5):
        world.edit(one, note=f"before {number}")
    world.settle()

    def before() -> None:
        world.edit(one, note="of the branch")
        world.settle()

    other_branch(world, tmp_path, before, world.settle)()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.OFFICE_BACK
    world.settle()
    world.restart()
    world.settle()
    assert not books.marked_cursor(world.db).mark
    put_back = backup(world.url, tmp_path)
    service()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.SERVICE_BACK
    world.settle()
    world.edit(two, name="since")
    for number in range(since):
        world.edit(one, note=f"since {number}")
    world.settle()
    put_back()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.OFFICE_BACK
    world.settle()
    note = f"since {since - 1}" if since else "of the branch"
    assert world.office(ROWS) == [(1, "one", note), (2, "since", "b")]
    assert world.certificate().identical
    assert (world.conflicts(), world.ledger_difference()) == ([], 0)
