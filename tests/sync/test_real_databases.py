"""Databases that others made are loaded, worked on from both sides and let go of again."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any  # stored values
from zlib import crc32

import apsw
import psycopg
import pytest

from samsyn.companydb import attach, urls
from samsyn.companydb.dump import schema_dump
from samsyn.companydb.opening import PostgresSession, SqliteSession, opened
from samsyn.companydb.row_sql import is_reference, quoted, table_name
from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.core.cells import Cell
from tests.sync.conftest import OpenStore, OpenWorld
from tests.sync.world import World

ROUNDS = 3
EDITS = 60
BY_HAND = ("DROP DATABASE", "CREATE DATABASE", "\\c ")
RECORDS = {
    ("northwind", "sqlite"): 3310,
    ("northwind", "postgresql"): 3362,
    ("chinook", "sqlite"): 15607,
    ("chinook", "postgresql"): 15607,
}


def copied(folder: Path, name: str, engine: str, request: pytest.FixtureRequest) -> str:
    """The URL of a copy of a real database."""
    if engine == "sqlite":
        file = Path(request.getfixturevalue("tmp_path")) / f"{name}.sqlite"
        shutil.copyfile(folder / name / f"{name}.sqlite", file)
        return str(file)
    url = str(request.getfixturevalue("new_pg")())
    script = (folder / name / f"{name}_pg.sql").read_text()
    lines = [line for line in script.splitlines() if not line.startswith(BY_HAND)]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("\n".join(lines).encode())
    return url


class Workers:
    """Two people who work at random, one at the office and one online, on records of their own."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.random = world, random.Random(seed)
        self.types = {t.name: t for t in world.db.types.values()}
        self.referred = {
            f.reference.type for t in self.types.values() for f in t.fields if f.reference
        }
        self.ids = {name: world.ids(name) for name in self.types}
        self.meant_online: dict[tuple[str, str], Cell] = {}
        self.meant_here: dict[tuple[str, tuple[object, ...], str], object] = {}
        self.gone: set[str] = set()
        self.numbers = iter(range(30_001, 32_000))
        if world.url.engine == "sqlite":
            world.program.run("PRAGMA foreign_keys = ON")
        else:
            world.program.run("SET DateStyle = 'SQL, DMY'")

    # --- the office, by SQL ---

    def at_the_office(self) -> None:
        """One edit: a value from another row of its column, a new row, a new key, or a deletion."""
        record_type, key = self._mine(0)
        action = self.random.choice(["set", "set", "set", "insert", "delete", "rekey"])
        try:
            if action == "set":
                self._set_here(record_type, key)
            elif action == "insert":
                self._insert_here(record_type, key)
            elif action == "rekey" and self._natural(record_type):
                self._set_key_here(record_type, key)
            elif action == "delete" and record_type.name not in self.referred:
                self.world.office(f"DELETE FROM {self._at(record_type)}", *key)
                self._forget(record_type, key)
        except (apsw.ConstraintError, psycopg.IntegrityError):
            return  # the company's own rules; its program would have told the person

    def _set_here(self, record_type: RecordType, key: tuple[object, ...]) -> None:
        fields = self._free(record_type)
        if not fields:
            return
        name = self.random.choice(fields).name
        column = quoted(self.world.db.engine, name)
        other = self.random.choice(list(self.ids[record_type.name]))
        value = self._stored(record_type, other, name)
        table = table_name(self.world.db.engine, record_type)
        source = self._where(record_type).replace("t.", "o.")
        where = self._where(record_type, start=len(key)).replace("t.", "")
        self.world.office(
            f"UPDATE {table} SET {column} = (SELECT o.{column} FROM {table} AS o WHERE {source})"
            f" WHERE {where}",
            *other,
            *key,
        )
        self.meant_here[record_type.name, key, name] = value
        self.meant_online.pop((self.ids[record_type.name][key], name), None)

    def _insert_here(self, record_type: RecordType, like: tuple[object, ...]) -> None:
        number = next(self.numbers)
        engine = self.world.db.engine
        places, sources = [], []
        changed = self.random.choice(record_type.key) if len(record_type.key) > 1 else None
        for field in record_type.fields:
            if field.generated:
                continue
            places.append(quoted(engine, field.name))
            if field.name in record_type.key and changed in (None, field.name):
                sources.append(self._another(record_type, field, number))
            else:
                sources.append(f"t.{quoted(engine, field.name)}")
        table = table_name(engine, record_type)
        self.world.office(
            f"INSERT INTO {table} ({', '.join(places)}) SELECT {', '.join(sources)}"
            f" FROM {table} AS t WHERE {self._where(record_type)}",
            *like,
        )

    def _another(self, record_type: RecordType, field: Field, number: int) -> str:
        """SQL for a value that no row has there, or another row's where it refers."""
        if is_reference(field):
            assert field.reference is not None
            target = self.types[field.reference.type]
            engine = self.world.db.engine
            other = self.random.choice(list(self.ids[target.name]))
            column = quoted(engine, field.reference.column)
            values = " AND ".join(
                f"{quoted(engine, name)} = '{str(part).replace(chr(39), chr(39) * 2)}'"
                for name, part in zip(target.key, other, strict=True)
            )
            return f"(SELECT {column} FROM {table_name(engine, target)} WHERE {values})"
        return f"'{number % 100_000:05}'" if field.kind is Kind.TEXT else str(number)

    def _set_key_here(self, record_type: RecordType, key: tuple[object, ...]) -> None:
        name = self.random.choice([n for n in record_type.key if self._own(record_type, n)])
        value = self._another(record_type, record_type.field(name), next(self.numbers))
        column = quoted(self.world.db.engine, name)
        table = table_name(self.world.db.engine, record_type)
        where = self._where(record_type).replace("t.", "")
        self.world.office(f"UPDATE {table} SET {column} = {value} WHERE {where}", *key)
        self._forget(record_type, key)

    # --- online, through the unit of work ---

    def online(self) -> None:
        """One edit, as at the office."""
        record_type, key = self._mine(1)
        record = self.ids[record_type.name][key]
        action = self.random.choice(["set", "set", "set", "insert", "delete", "rekey"])
        fields = self._free(record_type)
        if action == "set" and fields:
            name = self.random.choice(fields).name
            other = self.random.choice(list(self.ids[record_type.name].values()))
            cell = self.world.online(other).fields[name]
            self.world.edit(record, **{name: cell})
            self.meant_online[record, name] = cell
            self.meant_here.pop((record_type.name, key, name), None)
        elif action == "insert":
            self._insert_online(record_type, record)
        elif action == "rekey" and self._natural(record_type):
            name = self.random.choice([n for n in record_type.key if self._own(record_type, n)])
            cell = self._new_cell(record_type.field(name))
            self.world.edit(record, **{name: cell})
            self._forget(record_type, key)
            self.meant_online[record, name] = cell
        elif action == "delete" and record_type.name not in self.referred:
            self.world.delete(record)
            self._forget(record_type, key)

    def _insert_online(self, record_type: RecordType, like: str) -> None:
        fields = dict(self.world.online(like).fields)
        keys = [n for n in record_type.key if self._own(record_type, n)]
        for field in record_type.fields:
            if field.read_only:
                fields[field.name] = None
        if record_type.field(record_type.key[0]).read_only:
            pass
        elif keys:
            fields[keys[0]] = self._new_cell(record_type.field(keys[0]))
        else:
            return  # a pair of references: two people could choose the same
        record = self.world.create(record_type.name, None, **fields)
        known = {f.name for f in record_type.fields if not f.read_only}
        self.meant_online |= {(record, n): c for n, c in fields.items() if n in known}

    def _new_cell(self, field: Field) -> Cell:
        number = next(self.numbers)
        return f"{number:05}" if field.kind is Kind.TEXT else number

    # --- what both may touch ---

    def _mine(self, side: int) -> tuple[RecordType, tuple[object, ...]]:
        """A type and one of its rows, never one that the other side works on."""
        while True:
            record_type = self.random.choice(list(self.types.values()))
            keys = list(self.ids[record_type.name].items())
            for key, record in self.random.sample(keys, min(8, len(keys))):
                if crc32(repr(key).encode()) % 2 == side and record not in self.gone:
                    return record_type, key

    def _free(self, record_type: RecordType) -> list[Field]:
        return [f for f in record_type.fields if f.name not in record_type.key and not f.generated]

    def _natural(self, record_type: RecordType) -> bool:
        """Its key can be changed, and nothing refers to it."""
        own = [n for n in record_type.key if self._own(record_type, n)]
        return bool(own) and record_type.name not in self.referred

    def _own(self, record_type: RecordType, name: str) -> bool:
        field = record_type.field(name)
        return not is_reference(field) and not field.read_only

    def _forget(self, record_type: RecordType, key: tuple[object, ...]) -> None:
        record = self.ids[record_type.name].pop(key)
        self.gone.add(record)
        self.meant_online = {k: v for k, v in self.meant_online.items() if k[0] != record}
        place = (record_type.name, key)
        self.meant_here = {k: v for k, v in self.meant_here.items() if k[:2] != place}

    def _where(self, record_type: RecordType, start: int = 0) -> str:
        engine = self.world.db.engine
        return " AND ".join(
            f"t.{quoted(engine, name)} = ${start + place + 1}"
            + ("" if engine == "sqlite" else f"::text::{record_type.field(name).storage}")
            for place, name in enumerate(record_type.key)
        )

    def _at(self, record_type: RecordType) -> str:
        table = table_name(self.world.db.engine, record_type)
        return f"{table} WHERE {self._where(record_type).replace('t.', '')}"

    def _stored(self, record_type: RecordType, key: tuple[object, ...], name: str) -> Any:
        column = f"t.{quoted(self.world.db.engine, name)}"
        sqlite = self.world.db.engine == "sqlite"
        shown = f"quote({column})" if sqlite else f"{column}::text"
        table = table_name(self.world.db.engine, record_type)
        rows = self.world.office(
            f"SELECT {shown} FROM {table} AS t WHERE {self._where(record_type)}", *key
        )
        return rows[0][0] if rows else "no row"

    # --- afterwards ---

    def check(self) -> None:
        """What each of the two meant stands on both sides."""
        for (name, key, field), value in self.meant_here.items():
            assert self._stored(self.types[name], key, field) == value, (name, key, field)
        for (record, field), cell in self.meant_online.items():
            assert self.world.online(record).fields[field] == cell, (record, field)
        for name in self.types:
            self.ids[name] = {
                key: record
                for key, record in self.world.ids(name).items()
                if record not in self.gone
            }


