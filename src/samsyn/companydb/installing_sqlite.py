"""Puts capture into a SQLite file and takes it out again."""

from __future__ import annotations

from samsyn.companydb import capture_sqlite, schema_sqlite
from samsyn.companydb.bookkeeping import PREFIX, book_name, create_identity
from samsyn.companydb.opening import SqliteSession
from samsyn.companydb.quoting import sqlite_name
from samsyn.companydb.schema import Schema, Table
from samsyn.core.catalog import RecordType

KEY_TYPES = {"INTEGER": "INT", "TEXT": "TEXT", "NUMERIC": "NUMERIC", "REAL": "REAL", "BLOB": ""}
"""The affinity of the key column itself: lossless for what that column already holds, and a
comparison of the two can use the index. INT, because INTEGER would be the row number."""


class SqliteInstaller:
    """See installing.Installer."""

    def __init__(self, session: SqliteSession) -> None:
        self.session = session

    def read_schema(self) -> Schema:
        return schema_sqlite.read_schema(self.session)

    def check_rights(self) -> None:
        """A file that opens for writing can be attached."""

    def prepare(self) -> None:
        """Nothing has to be there before the tables."""

    def journal_columns(self) -> set[str]:
        rows = self.session.rows(f"PRAGMA main.table_info({book_name('sqlite', 'journal')})")
        return {str(row[1]) for row in rows}

    def intact(self, record_type: RecordType, table: Table) -> bool:
        wanted = {made.name: made.create for made in capture_sqlite.capture(record_type, table)}
        return self._triggers(record_type.no) == wanted

    def is_there(self, record_type: RecordType, table: Table) -> bool:
        wanted = {made.name for made in capture_sqlite.capture(record_type, table)}
        return wanted <= self._triggers(record_type.no).keys()

    def install(self, record_type: RecordType, table: Table) -> list[str]:
        made = capture_sqlite.capture(record_type, table)
        for name in self._triggers(record_type.no):
            self.session.run(f"DROP TRIGGER main.{sqlite_name(name)}")
        for thing in made:
            self.session.run(thing.create)
        return [thing.name for thing in made]

    def widen(self, no: int) -> None:
        rows = self.session.rows(
            "SELECT name, tbl_name, sql FROM main.sqlite_master WHERE type = 'trigger'"
        )
        for name, table, create in rows:
            if not name.startswith(f"{PREFIX}{no}_"):
                continue
            found = self.session.rows(f"PRAGMA main.table_xinfo({sqlite_name(table)})")
            wide = capture_sqlite.widened(create, [column for _, column, *_ in found])
            if wide != create:
                self.session.run(f"DROP TRIGGER main.{sqlite_name(name)}")
                self.session.run(wide)

    def create_identity(self, record_type: RecordType, table: Table) -> None:
        if record_type.key == (table.rowid_alias,):
            types = ["INTEGER PRIMARY KEY"]
        else:
            types = [KEY_TYPES[record_type.field(name).storage] for name in record_type.key]
        self.session.run(create_identity("sqlite", record_type.no, types))

    def remove(self, no: int) -> None:
        for name in self._triggers(no):
            self.session.run(f"DROP TRIGGER main.{sqlite_name(name)}")
        self.session.run(f"DROP TABLE IF EXISTS {book_name('sqlite', f'id_{no}')}")

    def remove_all(self) -> None:
        for kind in ("trigger", "table"):
            for name in self._ours(kind):
                self.session.run(f"DROP {kind.upper()} main.{sqlite_name(name)}")

    def left(self) -> tuple[str, ...]:
        return tuple(self._ours("trigger") + self._ours("table"))

    def _triggers(self, no: int) -> dict[str, str]:
        rows = self.session.rows("SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger'")
        return {name: sql for name, sql in rows if name.startswith(f"{PREFIX}{no}_")}

    def _ours(self, kind: str) -> list[str]:
        rows = self.session.rows("SELECT name FROM main.sqlite_master WHERE type = $1", kind)
        return [name for (name,) in rows if name.startswith(PREFIX)]
