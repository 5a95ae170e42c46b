"""FM21, G7: random histories, a backup at any moment of them, and what was promised is what happens."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from samsyn.agent.restoring import carry_out, told
from samsyn.agent.service import ServiceUnreachable
from samsyn.agent.underway import Choice, underway
from samsyn.companydb import books
from samsyn.companydb.since_backup import looking, unsent
from samsyn.core.changes import Put
from samsyn.core.record import Record
from samsyn.protocol import wire
from samsyn.protocol.messages import Batch
from samsyn.protocol.restoring import Look, Standing
from tests.sync.backups import backup
from tests.sync.conftest import MakeWorld
from tests.sync.world import Killed, World

SEEDS = range(int(os.environ.get("SAMSYN_RESTORE_SEEDS", "12")))
SCHEMA = (
    "CREATE TABLE item (id serial, name text, note text);"
    "CREATE TABLE code (code text PRIMARY KEY, item integer, name text)"
)
ROWS = {
    "item": "SELECT id, name, note FROM item ORDER BY id",
    "code": "SELECT code, item, name FROM code ORDER BY code",
}
FIELDS = {"item": ("name", "note"), "code": ("name",)}


class History:
    """Somebody works on both sides, and the network and the agent fail."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.random = world, random.Random(seed)
        self.count = 0

    def work(self, steps: int, *, exchanging: bool = True) -> None:
        """Random steps; without exchange only the two sides write."""
        doing: list[Callable[[], None]] = [
            self.office_edits, self.office_edits, self.office_inserts, self.office_deletes,
            self.online_edits, self.online_edits, self.online_creates, self.online_deletes,
        ]  # fmt: skip
        if exchanging:
            doing += [self.world.push, self.world.pull, self.fails, self.world.settle]
        for _ in range(steps):
            self.random.choice(doing)()

    def fails(self) -> None:
        fates = ("lost", "unanswered", "repeated", "delivered")
        self.world.network.suffer(*self.random.choices(fates, k=3))

    def office_edits(self) -> None:
        type_ = self.random.choice(list(FIELDS))
        field = self.random.choice(FIELDS[type_])
        if key := self._row(type_):
            sql = f"UPDATE {type_} SET {field} = $1 WHERE {self._key(type_)} = $2"
            self.world.office(sql, self._new("office"), key)

    def office_inserts(self) -> None:
        if self.random.random() < 0.6:
            self.world.office("INSERT INTO item (name) VALUES ($1)", self._new("office"))
            return
        code = f"C{self.count}"
        item = self._row("item")
        self.world.office("INSERT INTO code VALUES ($1, $2, $3)", code, item, self._new("office"))

    def office_deletes(self) -> None:
        type_ = self.random.choice(list(FIELDS))
        if key := self._row(type_):
            self.world.office(f"DELETE FROM {type_} WHERE {self._key(type_)} = $1", key)

    def online_edits(self) -> None:
        if record := self._record():
            self.world.edit(
                record.id, **{self.random.choice(FIELDS[record.type]): self._new("online")}
            )

    def online_creates(self) -> None:
        if self.random.random() < 0.6:
            self.world.create("item", name=self._new("online"))
        else:
            self.world.create("code", code=f"O{self.count}", name=self._new("online"))

    def online_deletes(self) -> None:
        if record := self._record():
            self.world.delete(record.id)

    def _new(self, side: str) -> str:
        self.count += 1
        return f"{side} {self.count}"

    def _row(self, type_: str) -> object:
        rows = self.world.office(f"SELECT {self._key(type_)} FROM {type_} ORDER BY 1")
        return self.random.choice(rows)[0] if rows else None

    def _key(self, type_: str) -> str:
        return "id" if type_ == "item" else "code"

    def _record(self) -> Record | None:
        records = sorted(living(self.world), key=lambda record: record.id)
        return self.random.choice(records) if records else None


def living(world: World) -> list[Record]:
    """The records of all types that live online."""
    return [record for type_ in FIELDS for record in world.online_records(type_)]


def rows(world: World) -> dict[str, list[tuple[object, ...]]]:
    """The office's rows by type."""
    return {type_: world.office(sql) for type_, sql in ROWS.items()}


class Told(msgspec.Struct):
    """What can be known before the update: what came after the cut, and what the office has unsent."""

    standing: Standing
    since: set[tuple[str, str | None]]
    """Records with field that the backup lacks; None for a whole record."""
    unsent: set[tuple[str, str | None]]


