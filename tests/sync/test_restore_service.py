"""FM22, G7: the service was put back to a backup; the office has all that it lacks."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from samsyn.agent import restore_plan
from samsyn.agent.restoring import ServiceWasRestored, carry_out
from samsyn.agent.service import ServiceRefused, ServiceUnreachable
from samsyn.agent.underway import Choice
from samsyn.protocol.restoring import Standing
from samsyn.protocol.wire import Limits
from tests.sync.backups import PutBack, backup, service_backup
from tests.sync.conftest import MakeWorld
from tests.sync.upgrades import run
from tests.sync.world import Killed, World

SCHEMA = "CREATE TABLE item (id serial, name text, note text)"
ROWS = "SELECT id, name, note FROM item ORDER BY id"
SHOUTING = {
    "sqlite": [
        "CREATE TRIGGER own AFTER INSERT ON item"
        " BEGIN UPDATE item SET name = upper(NEW.name) WHERE id = NEW.id; END"
    ],
    "postgresql": [
        "CREATE FUNCTION own() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.name = upper(NEW.name); RETURN NEW; END $$",
        "CREATE TRIGGER own BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION own()",
    ],
}
"""A rule of the program's own."""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    made = make_world(SCHEMA)
    made.office("INSERT INTO item (name, note) VALUES ('one', 'a'), ('two', 'b'), ('three', 'c')")
    made.settle()
    return made


def put_back(world: World) -> None:
    """Both sides work after the service's backup; then it is put back, and is worked in again."""
    restore = service_backup()
    world.office("UPDATE item SET name = 'office' WHERE id = 1")
    world.office("INSERT INTO item (name) VALUES ('four')")
    world.office("DELETE FROM item WHERE id = 3")
    world.edit(world.id_of("item", 2), note="online, taken by the office")
    world.settle()
    restore()
    world.restart()


def test_nothing_is_exchanged_before_a_person_has_chosen_fm22_g7(world: World) -> None:
    put_back(world)
    with pytest.raises(ServiceRefused) as told:
        world.sync()
    assert told.value.problem in ("LINK_UNKNOWN", "STATE_DIVERGED")
    plan = restore_plan.plan(world.db, world.service)
    assert (plan.standing, plan.records) == (Standing.SERVICE_BACK, ())
    with pytest.raises(ServiceWasRestored):
        carry_out(world.db, world.service, world.fence, Choice.BACKUP_IS_TRUTH)


def test_the_office_sends_all_that_the_service_lacks_fm22_g7(world: World) -> None:
    put_back(world)
    one, two = world.id_of("item", 1), world.id_of("item", 2)
    world.edit(one, note="since, online")
    world.edit(two, note="since, online, and not seen")
    world.office("UPDATE item SET note = 'since, office' WHERE id = 4")
    world.update(Choice.BRING_BACK)
    world.settle()
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    assert world.office(ROWS) == [
        (1, "office", "since, online"),
        (2, "two", "online, taken by the office"),
        (4, "four", "since, office"),
    ]
    (lost,) = world.conflicts()
    assert (lost.record, lost.field, lost.online) == (two, "note", "since, online, and not seen")


@pytest.mark.parametrize("commit", range(1, 4))
@pytest.mark.parametrize("before", [True, False])
def test_killed_at_any_commit_the_update_goes_on_fm22_g7_g4(
    world: World, commit: int, before: bool
) -> None:
    put_back(world)
    rows = world.office(ROWS)
    with world.killed_at(commit, before=before), suppress(Killed):
        carry_out(world.db, world.service, world.fence, Choice.BRING_BACK)
    world.restart()
    world.update(Choice.BRING_BACK)
    world.settle()
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    assert world.office(ROWS) == rows


