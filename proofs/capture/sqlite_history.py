"""SQLite in a random history: two programs with settings of their own write to one file."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import apsw

from proofs.capture.sqlite_schema import sqlite_schema
from proofs.capture.sqlite_script import sqlite_statement
from proofs.capture.tables import Schema
from samsyn.companydb.attach import attach, plan
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.sqlite import SqliteDb
from samsyn.companydb.urls import SqliteUrl

DEEPEST_TRIGGER = 30
REFUSALS = (apsw.ConstraintError, apsw.MismatchError, apsw.BusyError, apsw.SQLError)
"""What the database says to a program that asks for what cannot be."""


class SqliteDialect:
    """Random SQLite."""

    programs = 2

    def schema(self, rng: random.Random) -> Schema:
        return sqlite_schema(rng)

    def beginning(self, rng: random.Random, program: int) -> Sequence[str]:
        return [
            "PRAGMA journal_mode = WAL",
            *(
                f"PRAGMA {name} = {rng.choice(['ON', 'OFF'])}"
                for name in ("foreign_keys", "recursive_triggers")
            ),
        ]

    def statement(self, rng: random.Random, schema: Schema) -> str:
        return sqlite_statement(rng, schema)


class SqlitePrograms:
    """Connections to a new file."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._programs = [self._opened() for _ in range(SqliteDialect.programs)]

    def make(self, statement: str) -> None:
        self._programs[0].execute(statement)

    def say(self, program: int, statement: str) -> bool:
        try:
            for _ in self._programs[program].execute(statement):
                pass
        except REFUSALS:
            return False
        return True

    def end(self) -> None:
        for number, program in enumerate(self._programs):
            if program.in_transaction and not self.say(number, "COMMIT"):
                self.say(number, "ROLLBACK")

    def attached(self) -> CompanyDb:
        url = SqliteUrl(self._path)
        attach(plan(url))
        db = SqliteDb(url)
        db.connection.set_busy_timeout(0)
        db.connection.execute("PRAGMA synchronous = OFF")
        return db

    def close(self) -> None:
        for program in self._programs:
            program.close()

    def _opened(self) -> apsw.Connection:
        connection = apsw.Connection(self._path)
        connection.set_busy_timeout(0)
        connection.limit(apsw.SQLITE_LIMIT_TRIGGER_DEPTH, DEEPEST_TRIGGER)
        connection.execute("PRAGMA synchronous = OFF")
        return connection
