"""FM21, FM22, G7: one side is put back, and nothing has come since but rows that were told as they stand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from samsyn.agent import resync
from samsyn.agent.lease import DatabaseReplaced
from samsyn.agent.service import ServiceRefused, ServiceUnreachable
from samsyn.agent.underway import Choice
from samsyn.companydb import books
from samsyn.protocol.messages import ChunkAnswer, Chunks
from samsyn.protocol.restoring import Standing
from tests.sync.backups import backup, service_backup
from tests.sync.blind import blind
from tests.sync.world import DirectService, Killed, World

ROWS = "SELECT id, name FROM item ORDER BY id"


def repaired(world: World) -> None:
    """The verifier finds it."""
    assert world.repaired().repaired


def loaded_again(world: World) -> None:
    """A resync finds it."""
    with world.db.transaction():
        resync.request(world.db, world.type("item"), resync.Why.ASKED)
    world.settle()


FINDS: list[Callable[[World], None]] = [repaired, loaded_again]


def told_unseen(world: World, finds: Callable[[World], None]) -> None:
    """A change that no trigger saw comes to the service in the session that is open, without a batch."""
    link, batch = books.connection(world.db), books.taken(world.db)
    with blind(world, "item"):
        world.office("UPDATE item SET name = 'unseen' WHERE id = 1")
    finds(world)
    assert world.online(world.id_of("item", 1)).fields["name"] == "unseen"
    assert (books.connection(world.db), books.taken(world.db)) == (link, batch)


def taken_up(world: World, standing: Standing) -> None:
    """An agent starts, what is lacking is brought back, and both sides come to rest as equals."""
    world.restart()
    assert world.update(Choice.BRING_BACK) is standing
    world.settle()
    assert world.certificate().identical


@pytest.mark.parametrize("finds", FINDS)
@pytest.mark.parametrize("choice", Choice)
def test_an_office_put_back_before_it_is_noticed_and_loses_nothing_fm21_fm24_g7(
    world: World, tmp_path: Path, finds: Callable[[World], None], choice: Choice
) -> None:
    restore = backup(world.url, tmp_path)
    told_unseen(world, finds)
    restore()
    world.restart()
    with pytest.raises(ServiceRefused) as refused:
        world.sync()
    assert (refused.value.problem, refused.value.facts["what"]) == ("STATE_DIVERGED", "chunk")
    assert world.update(choice) is Standing.OFFICE_BACK
    world.settle()
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    brought_back = choice is Choice.BRING_BACK
    assert world.office(ROWS)[0] == (1, "unseen" if brought_back else "one")
    assert [lost.online for lost in world.conflicts()] == ([] if brought_back else ["unseen"])


def test_a_row_that_nobody_saw_come_is_brought_back_too_fm21_fm24_g7(
    world: World, tmp_path: Path
) -> None:
    restore = backup(world.url, tmp_path)
    with blind(world, "item"):
        world.office("INSERT INTO item (id, name) VALUES (9, 'unseen')")
    loaded_again(world)
    restore()
    taken_up(world, Standing.OFFICE_BACK)
    assert [name for _, name in world.office(ROWS)] == ["one", "two", "unseen"]


def test_who_writes_since_what_a_chunk_had_told_has_written_it_since_fm21_fm24_g7_g2(
    world: World, tmp_path: Path
) -> None:
    restore = backup(world.url, tmp_path)
    told_unseen(world, repaired)
    world.edit(world.id_of("item", 1), name="online, upon that")
    world.settle()
    restore()
    world.office("UPDATE item SET name = 'unseen' WHERE id = 1")
    taken_up(world, Standing.OFFICE_BACK)
    assert world.office(ROWS)[0] == (1, "unseen")
    assert [lost.online for lost in world.conflicts()] == ["online, upon that"]


def test_who_writes_since_what_was_sent_later_has_written_it_since_fm21_g7_g2(
    world: World, tmp_path: Path
) -> None:
    restore = backup(world.url, tmp_path)
    for sql in ("name = 'first' WHERE id = 2", "note = 'shut' WHERE id = 1"):
        world.office(f"UPDATE item SET {sql}")
        world.settle()
    world.edit(world.id_of("item", 1), note="open")
    world.settle()
    restore()
    world.office("UPDATE item SET note = 'shut' WHERE id = 1")
    taken_up(world, Standing.OFFICE_BACK)
    assert world.office("SELECT name, note FROM item ORDER BY id") == [
        ("one", "shut"),
        ("first", "b"),
    ]
    assert [lost.online for lost in world.conflicts()] == ["open"]


def test_a_row_told_anew_to_a_service_that_was_put_back_comes_back_too_fm21_fm22_g7(
    world: World, tmp_path: Path
) -> None:
    world.edit(world.id_of("item", 2), note="online")
    world.settle()
    office, service = backup(world.url, tmp_path), service_backup()
    world.office("INSERT INTO item (name) VALUES ('three')")
    world.settle()
    service()
    world.restart()
    assert world.update(Choice.BRING_BACK) is Standing.SERVICE_BACK
    world.settle()
    office()
    taken_up(world, Standing.OFFICE_BACK)
    assert [name for _, name in world.office(ROWS)] == ["one", "two", "three"]


def test_a_service_whose_answer_was_lost_is_told_all_the_same_fm22_g7(world: World) -> None:
    restore = service_backup()
    told_unseen(world, repaired)
    restore()
    world.restart()
    world.network.suffer("delivered", "unanswered")
    with pytest.raises(ServiceUnreachable):
        world.update(Choice.BRING_BACK)
    assert world.update(Choice.BRING_BACK) is Standing.SERVICE_BACK
    world.settle()
    assert world.certificate().identical
    assert world.online(world.id_of("item", 1)).fields["name"] == "unseen"


def test_an_agent_that_runs_notices_it_itself_fm21_g7(world: World, tmp_path: Path) -> None:
    restore = backup(world.url, tmp_path)
    told_unseen(world, repaired)
    world.session.check_place()
    restore()
    with pytest.raises(DatabaseReplaced):
        world.session.check_place()


def test_a_service_put_back_before_it_is_noticed_fm22_g7(world: World) -> None:
    restore = service_backup()
    told_unseen(world, repaired)
    restore()
    world.restart()
    with pytest.raises(ServiceRefused) as refused:
        world.sync()
    assert refused.value.facts["what"] == "chunk"
    assert world.update(Choice.BRING_BACK) is Standing.SERVICE_BACK
    world.settle()
    assert world.certificate().identical
    assert world.online(world.id_of("item", 1)).fields["name"] == "unseen"


class OlderService(DirectService):
    """A service of before chunks had numbers."""

    def load(self, body: bytes) -> ChunkAnswer:
        whole = msgspec.json.decode(body)
        del whole["number"]
        return super().load(msgspec.json.encode(whole))


def test_a_service_that_kept_no_numbers_until_now_was_not_put_back(world: World) -> None:
    """The office ran a newer program than the service for a while."""
    now = world.service
    world.service = OlderService(world.caller, world.network)
    world.restart()
    world.settle()
    told_unseen(world, repaired)
    assert books.chunks(world.db).taken < books.chunks(world.db).read
    world.service = now
    world.restart()
    world.settle()
    assert world.certificate().identical


@pytest.mark.parametrize("commit", range(1, 7))
@pytest.mark.parametrize("before", [True, False])
def test_an_agent_that_was_killed_meanwhile_is_no_restore_fm4_g7(
    world: World, commit: int, before: bool
) -> None:
    with blind(world, "item"):
        world.office("UPDATE item SET name = 'unseen' WHERE id = 1")
    world.ready()
    with world.killed_at(commit, before=before), suppress(Killed):
        world.repaired()
    world.restart()
    world.settle()
    assert world.repaired().identical


def test_a_backup_made_after_the_rows_were_read_is_none_of_before_fm21_g7(
    world: World, tmp_path: Path
) -> None:
    """It holds what was told, whether the answer was heard or not."""
    told_unseen(world, repaired)
    with world.db.transaction():
        now = books.chunks(world.db)
        books.set_fact(world.db, books.CHUNKS, Chunks(now.read, now.taken - 1))
    restore = backup(world.url, tmp_path)
    restore()
    world.restart()
    world.settle()
    assert world.certificate().identical


def test_both_sides_put_back_count_on_from_the_later_chunk_fm21_fm22_g7(
    world: World, tmp_path: Path
) -> None:
    """The office's backup is of a time that the service had forgotten, and has heard of since; and of fewer chunks."""
    service = service_backup()
    world.office("UPDATE item SET name = 'forgotten by the service' WHERE id = 1")
    world.restart()
    world.settle()
    office = backup(world.url, tmp_path)
    service()
    world.restart()
    world.update(Choice.BRING_BACK)
    world.settle()
    loaded_again(world)
    chunks = books.chunks(world.db)
    office()
    world.restart()
    assert books.chunks(world.db).read < chunks.read
    assert world.update(Choice.BRING_BACK) is Standing.OFFICE_BACK
    world.settle()
    assert books.chunks(world.db).read > chunks.read
    assert world.certificate().identical
    assert world.ledger_difference() == 0
