"""A demo company on each engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import apsw
import psycopg
import pytest
from psycopg.sql import SQL

from samsyn.demo.desk import Desk, PostgresDesk, SqliteDesk
from samsyn.demo.postgres import write_postgres
from samsyn.demo.schema import TABLES
from samsyn.demo.sqlite import write_sqlite
from tests.demo.databases import TODAY, Office

_ALL = {t.name: f"SELECT * FROM {t.name} ORDER BY 1, 2" for t in TABLES}


class _SqliteOffice:
    def __init__(self, path: Path) -> None:
        self._path = path
        self.desk: Desk = SqliteDesk(path)

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        with closing(apsw.Connection(str(self._path))) as db:
            return {name: db.execute(query).fetchall() for name, query in _ALL.items()}

    def dangling(self) -> Sequence[object]:
        with closing(apsw.Connection(str(self._path))) as db:
            return db.execute("PRAGMA foreign_key_check").fetchall()


class _PostgresOffice:
    def __init__(self, url: str) -> None:
        self._url = url
        self.desk: Desk = PostgresDesk(url)

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        with psycopg.connect(self._url) as db:
            return {name: db.execute(SQL(query)).fetchall() for name, query in _ALL.items()}

    def dangling(self) -> Sequence[object]:
        """PostgreSQL has checked each reference as it was written."""
        return []


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """A demo company of sixty contacts."""
    if request.param == "sqlite":
        write_sqlite(tmp_path / "demo.db", today=TODAY, contacts=60)
        made: _SqliteOffice | _PostgresOffice = _SqliteOffice(tmp_path / "demo.db")
    else:
        url = request.getfixturevalue("pg_url")
        write_postgres(url, today=TODAY, contacts=60)
        made = _PostgresOffice(url)
    yield made
    made.desk.close()