def equal(world: World) -> int:
    """Both sides rest and are the same; how many records they have."""
    world.settle()
    assert [(e.type, e.code, e.reason) for e in world.quarantine()] == []
    assert world.conflicts() == []
    certificate = world.certificate()
    assert certificate.identical, certificate.differences[:5]
    assert not world.sync(), "at rest nothing moves"
    return certificate.records


def counted(world: World) -> int:
    """The rows of all synced tables."""
    types: Iterable[RecordType] = world.db.types.values()
    tables = [table_name(world.db.engine, t) for t in types]
    return sum(world.office(f"SELECT count(*) FROM {table}")[0][0] for table in tables)


def contents(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every synced table, by the table's name in SQL."""
    tables = [table_name(world.db.engine, t) for t in world.db.types.values()]
    return {table: stored(world.program, table) for table in tables}


def stored(session: SqliteSession | PostgresSession, table: str) -> list[tuple[Any, ...]]:
    """A table's rows."""
    what = "t.*" if session.engine == "sqlite" else "t::text"
    return sorted(session.rows(f"SELECT {what} FROM {table} AS t"), key=repr)


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
@pytest.mark.parametrize("name", ["northwind", "chinook"])
def test_a_real_database_is_kept_the_same_on_both_sides(
    shared_data: Path,
    name: str,
    engine: str,
    store: str,
    request: pytest.FixtureRequest,
    open_store: OpenStore,
    open_world: OpenWorld,
) -> None:
    url = copied(shared_data, name, engine, request)
    with opened(urls.parse(url), writing=False) as session:
        before = schema_dump(session)
    open_store(store)
    world = open_world(url)
    assert equal(world) == RECORDS[name, engine]
    seed = int(os.environ.get("SAMSYN_TEST_SEED") or random.randrange(2**32))
    print(f"seed {seed}")  # noqa: T201  # to repeat a failure
    workers = Workers(world, seed)
    records = 0
    for _ in range(ROUNDS):
        for _ in range(EDITS):
            workers.at_the_office()
            workers.online()
        records = equal(world)
        workers.check()
    assert records == counted(world)
    rows = contents(world)
    tables = list(rows)
    world.close()
    report = attach.detach(urls.parse(url))
    assert (report.identical, report.changed_meanwhile, report.left) == (True, (), ())
    with opened(urls.parse(url), writing=False) as session:
        assert schema_dump(session) == before
        if engine == "postgresql":
            session.run("SET DateStyle = 'SQL, DMY'")
        assert {table: stored(session, table) for table in tables} == rows
