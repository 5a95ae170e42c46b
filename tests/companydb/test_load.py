"""A table is read in chunks by range, each row with an identity, whatever its key is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import apsw
import psycopg
import pytest

from samsyn.companydb import attach
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.load import read_chunk
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.urls import parse
from samsyn.protocol import wire
from samsyn.protocol.messages import LoadedRecord

ROWS = 150
"""Enough for PostgreSQL to get its identities by COPY."""
KEYS = [f"{n:03} \\t\t\\n\n,\"'å" if n % 2 else f"{n:03}" for n in range(ROWS)]
CREATE = "CREATE TABLE place (code TEXT NOT NULL, part INTEGER NOT NULL, name TEXT, PRIMARY KEY (code, part))"


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CompanyDb]:
    """A table whose keys are texts that look like COPY's escapes, and a number."""
    rows = [(key, 7, f"plats {key}") for key in KEYS]
    if request.param == "sqlite":
        address = str(tmp_path / "a.db")
        with apsw.Connection(address) as program:
            program.execute(CREATE)
            program.executemany("INSERT INTO place VALUES (?, ?, ?)", rows)
        program.close()
    else:
        address = request.getfixturevalue("pg_url")
        with psycopg.connect(address) as server:
            server.execute(CREATE.replace("TEXT", 'TEXT COLLATE "C"'))
            server.cursor().executemany("INSERT INTO place VALUES (%s, %s, %s)", rows)
    url = parse(address)
    attach.attach(attach.plan(url))
    opened = open_company_db(url)
    yield opened
    opened.close()


def ids() -> Iterator[str]:
    """Record ids that are easy to tell apart."""
    return (f"{number:032x}" for number in itertools.count(1))


@pytest.mark.parametrize("limit", [1, 40, 75, 1_000])
def test_chunks_hold_every_row_once_in_key_order(db: CompanyDb, limit: int) -> None:
    (place,) = db.types.values()
    made, after, found, last = ids(), None, list[LoadedRecord](), False
    while not last:
        with db.transaction():
            chunk = read_chunk(db, place, after, lambda: next(made), limit)
        assert chunk.count <= limit
        found += wire.decode(bytes(chunk.records), list[LoadedRecord])
        after, last = chunk.after, chunk.last
    assert [record.key for record in found] == sorted((key, 7) for key in KEYS)
    assert all(b"plats" in bytes(record.fields) for record in found)
    assert {state.key: record for state, record in db.rows_after(place, None, ROWS)} == {
        db.key_of_cells(place, record.key): record.id for record in found
    }


def test_rows_read_again_keep_their_identity(db: CompanyDb) -> None:
    (place,) = db.types.values()
    made = ids()
    with db.transaction():
        first = read_chunk(db, place, None, lambda: next(made))
        again = read_chunk(db, place, None, lambda: next(made))
    assert bytes(first.records) == bytes(again.records)
