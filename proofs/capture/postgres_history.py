"""PostgreSQL in a random history: three programs, whose statements may have to wait for each other."""

from __future__ import annotations

import random
import select
from collections.abc import Sequence

import psycopg
from psycopg import pq

from proofs.capture.postgres_schema import postgres_schema
from proofs.capture.postgres_script import postgres_statement
from proofs.capture.tables import Schema
from samsyn.companydb.attach import attach, plan
from samsyn.companydb.postgres import PostgresDb
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.urls import PostgresUrl

PATIENCE_S = 0.02
"""A statement that takes longer waits for another program; the history goes on."""
SETTINGS = "SET deadlock_timeout = '5ms'; SET lock_timeout = '2s'; SET client_min_messages = error"


class PostgresDialect:
    """Random PostgreSQL."""

    programs = 3

    def schema(self, rng: random.Random) -> Schema:
        return postgres_schema(rng)

    def beginning(self, rng: random.Random, program: int) -> Sequence[str]:
        return ()

    def statement(self, rng: random.Random, schema: Schema) -> str:
        return postgres_statement(rng, schema)


class Program:
    """A connection whose statement may be under way."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._pg = self._connection.pgconn
        self.waiting = False
        self.say(SETTINGS)

    def say(self, statement: str, patience_s: float = PATIENCE_S) -> bool:
        """Sends a statement; false where it was refused, or waits still."""
        if self.waiting and not self._answered(patience_s):
            return False
        self._pg.send_query(statement.encode())
        self.waiting = True
        return self._answered(patience_s)

    def done(self) -> None:
        """Commits what is open, or rolls it back, once nothing waits."""
        if self.waiting:
            self._answered(10.0)
        if self._pg.transaction_status != pq.TransactionStatus.IDLE:
            self.say("COMMIT", 10.0)

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def _answered(self, patience_s: float) -> bool:
        good = True
        while True:
            while self._pg.is_busy():
                if not select.select([self._pg.socket], [], [], patience_s)[0]:
                    return False
                self._pg.consume_input()
            result = self._pg.get_result()
            if result is None:
                self.waiting = False
                return good
            good = good and result.status != pq.ExecStatus.FATAL_ERROR


class PostgresPrograms:
    """Connections to an empty database."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._programs = [Program(url) for _ in range(PostgresDialect.programs)]

    def make(self, statement: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def say(self, program: int, statement: str) -> bool:
        return self._programs[program].say(statement)

    def end(self) -> None:
        waiting = [program for program in self._programs if program.waiting]
        for program in (*(p for p in self._programs if not p.waiting), *waiting):
            program.done()

    def attached(self) -> CompanyDb:
        url = PostgresUrl(self._url)
        attach(plan(url))
        return PostgresDb(url)

    def close(self) -> None:
        for program in self._programs:
            program.close()
