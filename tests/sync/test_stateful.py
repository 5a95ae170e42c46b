"""Random histories of two real sides against a naive oracle of who had seen what."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samsyn.core.errors import SamsynError
from tests import memory
from tests.records import stores
from tests.sync.world import Killed, World

SCHEMA = """
CREATE TABLE parent (id serial, f varchar(40), g varchar(40));
CREATE TABLE child (id serial, parent integer REFERENCES parent(id), f varchar(40) UNIQUE);
INSERT INTO parent (id, f, g) VALUES (1, 'f0', 'g0'), (2, 'f0', 'g0')
"""
COMPANIES = itertools.count()
HISTORIES = int(os.environ.get("SAMSYN_TEST_HISTORIES", "100"))
RECORDS, FIELDS = (1, 2), ("f", "g")
Place = tuple[int, str]


@pytest.fixture
def store(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """One record store for all examples; each example is a company of its own."""
    url = request.getfixturevalue("pg_store_url") if engine == "postgresql" else ""
    with stores.opened(url, tmp_path):
        yield engine


@contextmanager
def new_world(engine: str, request: pytest.FixtureRequest) -> Iterator[World]:
    """A company with the schema, at rest."""
    company = f"{next(COMPANIES):012o}".replace("0", "a").replace("1", "b")
    with tempfile.TemporaryDirectory(dir=memory.folder()) as folder:
        if engine == "postgresql":
            text = request.getfixturevalue("new_pg")()
        else:
            text = str(Path(folder) / "company.db")
        world = World.made(text, SCHEMA, company)
        try:
            world.settle()
            yield world
        finally:
            world.close()


# --- fields only: an exact oracle -----------------------------------------------------


class Online(msgspec.Struct, frozen=True):
    """An online write."""

    number: int
    value: str


class Oracle:
    """What must be, told from who had seen what: no numbers, masks or cursors of ours."""

    def __init__(self) -> None:
        self.office = {(r, f): f"{f}0" for r in RECORDS for f in FIELDS}
        self.online = dict(self.office)
        self.lost: list[tuple[Place, str, str]] = []
        self._count = itertools.count()
        self._unsent: dict[Place, frozenset[int]] = {}
        self._batches: list[dict[Place, tuple[str, frozenset[int]]]] = []
        self._pending: dict[Place, Online] = {}
        self._offered: set[int] = set()
        self._saw: dict[Place, set[int]] = {place: set() for place in self.office}

    def office_writes(self, place: Place, value: str) -> None:
        if self.office[place] != value:
            self.office[place] = value
            self._unsent.setdefault(place, frozenset(self._saw[place]))

    def online_writes(self, place: Place, value: str) -> None:
        if self.online[place] != value:
            self.online[place] = value
            self._pending[place] = Online(next(self._count), value)

    def push(self) -> None:
        """All that was claimed arrives, then all that was not."""
        self._deliver()
        self.claim()
        self._deliver()

    def push_fails(self, *, delivered: bool) -> None:
        """The first request is lost, or arrives and is not answered: the agent goes no further."""
        if not self._batches:
            self.claim()
        if delivered and self._batches:
            self._arrive(self._batches[0])
            self._batches[0] = {}  # it has had its effect, but the office does not know

    def _deliver(self) -> None:
        for batch in self._batches:
            self._arrive(batch)
        self._batches = []

    def claim(self) -> None:
        if self._unsent:
            self._batches.append({p: (self.office[p], saw) for p, saw in self._unsent.items()})
            self._unsent = {}

    def _arrive(self, batch: dict[Place, tuple[str, frozenset[int]]]) -> None:
        for place, (value, saw) in batch.items():
            waiting = self._pending.pop(place, None)
            if value != self.online[place] and waiting is not None and waiting.number not in saw:
                self.lost.append((place, value, waiting.value))
            self.online[place] = value

    def pull(self) -> None:
        new = {p: w for p, w in self._pending.items() if w.number not in self._offered}
        if not new:
            return
        self.claim()
        on_the_way = {place for batch in self._batches for place in batch}
        for place, write in new.items():
            self._offered.add(write.number)
            if place not in on_the_way:
                self.office[place] = write.value
                self._saw[place].add(write.number)


places = st.tuples(st.sampled_from(RECORDS), st.sampled_from(FIELDS))
values = st.sampled_from(["x", "y", "z", "f0", "g0"])
steps = st.one_of(
    st.tuples(st.just("office"), places, values),
    st.tuples(st.just("online"), places, values),
    st.tuples(st.sampled_from(["push", "push lost", "push unanswered", "pull", "restart"])),
)


@settings(max_examples=HISTORIES, suppress_health_check=list(HealthCheck))
@given(history=st.lists(steps, max_size=14))
def test_the_office_wins_exactly_when_neither_had_seen_the_other_fm17_g2(
    store: str, request: pytest.FixtureRequest, history: list[tuple[object, ...]]
) -> None:
    with new_world(store, request) as world:
        oracle = Oracle()
        ids = {number: world.id_of("parent", number) for number in RECORDS}
        for step in history:
            _do(world, oracle, ids, step)
        oracle.push()
        oracle.pull()
        world.settle()
        stored = world.office("SELECT id, f, g FROM parent ORDER BY id")
        office = {(row[0], f): row[1 + n] for row in stored for n, f in enumerate(FIELDS)}
        online = {(r, f): world.online(ids[r]).fields[f] for r in RECORDS for f in FIELDS}
        assert office == online == oracle.office == oracle.online
        numbers = {record: number for number, record in ids.items()}
        told = [((numbers[c.record], c.field), c.office, c.online) for c in world.conflicts()]
        assert sorted(told) == sorted(oracle.lost)
        assert world.certificate().identical


def _do(world: World, oracle: Oracle, ids: dict[int, str], step: tuple[object, ...]) -> None:
    match step:
        case ("office", (int(record), str(field)), str(value)):
            world.office(f"UPDATE parent SET {field} = $1 WHERE id = $2", value, record)
            oracle.office_writes((record, field), value)
        case ("online", (int(record), str(field)), str(value)):
            world.edit(ids[record], **{field: value})
            oracle.online_writes((record, field), value)
        case ("push",):
            world.push()
            oracle.push()
        case ("push lost",):
            world.network.suffer("lost")
            world.push()
            world.network.suffer()
            oracle.push_fails(delivered=False)
        case ("push unanswered",):
            world.network.suffer("unanswered")
            world.push()
            world.network.suffer()
            oracle.push_fails(delivered=True)
        case ("pull",):
            world.pull()
            oracle.pull()
        case ("restart",):
            world.restart()
            world.ready()


# --- everything: what must hold whatever happens --------------------------------------

keys = st.integers(1, 4)
wild_steps = st.one_of(
    st.tuples(st.just("office insert"), keys, values),
    st.tuples(st.just("office update"), keys, values),
    st.tuples(st.just("office key"), keys, keys),
    st.tuples(st.just("office delete"), keys),
    st.tuples(st.just("office child"), keys, keys, values),
    st.tuples(st.just("office replace"), keys, values),
    st.tuples(st.just("online create"), values),
    st.tuples(st.just("online child"), keys, values),
    st.tuples(st.just("online edit"), keys, values),
    st.tuples(st.just("online delete"), keys),
    st.tuples(st.just("sync")),
    st.tuples(st.just("push")),
    st.tuples(st.just("pull")),
    st.tuples(st.just("trouble"), st.lists(st.sampled_from(["lost", "unanswered", "repeated"]))),
    st.tuples(st.just("kill"), st.integers(1, 6), st.booleans()),
)


@settings(max_examples=HISTORIES, suppress_health_check=list(HealthCheck))
@given(history=st.lists(wild_steps, max_size=16))
def test_both_sides_are_equal_at_rest_whatever_happened_g1_g3_g4_fm11(
    store: str, request: pytest.FixtureRequest, history: list[tuple[object, ...]]
) -> None:
    with new_world(store, request) as world:
        for step in history:
            _wild(world, step)
        world.network.suffer()
        world.settle()
        certificate = world.certificate()
        assert certificate.identical, certificate.differences
        assert world.ledger_difference() == 0
        rows = world.office("SELECT count(*) FROM parent")[0][0]
        held = {e.record for e in world.quarantine()}
        online = [r for r in world.online_records("parent") if r.id not in held or r.key]
        assert len(online) == rows
        assert not world.sync(), "at rest there is no further traffic"


def _wild(world: World, step: tuple[object, ...]) -> None:
    match step:
        case ("office insert", int(key), str(value)):
            with suppress(Exception):  # a taken key is the program's own trouble
                world.office("INSERT INTO parent (id, f) VALUES ($1, $2)", key, value)
        case ("office update", int(key), str(value)):
            world.office("UPDATE parent SET f = $1 WHERE id = $2", value, key)
        case ("office key", int(old), int(new)):
            with suppress(Exception):
                world.office("UPDATE parent SET id = $1 WHERE id = $2", new, old)
        case ("office delete", int(key)):
            with suppress(Exception):
                world.office("DELETE FROM parent WHERE id = $1", key)
        case ("office child", int(key), int(parent), str(value)):
            with suppress(Exception):
                world.office(
                    "INSERT INTO child (id, parent, f) VALUES ($1, $2, $3)", key, parent, value
                )
        case ("office replace", int(key), str(value)) if world.db.engine == "sqlite":
            with suppress(Exception):
                world.office("REPLACE INTO child (id, f) VALUES ($1, $2)", key, value)
        case ("online create", str(value)):
            world.create("parent", f=value)
        case ("online child", int(place), str(value)):
            if (record := _nth(world, "parent", place)) is not None:
                world.create("child", parent=record, f=value)
        case ("online edit", int(place), str(value)):
            if (record := _nth(world, "parent", place)) is not None:
                world.edit(record, f=value)
        case ("online delete", int(place)):
            if (record := _nth(world, "parent", place)) is not None:
                world.delete(record)
        case ("trouble", list() as fates):
            world.network.suffer(*fates)
        case ("kill", int(commit), bool(before)):
            with world.killed_at(commit, before=before):
                try:
                    world.sync()
                except Killed:
                    pass
                except SamsynError:
                    world.started = False
            world.restart()
        case ("sync",):
            with suppress(SamsynError):
                world.sync()
        case ("push",):
            world.push()
        case ("pull",):
            world.pull()


def _nth(world: World, type_name: str, place: int) -> str | None:
    found = sorted(r.id for r in world.online_records(type_name))
    return found[place - 1] if len(found) >= place else None