def foretold(world: World) -> Told:
    """The first page is all there is of so small a world."""
    world.network.suffer()
    seen = world.service.look(Look(told(world.db)))
    since: set[tuple[str, str | None]] = set()
    for record in seen.records:
        since |= {(record.id, field.field) for field in record.fields if record.there}
        since |= {(record.id, None)} if record.there != record.alive else set()
    waiting: set[tuple[str, str | None]] = set()
    with looking(world.db):
        for record_id, (record_type, touched) in unsent(world.db).touched.items():
            whole = touched.new or touched.key is None
            names = [f.name for f in record_type.fields] if whole else list(touched.fields)
            waiting |= {(record_id, name) for name in names} | {(record_id, None)}
    for batch in books.outbox(world.db):
        for change in wire.decode(batch.body, Batch).changes:
            names = list(change.fields) if isinstance(change, Put) else []
            waiting |= {(change.id, name) for name in names} | {(change.id, None)}
    return Told(seen.standing, since, waiting)


def update(world: World, choice: Choice, chance: random.Random) -> None:
    """The update, killed and cut off at random, as often as it takes."""
    for _ in range(500):
        with suppress(Killed, ServiceUnreachable):
            world.network.suffer(*chance.choices(("delivered", "unanswered", "lost"), k=2))
            with world.killed_at(chance.randint(1, 8), before=chance.random() < 0.5):
                carry_out(world.db, world.service, world.fence, choice)
                break
        world.restart()
    world.network.suffer()
    assert underway(world.db) is None
    world.restart()


def check_kept(world: World, before: Mapping[str, Record], known: Told, conflicts: int) -> None:
    """What was online before and is no longer so was overridden by the office, and kept where it had not seen it."""
    after = {record.id: record for record in living(world)}
    lost = {(c.record, c.field): c.online for c in world.conflicts()[conflicts:]}
    for record_id, record in before.items():
        if record_id not in after:
            assert (record_id, None) in known.since | known.unsent
            if (record_id, None) in known.since:
                assert (record_id, None) in lost
            continue
        for field in FIELDS[record.type]:
            value = record.fields[field]
            if after[record_id].fields[field] != value:
                came_since = {(record_id, field), (record_id, None)} & known.since
                assert came_since or (record_id, field) in known.unsent
                if came_since:
                    assert lost[record_id, field] == value


def restored(make_world: MakeWorld, tmp_path: Path, seed: int) -> tuple[World, History]:
    """A world that was put back to a backup of a random moment."""
    world = make_world(SCHEMA)
    world.office("INSERT INTO item (name) VALUES ('one'), ('two'), ('three')")
    world.office("INSERT INTO code VALUES ('A', 1, 'a'), ('B', NULL, 'b')")
    world.settle()
    history = History(world, seed)
    history.work(history.random.randint(0, 12))
    put_back = backup(world.url, tmp_path)
    history.work(history.random.randint(1, 14))
    if history.random.random() < 0.7:
        world.network.suffer()
        world.settle()
    put_back()
    world.restart()
    return world, history


@pytest.mark.parametrize("seed", SEEDS)
def test_all_that_nobody_has_touched_since_is_as_before_fm21_g7(
    make_world: MakeWorld, tmp_path: Path, seed: int
) -> None:
    world, history = restored(make_world, tmp_path, seed)
    history.work(history.random.randint(0, 6), exchanging=False)
    online = {record.id: record for record in living(world)}
    known, conflicts = foretold(world), len(world.conflicts())
    update(world, Choice.BRING_BACK, history.random)
    world.settle()
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    check_kept(world, online, known, conflicts)
    after = {record.id: record for record in living(world)}
    for record_id, field in known.since - known.unsent:
        if field is None:
            assert (record_id in after) == (record_id in online)
        elif record_id in online:
            assert after[record_id].fields[field] == online[record_id].fields[field]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_backup_with_the_work_since_is_the_truth_fm21_g7_g3(
    make_world: MakeWorld, tmp_path: Path, seed: int
) -> None:
    world, history = restored(make_world, tmp_path, seed)
    history.work(history.random.randint(0, 6), exchanging=False)
    office = rows(world)
    online = {record.id: record for record in living(world)}
    known, conflicts = foretold(world), len(world.conflicts())
    update(world, Choice.BACKUP_IS_TRUTH, history.random)
    world.settle()
    assert rows(world) == office or known.standing is Standing.SAME
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    check_kept(world, online, known, conflicts)