def test_a_service_put_back_twice_goes_on_fm22_g7(world: World) -> None:
    restore = service_backup()
    for turn in ("first", "second"):
        world.office("UPDATE item SET name = $1 WHERE id = 1", turn)
        world.settle()
        restore()
        world.restart()
        world.update(Choice.BRING_BACK)
        world.settle()
        assert world.certificate().identical
        assert world.online(world.id_of("item", 1)).fields["name"] == turn


def test_what_the_office_has_made_of_online_work_is_told_before_that_is_taken_again_fm22_g7_g2(
    world: World,
) -> None:
    """The service knows a record and an edit that it takes for not delivered; both were, and edited since."""
    world.limits = Limits(chunk_records=1)
    world.restart()
    two = world.id_of("item", 2)
    made = world.create("item", name="made online")
    world.edit(two, note="edited online")
    restore = service_backup()
    world.settle()
    key = world.office("SELECT id FROM item WHERE name = 'made online'")[0][0]
    world.office("UPDATE item SET name = 'office since' WHERE id = $1", key)
    world.office("UPDATE item SET note = 'office since' WHERE id = 2")
    world.settle()
    rows = world.office(ROWS)
    restore()
    world.restart()
    world.update(Choice.BRING_BACK)
    world.settle()
    assert world.office(ROWS) == rows
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    assert {(c.record, c.field, c.online) for c in world.conflicts()} == {
        (made, "name", "made online"),
        (two, "note", "edited online"),
    }


def test_what_triggers_made_and_lay_unsent_loses_no_online_value_fm22_fm19_g3(
    world: World,
) -> None:
    """The service that is put back knows the record, and not that the office has it."""
    run(world, *SHOUTING[world.db.engine])
    made = world.create("item", name="made online")
    restore = service_backup()
    world.edit(made, note="edited online")
    world.pull()
    restore()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.SERVICE_BACK
    world.settle()
    assert world.online(made).fields["name"] == "MADE ONLINE"
    assert world.certificate().identical
    assert world.ledger_difference() == 0


def test_a_service_put_forward_knows_what_the_office_had_taken_fm22_g3(world: World) -> None:
    """It was put back, and then a later backup was found, of which the office had all before."""
    two = world.id_of("item", 2)
    back = service_backup()
    world.edit(two, note="online")
    world.settle()
    forward = service_backup()
    back()
    world.restart()
    world.update(Choice.BRING_BACK)
    world.settle()
    world.office("UPDATE item SET note = 'over it' WHERE id = 2")
    world.office("DELETE FROM item WHERE id = 3")
    forward()
    world.restart()
    world.update(Choice.BRING_BACK)
    world.settle()
    assert world.online(two).fields["note"] == "over it"
    assert world.certificate().identical
    assert (world.conflicts(), world.ledger_difference()) == ([], 0)


@pytest.mark.parametrize("is_the_second", [False, True], ids=["first", "second"])
def test_a_service_put_back_to_amid_a_restore_of_the_office_knows_what_that_had_taken_fm22_g3(
    world: World, tmp_path: Path, is_the_second: bool
) -> None:
    """It had set back how far the office had come, and the records that wait because of it did not wait yet.

    So it had where another restore had begun before this one and was broken off.
    """
    restore = backup(world.url, tmp_path)
    made = world.create("item", name="made online")
    world.settle()
    restore()
    world.restart()
    if is_the_second:
        world.network.suffer("delivered", "delivered", "lost")
        with pytest.raises(ServiceUnreachable):
            world.update(Choice.BACKUP_IS_TRUTH)
        restore()
        world.restart()
    backups: list[PutBack] = []
    world.network.watch = lambda: backups.append(service_backup())
    assert world.update(Choice.BACKUP_IS_TRUTH) is Standing.OFFICE_BACK
    world.network.watch = lambda: None
    world.settle()
    assert made not in world.ids("item").values()
    backups[-1]()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.SERVICE_BACK
    world.settle()
    assert world.certificate().identical
    assert made not in world.ids("item").values()
    assert world.ledger_difference() == 0
